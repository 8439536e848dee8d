"""Invariants: does what a workspace stores agree with itself?"""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import and_, func, or_, select

from talenthub.errors import IntegrityError
from talenthub.evidence.verify import verify as verify_evidence
from talenthub.storage.transaction import SYSTEM, Transaction
from talenthub.testing.worlds import World
from talenthub.workflow.tables import case_event, case_task, case_timer, task_pool, workflow_case
from talenthub.workspace import Workspace

_parent = workflow_case.alias("parent")
_newest = (
    select(case_event.c.case_id, func.max(case_event.c.version).label("version"), func.count().label("many"))
    .group_by(case_event.c.case_id)
    .subquery()
)

_UNTOLD = (
    select(workflow_case.c.ref)
    .outerjoin(_newest, _newest.c.case_id == workflow_case.c.id)
    .where(
        or_(
            _newest.c.version.is_(None),
            _newest.c.version != workflow_case.c.version,
            _newest.c.many != workflow_case.c.version,
        )
    )
)
_STRAYED = (
    select(workflow_case.c.ref)
    .join(
        case_event,
        and_(case_event.c.case_id == workflow_case.c.id, case_event.c.version == workflow_case.c.version),
    )
    .where(case_event.c.target != workflow_case.c.state)
)
_ASKED_IN_VAIN = (
    select(workflow_case.c.ref)
    .join(case_task, case_task.c.case_id == workflow_case.c.id)
    .where(case_task.c.status == "open", workflow_case.c.closed_at.is_not(None))
)
_WAITING_IN_VAIN = (
    select(workflow_case.c.ref)
    .join(case_timer, case_timer.c.case_id == workflow_case.c.id)
    .where(case_timer.c.status == "open", workflow_case.c.closed_at.is_not(None))
)
_LEFT_BEHIND = (
    select(workflow_case.c.ref)
    .join(_parent, _parent.c.id == workflow_case.c.parent_id)
    .where(workflow_case.c.closed_at.is_(None), _parent.c.closed_at.is_not(None))
)
_WRONG_POOL = (
    select(workflow_case.c.ref)
    .join(case_task, case_task.c.case_id == workflow_case.c.id)
    .join(task_pool, task_pool.c.task_id == case_task.c.id)
    .where(task_pool.c.is_open != (case_task.c.status == "open"))
)

_SENTENCES = {
    "its events do not count up to its version": _UNTOLD,
    "its last event leads to another state": _STRAYED,
    "it is closed and still asks somebody for something": _ASKED_IN_VAIN,
    "it is closed and a timer still waits": _WAITING_IN_VAIN,
    "it is open below a closed case": _LEFT_BEHIND,
    "a task and the inboxes it stands in disagree": _WRONG_POOL,
}


def findings(world: World) -> list[str]:
    """Return every disagreement in a world, a sentence each; none is right.

    Chains of events and of evidence verify, versions count up without a gap,
    state and last event agree, and nothing open hangs on what is closed.
    """
    with world.open() as workspace:
        return workspace.run(SYSTEM, lambda tx: list(found(workspace, tx)), read_only=True)


def found(workspace: Workspace, tx: Transaction) -> Iterator[str]:
    """Yield every disagreement that one transaction sees."""
    try:
        workspace.engine.verify(tx)
    except IntegrityError as error:
        yield from (f"{each.place}: {each.text}" for each in error.problems)
    for fault in verify_evidence(tx, workspace.evidence).faults:
        yield f"ledger of person {fault.person}: {fault.what}"
    for sentence, statement in _SENTENCES.items():
        yield from (f"{row.ref}: {sentence}" for row in tx.rows(statement, {}))
