"""Deadlines of the plugins lie in the organisation's days, not in those of UTC."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from talenthub.sdk import WORKDAYS, Actor, AssignTask, Calendar, CaseView, Context, Intent, SetTimer, Workdays
from talenthub_consultation import effects as consultation
from talenthub_consultation.cases import Review
from talenthub_consultation.facts import BALLOTS
from talenthub_consultation.settings import ConsultationSettings
from talenthub_performance import review_effects, rounds
from talenthub_performance.cases import Round
from talenthub_performance.settings import PerformanceSettings
from talenthub_recruitment import again, effects, following
from talenthub_recruitment.cases import Appeal, Reserved
from talenthub_recruitment.forms import Advert, OfferMade
from talenthub_recruitment.settings import RecruitmentSettings
from talenthub_succession import effects as succession
from talenthub_succession.settings import SuccessionSettings

FAR_WEST, FAR_EAST = ZoneInfo("America/Los_Angeles"), ZoneInfo("Pacific/Auckland")
NOW = datetime(2026, 7, 7, 2, tzinfo=UTC)
"""In Los Angeles still the sixth, in the evening."""
LAST = date(2026, 7, 20)


def context(zone: ZoneInfo, data: Any, settings: Any, form: Any = None, **changes: Any) -> Context:
    case = CaseView(
        id=1,
        ref="ANY-1",
        workflow="any.case",
        workflow_version=1,
        state="any",
        version=1,
        subject=99,
        parent=500,
        framework_version=1,
        unit=None,
        about="",
        data=data,
        participants={},
        opened_at=NOW,
        entered_at=NOW,
        closed_at=None,
        outcome=None,
    )
    facts = {WORKDAYS.name: {1: Workdays(Calendar(), zone)}, BALLOTS.name: {1: ()}}
    today = NOW.astimezone(zone).date()
    made = Context(case, "any", form, Actor(10), NOW, today, settings, facts)
    return replace(made, case=replace(case, **changes))


def timer(intents: Sequence[Intent]) -> datetime:
    return next(each.at for each in intents if isinstance(each, SetTimer))


@pytest.mark.parametrize("zone", [FAR_WEST, FAR_EAST])
def test_what_holds_until_a_day_holds_until_that_day_is_over(zone: ZoneInfo) -> None:
    over = datetime.combine(LAST + timedelta(days=1), time(0), zone)
    settings = RecruitmentSettings()
    reserved = Reserved(application=1, ref="APP-1", role="clerk", agreed_on=date(2026, 7, 1), until=LAST)
    asked = (
        (effects.set_closing_day, None, Advert(closing_on=LAST)),
        (effects.make_offer, None, OfferMade(expires_on=LAST)),
        (following.wait_until, reserved, None),
    )
    for effect, data, form in asked:
        assert timer(list(effect.produce(context(zone, data, settings, form)))) == over, effect.name


@pytest.mark.parametrize("zone", [FAR_WEST, FAR_EAST])
def test_what_closes_in_the_evening_closes_in_the_evening_there(zone: ZoneInfo) -> None:
    today = NOW.astimezone(zone).date()
    performance, succeeding = PerformanceSettings(), SuccessionSettings()
    consulting, review = ConsultationSettings(), Review(framework="core", number="1", items=())
    asked = (
        (rounds.ask_raters, Round(raters={}), performance, performance.collecting_days),
        (succession.set_validity, None, succeeding, succeeding.valid_days),
        (consultation.begin_round, review, consulting, consulting.window_days),
    )
    for effect, data, settings, days in asked:
        closes = timer(list(effect.produce(context(zone, data, settings))))
        assert closes == datetime.combine(today + timedelta(days=days), time(18), zone), effect.name
    due = next(
        each.due
        for each in succession.set_validity.produce(context(zone, None, succeeding))
        if isinstance(each, AssignTask)
    )
    assert due is not None
    assert due.astimezone(zone).time() == time(18)


def test_the_days_of_an_appeal_are_counted_there() -> None:
    settings = RecruitmentSettings()
    opened_on = NOW.astimezone(FAR_WEST).date()
    first = opened_on - timedelta(days=settings.appeal_days)
    for decided_on, in_time in ((first, True), (first - timedelta(days=1), False)):
        data = Appeal(application=1, ref="APP-1", selection=2, decided_on=decided_on, grounds="…")
        assert again.within_the_days.check(context(FAR_WEST, data, settings)).ok is in_time
    ends = timer(list(review_effects.keep_statement.produce(_said(FAR_WEST))))
    assert ends.astimezone(FAR_WEST).time() == time(6)


def _said(zone: ZoneInfo) -> Context:
    form = type("Said", (), {"statement": "…"})()
    data = type("Data", (), {"released_on": date(2026, 7, 1)})()
    return context(zone, data, PerformanceSettings(), form)
