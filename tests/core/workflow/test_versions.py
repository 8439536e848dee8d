"""Several versions of one workflow: cases stay on theirs, or are moved."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from pydantic import BaseModel, Field
from sqlalchemy import select

from talenthub.errors import NotFound, NotPermitted, PluginError, Refused, UsageError
from talenthub.sdk import AssignTask, Blind, State, Task, Timer, Transition, days, effect, holds
from talenthub.workflow.catalogue import Catalogue, Loaded
from talenthub.workflow.engine import Engine
from talenthub.workflow.history import verify
from talenthub.workflow.tables import case_task, case_timer, workflow_case
from talenthub.workflow.versions.migrating import Migrated, migrate_cases, migrate_once
from talenthub.workflow.versions.migration import Migration

TO_SECOND = Migration("trial.loan", 2, {"asked": "received"})

ON_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
"""For what no database changes: why a case stays."""


class SecondLoan(BaseModel, extra="forbid", frozen=True):
    euros: int = Field(ge=1)
    note: str = ""


def in_euros(carried):
    return {"euros": carried["amount"], "note": carried["note"]}


@pytest.fixture
def second(loan):
    """Return version 2: «asked» is «received» now, with other timers and data."""
    edges = [
        replace(each, source=["received" if s == "asked" else s for s in each.sources])
        for each in loan.transitions
    ]
    return replace(
        loan,
        version=2,
        data=SecondLoan,
        upcasts={1: in_euros},
        initial="received",
        states=[
            State(
                "received",
                due=days(3),
                timers=(Timer("late", days(2)), Timer("lapse", days(60), fires="expire")),
            ),
            *loan.states[1:],
        ],
        transitions=[*edges, Transition("look", "received", "received", by=holds("hr_officer"))],
    )


@pytest.fixture
def both(house, loan, second, review, reload):
    """Return a house with a case on version 1, and both versions loaded."""
    house.open()
    house.engine = reload((loan, second, review))
    return house


def move(house, who="hedda", wanted=TO_SECOND, refs=("LOAN-1",), **more):
    """Move cases; return what became of each."""
    with house.acting(who) as tx:
        tx.dry_run = more.get("dry_run", False)
        return migrate_cases(house.engine, tx, refs, wanted)


def why(answer):
    """Return why a case stays, in one line."""
    assert isinstance(answer, Exception), answer
    return str(answer)


def rows(house, table):
    """Return the rows of a case's tasks or timers that are open."""
    with house.acting() as tx:
        found = tx.rows(
            select(table).where(table.c.case_id == 1, table.c.status == "open").order_by(table.c.id)
        )
    return [(row.name, row.due_at) for row in found]


def test_new_cases_open_on_the_newest_and_others_stay(both):
    assert both.case("LOAN-1").workflow_version == 1
    with both.acting("olga") as tx:
        assert both.engine.open(tx, "trial.loan", data={"euros": 7}).workflow_version == 2
    both.fire("olga", "LOAN-1", "review")
    assert both.case("LOAN-1").data.amount == 50


def test_a_moved_case_goes_on_with_its_new_state_data_tasks_and_timers(both):
    opened_at = both.now
    both.later(3)
    (moved,) = move(both)
    assert (moved.former, moved.now_on, moved.source, moved.target) == (1, 2, "asked", "received")
    assert moved.changed == ("amount", "euros")
    case = both.case("LOAN-1")
    assert (case.state, case.workflow_version, case.data) == ("received", 2, SecondLoan(euros=50))
    assert case.entered_at == opened_at
    end = opened_at.replace(hour=23, minute=59, second=59)
    # Counted from when it entered the state; what would be due already waits a day.
    assert rows(both, case_task) == [("received", end + timedelta(days=3))]
    assert rows(both, case_timer) == [
        ("late", both.now + timedelta(days=1)),
        ("lapse", end + timedelta(days=60)),
    ]
    assert moved.remade == (
        "renews «Review»",
        f"moves late to {both.now + timedelta(days=1):%Y-%m-%d}",
        f"moves lapse to {opened_at + timedelta(days=60):%Y-%m-%d}",
    )
    both.fire("olga", "LOAN-1", "look")


def test_the_event_names_both_versions_and_the_chain_holds(both):
    move(both)
    with both.acting("hedda") as tx:
        event = both.engine.log(tx, "LOAN-1")[-1]
        assert verify(tx) == 1
    assert (event.kind, event.transition) == ("migrated", "version 1 → 2")
    assert (event.source, event.target, event.actor.person) == ("asked", "received", both.people["hedda"])
    assert event.payload == {"carries": {"euros": 50, "note": ""}}


def test_what_is_declared_alike_is_left_as_it_is(house, loan, review, reload):
    house.open()
    house.engine = reload((loan, replace(loan, version=2, title="Another"), review))
    before = rows(house, case_task), rows(house, case_timer)
    (moved,) = move(house, wanted=Migration("trial.loan", 2))
    assert (moved.remade, moved.changed) == ((), ())
    assert (rows(house, case_task), rows(house, case_timer)) == before


@effect()
def assign_look(_context):
    yield AssignTask("look", "Look twice", holds("hr_head"))


def test_what_was_done_or_assigned_in_a_state_is_kept_so(house, loan, review, reload):
    first = replace(
        loan,
        states=[
            State(
                "asked",
                tasks=(Task("Check", holds("hr_officer"), "check"), Task("Sign", holds("hr_head"), "sign")),
                timers=(Timer("late", days(2)),),
            ),
            *loan.states[1:],
        ],
        transitions=[
            *loan.transitions,
            Transition("assign", "asked", "asked", by=holds("hr_officer"), effects=[assign_look]),
        ],
    )
    house.engine = reload((first, review))
    house.open()
    house.fire("olga", "LOAN-1", "assign")
    with house.acting() as tx:
        tx.write(case_task.update().where(case_task.c.name == "check").values(status="done"))
        tx.write(case_timer.update().values(status="done"))
    newer = replace(
        first,
        version=2,
        states=[replace(first.states[0], due=days(9), timers=(Timer("late", days(4)),)), *first.states[1:]],
    )
    house.engine = reload((first, newer, review))
    move(house, wanted=Migration("trial.loan", 2))
    # The check was done and the reminder has run: neither is asked for again.
    assert [name for name, _ in rows(house, case_task)] == ["sign", "look"]
    assert rows(house, case_timer) == []


@ON_SQLITE
def test_a_timer_that_could_not_fire_there_is_cancelled(both, second, loan, review, reload):
    without = [each for each in second.transitions if each.name != "expire"]
    bare = replace(second, states=[State("received"), *second.states[1:]], transitions=without)
    both.engine = reload((loan, bare, review))
    (moved,) = move(both)
    assert "cancels lapse" in moved.remade
    assert rows(both, case_timer) == []


@ON_SQLITE
def test_an_unmapped_state_is_refused_with_the_nearest(both, second, loan, review, reload):
    near = replace(
        second,
        states=[State("asked_for"), *second.states],
        transitions=[
            *second.transitions,
            Transition("take", "asked_for", "received", by=holds("hr_officer")),
            Transition("back", "received", "asked_for", by=holds("hr_officer")),
        ],
    )
    both.engine = reload((loan, near, review))
    (stays,) = move(both, wanted=Migration("trial.loan", 2))
    assert isinstance(stays, Refused)
    assert "version 2 has no state to go on in: say --map asked=asked_for" in why(stays)
    assert both.case("LOAN-1").state == "asked"


@ON_SQLITE
def test_a_mapping_is_checked_as_a_whole(both):
    wanted = Migration("trial.loan", 2, {"askd": "received", "asked": "recieved", "reviewed": "refused"})
    with pytest.raises(UsageError) as wrong:
        move(both, wanted=wanted)
    told = [str(each) for each in wrong.value.problems]
    assert len(told) == 3
    assert "did you mean 'asked'?" in told[0]
    assert "did you mean 'received'?" in told[1]
    assert "moved, not ended" in told[2]


@ON_SQLITE
def test_no_case_ends_by_it_and_no_closed_one_moves(both):
    for final in ("granted", "refused", "expired"):
        with pytest.raises(UsageError, match="this state is final"):
            move(both, wanted=Migration("trial.loan", 2, {"asked": final}))
    both.fire("olga", "LOAN-1", "refuse", note="no money")
    (stays,) = move(both)
    assert "closed and stays as it ended" in why(stays)


@ON_SQLITE
def test_one_that_runs_on_it_already_or_on_another_workflow_is_refused(both):
    move(both)
    (again,) = move(both)
    assert "runs on version 2 already" in why(again)
    with pytest.raises(NotFound, match="version"):
        move(both, wanted=Migration("trial.loan", 3))


@ON_SQLITE
def test_only_who_leads_people_work_moves_cases_and_anybody_may_try_dry(both):
    with pytest.raises(NotPermitted, match="moving cases to another version is not yours"):
        move(both, "olga")
    (would,) = move(both, "olga", dry_run=True)
    assert isinstance(would, Migrated)
    (hidden,) = move(both, "nora", dry_run=True)
    assert isinstance(hidden, NotFound)


@ON_SQLITE
def test_nobody_moves_the_case_about_himself(both):
    with both.acting() as tx:
        tx.write(workflow_case.update().values(subject_id=both.people["hedda"]))
    (stays,) = move(both)
    assert "about you: somebody else moves it" in why(stays)


@ON_SQLITE
def test_data_that_does_not_fit_is_refused_in_words(both, second, loan, review, reload):
    both.engine = reload((loan, replace(second, upcasts={}), review))
    (stays,) = move(both)
    assert "what it carries does not fit version 2: " in why(stays)
    assert "euros" in why(stays)


@ON_SQLITE
@pytest.mark.parametrize(
    ("upcast", "says"),
    [(lambda _c: 1 / 0, "ZeroDivisionError"), (lambda _c: None, "returned NoneType, not a mapping")],
)
def test_an_upcaster_that_fails_is_named_and_stops_no_other(both, second, loan, review, reload, upcast, says):
    both.engine = reload((loan, replace(second, upcasts={1: upcast}), review))
    (stays,) = move(both)
    assert isinstance(stays, PluginError)
    assert "the plugin trial failed in trial.loan, the upcaster from version 1" in why(stays)
    assert says in why(stays)


class Few(BaseModel, extra="forbid", frozen=True):
    most: int = 3


class Other(BaseModel, extra="forbid", frozen=True):
    least: int = 1


@ON_SQLITE
def test_a_case_keeps_the_settings_it_pinned_until_it_is_moved(house, loan, second, review):
    def engine(model, *values, loans):
        loaded = [*(Loaded(each, "trial", model, model(*values)) for each in loans), Loaded(review, "trial")]
        return Engine(Catalogue(loaded), evidence=house.engine.evidence)

    house.engine = engine(Few, loans=[loan])
    house.open()
    house.engine = engine(Other, loans=[loan, second])
    with pytest.raises(PluginError, match="no longer understands the settings that were pinned"):
        house.fire("olga", "LOAN-1", "review")
    assert isinstance(move(house)[0], Migrated)
    house.fire("olga", "LOAN-1", "look")


@ON_SQLITE
def test_who_takes_part_is_not_lost(both, second, loan, review, reload):
    both.engine = reload((loan, replace(second, participants=()), review))
    (stays,) = move(both)
    assert "does not know who takes part in it" in why(stays)


@ON_SQLITE
def test_what_is_blind_does_not_show_by_moving(house, loan, review, reload):
    house.open()
    house.fire("olga", "LOAN-1", "review")
    seen = replace(
        review,
        version=2,
        states=[State("open"), State("shown"), *review.states[1:]],
        blind=Blind("reviewer", ("shown",), ()),
        transitions=[
            *review.transitions,
            Transition("show", "shown", "open", by=holds("hr_head")),
            Transition("hide", "open", "shown", by=holds("hr_head")),
        ],
    )
    house.engine = reload((loan, review, seen))
    (stays,) = move(house, wanted=Migration("trial.review", 2), refs=["REV-1"])
    assert "hidden now and would show in «open»" in why(stays)


def test_a_parked_case_is_moved_to_the_version_that_is_there(both, second, review, reload):
    both.engine = reload((second, review))
    with pytest.raises(PluginError, match="parked"):
        both.fire("hedda", "LOAN-1", "review")
    (moved,) = move(both)
    assert (moved.source, moved.target) == ("asked", "received")
    both.fire("olga", "LOAN-1", "look")


def test_a_repeated_request_gets_the_first_answer_and_another_one_under_its_id_none(both):
    with both.acting("hedda") as tx:
        first = migrate_once(both.engine, tx, "monday", ["LOAN-1"], TO_SECOND)
    with both.acting("hedda") as tx:
        assert migrate_once(both.engine, tx, "monday", ["LOAN-1"], TO_SECOND) == first
        assert len(both.engine.log(tx, "LOAN-1")) == 2
    with pytest.raises(UsageError, match="used for something else"), both.acting("hedda") as tx:
        migrate_once(both.engine, tx, "monday", ["LOAN-1"], Migration("trial.loan", 1))


def test_moving_many_takes_the_same_statements_as_moving_few(house, loan, second, review, reload):
    for _ in range(21):
        house.open()
    house.engine = reload((loan, second, review))
    with house.counted() as few:
        move(house)
    with house.counted() as many:
        move(house, refs=[f"LOAN-{number}" for number in range(2, 22)])
    assert len(many) <= len(few) < 25
