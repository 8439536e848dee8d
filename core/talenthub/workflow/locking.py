"""Locking: the cases of a chunk, and those above that it declares.

All in one statement and in the order of ids, so that two chunks wait for
each other and never for ever. SQLite has one writer at a time and no row
locks: BEGIN IMMEDIATE is the lock.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from sqlalchemy import bindparam, select, union

from talenthub.storage.transaction import Transaction
from talenthub.workflow.catalogue import Catalogue
from talenthub.workflow.tables import workflow_case

_asked = workflow_case.alias("asked")
_above = workflow_case.alias("above")
_by_ref = _asked.c.ref.in_(bindparam("refs", expanding=True))
_by_id = _asked.c.id.in_(bindparam("ids", expanding=True))
_asks_for_parent = _asked.c.workflow.in_(bindparam("parents", expanding=True))
_asks_for_grandparent = _asked.c.workflow.in_(bindparam("grandparents", expanding=True))
_wanted = union(
    *(
        each
        for named in (_by_ref, _by_id)
        for each in (
            select(_asked.c.id).where(named),
            select(_asked.c.parent_id).where(named, _asks_for_parent),
            select(_above.c.parent_id)
            .join(_asked, _asked.c.parent_id == _above.c.id)
            .where(named, _asks_for_grandparent),
        )
    )
)
_lock = select(workflow_case.c.id).order_by(workflow_case.c.id).with_for_update()
_lock_all = _lock.where(workflow_case.c.id.in_(_wanted))
_lock_one = _lock.where(workflow_case.c.ref == bindparam("ref"))


def lock(
    tx: Transaction,
    catalogue: Catalogue,
    refs: Collection[str],
    ids: Collection[int] = (),
    transitions: Collection[str] = (),
) -> None:
    """Lock cases, and what these transitions of theirs declare, to the end.

    What is read afterwards is what the one before has left.
    """
    if tx.is_sqlite:
        return
    parents = sorted(set(_declaring(catalogue, transitions, "parent")))
    grandparents = sorted(set(_declaring(catalogue, transitions, "grandparent")))
    if len(refs) == 1 and not (ids or parents or grandparents):
        tx.rows(_lock_one, {"ref": next(iter(refs))})
        return
    above = {"parents": parents, "grandparents": grandparents}
    tx.rows(_lock_all, {"refs": sorted(refs), "ids": sorted(ids), **above})


def _declaring(catalogue: Catalogue, transitions: Collection[str], above: str) -> Iterator[str]:
    """Yield the workflows whose transitions of these names lock a case above."""
    for loaded in catalogue.versions():
        for edge in loaded.workflow.transitions:
            # The box of sealed answers is the parent's.
            declared = (*edge.locks, *(("parent",) if edge.sealed else ()))
            if edge.name in transitions and above in declared:
                yield loaded.workflow.name
