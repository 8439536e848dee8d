"""The inbox: all open tasks of a person, the next due first."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Row, Select, bindparam, select, text, union_all

from talenthub.people.tables import person
from talenthub.storage.transaction import Transaction
from talenthub.workflow.cases import cases_by_id
from talenthub.workflow.catalogue import Catalogue
from talenthub.workflow.resolution import Authority, authority
from talenthub.workflow.sight import Sight, sights
from talenthub.workflow.tables import OPEN, case_task, task_pool, workflow_case, workflow_version

# Not a join: SQLite would begin with the versions and read every case of each.
_version = (
    select(workflow_version.c.version)
    .where(workflow_version.c.id == workflow_case.c.workflow_version_id)
    .scalar_subquery()
)


class TaskView(NamedTuple):
    """One task of an inbox: made of a row as it is, for there are many."""

    task: int
    ref: str
    title: str
    due: datetime | None
    opened: datetime
    workflow: str
    state: str
    about: str
    subject: str | None
    """The name of the person it is about, where the reader may know."""
    holder: int | None


def inbox(tx: Transaction, catalogue: Catalogue, *, limit: int = 50) -> list[TaskView]:
    """Return the actor's next open tasks, by due moment.

    One ordered look into the index for each pool of the actor, and the tasks
    found joined to their cases: nothing grows with the tasks of others.
    """
    rights = authority(tx, [], [])
    pools = rights.pools()
    if not pools:
        return []
    waiting = tx.remember(("inbox", len(pools)), lambda: _waiting(len(pools)))
    wanted = {f"pool{number}": pool for number, pool in enumerate(pools)}
    most = limit
    while True:
        rows = tx.rows(waiting, {**wanted, "most": most})
        hidden = _hidden(tx, catalogue, rights, rows)
        seen = [row for row in rows if row.case_id not in hidden]
        # What is hidden leaves no gap either: a short page would tell of it.
        if len(seen) >= limit or len(rows) < most:
            return [TaskView._make(row[3:]) for row in seen[:limit]]
        most *= 2


def _waiting(pools: int) -> Select[Any]:
    """Return the next tasks of so many pools, each with its case.

    A UNION of one ordered LIMIT a pool: one OR over all of them would read
    every open task. A task may wait in two pools and still counts once.
    """
    arms = [select(_arm(number)) for number in range(pools)]
    found = union_all(*arms).subquery("found")
    following = (
        select(found.c.task_id, found.c.due_at)
        .distinct()
        .order_by(found.c.due_at, found.c.task_id)
        .limit(bindparam("most"))
        .subquery("following")
    )
    return (
        select(
            case_task.c.case_id,
            workflow_case.c.subject_id,
            _version.label("workflow_version"),
            # From here on in the order of a TaskView.
            case_task.c.id,
            workflow_case.c.ref,
            case_task.c.title,
            case_task.c.due_at,
            case_task.c.opened_at,
            workflow_case.c.workflow,
            workflow_case.c.state,
            workflow_case.c.about,
            person.c.name.label("subject"),
            case_task.c.holder_id,
        )
        .join_from(following, case_task, case_task.c.id == following.c.task_id)
        .join(workflow_case, workflow_case.c.id == case_task.c.case_id)
        .outerjoin(person, person.c.id == workflow_case.c.subject_id)
        .order_by(following.c.due_at, following.c.task_id)
    )


def _arm(number: int) -> Any:
    return (
        select(task_pool.c.task_id, task_pool.c.due_at)
        # Said as the partial index says it; SQLite does not know `is_open = 1` for the same.
        .where(task_pool.c.pool == bindparam(f"pool{number}"), text("is_open"))
        .order_by(task_pool.c.due_at, task_pool.c.task_id)
        .limit(bindparam("most"))
        .subquery(f"arm{number}")
    )


def _hidden(
    tx: Transaction, catalogue: Catalogue, rights: Authority, rows: Sequence[Row[Any]]
) -> Collection[int]:
    """Return the cases whose tasks the actor may not know of all the same.

    Who has a task sees the case, but for blind and parked workflows, for one's
    own case and for that of whom one stands in for: only these are looked at
    more closely.
    """
    sure = {
        (each.workflow.name, each.workflow.version)
        for each in catalogue.versions()
        if each.workflow.blind is None
    }
    own = {*tx.actor.identities, *rights.acting}
    doubtful = {
        row.case_id
        for row in rows
        if row.subject_id in own or (row.workflow, row.workflow_version) not in sure
    }
    if not doubtful:
        return ()
    cases = list(cases_by_id(tx, doubtful).values())
    seen = sights(tx, catalogue, cases)
    return {case.id for case in cases if seen.of(case) is Sight.NOTHING}


def open_tasks_of(tx: Transaction, case: int) -> list[tuple[str, datetime | None, list[str]]]:
    """Return a case's open tasks: title, due moment and pools."""
    rows = tx.rows(
        select(case_task.c.id, case_task.c.title, case_task.c.due_at, task_pool.c.pool)
        .outerjoin(task_pool, task_pool.c.task_id == case_task.c.id)
        .where(case_task.c.case_id == case, case_task.c.status == OPEN)
        .order_by(case_task.c.id, task_pool.c.pool)
    )
    found: dict[int, tuple[str, datetime | None, list[str]]] = {}
    for row in rows:
        found.setdefault(row.id, (row.title, row.due_at, []))[2].append(row.pool)
    return list(found.values())
