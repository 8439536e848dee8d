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

from sqlalchemy import bindparam, select, update
from sqlalchemy.dialects import postgresql, sqlite

from talenthub.storage.transaction import Transaction
from talenthub.workflow.catalogue import Loaded
from talenthub.workflow.tables import reference_counter, workflow_case

CONFIDENTIAL_NUMBERS = 10**8
"""Random numbers of confidential workflows are drawn below this."""

_RESERVED = "workflow.references"

_taken = select(workflow_case.c.ref).where(workflow_case.c.ref.in_(bindparam("refs", expanding=True)))
_count_up = (
    update(reference_counter)
    .where(reference_counter.c.prefix == bindparam("which"))
    .values(next=reference_counter.c.next + bindparam("many"))
    .returning(reference_counter.c.next)
)


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
    whose, numbers = tx.memory.get(_RESERVED, ("", range(0)))
    if whose != prefix or len(numbers) < many:
        return reserve(tx, prefix, many)
    tx.memory[_RESERVED] = (prefix, numbers[many:])
    return int(numbers[0])


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
