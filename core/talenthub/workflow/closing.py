"""Closing: what was still open under a case ends with it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from contextlib import nullcontext

from sqlalchemy import bindparam, update

from talenthub.storage.direct import Direct
from talenthub.storage.late import overlooking
from talenthub.storage.transaction import Transaction
from talenthub.workflow.cases import WHOLE, views
from talenthub.workflow.context import CaseView
from talenthub.workflow.definition import Outcome
from talenthub.workflow.history import NewEvent, prepare_events, write_events
from talenthub.workflow.known import known, note_locked, told
from talenthub.workflow.moving import are_moves_known
from talenthub.workflow.tables import workflow_case
from talenthub.workflow.tasks import close_tasks
from talenthub.workflow.timers import cancel_timers

_open_children = (
    WHOLE.where(
        workflow_case.c.parent_id.in_(bindparam("parents", expanding=True)),
        workflow_case.c.closed_at.is_(None),
    )
    .order_by(workflow_case.c.id)
    .with_for_update(of=workflow_case)
)
_close = Direct(
    update(workflow_case)
    .where(workflow_case.c.id == bindparam("which"), workflow_case.c.version == bindparam("seen"))
    .values(
        version=workflow_case.c.version + 1,
        closed_at=bindparam("moment"),
        outcome=Outcome.NEUTRAL.value,
        head_hash=bindparam("head"),
    )
)


def close_children(tx: Transaction, closed: Sequence[CaseView]) -> None:
    """Close the open children of closed cases, and theirs, one event each.

    Their tasks and timers are cancelled; their state stays as it was.
    """
    origins = {case.id: f"{case.ref}/{case.version}" for case in closed}
    close_tasks(tx, origins, "cancelled")
    cancel_timers(tx, origins)
    while origins:
        children = _open_under(tx, origins)
        _close_each(tx, children, origins)
        origins = {child.id: f"{child.ref}/{child.version + 1}" for child in children}
        close_tasks(tx, origins, "cancelled")
        cancel_timers(tx, origins)


def _open_under(tx: Transaction, parents: Collection[int]) -> list[CaseView]:
    """Return the open children of cases, locked to the end, as they are now."""
    parents = set(parents) - known(tx).childless
    if not parents:
        return []
    with overlooking(tx) if are_moves_known(tx) else nullcontext():
        children = views(tx, tx.rows_among(_open_children, "parents", parents))
    if not tx.is_sqlite:
        note_locked(tx, {child.id: child.version for child in children})
    moved = known(tx).cases
    now = [moved[child.id][0] if child.id in moved else child for child in children]
    return [child for child in now if child.is_open]


def _close_each(tx: Transaction, children: Sequence[CaseView], origins: dict[int, str]) -> None:
    if not children:
        return
    prepared = prepare_events([_event(tx, child, origins) for child in children])
    with told(tx) as knowledge:
        knowledge.forget(child.id for child in children)
        tx.write(
            _close,
            [
                {"which": child.id, "seen": child.version, "moment": tx.now, "head": prepared.hash_of(index)}
                for index, child in enumerate(children)
            ],
        )
    write_events(tx, prepared)


def _event(tx: Transaction, child: CaseView, origins: dict[int, str]) -> NewEvent:
    assert child.parent is not None
    return NewEvent(
        case=child.id,
        ref=child.ref,
        version=child.version + 1,
        kind="closed",
        transition="close with parent",
        source=child.state,
        target=child.state,
        actor=tx.actor,
        at=tx.now,
        payload={},
        previous_hash=child.head_hash,
        cause=origins[child.parent],
    )
