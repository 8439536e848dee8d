"""Copying: how long lists of new rows go to PostgreSQL.

Row by row, the server takes as long to begin an INSERT as to carry it out.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Insert, event, insert
from sqlalchemy.engine import Dialect, Engine
from sqlalchemy.sql.dml import UpdateBase

LONG = 20
"""From so many rows on, they are copied instead of inserted one by one."""

_COPY = "COPY "


def let_copy(engine: Engine) -> None:
    """Let an engine of PostgreSQL take the rows of a COPY as a list."""
    event.listen(engine, "do_executemany", _copy)


def _copy(cursor: Any, statement: str, rows: Sequence[Sequence[Any]], _context: object) -> bool:
    if not statement.startswith(_COPY):
        return False
    with cursor.copy(statement) as into:
        for row in rows:
            into.write_row(row)
    return True


def as_copy(statement: UpdateBase, dialect: Dialect, columns: Sequence[str]) -> str | None:
    """Return the COPY that adds the rows of an INSERT; None if there is none.

    The INSERT must write these columns, each as it is given, and do no more.
    """
    if dialect.name != "postgresql" or not isinstance(statement, Insert):
        return None
    plain = insert(statement.table).compile(dialect=dialect, column_keys=list(columns))
    asked = statement.compile(dialect=dialect, column_keys=list(columns))
    if str(asked) != str(plain) or asked.binds.keys() != set(columns):
        return None
    quote = dialect.identifier_preparer
    names = ", ".join(quote.format_column(statement.table.c[each]) for each in columns)
    return f"{_COPY}{quote.format_table(statement.table)} ({names}) FROM STDIN"
