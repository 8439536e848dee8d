"""The inbox: all open tasks of a person, the next due first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select, text
from sqlalchemy.sql.expression import TextClause

from talenthub.people.persons import persons
from talenthub.storage.transaction import Transaction
from talenthub.workflow.cases import cases_by_id
from talenthub.workflow.catalogue import Catalogue
from talenthub.workflow.context import CaseView
from talenthub.workflow.resolution import authority
from talenthub.workflow.sight import Sight, sights
from talenthub.workflow.tables import case_task, task_pool

_details = select(case_task).where(case_task.c.id.in_(bindparam("ids", expanding=True)))


@dataclass(frozen=True, slots=True)
class TaskView:
    """One task of an inbox."""

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
    case: CaseView


def inbox(tx: Transaction, catalogue: Catalogue, *, limit: int = 50) -> list[TaskView]:
    """Return the actor's next open tasks, by due moment.

    One ordered look into the index for each pool of the actor, then one
    statement each for tasks, cases and names: nothing grows with the number
    of tasks of others.
    """
    pools = authority(tx, [], []).pools()
    if not pools:
        return []
    parameters: dict[str, object] = {f"pool{number}": pool for number, pool in enumerate(pools)}
    ids = [row[0] for row in tx.connection.execute(_next(tx, len(pools)), {**parameters, "most": limit})]
    return _views(tx, catalogue, list(dict.fromkeys(ids)))


def _next(tx: Transaction, pools: int) -> TextClause:
    """Return the UNION of one ordered LIMIT a pool, for this many pools."""

    def build() -> TextClause:
        arm = (
            "SELECT * FROM (SELECT task_id, due_at FROM task_pool"
            " WHERE pool = :pool{n} AND is_open ORDER BY due_at, task_id LIMIT :most) AS arm{n}"
        )
        union = " UNION ALL ".join(arm.format(n=number) for number in range(pools))
        return text(f"SELECT task_id, due_at FROM ({union}) AS waiting ORDER BY due_at, task_id LIMIT :most")

    return tx.remember(("inbox", pools), build)


def _views(tx: Transaction, catalogue: Catalogue, ids: Sequence[int]) -> list[TaskView]:
    if not ids:
        return []
    rows = {row.id: row for row in tx.rows(_details, {"ids": ids})}
    cases = cases_by_id(tx, {row.case_id for row in rows.values()})
    seen = sights(tx, catalogue, list(cases.values()))
    names = persons(tx, {case.subject for case in cases.values() if case.subject is not None})
    found = []
    for number in ids:
        row = rows[number]
        case = cases[row.case_id]
        if seen.of(case) is Sight.NOTHING:
            continue
        subject = names.get(case.subject) if case.subject is not None else None
        found.append(
            TaskView(
                task=number,
                ref=case.ref,
                title=row.title,
                due=row.due_at,
                opened=row.opened_at,
                workflow=case.workflow,
                state=case.state,
                about=case.about,
                subject=subject.name if subject is not None else None,
                holder=row.holder_id,
                case=case,
            )
        )
    return found


def open_tasks_of(tx: Transaction, case: int) -> list[tuple[str, datetime | None, list[str]]]:
    """Return a case's open tasks: title, due moment and pools."""
    rows = tx.rows(
        select(case_task.c.id, case_task.c.title, case_task.c.due_at, task_pool.c.pool)
        .outerjoin(task_pool, task_pool.c.task_id == case_task.c.id)
        .where(case_task.c.case_id == case, case_task.c.status == "open")
        .order_by(case_task.c.id, task_pool.c.pool)
    )
    found: dict[int, tuple[str, datetime | None, list[str]]] = {}
    for row in rows:
        found.setdefault(row.id, (row.title, row.due_at, []))[2].append(row.pool)
    return list(found.values())
