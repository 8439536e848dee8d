"""Many ids: statements about so many records that no single one holds them all."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date
from typing import Any

from sqlalchemy import BindParameter, Integer, Row, Select, bindparam

from talenthub.storage.transaction import Transaction


def ids_parameter() -> BindParameter[Any]:
    """Return the parameter `:ids` for an IN list that `rows_of` fills."""
    return bindparam("ids", expanding=True, type_=Integer)


def rows_of(
    tx: Transaction, statement: Select[Any], ids: Collection[int], day: date | None = None
) -> Iterator[Row[Any]]:
    """Yield the rows of a SELECT over `:ids`, one statement per 10,000 ids.

    `day` is for statements that have the parameter `:day`.
    """
    yield from tx.rows_among(statement, "ids", ids, None if day is None else {"day": day})
