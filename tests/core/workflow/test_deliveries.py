"""Deliveries: a handler's effect happens once, or a person hears of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import DBAPIError

from talenthub.storage.hub import HubEvent, announce, workspace_setting
from talenthub.storage.races import TRIES
from talenthub.workflow.deliveries import ATTEMPTS, Handler
from talenthub.workflow.tables import outbox
from talenthub.workflow.versions.parked import parked_calls


def note(tx, case, event):
    tx.write(insert(workspace_setting), {"key": f"{case.ref}/{event.version}", "value": event.transition})


FAILED = "test_deliveries.py:28: the plugin trial failed in the handler broken: RuntimeError"


def note_and_fail(tx, case, event):
    note(tx, case, event)
    raise RuntimeError("after it has written")


def rows(house):
    with house.acting() as tx:
        return tx.rows(select(outbox).order_by(outbox.c.id))


def effects(house) -> list[str]:
    with house.acting() as tx:
        return sorted(tx.connection.execute(select(workspace_setting.c.key)).scalars())


def deliver_all(house) -> list[bool | None]:
    with house.acting() as tx:
        due = house.engine.due_deliveries(tx)
    done = []
    for number in due:
        with house.acting() as tx:
            done.append(house.engine.deliver(tx, number))
    return done


def test_a_handler_runs_once_for_each_event_it_hears(build):
    house = build(
        handlers=(Handler("trial:note", "trial.loan.refuse", note), Handler("trial:all", "*", note))
    )
    house.open()
    house.fire("olga", "LOAN-1", "refuse", note="no money")
    assert [(row.origin, row.handler) for row in rows(house)] == [
        ("LOAN-1/1", "trial:all"),
        ("LOAN-1/2", "trial:note"),
        ("LOAN-1/2", "trial:all"),
    ]
    assert deliver_all(house) == [True, True, False], "its key was taken: the third one fails"
    assert effects(house) == ["LOAN-1/1", "LOAN-1/2"]


def test_what_was_delivered_is_not_delivered_again(build):
    house = build(handlers=(Handler("trial:note", "*", note),))
    house.open()
    [row] = rows(house)
    with house.acting() as tx:
        assert house.engine.deliver(tx, row.id)
    with house.acting() as tx:
        assert not house.engine.deliver(tx, row.id)
    assert effects(house) == ["LOAN-1/1"]


def test_an_effect_and_its_mark_are_one(build):
    """A crash between the handler and the commit undoes both."""
    house = build(handlers=(Handler("trial:note", "*", note),))
    house.open()
    with pytest.raises(KeyboardInterrupt):
        _deliver_and_crash(house)
    assert effects(house) == []
    assert deliver_all(house) == [True]


def refuse_all_loans(engine, tx, event):
    """Hear of a post that fell vacant, and fire in the name of the system."""
    tx.write(insert(workspace_setting), {"key": event.facts["post"], "value": event.kind})
    engine.fire(tx, "LOAN-1", "expire")


def test_a_handler_hears_of_what_belongs_to_no_case(build):
    house = build(
        handlers=(
            Handler("trial:empty", "hub.post.vacated", refuse_all_loans),
            Handler("trial:other", "hub.person.left", note_and_fail),
            Handler("trial:all", "*", note),
        )
    )
    house.open()
    with house.acting() as tx:
        announce(tx, HubEvent("post.vacated", "post", 7, {"post": "desk-7"}))
    with house.acting() as tx:
        assert house.engine.follow_people(tx) == 1
    with house.acting() as tx:
        assert house.engine.follow_people(tx) == 0, "it is told once"
    assert deliver_all(house) == [True, True]
    assert effects(house) == ["LOAN-1/1", "desk-7"]
    assert house.case("LOAN-1").state == "expired"


def _deliver_and_crash(house):
    with house.acting() as tx:
        [number] = house.engine.due_deliveries(tx)
        assert house.engine.deliver(tx, number)
        raise KeyboardInterrupt


def test_a_handler_that_fails_is_tried_five_times_and_then_dead(build):
    house = build(handlers=(Handler("trial:broken", "*", note_and_fail),))
    house.open()
    for attempt in range(1, ATTEMPTS + 1):
        assert deliver_all(house) == [False]
        [row] = rows(house)
        assert (row.attempts, row.done_at, row.error) == (attempt, None, FAILED)
        assert effects(house) == [], "nothing of a failed try stays"
        assert deliver_all(house) == [], "it waits before it is tried again"
        house.now += timedelta(minutes=2**attempt)
    assert rows(house)[0].dead_at is not None
    assert deliver_all(house) == []


class LostRaceError(Exception):
    sqlstate = "40P01"


@pytest.mark.parametrize(("lost", "attempts"), [(TRIES - 1, 0), (TRIES, 1)])
def test_a_deadlock_is_no_failed_attempt_until_it_comes_three_times(build, lost, attempts):
    tries = []

    def note_late(tx, case, event):
        tries.append(case.ref)
        note(tx, case, event)
        if len(tries) <= lost:
            raise DBAPIError("INSERT", {}, LostRaceError())

    house = build(handlers=(Handler("trial:late", "*", note_late),))
    house.open()
    assert deliver_all(house) == [lost < TRIES]
    assert len(tries) == TRIES
    assert rows(house)[0].attempts == attempts
    assert effects(house) == (["LOAN-1/1"] if lost < TRIES else [])


def test_a_handler_whose_plugin_is_off_is_named(build, reload, loan, review):
    house = build(handlers=(Handler("trial:note", "*", note),))
    house.open()
    house.engine = reload((loan, review))
    assert deliver_all(house) == [None]
    assert "no enabled plugin brings the handler trial:note" in rows(house)[0].error


def test_a_call_whose_plugin_is_off_is_parked_named_and_made_when_it_is_back(build, reload, loan, review):
    house = build(handlers=(Handler("trial:note", "*", note),))
    house.open()
    with_it, house.engine = house.engine, reload((loan, review))
    assert deliver_all(house) == [None]
    assert deliver_all(house) == [], "it is left to one that brings the plugin"
    [row] = rows(house)
    with house.acting() as tx:
        assert not house.engine.deliver(tx, row.id), "nor does an engine that is told of it put it off"
    assert rows(house) == [row]
    assert (row.attempts, row.dead_at) == (0, None), "waiting for its plugin is no failure"
    with house.acting() as tx:
        [problem] = parked_calls(tx, house.engine)
    assert problem.found == "trial:note"
    house.engine = with_it
    assert deliver_all(house) == [True]
    assert effects(house) == ["LOAN-1/1"]


def test_an_older_worker_leaves_a_newer_case_to_a_newer_one(build, reload, loan, review):
    house = build(
        workflows=(loan, replace(loan, version=2), review), handlers=(Handler("trial:note", "*", note),)
    )
    house.open()
    newer, older = house.engine, reload((loan, review), handlers=house.engine.handlers)
    house.engine = older
    assert deliver_all(house) == [None]
    [row] = rows(house)
    assert (row.attempts, row.dead_at) == (0, None)
    assert "trial.loan version 2" in row.error
    house.now += timedelta(days=31)
    assert deliver_all(house) == [], "nor is it found again"
    with house.acting() as tx:
        assert older.tick(tx) is None, "nor does it touch the timers of such a case"
    house.engine = newer
    assert deliver_all(house) == [True]
    with house.acting() as tx:
        assert newer.tick(tx) is not None
