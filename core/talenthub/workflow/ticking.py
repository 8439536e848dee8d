"""Ticking: due timers, in the order (due, id), each at its own moment."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import Row, and_, bindparam, func, or_, select, tuple_, update

from talenthub.errors import Refused, TalentError
from talenthub.storage.transaction import SYSTEM, Transaction
from talenthub.workflow.adjusting.adjustments import gone_adjustments
from talenthub.workflow.context import CaseView
from talenthub.workflow.deliveries import ATTEMPTS
from talenthub.workflow.firing import Request, fire_requests, hold
from talenthub.workflow.history import NewEvent, prepare_events, write_events
from talenthub.workflow.parking import ParkedError, brought, lacks_nothing
from talenthub.workflow.relations import Relation, holds, manager_of, parse_relation
from talenthub.workflow.resolution import FALLBACK_GRANT, lines
from talenthub.workflow.tables import OPEN, case_task, case_timer, workflow_case, workflow_version
from talenthub.workflow.tasks import NewTask, open_tasks

if TYPE_CHECKING:
    from talenthub.workflow.engine import Engine

_running = tuple_(workflow_version.c.name, workflow_version.c.version).in_(
    bindparam("running", expanding=True)
)
# What waits for a guard that is gone waits whole: its timers too.
_goes_on = or_(
    workflow_case.c.adjustment.is_(None),
    workflow_case.c.adjustment.not_in(bindparam("gone", expanding=True)),
)
_is_due = and_(
    case_timer.c.status == OPEN,
    case_timer.c.due_at <= bindparam("moment"),
    or_(case_timer.c.retry_at.is_(None), case_timer.c.retry_at <= bindparam("moment")),
    # Of a case above it, or of one that it sets in motion.
    lacks_nothing(case_timer.c.error),
    _running,
    _goes_on,
)
_next = (
    select(case_timer.c.id, case_timer.c.case_id, case_timer.c.fires)
    .join(workflow_case, workflow_case.c.id == case_timer.c.case_id)
    .join(workflow_version, workflow_version.c.id == workflow_case.c.workflow_version_id)
    .where(_is_due)
    .order_by(case_timer.c.due_at, case_timer.c.id)
    .limit(1)
)
_named = _next.where(case_timer.c.id == bindparam("which"))
_next_of = _next.where(case_timer.c.case_id.in_(bindparam("cases", expanding=True)))
_due_cases = (
    select(case_timer.c.case_id, func.min(case_timer.c.due_at).label("since"))
    .join(workflow_case, workflow_case.c.id == case_timer.c.case_id)
    .join(workflow_version, workflow_version.c.id == workflow_case.c.workflow_version_id)
    .where(_is_due)
    .group_by(case_timer.c.case_id)
    .order_by("since", case_timer.c.case_id)
    .limit(bindparam("most"))
)
_overdue = (
    select(case_timer.c.id, case_timer.c.name, case_timer.c.due_at, workflow_case.c.ref)
    .join(workflow_case, workflow_case.c.id == case_timer.c.case_id)
    .where(
        case_timer.c.status == OPEN,
        case_timer.c.due_at <= bindparam("moment"),
        workflow_case.c.workflow.in_(bindparam("workflows", expanding=True)),
    )
    .order_by(case_timer.c.due_at, case_timer.c.id)
)
_rebase = update(case_timer).where(case_timer.c.id == bindparam("which")).values(due_at=bindparam("later"))
_claim = (
    update(case_timer)
    .where(case_timer.c.id == bindparam("which"), case_timer.c.status == OPEN)
    .values(status="done")
    .returning(
        case_timer.c.case_id,
        case_timer.c.name,
        case_timer.c.fires,
        case_timer.c.escalates,
        case_timer.c.due_at,
    )
)
_attempts = select(case_timer.c.attempts).where(
    case_timer.c.id == bindparam("which"), case_timer.c.status == OPEN
)
_failed = (
    update(case_timer)
    .where(
        case_timer.c.id == bindparam("which"),
        case_timer.c.status == OPEN,
        case_timer.c.attempts == bindparam("before"),
    )
    .values(
        attempts=bindparam("tried"),
        error=bindparam("why"),
        retry_at=bindparam("again"),
        status=bindparam("now_is"),
    )
)
_park = (
    update(case_timer)
    .where(case_timer.c.id == bindparam("which"), case_timer.c.status == OPEN)
    .values(error=bindparam("why"))
)
_refuse = update(case_timer).where(case_timer.c.id == bindparam("which")).values(status="refused")
_append = (
    update(workflow_case)
    .where(workflow_case.c.id == bindparam("which"), workflow_case.c.version == bindparam("seen"))
    .values(version=workflow_case.c.version + 1, head_hash=bindparam("head"))
)
_waiting = select(case_task.c.name, case_task.c.title, case_task.c.relation, case_task.c.due_at).where(
    case_task.c.case_id == bindparam("which"), case_task.c.status == OPEN
)

FAILED = "failed"
"""The status of a timer that could not run often enough to wait for a person."""

GRACE = timedelta(days=1)
"""How long a timer waits that fell due while its plugin was off."""


@dataclass(frozen=True, slots=True)
class Ticked:
    """What one timer did."""

    ref: str
    timer: str
    what: str
    """`fired NAME`, `reminded`, `escalated` or `refused NAME`."""


def tick_next(engine: Engine, tx: Transaction) -> Ticked | None:
    """Run the next due timer, at its own moment; None when none is due.

    A parked case's timer waits: it is not due while its plugin is off.
    """
    row = tx.row(_next, _due_here(engine, tx))
    if row is None:
        return None
    return _run(engine, tx, row) or tick_next(engine, tx)


def next_timer(engine: Engine, tx: Transaction, cases: Collection[int] | None = None) -> int | None:
    """Return the id of the timer that is due next; None when none is.

    Of these cases only, where they are given.
    """
    wanted = _due_here(engine, tx)
    number: int | None = (
        tx.value(_next, wanted) if cases is None else tx.value(_next_of, wanted | {"cases": sorted(cases)})
    )
    return number


def cases_with_due_timers(engine: Engine, tx: Transaction, most: int) -> list[int]:
    """Return the cases that have timers due, those that wait longest first."""
    return [row.case_id for row in tx.rows(_due_cases, _due_here(engine, tx) | {"most": most})]


def run_timer(engine: Engine, tx: Transaction, number: int) -> Ticked | None:
    """Run one due timer; None where somebody else has run or cancelled it."""
    row = tx.row(_named, _due_here(engine, tx) | {"which": number})
    return _run(engine, tx, row) if row is not None else None


def fail_timer(tx: Transaction, number: int, why: str) -> bool:
    """Keep why a timer could not run, to be tried later; False: too often.

    After five attempts it waits for a person.
    """
    before = tx.value(_attempts, {"which": number})
    if before is None:
        return True
    dead = before + 1 >= ATTEMPTS
    tx.write(
        _failed,
        {
            "which": number,
            "before": before,
            "tried": before + 1,
            "why": why,
            "again": tx.now + timedelta(minutes=2 ** (before + 1)),
            "now_is": FAILED if dead else "open",
        },
    )
    return not dead


def park_timer(tx: Transaction, number: int, why: str) -> None:
    """Keep what a timer lacks: it waits for whoever brings that."""
    tx.write(_park, {"which": number, "why": why})


def _due_here(engine: Engine, tx: Transaction) -> dict[str, Any]:
    running = [(each.workflow.name, each.workflow.version) for each in engine.catalogue.versions()]
    gone = gone_adjustments(tx, engine.catalogue)
    return {"moment": tx.now, "running": running, "gone": gone, "brought": brought(engine.catalogue)}


def _run(engine: Engine, tx: Transaction, row: Row[Any]) -> Ticked | None:
    # The case first, as everybody does who cancels its timers.
    case = hold(engine, tx, [Request(row.case_id, row.fires or "")])[0]
    claimed = tx.row(_claim, {"which": row.id})
    if claimed is None or case is None:
        return None
    then = tx.at(claimed.due_at).by(SYSTEM)
    if claimed.fires is not None:
        return _fire(engine, then, row.id, case, claimed.name, claimed.fires)
    kind = "escalated" if claimed.escalates else "reminded"
    note_event(then, case, kind, claimed.name)
    if claimed.escalates:
        _escalate(then, case)
    return Ticked(case.ref, claimed.name, kind)


def rebase_overdue(tx: Transaction, workflows: Collection[str]) -> list[tuple[str, str, datetime]]:
    """Put timers that fell due while their plugin was off a day ahead.

    Returns (case, timer, former due moment): none of them fires unasked, so
    whoever turns the plugin on again can look first.
    """
    rows = tx.rows(_overdue, {"moment": tx.now, "workflows": sorted(workflows)})
    tx.write(_rebase, [{"which": row.id, "later": tx.now + GRACE} for row in rows])
    return [(row.ref, row.name, row.due_at) for row in rows]


def _fire(engine: Engine, tx: Transaction, timer: int, case: CaseView, name: str, transition: str) -> Ticked:
    result = fire_requests(engine, tx, [Request(case.id, transition)])[0]
    if not isinstance(result, TalentError):
        return Ticked(case.ref, name, f"fired {transition}")
    if isinstance(result, ParkedError):
        raise result
    tx.write(_refuse, {"which": timer})
    reasons = (
        [verdict.text for verdict in result.verdicts if not verdict.ok] if isinstance(result, Refused) else []
    )
    note_event(tx, case, "refused", name, {"transition": transition, "reasons": reasons})
    to = holds(FALLBACK_GRANT)
    task = NewTask(
        case,
        f"{name}:refused",
        f"See why «{transition.replace('_', ' ')}» could not happen by itself",
        to,
        None,
    )
    open_tasks(tx, [task], lines(tx, [case], [to]))
    return Ticked(case.ref, name, f"refused {transition}")


def note_event(
    tx: Transaction, case: CaseView, kind: str, name: str, payload: dict[str, object] | None = None
) -> None:
    """Append an event that changes no state: a reminder, a refusal."""
    event = NewEvent(
        case=case.id,
        ref=case.ref,
        version=case.version + 1,
        kind=kind,
        transition=name,
        source=case.state,
        target=case.state,
        actor=tx.actor,
        at=tx.now,
        payload=payload or {},
        previous_hash=case.head_hash,
    )
    prepared = prepare_events([event])
    tx.write(_append, [{"which": case.id, "seen": case.version, "head": prepared.hash_of(0)}])
    write_events(tx, prepared)


def _escalate(tx: Transaction, case: CaseView) -> None:
    """Put the open tasks also before the managers of those who have them."""
    tasks = []
    for row in tx.rows(_waiting, {"which": case.id}):
        above = _above(parse_relation(row.relation))
        tasks.append(NewTask(case, f"{row.name}:escalated", f"Overdue: {row.title}", above, row.due_at))
    open_tasks(tx, tasks, lines(tx, [case], [task.to for task in tasks]))


def _above(relation: Relation) -> Relation:
    people = Relation(
        tuple(each for each in relation.alternatives if each.kind in ("subject", "participant"))
    )
    return manager_of(people) if people else holds(FALLBACK_GRANT)
