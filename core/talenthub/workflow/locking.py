"""Locking: the cases of a chunk, and those above that it declares.

All in one statement and in the order of ids, so that two chunks wait for
each other and never for ever. SQLite has one writer at a time and no row
locks: BEGIN IMMEDIATE is the lock.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from sqlalchemy import bindparam, select

from talenthub.storage.late import overlooking
from talenthub.storage.transaction import Transaction
from talenthub.workflow.above import ASKED_AND_ABOVE, Above
from talenthub.workflow.known import known, locked, note_locked
from talenthub.workflow.tables import workflow_case

_lock = select(workflow_case.c.id, workflow_case.c.version).order_by(workflow_case.c.id).with_for_update()
_lock_all = _lock.where(workflow_case.c.id.in_(ASKED_AND_ABOVE))
_lock_one = _lock.where(workflow_case.c.ref == bindparam("ref"))


def lock(tx: Transaction, refs: Collection[str], ids: Collection[int], above: Above) -> None:
    """Lock cases, and those above that are declared, to the end.

    What is read afterwards is what the one before has left.
    """
    if tx.is_sqlite or _are_locked(tx, refs, ids, above):
        return
    # Nothing is moved that was not locked before: what waits is of no matter here.
    with overlooking(tx):
        if len(refs) == 1 and not (ids or above):
            rows = tx.rows(_lock_one, {"ref": next(iter(refs))})
        else:
            rows = tx.rows(_lock_all, above.parameters(refs, ids))
    note_locked(tx, {row.id: row.version for row in rows})


def _are_locked(tx: Transaction, refs: Collection[str], ids: Collection[int], above: Above) -> bool:
    """Return whether this transaction has locked all of it before."""
    numbers = known(tx).refs
    asked = {*ids, *(numbers.get(ref) for ref in refs)}
    return locked(tx).issuperset(asked) and locked(tx).issuperset(_those_above(tx, asked, above))


def _those_above(tx: Transaction, asked: Collection[int | None], above: Above) -> Iterator[int | None]:
    """Yield what is declared above; something unheard of where nobody knows."""
    cases = known(tx).cases
    for number in asked if above else ():
        if number not in cases:
            yield -1
            continue
        case, _ = cases[number]
        if case.workflow in above.parents and case.parent is not None:
            yield case.parent
        if case.workflow in above.grandparents and case.parent is not None:
            parent, _ = cases.get(case.parent, (None, ""))
            if parent is None or parent.parent is not None:
                yield -1 if parent is None else parent.parent
