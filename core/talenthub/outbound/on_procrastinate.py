"""Procrastinate: background work on any number of machines, on PostgreSQL.

A job is deferred by one statement on the connection of the transaction that
puts the work by: both are committed, or neither. A job holds ids only.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from importlib.util import find_spec
from pathlib import Path

from sqlalchemy import text

from talenthub import __version__
from talenthub.host.loading import PROCRASTINATE
from talenthub.outbound.claims import lease_clock
from talenthub.outbound.port import Place, Shift
from talenthub.outbound.sweeping import due_work
from talenthub.storage.migrate import Owner
from talenthub.storage.sql_history import SqlHistory
from talenthub.storage.transaction import Transaction
from talenthub.workflow.engine import Engine
from talenthub.workflow.outbox import Work

QUEUE = "talenthub"
TASK = f"{QUEUE}."
"""What the names of its tasks begin with; the kind of work follows."""

LONGEST = timedelta(minutes=2)
"""A job that runs for longer was lost, though its worker lives: a line was cut."""

PATIENT, PROMPT, SWEEPING = 0, 10, 20
"""Priorities: the greatest first, and of one priority what waits longest."""

FORSAKEN = timedelta(minutes=10)
"""Jobs of a group that wait for longer are of none that still works."""

_defer = text(
    "SELECT procrastinate_defer_jobs_v1(array_agg(CAST(ROW(:queue, job.task, job.priority, NULL, NULL,"
    " CAST(job.args AS jsonb), NULL) AS procrastinate_job_to_defer_v1)))"
    " FROM unnest(CAST(:tasks AS varchar[]), CAST(:args AS text[]), CAST(:priorities AS int[]))"
    " AS job(task, args, priority)"
)
_live = text(
    "SELECT task_name, CAST(one AS bigint) AS number FROM procrastinate_jobs AS job,"
    " jsonb_array_elements_text(args->'ids') AS one"
    " WHERE queue_name = ANY(:queues) AND task_name = ANY(:tasks) AND CAST(one AS bigint) = ANY(:ids)"
    " AND (status = 'todo' OR (status = 'doing' AND EXISTS (SELECT 1 FROM procrastinate_events AS event"
    " WHERE event.job_id = job.id AND type = 'started'"
    " AND at > clock_timestamp() - CAST(:longest AS interval))))"
)
_one_sweeps = text("SELECT pg_try_advisory_xact_lock(hashtext(:queue))")
_forget = text(
    "DELETE FROM procrastinate_jobs AS job WHERE starts_with(queue_name, :groups) AND queue_name <> :queue"
    " AND status = 'todo' AND NOT EXISTS (SELECT 1 FROM procrastinate_events AS event"
    " WHERE event.job_id = job.id AND at > clock_timestamp() - CAST(:longest AS interval))"
)


@dataclass(frozen=True, slots=True)
class OnProcrastinate:
    """Has background work run by the workers of Procrastinate."""

    place: Place
    queue: str = QUEUE
    """What is put by waits here for any worker."""

    @staticmethod
    def task(name: str) -> str:
        """Return what a task is called in Procrastinate's tables."""
        return f"{TASK}{name}"

    def group(self, engine: Engine, *, with_mail: bool) -> str:
        """Return the queue of those workers that bring the same as this one.

        A job in the queue of all may be taken by a worker that cannot do it, an
        older one or one without mail: what a sweep finds undone it defers to
        its own group, so that no other can take it again and again.
        """
        brings = json.dumps([__version__, with_mail, sorted(engine.brought())])
        return f"{TASK}{hashlib.sha256(brings.encode()).hexdigest()[:16]}"

    def owns(self, queue: str) -> bool:
        """Return whether a queue is of talenthub: that of all, or of a group."""
        return queue == self.queue or queue.startswith(TASK)

    def defer(self, tx: Transaction, work: Sequence[Work]) -> None:
        """Defer one job for each piece of work, in this transaction."""
        self._defer(tx, work, self.queue)

    def _defer(self, tx: Transaction, work: Sequence[Work], queue: str) -> None:
        tx.value(
            _defer,
            {
                "queue": queue,
                "tasks": [self.task(each.kind) for each in work],
                "args": [json.dumps({"ids": each.ids}) for each in work],
                "priorities": [PATIENT if each.patient else PROMPT for each in work],
            },
        )

    def serve(self, shift: Shift, *, once: bool) -> None:
        """Run jobs in this process, and sweep now and then."""
        # Only a worker needs it, and it takes a sixth of a second to import.
        from talenthub.outbound.procrastinate_worker import Service

        Service(self.place, shift, self).serve(once=once)

    def sweep(self, engine: Engine, tx: Transaction, *, with_mail: bool) -> int:
        """Defer what is due and has no live job; return how many pieces."""
        group = self.group(engine, with_mail=with_mail)
        if not tx.value(_one_sweeps, {"queue": group}):
            return 0
        due = due_work(engine, tx, lease_clock(tx), with_mail=with_mail)
        live = self._live(tx, due, group)
        orphans = [each for each in due if not live & {(each.kind, number) for number in each.ids}]
        if orphans:
            self._defer(tx, orphans, group)
        return len(orphans)

    def forget(self, tx: Transaction, group: str) -> int:
        """Delete what waits for groups that are gone; return how many jobs.

        Its rows are found by the sweeps of those that work.
        """
        return tx.write(_forget, {"groups": TASK, "queue": group, "longest": FORSAKEN})

    def _live(self, tx: Transaction, work: Sequence[Work], group: str) -> set[tuple[str, int]]:
        if not work:
            return set()
        wanted = {
            "queues": [self.queue, group],
            "tasks": sorted({self.task(each.kind) for each in work}),
            "longest": LONGEST,
            "ids": sorted({number for each in work for number in each.ids}),
        }
        return {(row.task_name.removeprefix(TASK), row.number) for row in tx.rows(_live, wanted)}


def owner() -> Owner:
    """Return Procrastinate as the owner of its tables."""
    spec = find_spec(PROCRASTINATE)
    assert spec is not None, "it was looked for when the settings were read"
    assert spec.origin is not None
    sql = Path(spec.origin).parent / "sql"
    history = SqlHistory(sql / "schema.sql", sql / "migrations")
    return Owner(PROCRASTINATE, history.changes, f"{PROCRASTINATE}_", history)
