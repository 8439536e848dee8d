"""An organisation's adjustments on the engine: what changes, and what stays."""

from __future__ import annotations

import tomllib
from contextlib import suppress
from dataclasses import replace

import pytest
from sqlalchemy import text

from talenthub.config.adjusting import WorkflowAdjustment
from talenthub.errors import NotPermitted, PluginError, Refused
from talenthub.sdk import Guard, NamedGuard, Verdict, days, holds, refuse, working_days
from talenthub.workflow.adjusting.adjust import adjusted
from talenthub.workflow.adjusting.adjustments import parked_adjustments
from talenthub.workflow.adjusting.core_guards import CORE_GUARDS
from talenthub.workflow.catalogue import Catalogue, Loaded
from talenthub.workflow.engine import Engine
from talenthub.workflow.history import verify

WAITING = """
[[waiting]]
name = "at_the_bank"
title = "at the bank"
before = "grant"
due = "2 weeks"
task = "Grant what the bank agrees to"
"""
FIELD = """
[[transition.grant.field]]
name = "account"
title = "Account that pays"
required = true

[[transition.grant.field]]
name = "share"
kind = "number"
personal = false
"""


def given(toml: str) -> WorkflowAdjustment:
    return WorkflowAdjustment.model_validate(tomllib.loads(toml))


@pytest.fixture
def flexible(loan):
    """The loan, with a grant that lets cases wait and others in."""
    grant = next(each for each in loan.transitions if each.name == "grant")
    open_ = replace(grant, may_wait=True, or_by=holds("auditor"))
    return replace(loan, transitions=[open_ if each is grant else each for each in loan.transitions])


@pytest.fixture
def adjust(house, flexible, review):
    """Return a function that lets the house go on with other adjustments."""

    def go_on(toml: str, guards=CORE_GUARDS) -> Engine:
        loaded = [Loaded(flexible, "trial"), Loaded(review, "trial")]
        today = [adjusted(loaded[0], given(toml), guards)] if toml else []
        house.engine = Engine(
            Catalogue(loaded, adjusted=today, guards=guards), evidence=house.engine.evidence
        )
        return house.engine

    return go_on


def reviewed(house) -> str:
    """Return a new loan that both reviewers have marked."""
    ref = house.open().ref
    house.fire("olga", ref, "review")
    with house.acting() as tx:
        marks = [row.ref for row in tx.rows(text("SELECT ref FROM workflow_case WHERE state = 'open'"))]
    for mark in marks:
        with house.acting() as tx:
            (rater,) = house.engine.case(tx, mark).people("reviewer")
        name = next(each for each, number in house.people.items() if number == rater)
        house.fire(name, mark, "mark", mark=4)
    return ref


def test_cases_wait_before_a_step_and_can_still_do_all_else(house, adjust, open_tasks) -> None:
    adjust(WAITING)
    ref = reviewed(house)
    with pytest.raises(Refused):
        house.fire("hedda", ref, "grant")
    assert house.fire("hedda", ref, "ask_at_the_bank").target == "at_the_bank"
    assert list(open_tasks(house, house.case(ref).id)) == ["Grant what the bank agrees to"]
    # A loop stays in the state where it waits; it does not lead back.
    assert house.fire("olga", ref, "note", note="called them").target == "at_the_bank"
    assert house.fire("hedda", ref, "grant").target == "granted"


def test_what_was_an_end_before_it_is_one_while_waiting(house, adjust) -> None:
    adjust(WAITING)
    ref = reviewed(house)
    house.fire("hedda", ref, "ask_at_the_bank")
    assert house.fire("olga", ref, "refuse", note="the bank says no").target == "refused"


def test_added_fields_are_asked_for_kept_and_hidden_from_the_plugin(house, adjust) -> None:
    adjust(FIELD.replace("grant", "note"))
    ref = reviewed(house)
    with pytest.raises(Refused) as refused:
        house.fire("olga", ref, "note", note="fine with me")
    assert "account: is needed" in str(refused.value.verdicts)
    house.fire("olga", ref, "note", note="fine with me", account="PT50", share="12.50")
    with house.acting("olga") as tx:
        event = house.engine.log(tx, ref)[-1]
    assert event.form == {"note": "fine with me", "account": "PT50", "share": "12.50"}
    # The effect of the plugin was given its own form, and verifies as ever.
    assert house.case(ref).data.note == "fine with me"
    with house.acting() as tx:
        assert verify(tx) > 0


def test_a_step_without_a_form_gets_one(house, adjust) -> None:
    adjust(FIELD)
    ref = reviewed(house)
    with pytest.raises(Refused):
        house.fire("hedda", ref, "grant")
    house.fire("hedda", ref, "grant", account="PT50")
    with house.acting("hedda") as tx:
        assert house.engine.log(tx, ref)[-1].form == {"account": "PT50", "share": None}


def test_added_guards_refuse_until_they_are_met(house, adjust) -> None:
    adjust(
        """
        [[transition.grant.guard]]
        name = "days_in_state"
        days = 3

        [[transition.grant.guard]]
        name = "step_noted"
        step = "note"
        field = "note"
        """
    )
    ref = reviewed(house)  # on a Monday
    house.fire("olga", ref, "note", note="fine with me")
    house.later(2)
    with pytest.raises(Refused) as refused:
        house.fire("hedda", ref, "grant")
    assert [each.text for each in refused.value.verdicts if not each.ok] == [
        "3 working days have passed in this state"
    ]
    house.later(1)
    assert house.fire("hedda", ref, "grant").target == "granted"


def refusals(house, ref: str, who: str = "hedda") -> list[str]:
    """Return what stands in the way of the grant; empty if nothing does."""
    with house.acting(who) as tx:
        (answer,) = house.engine.why(tx, ref, "grant")
    return [each.text for each in answer.verdicts if not each.ok]


def test_guards_look_at_other_cases_and_at_who_did_a_step(house, adjust) -> None:
    adjust(
        """
        [[transition.grant.guard]]
        name = "other_case"
        workflow = "trial.loan"

        [[transition.grant.guard]]
        name = "step_by_holder"
        step = "note"
        grant = "hr_officer"
        """
    )
    first, second = reviewed(house), reviewed(house)
    nothing_else = "Nothing else is open about the same person: loan"
    by_holder = "«note» was done by a holder of hr officer"
    assert refusals(house, first) == [nothing_else, by_holder]
    house.fire("olga", second, "refuse", note="once is enough")
    assert refusals(house, first) == [by_holder]
    house.fire("olga", first, "note", note="fine with me")
    assert refusals(house, first) == []
    assert house.fire("hedda", first, "grant").target == "granted"


@pytest.mark.parametrize("must_be", ["absent", "succeeded"])
def test_other_cases_may_have_to_be_absent_or_to_have_ended_well(house, adjust, must_be) -> None:
    guard = f'name = "other_case"\nworkflow = "trial.loan"\nmust_be = "{must_be}"'
    first = reviewed(house)
    adjust(f"[[transition.grant.guard]]\n{guard}\n")
    second = reviewed(house)
    assert len(refusals(house, second)) == 1
    house.fire("hedda", first, "grant")  # it began before there was a guard
    assert len(refusals(house, second)) == (must_be == "absent")


def test_a_field_that_the_plugin_leaves_free_may_be_needed(house, adjust) -> None:
    adjust(
        FIELD.replace("grant", "note")
        + """
        [[transition.note.guard]]
        name = "field_filled"
        field = "share"
        """
    )
    ref = reviewed(house)
    with pytest.raises(Refused) as refused:
        house.fire("olga", ref, "note", note="fine with me", account="PT50")
    assert [each.text for each in refused.value.verdicts if not each.ok] == ["«share» is filled in"]
    house.fire("olga", ref, "note", note="fine with me", account="PT50", share=3)


def test_titles_deadlines_timers_and_people(house, adjust, loan) -> None:
    engine = adjust(
        """
        title = "advance"
        [state.asked]
        title = "on the pile"
        due = "3 working days"
        timer.late.after = "2 days"
        [transition.grant]
        title = "pay out"
        by = ["auditor"]
        """
    )
    made = engine.catalogue.newest("trial.loan").workflow
    state = made.state("asked")
    assert (made.words, state.words, state.due) == ("advance", "on the pile", working_days(3))
    assert [each.after for each in state.timers] == [days(2), days(30)]
    grant = made.edges("reviewed", "grant")[0]
    assert (grant.words, grant.by) == ("pay out", holds("auditor"))
    assert grant.four_eyes == ("note",)
    ref = reviewed(house)
    with pytest.raises(NotPermitted):
        house.fire("hedda", ref, "grant")


def test_a_running_case_keeps_what_it_began_with(house, adjust) -> None:
    adjust(WAITING)
    old = reviewed(house)
    adjust("")
    new = reviewed(house)
    assert house.fire("hedda", new, "grant").target == "granted"
    adjust(FIELD)
    newer = reviewed(house)
    # A new engine knows nothing of the adjustment but what is stored.
    with pytest.raises(Refused):
        house.fire("hedda", old, "grant")
    house.fire("hedda", old, "ask_at_the_bank")
    assert house.fire("hedda", old, "grant").target == "granted"
    with pytest.raises(Refused):
        house.fire("hedda", newer, "grant")
    with house.acting() as tx:
        rows = tx.rows(text("SELECT number, hash FROM workflow_adjustment ORDER BY number"))
        pins = tx.rows(text("SELECT ref, adjustment FROM workflow_case WHERE workflow = 'trial.loan'"))
    assert [row.number for row in rows] == [1, 2]
    assert {row.ref: row.adjustment for row in pins} == {old: rows[0].hash, new: None, newer: rows[1].hash}


def test_the_same_adjustment_is_stored_once_and_never_by_what_fails(house, adjust) -> None:
    engine = adjust(WAITING)
    with suppress(RuntimeError), house.acting("olga") as tx:
        engine.open(tx, "trial.loan", subject=house.people["sam"])
        raise RuntimeError
    with house.acting() as tx:
        assert tx.value(text("SELECT count(*) FROM workflow_adjustment")) == 0
    house.open()
    adjust(WAITING)
    house.open()
    with house.acting() as tx:
        assert tx.value(text("SELECT count(*) FROM workflow_adjustment")) == 1


def test_cases_whose_guard_is_gone_are_parked_and_say_so(house, adjust) -> None:
    def never(_values: object) -> Guard:
        def check(_context: object) -> Verdict:
            return refuse("Nobody does this")

        return Guard("never", check)

    with_plugin = {**CORE_GUARDS, "bank.never": NamedGuard("bank.never", "Never.", never)}
    adjust('[[transition.grant.guard]]\nname = "bank.never"\n', guards=with_plugin)
    ref, early = reviewed(house), house.open().ref
    with pytest.raises(Refused):
        house.fire("hedda", ref, "grant")
    engine = adjust("")
    with pytest.raises(PluginError) as parked:
        house.fire("hedda", ref, "grant")
    assert "bank.never" in str(parked.value)
    assert "talent plugin enable bank" in str(parked.value)
    with house.acting() as tx:
        assert [each.mend for each in parked_adjustments(tx, engine.catalogue)] == [
            "talent plugin enable bank"
        ]
    # Its timers wait as well, and fire once it is back.
    other = house.open().ref  # nothing adjusted: it lapses
    house.later(31)
    with house.acting() as tx:
        ticked = [each.ref for each in iter(lambda: house.engine.tick(tx), None)]
    assert set(ticked) == {other}
    # With the plugin it goes on, where it stood.
    adjust("", guards=with_plugin)
    with pytest.raises(Refused):
        house.fire("hedda", ref, "grant")
    with house.acting() as tx:
        ticked = [each.ref for each in iter(lambda: house.engine.tick(tx), None)]
    assert set(ticked) == {early}
