"""Late writes: what many steps write into a table is sent by one statement.

A cascade closes and opens tasks and appends events level after level. They
are gathered here until a statement names one of their tables, or until the
commit: nobody can see that they come late. A savepoint that is taken back
takes back what was gathered since.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, ClassVar, Protocol, Self, TypeVar

from sqlalchemy import Connection, event
from sqlalchemy.engine import Engine

from talenthub.storage.holding import writing
from talenthub.storage.transaction import Transaction

_LATE = "talenthub_late"


class Gathered(Protocol):
    """Rows that belong together, and how they are written."""

    tables: ClassVar[tuple[str, ...]]
    """Whoever names one of these sees all of them written."""

    def copy(self) -> Self:
        """Return what is kept for a savepoint; rows themselves never change."""

    def write(self, tx: Transaction) -> None:
        """Write the rows, in few statements."""


G = TypeVar("G", bound=Gathered)


@dataclass(slots=True)
class _Late:
    """What a transaction still has to write."""

    waiting: dict[type[Gathered], Gathered] = field(default_factory=dict)
    kept: list[dict[type[Gathered], Gathered]] = field(default_factory=list)
    """What waited when each savepoint began that is not over yet."""
    overlooked: bool = False
    """Whether statements do not look at what waits, whatever they name."""
    tx: Transaction | None = None
    """Who gathered last: any transaction on the connection can write."""

    def copied(self) -> dict[type[Gathered], Gathered]:
        """Return what waits, as it is now."""
        return {kind: rows.copy() for kind, rows in self.waiting.items()}

    def write(self, kinds: Sequence[type[Gathered]]) -> None:
        """Write some of what waits; it waits no more."""
        if not kinds:
            return
        assert self.tx is not None, "somebody gathered what waits"
        with writing(self.tx.connection):
            for kind in kinds:
                rows = self.waiting.pop(kind, None)
                if rows is not None:  # else what was written before named its tables
                    rows.write(self.tx)
                    self.tx.point("late.written")


def gather(tx: Transaction, kind: type[G]) -> G:
    """Return the rows of a kind that wait in this transaction, to add to them."""
    late: _Late = tx.connection.info[_LATE]
    late.tx = tx
    if kind not in late.waiting:
        late.waiting[kind] = kind()
    return late.waiting[kind]  # type: ignore[return-value]


def waiting(tx: Transaction, kind: type[G]) -> G | None:
    """Return the rows of a kind that wait; None if none do."""
    late: _Late = tx.connection.info[_LATE]
    return late.waiting.get(kind)  # type: ignore[return-value]


@contextmanager
def overlooking(tx: Transaction) -> Iterator[None]:
    """Let statements inside pass what waits.

    For those that do not look at it, or whose sender knows it by heart.
    """
    late: _Late = tx.connection.info[_LATE]
    before, late.overlooked = late.overlooked, True
    try:
        yield
    finally:
        late.overlooked = before


def settle(tx: Transaction, *kinds: type[Gathered]) -> None:
    """Write what waits, of these kinds or all: what goes wrong goes wrong now."""
    late: _Late = tx.connection.info[_LATE]
    late.write([kind for kind in late.waiting if not kinds or kind in kinds])


def write_late(engine: Engine) -> None:
    """Let the transactions of an engine gather rows."""
    event.listen(engine, "begin", _begin)
    event.listen(engine, "savepoint", _keep)
    event.listen(engine, "rollback_savepoint", _take_back)
    event.listen(engine, "release_savepoint", _let_go)
    event.listen(engine, "commit", _write_all)


def _begin(connection: Connection) -> None:
    connection.info[_LATE] = _Late()


def write_before(info: Mapping[str, Any], statement: str) -> None:
    """Write what waits for the tables that a statement names."""
    late: _Late | None = info.get(_LATE)
    if late is not None and late.waiting and not late.overlooked:
        named = [kind for kind in late.waiting if any(table in statement for table in kind.tables)]
        late.write(named)


def _keep(connection: Connection, _name: str) -> None:
    late: _Late = connection.info[_LATE]
    late.kept.append(late.copied())


def _take_back(connection: Connection, _name: str, _context: object) -> None:
    # Also what was written since then is to be written again.
    late: _Late = connection.info[_LATE]
    late.waiting = late.kept.pop()


def _let_go(connection: Connection, _name: str, _context: object) -> None:
    late: _Late = connection.info[_LATE]
    late.kept.pop()


def _write_all(connection: Connection) -> None:
    late: _Late = connection.info[_LATE]
    late.write(list(late.waiting))
