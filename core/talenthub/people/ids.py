"""Many ids: statements about so many records that no single one holds them all."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date
from typing import Any

from sqlalchemy import BindParameter, Integer, Row, Select, bindparam

from talenthub.storage.transaction import Transaction

AT_ONCE = 10_000
"""So many ids fit into one statement on both databases, even where it names them twice."""


def ids_parameter() -> BindParameter[Any]:
    """Return the parameter `:ids` for an IN list that `rows_of` fills."""
    return bindparam("ids", expanding=True, type_=Integer)


def portions(ids: Collection[int]) -> Iterator[Sequence[int]]:
    """Return the ids in order, in lists that fit into one statement."""
    ordered = sorted(ids)
    return (ordered[start : start + AT_ONCE] for start in range(0, len(ordered), AT_ONCE))


def rows_of(
    tx: Transaction, statement: Select[Any], ids: Collection[int], day: date | None = None
) -> Iterator[Row[Any]]:
    """Yield the rows of a SELECT over `:ids`, one statement per 10,000 ids.

    `day` is for statements that have the parameter `:day`. The rows of each
    portion come in the statement's order, the portions by rising ids.
    """
    dated = {} if day is None else {"day": day}
    for some in portions(ids):
        yield from tx.rows(statement, {"ids": some, **dated})
