"""The rule at day 90 and the guards around it: every cut, exactly."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from talenthub.sdk import (
    Actor,
    Calendar,
    CaseView,
    Context,
    RecordEvidence,
    SetTimer,
    UpdateData,
    Workdays,
)
from talenthub_onboarding import effects, guards
from talenthub_onboarding.cases import Check, Ending, Extension, Measure, Plan, PlanTask, Talk
from talenthub_onboarding.facts import FIRST_MANAGER, TASKS
from talenthub_onboarding.forms import CheckHeld, Confirmation, EndProposed, MoreTime, Release, TalkHeld
from talenthub_onboarding.rule import proposal
from talenthub_onboarding.schedule import check_number, due_days, next_talk, outstanding, timers
from talenthub_onboarding.settings import OnboardingSettings
from talenthub_onboarding.task import task
from talenthub_onboarding.templates import TaskTemplate

FIRST = date(2026, 3, 2)
SETTINGS = OnboardingSettings()
CODES = ("CIT", "TRU", "COM", "JDG")


def measures(*codes: str, critical: str = "TRU") -> tuple[Measure, ...]:
    return tuple(
        Measure(competency=code, title=code, required=2, lowest=1, highest=5, critical=code == critical)
        for code in codes or CODES
    )


def a_plan(**changes: Any) -> Plan:
    return Plan(role="clerk", first_day=FIRST, measures=measures()).model_copy(update=changes)


def case(data: Any = None, **changes: Any) -> CaseView:
    now = datetime(2026, 5, 31, 9, tzinfo=UTC)
    view = CaseView(
        id=1,
        ref="ONB-1",
        workflow="onboarding.plan",
        workflow_version=1,
        state="active",
        version=3,
        subject=99,
        parent=None,
        framework_version=1,
        unit=None,
        about="",
        data=data or a_plan(),
        participants={},
        opened_at=now,
        entered_at=now,
        closed_at=None,
        outcome=None,
    )
    return replace(view, **changes)


def context(
    data: Any = None,
    form: Any = None,
    today: date = date(2026, 5, 31),
    settings: OnboardingSettings = SETTINGS,
    facts: Mapping[str, Any] | None = None,
    **changes: Any,
) -> Context:
    view = case(data, **changes)
    return Context(
        case=view,
        transition="any",
        form=form,
        actor=Actor(10),
        now=datetime(today.year, today.month, today.day, 9, tzinfo=UTC),
        today=today,
        settings=settings,
        facts={name: {view.id: value} for name, value in (facts or {}).items()},
    )


@pytest.mark.parametrize("cut", ["2.75", "3", "2.3333", "3.25"])
def test_every_set_of_four_ratings_is_proposed_by_mean_and_critical(cut: str) -> None:
    settings = OnboardingSettings(minimum_mean=Decimal(cut))
    for given in itertools.product(range(1, 6), repeat=4):
        found = proposal(measures(), dict(zip(CODES, given, strict=True)), settings)
        expected = Fraction(sum(given), 4) >= Fraction(cut) and given[1] >= 3
        assert found.proposed is expected, given
        assert found.mean == Fraction(sum(given), 4)


def test_a_mean_exactly_on_the_cut_is_enough_and_a_hair_below_is_not() -> None:
    given = dict(zip(CODES, (2, 3, 3, 3), strict=True))
    assert proposal(measures(), given, SETTINGS).proposed
    strict = OnboardingSettings(minimum_mean=Decimal("2.750000001"))
    assert proposal(measures(), given, strict).why_not == ("mean 2.750 is below 2.750000001",)


def test_the_ninth_of_ten_thirds_is_no_float() -> None:
    codes = tuple(f"C{number}" for number in range(10))
    asked = measures(*codes, critical="none")
    given = dict.fromkeys(codes, 3) | {"C0": 1, "C1": 2, "C2": 5}
    settings = OnboardingSettings(minimum_mean=Decimal("2.9"))
    found = proposal(asked, given, settings)
    assert found.mean == Fraction(29, 10)
    assert found.proposed


def test_what_nobody_could_rate_is_no_zero() -> None:
    given = {"CIT": 3, "TRU": 3, "COM": None, "JDG": 3}
    found = proposal(measures(), given, SETTINGS)
    assert (found.mean, found.rated, found.asked) == (3, 3, 4)
    assert found.why_not == ("COM was not rated, and it is essential",)
    desirable = tuple(each.model_copy(update={"essential": each.competency != "COM"}) for each in measures())
    assert proposal(desirable, given, SETTINGS).proposed
    nothing = proposal(measures(), dict.fromkeys(CODES), SETTINGS)
    assert nothing.mean is None
    assert not nothing.proposed


def test_levels_are_judged_relative_to_the_role() -> None:
    leveled = tuple(each.model_copy(update={"mode": "level", "required": 3}) for each in measures())
    assert proposal(leveled, dict.fromkeys(CODES, 3), SETTINGS).mean == 3
    below = proposal(leveled, dict.fromkeys(CODES, 3) | {"TRU": 2}, SETTINGS)
    assert "TRU 1 is below 3, and it is critical" in below.why_not


def check_form(**changes: Any) -> CheckHeld:
    return CheckHeld(**({"ratings": dict.fromkeys(CODES, 3)} | changes))


def test_the_check_is_held_from_the_week_before_on() -> None:
    opens = FIRST + timedelta(days=83)
    verdict = guards.check_is_near.check
    assert verdict(context(form=check_form(), today=opens)).ok
    assert not verdict(context(form=check_form(), today=opens - timedelta(days=1))).ok
    assert not verdict(context(form=check_form(held_on=opens - timedelta(days=1)))).ok
    assert not verdict(context(form=check_form(held_on=date(2026, 6, 1)))).ok


def test_a_check_rates_every_competency_on_its_scale_with_notes() -> None:
    verdict = guards.ratings_are_complete.check
    assert verdict(context(form=check_form())).ok
    assert verdict(context(form=check_form(ratings=dict.fromkeys(CODES, "too early")))).ok
    faulty = check_form(ratings={"CIT": 6, "TRU": 2, "COMM": 3, "JDG": 3})
    told = [each.text for each in verdict(context(form=faulty)).details]
    assert any("'COMM' is not asked" in each and "COM" in each for each in told)
    assert "COM: no rating" in told
    assert "TRU: a 2 needs a note" in told
    assert any(each.startswith("CIT: found 6") for each in told)
    noted = check_form(ratings=dict.fromkeys(CODES, 5), notes=dict.fromkeys(CODES, "seen"))
    assert verdict(context(form=noted)).ok


def test_only_the_check_posts_evidence_and_exactly() -> None:
    form = check_form(ratings={"CIT": 3, "TRU": 4, "COM": 2, "JDG": "too early"}, notes={"COM": "letters"})
    rows = [
        each for each in effects.record_check.produce(context(form=form)) if isinstance(each, RecordEvidence)
    ]
    assert [(each.competency, each.ladder) for each in rows] == [
        ("CIT", Fraction(2)),
        ("TRU", Fraction(5, 2)),
        ("COM", Fraction(3, 2)),
    ]
    assert {(each.source, each.purpose, each.observed_on) for each in rows} == {
        ("onboarding", "development", date(2026, 5, 31))
    }
    talk = effects.keep_talk.produce(context(form=TalkHeld(outcome="on track")))
    assert not [each for each in talk if isinstance(each, RecordEvidence)]


def checked(*, proposed: bool) -> Plan:
    check = Check(
        day=90,
        held_on=date(2026, 5, 31),
        ratings=dict.fromkeys(CODES, 3),
        by=10,
        mean="3",
        proposed=proposed,
        why_not=() if proposed else ("TRU 2 is below 3, and it is critical",),
    )
    return a_plan(checks=(check,))


def test_against_the_rule_a_confirmation_needs_a_reason() -> None:
    verdict = guards.rule_or_reason.check
    assert verdict(context(checked(proposed=True), Confirmation())).ok
    assert not verdict(context(checked(proposed=False), Confirmation())).ok
    assert not verdict(context(checked(proposed=False))).ok
    assert verdict(context(checked(proposed=False), Confirmation(reason="talked over"))).ok


def more(days: int) -> MoreTime:
    return MoreTime(days=days, reason="long leave", plan="two cases a week")


@pytest.mark.parametrize(("days", "fine"), [(1, True), (90, True), (91, False)])
def test_an_extension_has_a_longest(days: int, fine: bool) -> None:
    assert guards.extension_is_short.check(context(form=more(days))).ok is fine


def test_an_extension_ends_ahead_and_happens_once() -> None:
    late = context(form=more(5), today=date(2026, 6, 5))
    assert not guards.extension_is_short.check(late).ok
    extended = Extension(days=30, until=date(2026, 6, 30), reason="x", plan="y", by=1)
    assert not guards.extended_once_only.check(context(a_plan(extension=extended))).ok
    assert guards.extended_once_only.check(context()).ok


def a_talk(outcome: str, written: date, note: str = "letters", day: int = 30) -> Talk:
    return Talk.model_validate(
        {"day": day, "held_on": FIRST, "written_on": written, "outcome": outcome, "note": note, "by": 1}
    )


@pytest.mark.parametrize(
    ("talk", "fine"),
    [
        (a_talk("at risk", date(2026, 5, 17)), True),
        (a_talk("at risk", date(2026, 5, 18)), False),
        (a_talk("at risk", date(2026, 5, 1), note=""), False),
        (a_talk("on track", date(2026, 5, 1)), False),
        (a_talk("too early", date(2026, 5, 1)), False),
    ],
)
def test_written_feedback_stands_two_weeks_before_an_end(talk: Talk, fine: bool) -> None:
    assert guards.feedback_stands.check(context(a_plan(talks=(talk,)))).ok is fine


def test_an_end_was_talked_about_and_tells_how_to_appeal() -> None:
    verdict = guards.end_was_talked_about.check
    form = EndProposed(reason="unclear letters", talk_on=date(2026, 5, 30), appeal="to the head of HR")
    assert verdict(context(form=form)).ok
    assert not verdict(context(form=form.model_copy(update={"appeal": ""}))).ok
    organised = OnboardingSettings(appeal="to the board")
    assert verdict(context(form=form.model_copy(update={"appeal": ""}), settings=organised)).ok
    assert not verdict(context(form=form.model_copy(update={"talk_on": date(2026, 6, 1)}))).ok
    assert not verdict(context(form=form.model_copy(update={"talk_on": date(2026, 3, 1)}))).ok


def test_an_end_that_is_dropped_leads_back_where_it_came_from() -> None:
    ending = Ending(reason="x", talk_on=FIRST, appeal="y", came_from="deciding", proposed_by=1)
    there = context(a_plan(ending=ending))
    assert guards.came_from_deciding.check(there).ok
    assert not guards.came_from_active.check(there).ok


def test_who_is_at_risk_reads_why() -> None:
    verdict = guards.talk_fits.check
    assert verdict(context(form=TalkHeld(outcome="on track"))).ok
    assert not verdict(context(form=TalkHeld(outcome="at risk"))).ok
    assert verdict(context(form=TalkHeld(outcome="at risk", note="letters"))).ok
    assert not verdict(context(form=TalkHeld(outcome="on track", held_on=date(2026, 3, 1)))).ok


def test_a_plan_is_released_with_a_manager_and_a_buddy_who_is_another() -> None:
    buddy = guards.buddy_is_named.check
    assert not buddy(context(form=Release())).ok
    assert buddy(context(form=Release(buddy=5))).ok
    assert not buddy(context(form=Release(buddy=99))).ok
    assert buddy(context(form=Release(), settings=OnboardingSettings(buddy=False))).ok
    manager = guards.manager_is_there.check
    assert manager(context(facts={FIRST_MANAGER.name: 7})).ok
    assert not manager(context(facts={FIRST_MANAGER.name: None})).ok


def a_task(state: str, *, required: bool, closed: bool = False) -> CaseView:
    data = PlanTask(
        template="access", title="Access", part="compliance", owner="hr", day=-2, due=FIRST, required=required
    )
    return case(data, state=state, closed_at=datetime(2026, 3, 1, tzinfo=UTC) if closed else None)


def test_work_starts_on_the_first_day_and_when_all_is_ready() -> None:
    first = guards.first_day_is_here.check
    assert first(context(today=FIRST)).ok
    assert not first(context(today=FIRST - timedelta(days=1))).ok
    ready = guards.required_tasks_are_done.check
    done = (a_task("done", required=True, closed=True), a_task("open", required=False))
    assert ready(context(facts={TASKS.name: done})).ok
    for state in ("open", "in_progress", "blocked"):
        assert not ready(context(facts={TASKS.name: (a_task(state, required=True),)})).ok


def test_talks_and_check_are_asked_for_in_their_turn() -> None:
    data = a_plan()
    assert outstanding(data, SETTINGS) == [30, 60, 90]
    assert due_days(data, SETTINGS, FIRST + timedelta(days=22)) == []
    assert due_days(data, SETTINGS, FIRST + timedelta(days=23)) == [30]
    held = a_plan(talks=(a_talk("on track", FIRST),), invited=(30, 60))
    assert outstanding(held, SETTINGS) == [60, 90]
    assert due_days(held, SETTINGS, FIRST + timedelta(days=88)) == [90]
    assert next_talk(held, SETTINGS, FIRST + timedelta(days=40)) == 40
    assert next_talk(held, SETTINGS, FIRST + timedelta(days=55)) == 60


def test_an_extension_moves_the_check() -> None:
    longer = Extension(days=30, until=FIRST + timedelta(days=120), reason="x", plan="y", by=1)
    data = a_plan(extension=longer, talks=(a_talk("on track", FIRST), a_talk("on track", FIRST, day=60)))
    assert check_number(data, SETTINGS) == 120
    data = data.model_copy(update={"checks": checked(proposed=True).checks, "invited": (30, 60, 90)})
    assert outstanding(data, SETTINGS) == [120]
    from zoneinfo import ZoneInfo

    set_for = list(timers(data, SETTINGS, Workdays(Calendar(), ZoneInfo("Europe/Lisbon"))))
    assert [(each.name, each.fires) for each in set_for] == [("day_120", "invite"), ("check_late", "press")]
    assert set_for[0] == SetTimer("day_120", datetime(2026, 6, 22, 23, tzinfo=UTC), "invite")


def test_a_dropped_end_leaves_only_its_events() -> None:
    assert list(effects.drop_end.produce(context())) == [UpdateData({"ending": None})]


def test_settings_refuse_what_makes_no_sense() -> None:
    with pytest.raises(ValueError, match="days of the talks"):
        OnboardingSettings(talks=(60, 30))
    with pytest.raises(ValueError, match="days of the talks"):
        OnboardingSettings(talks=(30, 95))
    one = TaskTemplate(name="a", title="Something", part="culture", owner="hr", day=1)
    with pytest.raises(ValueError, match="one name: a"):
        OnboardingSettings(tasks=(one, one))
    with pytest.raises(ValueError, match="quality_minimum"):
        OnboardingSettings(quality_minimum=9)


def test_every_owner_can_be_waived_for_by_somebody_else() -> None:
    from talenthub_onboarding.relations import OWNER_WORDS, OWNERS, WAIVERS

    assert OWNERS.keys() == WAIVERS.keys() == OWNER_WORDS.keys()
    for name, owner in OWNERS.items():
        assert set(WAIVERS[name].alternatives) != set(owner.alternatives)
    assert {each.name for each in task.states if each.outcome is not None} == {"done", "waived"}
