"""Tasks: what people must do next, and the pools they wait in."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import bindparam, insert, select, update

from talenthub.storage.transaction import Transaction
from talenthub.workflow.context import CaseView
from talenthub.workflow.definition import State, Task, Workflow
from talenthub.workflow.relations import Relation
from talenthub.workflow.resolution import Lines
from talenthub.workflow.tables import case_task, task_pool

NEVER = datetime(9999, 12, 31, tzinfo=UTC)
"""When a task without a due moment is due: it sorts last."""

_IDENTIFYING = ("case_id", "name", "title", "relation")
_insert_tasks = insert(case_task).returning(case_task.c.id, *(case_task.c[name] for name in _IDENTIFYING))
_insert_pools = insert(task_pool)
_open_of = select(case_task.c.id).where(
    case_task.c.case_id.in_(bindparam("cases", expanding=True)), case_task.c.status == "open"
)
_close = (
    update(case_task)
    .where(case_task.c.case_id.in_(bindparam("cases", expanding=True)), case_task.c.status == "open")
    .values(status=bindparam("new_status"), closed_at=bindparam("moment"))
)
_close_pools = update(task_pool).where(task_pool.c.task_id.in_(_open_of)).values(is_open=False)


@dataclass(frozen=True, slots=True)
class NewTask:
    """A task about to be opened."""

    case: CaseView
    name: str
    title: str
    to: Relation
    due: datetime | None


def tasks_of(workflow: Workflow, state: State) -> tuple[Task, ...]:
    """Return the tasks of a state, derived where none are declared.

    A derived task asks for the first transition, in the order of the
    declaration, that a person can fire.
    """
    if state.tasks is not None:
        return state.tasks
    for transition in workflow.edges(state.name):
        if transition.by.includes_people:
            title = transition.words[:1].upper() + transition.words[1:]
            return (Task(title, transition.by, state.name),)
    return ()


def open_tasks(tx: Transaction, tasks: Sequence[NewTask], lines: Lines) -> None:
    """Open tasks and put each into the pools its relation resolves to."""
    if not tasks:
        return
    rows = [
        {
            "case_id": task.case.id,
            "name": task.name,
            "title": task.title,
            "relation": str(task.to),
            "due_at": task.due,
            "opened_at": tx.now,
            "status": "open",
        }
        for task in tasks
    ]
    # Rows come back in any order; tasks alike in all of this are alike.
    numbers: dict[tuple[object, ...], list[int]] = {}
    for number, *key in tx.connection.execute(_insert_tasks, rows):
        numbers.setdefault(tuple(key), []).append(number)
    pools = [
        {"pool": pool, "task_id": number, "due_at": task.due or NEVER, "is_open": True}
        for row, task in zip(rows, tasks, strict=True)
        for number in [numbers[tuple(row[name] for name in _IDENTIFYING)].pop()]
        for pool in lines.pools(task.to, task.case)
    ]
    tx.write(_insert_pools, pools)


def close_tasks(tx: Transaction, cases: Collection[int], status: str, name: str | None = None) -> None:
    """Close the open tasks of cases as `done` or `cancelled`."""
    if not cases:
        return
    wanted = {"cases": sorted(cases)}
    pools, close = _close_pools, _close
    if name is not None:
        pools = (
            update(task_pool)
            .where(task_pool.c.task_id.in_(_open_of.where(case_task.c.name == name)))
            .values(is_open=False)
        )
        close = close.where(case_task.c.name == name)
    tx.write(pools, wanted)
    tx.write(close, {**wanted, "new_status": status, "moment": tx.now})
