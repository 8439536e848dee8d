"""After people changed: open tasks go to whom their relation means now."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import bindparam, delete, insert, select, update

from talenthub.people.tables import person
from talenthub.storage.hub import hub_event
from talenthub.storage.transaction import Transaction
from talenthub.workflow.cases import AnyRow, cases_by_id
from talenthub.workflow.deliveries import Handler, call_handlers
from talenthub.workflow.relations import parse_relation
from talenthub.workflow.resolution import FALLBACK_GRANT, grant_pools, lines, person_pool
from talenthub.workflow.tables import OPEN, case_task, task_pool
from talenthub.workflow.tasks import NEVER

CHUNK = 500

_undelivered = select(hub_event.c.id).where(hub_event.c.delivered_at.is_(None)).order_by(hub_event.c.id)
_delivered = (
    update(hub_event)
    .where(hub_event.c.id.in_(bindparam("ids", expanding=True)))
    .values(delivered_at=bindparam("moment"))
)
_open = (
    select(case_task.c.id, case_task.c.case_id, case_task.c.relation, case_task.c.due_at)
    .where(case_task.c.status == OPEN, case_task.c.id > bindparam("after"))
    .order_by(case_task.c.id)
    .limit(CHUNK)
)
_pools = select(task_pool.c.task_id, task_pool.c.pool).where(
    task_pool.c.task_id.in_(bindparam("ids", expanding=True))
)
_leave = delete(task_pool).where(
    task_pool.c.task_id == bindparam("which"), task_pool.c.pool == bindparam("old")
)
_join = insert(task_pool)
_gone = select(person.c.id).where(person.c.kind == "leaver")


def deliver_hub_events(tx: Transaction, handlers: Sequence[Handler] = ()) -> int:
    """Let open tasks follow what changed among people; return the events.

    Every open task is resolved anew: a change of one line can move the tasks
    of many. Handlers of plugins that hear of it are called from the outbox.
    """
    ids = list(tx.connection.execute(_undelivered).scalars())
    if ids:
        resolve_open_tasks(tx)
        call_handlers(tx, handlers, ids)
        tx.write(_delivered, {"ids": ids, "moment": tx.now})
    return len(ids)


def resolve_open_tasks(tx: Transaction) -> int:
    """Put every open task into the pools it belongs to now; return changes."""
    leavers = frozenset(tx.connection.execute(_gone).scalars())
    changed = 0
    rows: Sequence[AnyRow] = tx.rows(_open, {"after": 0})
    while rows:
        changed += _resolve(tx, rows, leavers)
        rows = tx.rows(_open, {"after": rows[-1].id})
    return changed


def _resolve(tx: Transaction, rows: Sequence[AnyRow], leavers: frozenset[int]) -> int:
    cases = cases_by_id(tx, {row.case_id for row in rows})
    relations = {row.id: parse_relation(row.relation) for row in rows}
    known = lines(tx, list(cases.values()), relations.values())
    now: dict[int, set[str]] = {row.id: set() for row in rows}
    for row in tx.rows_among(_pools, "ids", now):
        now[row.task_id].add(row.pool)
    out, into = [], []
    for row in rows:
        case = cases[row.case_id]
        meant = set(known.pools(relations[row.id], case)) - {person_pool(each) for each in leavers}
        if not meant:
            meant = set(grant_pools(FALLBACK_GRANT, known.paths.get(case.unit, ()) if case.unit else ()))
        out += [{"which": row.id, "old": pool} for pool in now[row.id] - meant]
        into += [
            {"pool": pool, "task_id": row.id, "due_at": row.due_at or NEVER, "is_open": True}
            for pool in meant - now[row.id]
        ]
    tx.write(_leave, out)
    tx.write(_join, into)
    return len(out) + len(into)
