"""Rows: tables filled with whatever their columns take, to try migrations on."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from itertools import islice, product
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import (
    Column,
    Connection,
    ForeignKeyConstraint,
    MetaData,
    Table,
    func,
    insert,
    inspect,
    select,
)
from sqlalchemy.exc import DBAPIError, StatementError

from talenthub.blame import words_of

AT_A_TIME = 2
"""Rows that a table gets: one alone would hide what goes by the order."""

TRIES = 60
"""Rows that are tried before a table is said to take none."""

_DAY = date(2026, 1, 5)
_WORDS, _NUMBERS = re.compile(r"'([^']*)'"), re.compile(r"(?<![\w'.])\d+(?![\w'])")

_KINDS: Mapping[type[Any], Callable[[int], Any]] = {
    sa.Boolean: lambda n: n % 2 == 0,
    sa.Integer: lambda n: n,
    sa.Float: float,
    sa.Numeric: Decimal,
    sa.DateTime: lambda n: datetime.combine(_DAY, time(9)) + timedelta(n),
    sa.Date: lambda n: _DAY + timedelta(n),
    sa.Time: lambda n: time(n % 24, n % 60),
    sa.Interval: timedelta,
    sa.LargeBinary: lambda n: str(n).encode(),
    sa.Uuid: lambda n: UUID(int=n),
    sa.JSON: lambda n: {"n": n},
    sa.ARRAY: lambda _: [],
}


def count_rows(connection: Connection, name: str) -> int:
    """Return how many rows a table holds."""
    return connection.execute(select(func.count()).select_from(sa.table(name))).scalar_one()


class Filler:
    """Adds rows to tables as the database describes them, not as code does."""

    def __init__(self, connection: Connection, names: Sequence[str]) -> None:
        self._connection = connection
        self._reflected = MetaData()
        # Brings the tables that they refer to along.
        self._reflected.reflect(connection, only=list(names))
        self._names = names
        self._inspector = inspect(connection)

    def fill(self) -> dict[str, str]:
        """Add rows to each table; return those that take none, and why."""
        refused: dict[str, str] = {}
        for name in self._names:
            table = self._reflected.tables[name]
            try:
                for _ in range(AT_A_TIME):
                    self._add(table)
            except (DBAPIError, StatementError) as error:
                refused[name] = words_of(error).partition("\n")[0]
        return refused

    def _add(self, table: Table) -> None:
        """Add one row; raise what the database says if it takes none."""
        number = count_rows(self._connection, table.name) + 1
        fixed = self._references(table, number)
        offered = {
            column.name: list(self._offered(table, column, number))
            for column in table.columns
            if column.name not in fixed and not _is_made(column)
        }
        last: Exception | None = None
        for chosen in islice(product(*offered.values()), TRIES):
            try:
                with self._connection.begin_nested():
                    values = fixed | dict(zip(offered, chosen, strict=True))
                    self._connection.execute(insert(table), [values])
            except (DBAPIError, StatementError) as error:
                last = last or error
            else:
                return
        assert last is not None
        raise last

    def _references(self, table: Table, number: int) -> dict[str, Any]:
        """Return the columns that lead elsewhere; each second row leads nowhere it need not."""
        found: dict[str, Any] = {}
        # Two that lead to one table lead to two rows: a person is no deputy of their own.
        places = Counter[str]()
        for key in sorted(table.foreign_key_constraints, key=lambda each: tuple(each.column_keys)):
            may_be_empty = all(column.nullable for column in key.columns)
            if may_be_empty and (number % 2 == 0 or key.referred_table is table):
                found |= dict.fromkeys((column.name for column in key.columns), None)
            else:
                found |= self._led_by(key, number + places[key.referred_table.name])
                places[key.referred_table.name] += 1
        return found

    def _led_by(self, key: ForeignKeyConstraint, number: int) -> dict[str, Any]:
        referred = key.referred_table
        while referred is not key.table and count_rows(self._connection, referred.name) < number:
            self._add(referred)
        wanted = [element.column for element in key.elements]
        row = self._connection.execute(
            select(*wanted).order_by(*referred.primary_key.columns).offset(number - 1).limit(1)
        ).first()
        return dict(zip((column.name for column in key.columns), row, strict=True)) if row else {}

    def _offered(self, table: Table, column: Column[Any], number: int) -> Iterator[Any]:
        """Yield what a column may take: by its type, then by what its checks name."""
        yield _by_type(column, number)
        yield from _by_checks(column, self._checks(table.name), number)

    def _checks(self, name: str) -> list[str]:
        return [each["sqltext"] for each in self._inspector.get_check_constraints(name)]


def _is_made(column: Column[Any]) -> bool:
    """Return whether the database makes the value itself."""
    if column.computed is not None or column.identity is not None or column.server_default is not None:
        return True
    is_integer = isinstance(column.type, sa.Integer)
    return (
        is_integer
        and column.autoincrement is not False
        and column.table.primary_key.columns.values() == [column]
    )


def _by_type(column: Column[Any], number: int) -> Any:
    kind = column.type
    if isinstance(kind, sa.Enum) and kind.enums:
        return kind.enums[number % len(kind.enums)]
    if isinstance(kind, sa.DateTime) and kind.timezone:
        return _KINDS[sa.DateTime](number).replace(tzinfo=UTC)
    if isinstance(kind, sa.Float):
        return float(number)
    for each, make in _KINDS.items():
        if isinstance(kind, each):
            return make(number)
    return str(number)[-(getattr(kind, "length", None) or 20) :]


def _by_checks(column: Column[Any], checks: Sequence[str], number: int) -> Iterator[Any]:
    named = [each for each in checks if re.search(rf"\b{re.escape(column.name)}\b", each)]
    for check in named:
        numbers = [int(each) for each in _NUMBERS.findall(check)]
        if isinstance(column.type, sa.String):
            yield from _WORDS.findall(check)
            yield from (str(number).rjust(each, "x") for each in numbers if each <= 10_000)
        elif isinstance(column.type, sa.Integer | sa.Numeric):
            make = _KINDS[sa.Integer if isinstance(column.type, sa.Integer) else sa.Numeric]
            yield from (make(each + by) for each in numbers for by in (0, 1, -1))
    if named and isinstance(column.type, sa.String):
        yield "{}"
