"""Outlines: what is counted without reading what cases carry."""

from __future__ import annotations

import contextlib
import random
from collections import defaultdict
from datetime import timedelta

import pytest

from talenthub.errors import TalentError
from talenthub.sdk import Opening, Outcome, State, Transition, Workflow, holds, stays_of

STEPS = ("go", "back", "stay", "end")
officer = holds("hr_officer")
ROUND = Workflow(
    name="trial.round",
    ref="RND",
    version=1,
    initial="here",
    open_by=officer,
    viewers=officer,
    states=[State("here"), State("there"), State("far"), State("over", outcome=Outcome.NEUTRAL)],
    transitions=[
        Transition("go", "here", "there", by=officer),
        Transition("go", "there", "far", by=officer),
        Transition("back", ["there", "far"], "here", by=officer),
        Transition("stay", ["here", "there"], "there", by=officer),
        Transition("end", "far", "over", by=officer),
    ],
)


def wander(house, seed: int, many: int = 5) -> list[str]:
    """Open some cases and fire what can be fired, on one day after another."""
    chance = random.Random(seed)
    with house.acting("olga") as tx:
        refs = [each.ref for each in house.engine.open_many(tx, [Opening(workflow="trial.round")] * many)]
    for _ in range(8 * many):
        house.now += timedelta(hours=chance.randrange(60), microseconds=chance.randrange(10**6))
        with contextlib.suppress(TalentError):
            house.fire("olga", chance.choice(refs), chance.choice(STEPS))
    return refs


def days_by_hand(case, events, now) -> dict[str, float | None]:
    """Return the days in each state, added up from the log of a case."""
    found: dict[str, float | None] = defaultdict(float)
    for event, following in zip(events, [*events[1:], None], strict=True):
        found[event.target] += ((following.at if following else now) - event.at).total_seconds() / 86_400
    if case.closed_at is not None:
        found[case.state] = None
    return dict(found)


def test_outlines_and_stays_are_what_cases_and_their_logs_say(build):
    house = build(workflows=(ROUND,))
    refs = wander(house, seed=4)
    with house.acting("olga") as tx:
        listed = house.engine.outlines(tx, "trial.round")
        stays = stays_of(tx, listed)
        full = house.engine.cases(tx, refs)
        for each in listed:
            case = full[each.ref]
            for field in each.__slots__:
                assert getattr(each, field) == getattr(case, field), field
            assert each.is_open == case.is_open
            told = days_by_hand(case, house.engine.log(tx, each.ref), tx.now)
            assert stays[each.id] == pytest.approx(told)
        open_ones = house.engine.outlines(tx, "trial.round", open_only=True)
    assert [each.ref for each in listed] == refs
    assert [each.ref for each in open_ones] == [each.ref for each in full.values() if each.is_open]
    assert 0 < len(open_ones) < len(refs), "all went the same way"


def test_outlines_of_some_parents_only(house):
    loans = [house.open() for _ in range(3)]
    for each in loans:
        house.fire("olga", each.ref, "review")
    with house.acting("olga") as tx:
        some = [each.id for each in loans[:2]]
        below = house.engine.children_of(tx, some, "trial.review")
        found = house.engine.outlines(tx, "trial.review", parents=some)
        assert {each.id for each in found} == {each.id for listed in below.values() for each in listed}
        assert len(found) == 4
        assert not house.engine.outlines(tx, "trial.review", parents=[])


def test_outlining_costs_as_many_statements_for_one_as_for_many(house):
    spent = []
    for _ in range(2):
        house.open()
        with house.acting("olga") as tx, house.counted() as sent:
            stays_of(tx, house.engine.outlines(tx, "trial.loan"))
        spent.append(len(sent))
    assert spent[0] == spent[1]
