"""Procrastinate: told in the same transaction, run anywhere, swept, switched."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest
from procrastinate import sql as its_sql
from sqlalchemy import insert, select, text

from talenthub.outbound.claims import claim
from talenthub.outbound.on_procrastinate import OnProcrastinate, owner
from talenthub.outbound.port import Place, Shift
from talenthub.outbound.procrastinate_worker import Service
from talenthub.outbound.sweeping import due_work
from talenthub.storage.hub import workspace_setting
from talenthub.storage.migrate import upgrade
from talenthub.storage.transaction import Actor
from talenthub.workflow.campaigns.campaigns import CAMPAIGN, Campaign, handler_of, start_campaign
from talenthub.workflow.catalogue import Catalogue
from talenthub.workflow.deliveries import Handler
from talenthub.workflow.outbox import DELIVERIES, TIMERS, Work

pytestmark = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)


def note(tx, case, event):
    tx.write(insert(workspace_setting), {"key": f"{case.ref}/{event.version}", "value": "told"})


HELD = """WITH living AS (INSERT INTO procrastinate_workers DEFAULT VALUES RETURNING id)
 UPDATE procrastinate_jobs SET status = 'doing', worker_id = living.id FROM living"""


LEFT = """SELECT count(*) FROM procrastinate_events
 WHERE job_id NOT IN (SELECT id FROM procrastinate_jobs WHERE task_name = 'talenthub.sweep')"""


TWO_SWEEPS = """INSERT INTO procrastinate_jobs (queue_name, task_name, queueing_lock, args, status)
 SELECT 'talenthub', 'talenthub.sweep', 'talenthub.sweep', jsonb_build_object('timestamp', 1),
 CAST(given AS procrastinate_job_status) FROM unnest(ARRAY['doing', 'todo']) AS given"""


@dataclass
class Yard:
    """A firm whose work Procrastinate has run, and what its tables say."""

    firm: Any
    executor: OnProcrastinate
    place: Place

    def tell(self, *, on: bool = True) -> None:
        """Switch the executor of the commands."""
        self.firm.engine = replace(self.firm.engine, defer=self.executor.defer if on else None)

    def jobs(self) -> list[tuple[str, Any]]:
        found = self.firm.run(lambda tx: tx.rows(text("SELECT task_name, args FROM procrastinate_jobs")))
        # Each five seconds a sweep is deferred, whatever happens.
        work = [row for row in found if "ids" in row.args]
        return [(row.task_name.removeprefix("talenthub."), row.args["ids"]) for row in work]

    def work(self, concurrency: int = 2) -> Any:
        shift = Shift(self.firm.executor().pieces, threading.Event(), print, concurrency)
        Service(self.place, shift, self.executor).serve(once=True)
        return shift.tally

    @contextmanager
    def older(self) -> Iterator[None]:
        """Have a version work for a while that brings no handler of its own."""
        newer = self.firm.engine
        self.firm.engine = replace(newer, handlers=newer.handlers[1:])
        yield
        self.firm.engine = newer

    def sweep(self) -> int:
        engine = self.firm.engine
        return self.firm.run(lambda tx: self.executor.sweep(engine, engine.enter(tx), with_mail=False))

    def notes(self) -> list[str]:
        with self.firm.acting() as tx:
            return sorted(tx.connection.execute(select(workspace_setting.c.key)).scalars())


@pytest.fixture
def yard(firm, database) -> Callable[..., Yard]:
    """Return a maker of yards."""

    def make(**settings: Any) -> Yard:
        place = Place(database.url.render_as_string(hide_password=False), 30)
        executor = OnProcrastinate(place)
        upgrade(database, [owner()])
        made = Yard(firm(handlers=(Handler("trial:note", "*", note),), **settings), executor, place)
        made.tell()
        return made

    return make


def open_and_fail(firm, tx) -> None:
    firm.engine.open(tx.by(Actor(firm.people["olga"])), "trial.loan", subject=firm.people["sam"])
    raise ZeroDivisionError


def test_a_job_is_there_if_and_only_if_the_transaction_is_and_holds_ids_only(yard) -> None:
    made = yard()
    with pytest.raises(ZeroDivisionError):
        made.firm.run(lambda tx: open_and_fail(made.firm, tx))
    assert made.jobs() == []
    made.firm.open()
    [row] = made.firm.rows()
    assert made.jobs() == [(DELIVERIES, [row.id])]
    assert "procrastinate_defer_jobs_v1(" in its_sql.queries["defer_jobs"], "it defers in another way now"


def test_workers_do_what_is_due_each_once_and_leave_nothing(yard, receiver) -> None:
    made = yard(webhook=[receiver.webhook()])
    refs = [made.firm.open() for _ in range(3)]
    made.firm.now += timedelta(days=400)
    tally = made.work(concurrency=4)
    assert (tally.fired, tally.delivered, tally.sent, tally.failed) == (6, 6, 6, 0)
    assert made.firm.cases() == ["expired"] * 3
    assert made.notes() == sorted(f"{ref}/{version}" for ref in refs for version in (1, 3))
    keys = [headers["idempotency-key"] for headers, _ in receiver.got]
    assert len(set(keys)) == len(keys) == 6
    assert made.jobs() == []
    assert made.work().total == 0
    left = made.firm.run(lambda tx: tx.value(text(LEFT)))
    assert left == 0, "finished jobs leave no rows"


def test_what_one_engine_put_by_the_other_finds_and_nothing_is_doubled(yard) -> None:
    made = yard()
    made.tell(on=False)
    first = made.firm.open()
    assert made.jobs() == [], "the embedded executor is told nothing"
    made.tell()
    second = made.firm.open()
    assert made.work().delivered == 2
    third = made.firm.open()
    made.tell(on=False)
    assert made.firm.executor().round().delivered == 1, "back to embedded, with a job in the queue"
    assert len(made.jobs()) == 1
    made.tell()
    assert made.work().total == 0, "the job finds its work done"
    assert made.jobs() == []
    assert made.notes() == [f"{ref}/1" for ref in (first, second, third)]


def test_a_sweep_defers_what_has_no_live_job_and_nothing_else(yard) -> None:
    made = yard()
    made.firm.open()
    assert made.sweep() == 0, "its job is live"
    made.firm.run(lambda tx: tx.write(text("DELETE FROM procrastinate_jobs")))
    assert made.sweep() == 1, "a queue that was lost"
    made.firm.now += timedelta(days=8)
    assert made.sweep() == 1, "the timer that fell due"
    assert made.sweep() == 0
    assert sorted(kind for kind, _ in made.jobs()) == [DELIVERIES, TIMERS]


def test_what_is_leased_waits_for_nobody_and_comes_back_when_the_lease_ends(yard, receiver) -> None:
    made = yard(webhook=[receiver.webhook()])
    made.tell(on=False)
    made.firm.open()
    now = made.firm.run(lambda tx: tx.value(text("SELECT clock_timestamp()")))
    made.firm.run(lambda tx: claim(tx, "dead", now, most=9, with_mail=False))
    for moment, kinds in ((now, 1), (now + timedelta(minutes=3), 2)):
        found = made.firm.run(lambda tx, at=moment: due_work(made.firm.engine, tx, at, with_mail=False))
        assert len(found) == kinds, "the handler's call is free at once"


def test_the_jobs_of_a_dead_worker_are_taken_over(yard) -> None:
    made = yard()
    made.firm.open()
    made.firm.run(
        lambda tx: tx.write(
            text(
                "WITH dead AS (INSERT INTO procrastinate_workers (last_heartbeat)"
                " VALUES (now() - interval '1 minute') RETURNING id)"
                " UPDATE procrastinate_jobs SET status = 'doing', worker_id = dead.id FROM dead"
            )
        )
    )
    assert made.sweep() == 0, "what somebody does is not deferred again"
    assert made.work().delivered == 1
    assert made.jobs() == []


def test_a_job_that_a_living_worker_has_lost_is_deferred_again(yard) -> None:
    made = yard()
    made.firm.open()
    made.firm.run(lambda tx: tx.write(text(HELD)))
    assert made.sweep() == 0, "it was begun just now"
    made.firm.run(lambda tx: tx.write(text("UPDATE procrastinate_events SET at = at - interval '3 minutes'")))
    assert made.sweep() == 1
    assert made.work().delivered == 1


def test_a_sweep_that_died_does_not_stop_the_next(yard) -> None:
    """Procrastinate lets one of them wait at a time: the dead one is not put back."""
    made = yard()
    made.firm.open()
    made.firm.run(lambda tx: tx.write(text(TWO_SWEEPS)))
    assert made.work().delivered == 1
    stuck = text("SELECT count(*) FROM procrastinate_jobs WHERE status = 'doing'")
    assert made.firm.run(lambda tx: tx.value(stuck)) == 0


def test_the_timers_of_a_family_are_one_job_and_run_in_their_order(yard) -> None:
    made = yard()
    made.firm.open()
    made.firm.open()
    made.firm.now += timedelta(days=31)
    due = made.firm.run(
        lambda tx: due_work(made.firm.engine, made.firm.engine.enter(tx), made.firm.clock, with_mail=False)
    )
    assert [each for each in due if each.kind == TIMERS] == [Work(TIMERS, (1,)), Work(TIMERS, (2,))]
    made.work()
    with made.firm.acting() as tx:
        log = [each.transition for each in made.firm.engine.log(tx, "LOAN-1")]
    assert log == ["open", "late", "expire"]


def test_what_an_older_worker_took_and_could_not_do_goes_to_those_who_can(yard) -> None:
    """Else it might take that job again and again, each time a sweep finds it."""
    made = yard()
    made.firm.open()
    with made.older():
        assert made.work().total == 0
        assert made.jobs() == [], "it took the job that was for all, and did nothing"
    assert made.sweep() == 1
    with made.older():
        assert made.work().total == 0
    assert len(made.jobs()) == 1, "it waits where the older one takes nothing from"
    tally = made.work()
    assert (tally.delivered, tally.failed, made.jobs()) == (1, 0, [])


def test_timers_of_newer_cases_go_to_those_who_can_run_them(yard) -> None:
    made = yard()
    older, versions = made.firm.engine, list(made.firm.engine.catalogue.versions())
    newer = replace(
        older,
        catalogue=Catalogue([*versions, *(replace(each, workflow=second(each)) for each in versions)]),
    )
    made.firm.engine = newer
    made.firm.open()
    made.firm.now += timedelta(days=31)
    assert made.sweep() == 1
    for engine, fired, left in ((older, 0, 1), (newer, 2, 0)):
        made.firm.engine = engine
        assert (made.work().fired, len([kind for kind, _ in made.jobs() if kind == TIMERS])) == (fired, left)
    assert made.firm.cases() == ["expired"]


def second(loaded: Any) -> Any:
    return replace(loaded.workflow, version=2)


def test_what_waits_for_a_group_that_is_gone_is_forgotten_and_found_again(yard) -> None:
    made = yard()
    made.tell(on=False)
    made.firm.open()
    assert made.sweep() == 1
    with made.older():
        gone = made.executor.group(made.firm.engine, with_mail=False)
    assert made.firm.run(lambda tx: made.executor.forget(tx, gone)) == 0, "its workers may be busy"
    made.firm.run(lambda tx: tx.write(text("UPDATE procrastinate_events SET at = at - interval '1 hour'")))
    own = made.executor.group(made.firm.engine, with_mail=False)
    assert made.firm.run(lambda tx: made.executor.forget(tx, own)) == 0, "its own"
    assert made.firm.run(lambda tx: made.executor.forget(tx, gone)) == 1
    assert made.work().delivered == 1


def test_calls_and_timers_go_before_the_chunks_that_wait_longer(yard) -> None:
    done: list[str] = []
    work = Handler(handler_of("trial:slowly"), CAMPAIGN, lambda *_: done.append("chunk"))
    made = yard()
    hearing = Handler("trial:call", "*", lambda *_: done.append("call"))
    made.firm.engine = replace(made.firm.engine, handlers=(work, hearing))
    made.firm.run(
        lambda tx: start_campaign(tx, Campaign("trial:slowly", "waits"), [{"case": "-"}] * 3, size=1)
    )
    made.firm.open()
    made.work(concurrency=1)
    assert done == ["call", "chunk", "chunk", "chunk"]


def test_jobs_that_are_run_twice_do_their_work_once(yard) -> None:
    made = yard()
    made.firm.open()
    [row] = made.firm.rows()
    made.firm.run(lambda tx: made.executor.defer(tx, [Work(DELIVERIES, (row.id,))] * 5))
    assert made.work(concurrency=5).delivered == 1
    assert made.notes() == ["LOAN-1/1"]
    assert json.loads(made.firm.rows()[0].message) == {"case": 1, "on": "*", "version": 1}
