"""References: what people call a case, such as `APP-12`.

They are counted by their prefix. Whoever takes some holds the counter until
the commit, and the next one waits; so a campaign takes all of its own before
its workers begin. Those of confidential workflows are drawn, not counted.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Integer, bindparam, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from talenthub.storage.direct import next_ids
from talenthub.storage.transaction import Transaction
from talenthub.workflow.catalogue import Loaded
from talenthub.workflow.tables import reference_counter, workflow_case

CONFIDENTIAL_NUMBERS = 10**8
"""Random numbers of confidential workflows are drawn below this."""

_RESERVED = "workflow.references"

_taken = select(workflow_case.c.ref).where(workflow_case.c.ref.in_(bindparam("refs", expanding=True)))
_counted = (
    update(reference_counter)
    .where(reference_counter.c.prefix == bindparam("which"))
    .values(next=reference_counter.c.next + bindparam("many", type_=Integer))
)
_count_up = _counted.returning(reference_counter.c.next)
_last_id = select(func.coalesce(func.max(workflow_case.c.id), 0)).scalar_subquery()
_sequence = func.pg_get_serial_sequence(workflow_case.name, "id")
_new_ids = select(func.nextval(_sequence)).select_from(
    func.generate_series(1, bindparam("many", type_=Integer))
)
_count_up_sqlite = _counted.returning(reference_counter.c.next, _last_id.label("ids"))
_count_up_postgresql = _counted.returning(
    reference_counter.c.next, func.array(_new_ids.scalar_subquery()).label("ids")
)


def references_and_ids(tx: Transaction, loaded: Sequence[Loaded]) -> tuple[list[str], Sequence[int]]:
    """Return a new reference and id for a case of each workflow, in order.

    Together, where one counter gives all the references. No id for a single
    case that would cost a statement more: the database gives it one.
    """
    prefixes = {each.workflow.ref for each in loaded}
    prefix, many = loaded[0].workflow.ref, len(loaded)
    drawn = any(each.workflow.confidential for each in loaded)
    if len(prefixes) > 1 or drawn or _has_reserved(tx, prefix, many):
        refs = references(tx, loaded)
        return refs, next_ids(tx.connection, workflow_case, many) if many > 1 else ()
    counting = {"which": prefix, "many": many}
    statement = _count_up_sqlite if tx.is_sqlite else _count_up_postgresql
    row = tx.row(statement, counting)
    if row is None:
        tx.write(_upsert_counter(tx), {"prefix": prefix, "next": 1})
        row = tx.row(statement, counting)
    assert row is not None
    ids = range(row.ids + 1, row.ids + 1 + many) if tx.is_sqlite else row.ids
    return [f"{prefix}-{row.next - many + place}" for place in range(many)], ids


def references(tx: Transaction, loaded: Sequence[Loaded]) -> list[str]:
    """Return a new reference for a case of each workflow, in order."""
    counts: dict[str, int] = {}
    for owner in loaded:
        if not owner.workflow.confidential:
            counts[owner.workflow.ref] = counts.get(owner.workflow.ref, 0) + 1
    following = {prefix: _next(tx, prefix, counts[prefix]) for prefix in sorted(counts)}
    drawn = iter(_draw(tx, [each.workflow.ref for each in loaded if each.workflow.confidential]))
    refs = []
    for owner in loaded:
        prefix = owner.workflow.ref
        if owner.workflow.confidential:
            refs.append(next(drawn))
        else:
            refs.append(f"{prefix}-{following[prefix]}")
            following[prefix] += 1
    return refs


def reserve(tx: Transaction, prefix: str, many: int) -> int:
    """Return the first of `many` numbers taken from a prefix's counter."""
    after: int | None = tx.value(_count_up, {"which": prefix, "many": many})
    if after is None:
        tx.write(_upsert_counter(tx), {"prefix": prefix, "next": 1})
        after = tx.value(_count_up, {"which": prefix, "many": many})
    assert after is not None
    return after - many


@contextmanager
def reserved(tx: Transaction, prefix: str, numbers: range) -> Iterator[None]:
    """Let cases opened inside take these numbers before any other."""
    # Never changed in place: a savepoint that is taken back gives them back.
    tx.memory[_RESERVED] = (prefix, numbers)
    try:
        yield
    finally:
        tx.memory.pop(_RESERVED, None)


def _next(tx: Transaction, prefix: str, many: int) -> int:
    """Return the first of `many` numbers, reserved ones where they last."""
    if not _has_reserved(tx, prefix, many):
        return reserve(tx, prefix, many)
    _, numbers = tx.memory[_RESERVED]
    tx.memory[_RESERVED] = (prefix, numbers[many:])
    return int(numbers[0])


def _has_reserved(tx: Transaction, prefix: str, many: int) -> bool:
    whose, numbers = tx.memory.get(_RESERVED, ("", range(0)))
    return bool(whose == prefix and len(numbers) >= many)


def _draw(tx: Transaction, prefixes: Sequence[str]) -> list[str]:
    """Return a random reference for each prefix, none of them taken."""
    drawn: dict[str, None] = {}
    taken: set[str] = set()
    while len(drawn) < len(prefixes):
        new = [f"{each}-{secrets.randbelow(CONFIDENTIAL_NUMBERS):08d}" for each in prefixes[len(drawn) :]]
        taken |= set(tx.connection.execute(_taken, {"refs": new}).scalars())
        for ref in new:
            if ref in taken or ref in drawn:
                break  # the rest is drawn again, so that prefixes stay in step
            drawn[ref] = None
    return list(drawn)


def _upsert_counter(tx: Transaction) -> Any:
    # Two may open the first case of a prefix at once: the second one waits.
    dialect = sqlite if tx.is_sqlite else postgresql
    return dialect.insert(reference_counter).on_conflict_do_nothing()
