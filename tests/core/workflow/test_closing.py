"""Closing: what is open under a case ends with it, also what it just opened."""

from __future__ import annotations

from dataclasses import replace

from talenthub.sdk import OpenCase, Transition, effect, holds
from talenthub.workflow.history import histories, verify


@effect()
def ask_once_more(context):
    yield OpenCase("trial.review", participants={"reviewer": (context.actor.person,)})


@effect()
def ask_apart(context):
    yield OpenCase("trial.review", participants={"reviewer": (context.actor.person,)}, apart=True)


def test_what_a_case_opens_apart_outlives_it(build, loan, review, open_tasks):
    parting = Transition("part", "asked", "refused", by=holds("hr_officer"), effects=[ask_apart])
    apart = replace(review, parent=None)
    house = build(workflows=(replace(loan, transitions=[*loan.transitions, parting]), apart))
    house.open()
    fired = house.fire("olga", "LOAN-1", "part")
    assert fired.opened == ("REV-1",)
    before, after = house.case("LOAN-1"), house.case("REV-1")
    assert (before.is_open, after.is_open, after.parent) == (False, True, None)
    assert (after.framework_version, after.unit, after.about) == (
        before.framework_version,
        before.unit,
        before.about,
    )
    assert open_tasks(house, after.id)


def test_a_child_opened_by_the_closing_itself_is_closed_too(build, loan, review, open_tasks):
    parting = Transition("part", "asked", "refused", by=holds("hr_officer"), effects=[ask_once_more])
    house = build(workflows=(replace(loan, transitions=[*loan.transitions, parting]), review))
    house.open()
    house.fire("olga", "LOAN-1", "part")
    child = house.case("REV-1")
    assert (child.is_open, child.outcome, child.version) == (False, "neutral", 2)
    assert open_tasks(house, child.id) == {}
    with house.acting() as tx:
        assert [each.cause for each in histories(tx, [child.id])[child.id]] == ["LOAN-1/2", "LOAN-1/2"]
        assert verify(tx) == 2
