"""Sweeping: finds what is due, whoever was told of it or was not.

So that nothing hangs on an engine's memory: after a switch of engines, a
queue that was lost, a try that failed, and for every timer.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import and_, bindparam, or_, select

from talenthub.outbound.claims import is_mail
from talenthub.storage.transaction import Transaction
from talenthub.workflow.engine import Engine
from talenthub.workflow.outbox import MESSAGE, TIMERS, URGENT, Work, as_work
from talenthub.workflow.parking import lacks_nothing
from talenthub.workflow.tables import outbox, workflow_case
from talenthub.workflow.ticking import cases_with_due_timers

MOST = 500
"""So much of each kind is found at a time, what is due longest first."""

_by_mail = or_(is_mail(), outbox.c.handler.like(f"{URGENT}:%"))
_waits_for_digest = and_(outbox.c.handler.like(f"{MESSAGE}:%"), ~is_mail())
_due = (
    select(outbox.c.id, outbox.c.handler)
    .where(
        outbox.c.done_at.is_(None),
        outbox.c.dead_at.is_(None),
        outbox.c.due_at <= bindparam("moment"),
        or_(outbox.c.lease_until.is_(None), outbox.c.lease_until <= bindparam("clock")),
        ~_waits_for_digest,
        or_(bindparam("with_mail") == bindparam("yes"), ~_by_mail),
        # What is parked and not brought here either is left to one that brings it.
        lacks_nothing(outbox.c.error),
    )
    .order_by(outbox.c.due_at, outbox.c.id)
    .limit(MOST)
)
_parents = select(workflow_case.c.id, workflow_case.c.parent_id).where(
    workflow_case.c.id.in_(bindparam("ids", expanding=True))
)


def due_work(engine: Engine, tx: Transaction, clock: datetime, *, with_mail: bool) -> list[Work]:
    """Return what is due and nobody has claimed; `clock` is that of leases.

    The timers of one family of cases are one piece: they run in order.
    """
    wanted = {
        "moment": tx.now,
        "clock": clock,
        "with_mail": int(with_mail),
        "yes": 1,
        "brought": engine.brought(),
    }
    found = as_work((row.id, row.handler) for row in tx.rows(_due, wanted))
    cases = cases_with_due_timers(engine, tx, MOST)
    return found + [Work(TIMERS, each) for each in _families(tx, cases)]


def _families(tx: Transaction, cases: Sequence[int]) -> list[tuple[int, ...]]:
    """Return cases put together by the case at the top of theirs."""
    above: dict[int, int | None] = {}
    ask: Collection[int] = cases
    while ask:
        rows = tx.rows_among(_parents, "ids", ask)
        above |= {row.id: row.parent_id for row in rows}
        ask = {row.parent_id for row in rows if row.parent_id is not None} - above.keys()
    families: dict[int, list[int]] = defaultdict(list)
    for each in cases:
        top = each
        while (parent := above.get(top)) is not None:
            top = parent
        families[top].append(each)
    return [tuple(each) for each in families.values()]
