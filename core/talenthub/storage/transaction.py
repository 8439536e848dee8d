"""Transaction: what every use case is given."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Executable, Row

from talenthub.clock import Clock
from talenthub.storage.direct import Direct
from talenthub.storage.portions import Value, portions
from talenthub.storage.races import is_transient

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts. Events keep both identities; four eyes compares both."""

    person: int | None
    """The person in whose name; None: the system itself."""
    login: int | None = None
    """The person at the keyboard when acting for another, else None."""

    @property
    def is_system(self) -> bool:
        """Return whether no person stands behind this."""
        return self.person is None

    @property
    def identities(self) -> frozenset[int]:
        """Return every person that four eyes must not meet again."""
        return frozenset(each for each in (self.person, self.login) if each is not None)


SYSTEM = Actor(None)


def no_fault(_point: str) -> None:
    """Pass a named point; tests put a fault in its place."""


class StartOver(BaseException):
    """Ends a bold transaction: it is repeated, with savepoints this time.

    No Exception: nobody inside may take it for an answer.
    """


@dataclass(slots=True)
class Transaction:
    """One database transaction: the connection, the actor and the moment."""

    connection: Connection
    actor: Actor
    now: datetime
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))
    dry_run: bool = False
    memory: dict[Hashable, Any] = field(default_factory=dict)
    """Values that can never change (published content), kept by the workspace."""
    point: Callable[[str], None] = no_fault
    """Called at named points between BEGIN and COMMIT."""
    bold: bool = False
    """Whether it goes without savepoints, and starts over where one is missed."""

    @property
    def today(self) -> date:
        """Return the day it is now at the organisation."""
        return self.now.astimezone(self.zone).date()

    @property
    def is_sqlite(self) -> bool:
        """Return whether SQLite is underneath."""
        return self.connection.dialect.name == "sqlite"

    def rows(
        self,
        statement: Executable,
        parameters: Mapping[str, Any] | Sequence[Mapping[str, Any]] | None = None,
    ) -> Sequence[Row[Any]]:
        """Return all rows of a SELECT (or of a RETURNING)."""
        return self.connection.execute(statement, parameters).all()

    def rows_among(
        self,
        statement: Executable,
        name: str,
        values: Collection[Value],
        others: Mapping[str, Any] | None = None,
    ) -> list[Row[Any]]:
        """Return the rows of a SELECT over a list that it calls `name`.

        However long the list is: 10,000 are asked for at a time, by rising
        values. So the SELECT counts nothing over all of them, and has no limit.
        """
        known = others or {}
        return [row for some in portions(values) for row in self.rows(statement, {**known, name: some})]

    def row(self, statement: Executable, parameters: Mapping[str, Any] | None = None) -> Row[Any] | None:
        """Return the first row, or None."""
        return self.connection.execute(statement, parameters).first()

    def value(self, statement: Executable | Direct, parameters: Mapping[str, Any] | None = None) -> Any:
        """Return the first column of the first row, or None."""
        if isinstance(statement, Direct):
            return statement.run(self.connection, parameters).scalar()
        return self.connection.execute(statement, parameters).scalar()

    def write(
        self,
        statement: Executable | Direct,
        parameters: Mapping[str, Any] | Sequence[Mapping[str, Any]] | None = None,
    ) -> int:
        """Execute a write, once or once per mapping; return the rows it met."""
        if parameters is not None and not parameters:
            return 0
        if isinstance(statement, Direct):
            return statement.run(self.connection, parameters).rowcount
        return self.connection.execute(statement, parameters).rowcount

    def at(self, moment: datetime) -> Transaction:
        """Return the same transaction at another moment (a timer's own)."""
        return replace(self, now=moment)

    def by(self, actor: Actor) -> Transaction:
        """Return the same transaction in another actor's name."""
        return replace(self, actor=actor)

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """Run a part that is taken back alone when it raises.

        A bold transaction hopes that it does not, and spares the savepoint.
        """
        if self.bold:
            with _hoping():
                yield
            return
        kept = dict(self.memory)
        try:
            with self.connection.begin_nested():
                yield
        except BaseException:
            # What was loaded inside may never have been.
            self.memory.clear()
            self.memory.update(kept)
            raise

    def remember(self, key: Hashable, load: Callable[[], T]) -> T:
        """Return the value kept under `key`; load it the first time.

        Only for what can never change, such as a published version.
        """
        if key not in self.memory:
            self.memory[key] = load()
        kept: T = self.memory[key]
        return kept


@contextmanager
def _hoping() -> Iterator[None]:
    try:
        yield
    except Exception as error:
        if is_transient(error):
            raise
        raise StartOver from error


def local_clock(clock: Clock, zone: ZoneInfo) -> Callable[[], date]:
    """Return a function that tells the day at the organisation."""
    return lambda: clock().astimezone(zone).date()
