"""The rows of `talent jobs`, and who may look at them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from talenthub.cli.base import Desk
from talenthub.cli.casework import engine_of
from talenthub.cli.output import Column
from talenthub.clock import system_clock
from talenthub.errors import NotPermitted, Problem, UsageError
from talenthub.outbound.jobs import Job, cancel, dead_jobs, jobs_named, retry, waiting_jobs
from talenthub.people.grants import holds
from talenthub.storage.transaction import Actor, Transaction
from talenthub.workflow.cases import cases_by_ref
from talenthub.workflow.lookups import look

KEEPERS = ("admin", "hr_head")
"""Grants whose holders look after what runs by itself."""

_COLUMNS = (
    Column("job"),
    Column("state"),
    Column("what"),
    Column("ref"),
    Column("due", "next try"),
    Column("tries"),
    Column("error", "last error"),
)


def require_keeper(desk: Desk) -> None:
    """Raise NotPermitted unless the actor looks after what runs.

    In a demo everybody does, also who has not said who they are.
    """
    if desk.workspace.is_demo:
        return
    actor = desk.actor
    if not desk.workspace.run(actor, lambda tx: _is_keeper(tx, actor), read_only=True):
        raise NotPermitted(
            Problem(
                text="what runs by itself is not yours to look after",
                allowed=f"who holds {' or '.join(KEEPERS)}",
                code="job.right",
            )
        )


def _is_keeper(tx: Transaction, actor: Actor) -> bool:
    return actor.person is None or holds(tx, actor.person, KEEPERS)


def print_jobs(desk: Desk, *, everything: bool) -> None:
    """Print what is due, runs or has failed."""
    require_keeper(desk)
    rows = desk.run(lambda tx: _rows(desk, tx, waiting_jobs(tx, system_clock(), everything=everything)))
    desk.emit(rows, _COLUMNS)
    if not rows and desk.for_people:
        desk.say("Nothing waits." if everything else "Nothing is due; --all lists what is due later.")


def print_due(desk: Desk) -> None:
    """Print what a worker would do now."""
    jobs = desk.workspace.run(
        desk.actor,
        lambda tx: _rows(desk, tx, [each for each in waiting_jobs(tx, system_clock()) if each.due <= tx.now]),
        read_only=True,
    )
    desk.emit([each for each in jobs if each["state"] in ("waits", "failed")], _COLUMNS)


def print_job(desk: Desk, name: str) -> None:
    """Print one job."""
    require_keeper(desk)
    [row] = desk.run(lambda tx: _rows(desk, tx, jobs_named(tx, [name], system_clock())))
    desk.emit_record(row)


def retry_jobs(desk: Desk, names: Sequence[str], *, all_dead: bool) -> None:
    """Have jobs tried again and print them."""
    require_keeper(desk)
    if bool(names) == all_dead:
        raise UsageError(
            Problem(text="which jobs?", allowed="their names, or --dead for all of those", code="job.which")
        )

    def run(tx: Transaction) -> list[dict[str, Any]]:
        chosen = dead_jobs(tx) if all_dead else jobs_named(tx, names, system_clock())
        done = [each.name for each in retry(tx, chosen)]
        return _rows(desk, tx, jobs_named(tx, done, system_clock()))

    desk.emit(desk.run(run), _COLUMNS)


def cancel_jobs(desk: Desk, names: Sequence[str]) -> None:
    """Close deliveries and print them."""
    require_keeper(desk)

    def run(tx: Transaction) -> list[dict[str, Any]]:
        done = [each.name for each in cancel(tx, jobs_named(tx, names, system_clock()))]
        return _rows(desk, tx, jobs_named(tx, done, system_clock()))

    desk.emit(desk.run(run), _COLUMNS)


def _rows(desk: Desk, tx: Transaction, jobs: Sequence[Job]) -> list[dict[str, Any]]:
    # Who keeps things running learns of no case that is not theirs to see.
    engine = engine_of(desk)
    entered = engine.enter(tx)
    cases = cases_by_ref(entered, sorted({each.ref for each in jobs if each.ref is not None}))
    seen = {each.case.ref for each in look(entered, engine.catalogue, list(cases.values()))}
    return [
        {
            "job": each.name,
            "state": each.state,
            "what": each.what,
            "ref": each.ref if each.ref in seen else None,
            "due": None if each.state in ("dead", "done") else each.due,
            "tries": each.attempts,
            "error": each.error,
            "by": each.by,
        }
        for each in jobs
    ]
