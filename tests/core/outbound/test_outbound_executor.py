"""The executor: leases, timers that stumble, kills, and one machine only."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert, select, update

from talenthub.errors import Refused, StorageError
from talenthub.outbound import jobs
from talenthub.outbound import pieces as running
from talenthub.outbound import worker as working
from talenthub.outbound.claims import LEASE, claim, finish
from talenthub.outbound.jobs import cancel, dead_jobs, jobs_named, retry, waiting_jobs
from talenthub.outbound.machine import TURN, Machine, end_turn, take_turn
from talenthub.outbound.sending import Sent
from talenthub.people.persons import add_person
from talenthub.storage.hub import workspace_setting
from talenthub.workflow.deliveries import ATTEMPTS, Handler
from talenthub.workflow.tables import case_timer
from talenthub.workflow.ticking import FAILED


def note(tx, case, event):
    tx.write(insert(workspace_setting), {"key": f"{case.ref}/{event.version}", "value": "told"})


def notes(firm) -> list[str]:
    with firm.acting() as tx:
        return sorted(tx.connection.execute(select(workspace_setting.c.key)).scalars())


def test_a_round_fires_late_but_each_once_and_calls_handlers(firm) -> None:
    made = firm(handlers=(Handler("trial:note", "*", note),))
    made.open()
    made.now += timedelta(days=400)
    done = made.executor().round()
    assert (done.fired, done.delivered, done.failed) == (2, 2, 0), "a reminder is no event of handlers"
    assert made.cases() == ["expired"]
    assert made.executor().round().total == 0
    assert notes(made) == ["LOAN-1/1", "LOAN-1/3"]


def test_a_timer_that_stumbles_holds_up_no_other_and_dies_at_last(firm, monkeypatch) -> None:
    made = firm()
    made.open()
    made.open()
    made.now += timedelta(days=8)
    real, broken = running.run_timer, []

    def stumbling(engine, tx, number):
        if not broken or number in broken:
            broken[:] = [number]
            raise RuntimeError("about Sam")
        return real(engine, tx, number)

    monkeypatch.setattr(running, "run_timer", stumbling)
    done = made.executor().round()
    assert (done.fired, done.failed) == (1, 1)
    for tries in range(2, ATTEMPTS + 1):
        made.now += timedelta(hours=1)
        assert made.executor().round().failed == 1, f"try {tries}"
    made.now += timedelta(hours=5)
    assert made.executor().round().total == 0
    [dead] = made.run(dead_jobs)
    assert (dead.state, dead.attempts, dead.name) == ("dead", ATTEMPTS, f"timer-{broken[0]}")
    assert "RuntimeError" in str(dead.error)
    assert "Sam" not in str(dead.error)
    monkeypatch.setattr(running, "run_timer", real)
    made.run(lambda tx: retry(tx, dead_jobs(tx)))
    assert made.executor().round().fired == 1
    assert made.run(dead_jobs) == []


def test_what_one_has_claimed_another_leaves_until_the_lease_ends(firm, receiver) -> None:
    made = firm(webhook=[receiver.webhook()])
    made.open()
    [first] = made.run(lambda tx: claim(tx, "one", made.clock, most=9, with_mail=False))
    assert made.run(lambda tx: claim(tx, "two", made.clock, most=9, with_mail=False)) == []
    [job] = made.run(lambda tx: waiting_jobs(tx, made.clock))
    assert (job.state, job.by) == ("runs", "one")
    [second] = made.run(lambda tx: claim(tx, "two", made.clock + LEASE, most=9, with_mail=False))
    assert not made.run(lambda tx: finish(tx, first, Sent("too late"))), "its lease was over"
    assert made.run(lambda tx: finish(tx, second, Sent()))
    [row] = made.rows()
    assert (row.attempts, row.error, row.lease_until, row.leased_by) == (1, None, None, None)
    assert row.done_at is not None


def test_a_worker_killed_while_it_sends_leaves_nothing_lost(firm, receiver, database_url) -> None:
    made = firm(webhook=[receiver.webhook()])
    made.open()
    receiver.hold = threading.Event()
    words = [database_url, str(made.folder), json.dumps(receiver.webhook()), made.now.isoformat()]
    victim = subprocess.Popen([sys.executable, str(Path(__file__).with_name("outbound_victim.py")), *words])
    try:
        assert receiver.is_told(), "the victim never sent"
    finally:
        victim.kill()
        victim.wait()
        receiver.hold.set()
    assert made.executor().round().total == 0, "the dead one's lease still holds"
    assert [row.done_at for row in made.rows()] == [None]
    made.clock += LEASE
    assert made.executor().round().sent == 1
    assert made.executor().round().total == 0
    keys = [headers["idempotency-key"] for headers, _ in receiver.got]
    assert keys == [f"msg_{made.rows()[0].id}"] * 2, "twice outside, with one key"
    assert made.rows()[0].attempts == 1


def test_jobs_are_retried_and_cancelled_only_where_that_means_something(firm, receiver) -> None:
    made = firm(webhook=[receiver.webhook()])
    receiver.answers = [410]
    made.open()
    name = f"delivery-{made.rows()[0].id}"
    with pytest.raises(Refused, match="it has not failed"):
        made.run(lambda tx: retry(tx, jobs_named(tx, [name], made.clock)))
    made.executor().round()
    made.run(lambda tx: retry(tx, jobs_named(tx, [name], made.clock)))
    assert made.executor().round().sent == 1
    with pytest.raises(Refused, match="it is done"):
        made.run(lambda tx: cancel(tx, jobs_named(tx, [name], made.clock)))
    timer = next(each for each in made.run(lambda tx: waiting_jobs(tx, made.clock, everything=True)))
    with pytest.raises(Refused, match="belongs to its case"):
        made.run(lambda tx: cancel(tx, jobs_named(tx, [timer.name], made.clock)))
    made.open()
    made.run(lambda tx: cancel(tx, waiting_jobs(tx, made.clock)))
    assert made.executor().round().total == 0
    assert made.rows()[-1].error == "cancelled by hand"


def test_a_call_that_nobody_brings_is_listed_while_it_waits(firm) -> None:
    made = firm(handlers=(Handler("trial:note", "*", note),))
    made.open()
    newer = made.engine
    made.engine = replace(newer, handlers=())
    assert made.executor().round().total == 0, "that is no failure"
    [job] = made.run(lambda tx: waiting_jobs(tx, made.clock))
    assert (job.state, job.attempts) == ("parked", 0)
    assert "no enabled plugin brings the handler trial:note" in str(job.error)
    assert made.run(made.engine.due_deliveries) == [], "it is left to one that brings it"
    made.engine = newer
    assert made.executor().round().delivered == 1


def test_a_second_machine_is_refused_on_a_server_only(firm) -> None:
    made = firm()
    here, there = Machine("a" * 32, "here"), Machine("b" * 32, "there")
    until = made.run(lambda tx: take_turn(tx, here))
    if made.database.is_sqlite:
        assert until is None
        assert made.run(lambda tx: take_turn(tx, there)) is None
        return
    assert made.run(lambda tx: take_turn(tx, here)) > until, "workers beside each other share the turn"
    with pytest.raises(Refused, match="another machine") as told:
        made.run(lambda tx: take_turn(tx, there))
    assert told.value.problems[0].found == "here"
    assert str(TURN.seconds) in str(told.value.problems[0].mend)
    made.run(lambda tx: end_turn(tx, here, until))
    with pytest.raises(Refused):
        made.run(lambda tx: take_turn(tx, there))
    last = made.run(lambda tx: take_turn(tx, here))
    made.run(lambda tx: end_turn(tx, here, last))
    assert made.run(lambda tx: take_turn(tx, there)) is not None


def test_a_database_that_is_away_is_waited_for(firm, receiver, monkeypatch) -> None:
    made = firm(webhook=[receiver.webhook()])
    made.open()
    monkeypatch.setattr(working, "POLL", 0.001)
    stop, said, calls = threading.Event(), [], []
    run = made.run

    def away_at_first(function):
        calls.append(function)
        if 2 <= len(calls) <= 4:
            raise StorageError("the database server does not answer")
        if receiver.came.is_set():
            stop.set()
        return run(function)

    made.run = away_at_first
    worker = working.Worker(made.executor(stopping=stop.is_set), stop, said.append)
    worker.forever()
    assert [each.partition(";")[0] for each in said] == ["the database server does not answer"] * len(said)
    assert len(receiver.got) == 1
    made.run = run
    assert made.rows()[0].done_at is not None


def test_a_receiver_that_does_not_answer_holds_up_no_timer(firm, receiver) -> None:
    made = firm(webhook=[receiver.webhook("*")])
    receiver.hold = threading.Event()
    stop = threading.Event()
    made.open()
    made.now += timedelta(days=40)
    worker = working.Worker(made.executor(), stop, print)
    thread = threading.Thread(target=worker.forever)
    thread.start()
    try:
        assert receiver.is_told()
        until = time.monotonic() + 100
        while made.cases() != ["expired"] and time.monotonic() < until:
            time.sleep(0.02)
        assert made.cases() == ["expired"]
        assert len(receiver.got) == 1, "it still waits for its answer"
    finally:
        receiver.hold.set()
        stop.set()
        thread.join()
    assert worker.tally.sent >= 1


def test_jobs_that_are_not_to_be_heard_of_take_no_place_in_the_list(firm, monkeypatch) -> None:
    made = firm(handlers=(Handler("trial:note", "*", note),))
    monkeypatch.setattr(jobs, "MOST", 2)
    pacts = [made.open("trial.pact") for _ in range(3)]
    loan = made.open()
    made.now += timedelta(days=8)
    with made.acting() as tx:
        made.people["ada"] = add_person(tx, "Ada", kind="employee", handle="ada").id
    for everything in (False, True):
        with made.acting("ada") as tx:
            told = waiting_jobs(tx, made.clock, in_sight=True, everything=everything)
            assert [job.ref for job in told] == [loan] * 2, "its call, and its timer"
            assert {job.ref for job in waiting_jobs(tx, made.clock)} <= set(pacts)
    made.run(lambda tx: tx.write(update(case_timer).values(status=FAILED)))
    with made.acting("ada") as tx:
        timers = [each for each in waiting_jobs(tx, made.clock, in_sight=True) if each.state == "dead"]
    assert timers[0].ref == pacts[0], "what is dead is told to whoever looks after it"
