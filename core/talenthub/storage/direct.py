"""Writes compiled once for each database and handed to the driver.

For the few writes that every firing makes: there, preparing a statement
again each time costs more than the database takes to carry it out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import repeat
from operator import is_, itemgetter
from typing import Any

from sqlalchemy import Connection, CursorResult, Table, func, select, text
from sqlalchemy.engine import Dialect
from sqlalchemy.sql.dml import UpdateBase

from talenthub.storage.copying import LONG, as_copy

Row = Mapping[str, Any]

_take = text("SELECT nextval(pg_get_serial_sequence(:named, 'id')) FROM generate_series(1, :many)")


@dataclass(frozen=True, slots=True)
class _Compiled:
    """A statement as one driver takes it."""

    sql: str
    names: tuple[str, ...]
    values: tuple[Callable[[Row], Any], ...]
    """What takes each parameter from a row."""
    turned: tuple[tuple[int, Callable[[Any], Any]], ...]
    """Place of a parameter, and what turns its value into the driver's."""
    positional: bool
    copy: str | None
    """What adds a long list of rows, if anything does."""

    def filled(self, rows: Sequence[Row]) -> list[Any]:
        """Return the driver's parameters for each row."""
        if self.positional:
            return self.lines(rows)
        return [dict(zip(self.names, values, strict=True)) for values in self.lines(rows)]

    def lines(self, rows: Sequence[Row], last: Callable[[Any], Any] | None = None) -> list[tuple[Any, ...]]:
        """Return the driver's values for each row, in the statement's order.

        What was turned into the driver's values is turned once more by `last`.
        """
        columns = [list(map(take, rows)) for take in self.values]
        for place, turn in self.turned:
            found = _turned(columns[place], turn)
            columns[place] = _turned(found, last) if last is not None else found
        return list(zip(*columns, strict=True)) if columns else [() for _ in rows]


def _always(value: Any) -> Callable[[Row], Any]:
    return lambda _row: value


def _turned(column: list[Any], turn: Callable[[Any], Any]) -> list[Any]:
    """Return a column as the driver takes it.

    One moment often stands in every row: the very same value is turned once.
    """
    if all(map(is_, column, repeat(column[0]))):
        return [turn(column[0])] * len(column)
    return [turn(value) for value in column]


def _as_text(value: Any) -> Any:
    """Return a moment as the text that the driver would make of it, row by row."""
    return value.isoformat() if isinstance(value, datetime) else value


class Direct:
    """An INSERT, UPDATE or DELETE without lists of unknown length.

    What it returns comes as the driver gives it: ask for numbers only.
    """

    def __init__(self, statement: UpdateBase) -> None:
        self._statement = statement
        self._compiled: dict[tuple[str, tuple[str, ...]], _Compiled] = {}

    def run(self, connection: Connection, given: Row | Sequence[Row] | None) -> CursorResult[Any]:
        """Execute it once, or once per mapping; all have the same keys."""
        rows: Sequence[Row] = given if isinstance(given, (list, tuple)) else [given or {}]  # type: ignore[list-item]
        compiled = self._for(connection.dialect, tuple(rows[0]))
        if compiled.copy is not None and len(rows) >= LONG:
            return connection.exec_driver_sql(compiled.copy, compiled.lines(rows, _as_text))
        filled = compiled.filled(rows)
        return connection.exec_driver_sql(compiled.sql, filled[0] if len(filled) == 1 else filled)

    def _for(self, dialect: Dialect, keys: tuple[str, ...]) -> _Compiled:
        known = self._compiled.get((dialect.name, keys))
        if known is None:
            known = self._compiled[dialect.name, keys] = _compile(self._statement, dialect, keys)
        return known


def _compile(statement: UpdateBase, dialect: Dialect, keys: Sequence[str]) -> _Compiled:
    compiled: Any = statement.compile(dialect=dialect, column_keys=list(keys))
    binds = {name: bind for bind, name in compiled.bind_names.items()}
    names = compiled.positiontup if compiled.positional else list(binds)
    turns = [binds[name].type.dialect_impl(dialect).bind_processor(dialect) for name in names]
    return _Compiled(
        compiled.string,
        tuple(names),
        tuple(itemgetter(name) if name in keys else _always(binds[name].effective_value) for name in names),
        tuple((place, turn) for place, turn in enumerate(turns) if turn is not None),
        compiled.positional,
        as_copy(statement, dialect, names),
    )


def next_ids(connection: Connection, table: Table, count: int) -> Sequence[int]:
    """Return `count` rising numbers for new rows; nobody else gets them.

    So that many rows which name each other are written without asking back.
    """
    if connection.dialect.name == "sqlite":
        # The write lock is held: whoever else writes comes later.
        last: int = connection.execute(select(func.coalesce(func.max(table.c.id), 0))).scalar_one()
        return range(last + 1, last + 1 + count)
    return connection.execute(_take, {"named": table.name, "many": count}).scalars().all()
