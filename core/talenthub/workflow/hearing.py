"""Hearing: who hears of events, also what only another version brings.

While a newer version is brought in, an older process fires what a handler of
the newer one wants to hear of. So handlers are written down: whoever posts
calls posts those too, and they wait until somebody comes that brings them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from math import inf
from time import monotonic
from typing import Any, NoReturn

from sqlalchemy import Column, PrimaryKeyConstraint, String, Table, and_, bindparam, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from talenthub.storage.transaction import Transaction
from talenthub.storage.types import UtcDateTime, metadata
from talenthub.workflow.campaigns.campaigns import CAMPAIGN
from talenthub.workflow.deliveries import Handler

FRESH = 30.0
"""Seconds for which a process goes by what it has read of handlers."""

FADES = timedelta(days=7)
"""So long a handler is called that nobody brings any more."""

SIGN = timedelta(hours=1)
"""How often a worker says that it still brings its handlers."""

event_handler = Table(
    "event_handler",
    metadata,
    Column("name", String(160), nullable=False),
    Column("hears", String(200), nullable=False),
    Column("version", String(80), nullable=False),
    Column("written_at", UtcDateTime, nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),
    PrimaryKeyConstraint("name", "hears", name="pk_event_handler"),
)

_all = select(event_handler).order_by(event_handler.c.name, event_handler.c.hears)
_living = _all.where(event_handler.c.seen_at > bindparam("since"))
# Two may write the same down at one moment.
_add = (
    sqlite.insert(event_handler).on_conflict_do_nothing(),
    postgresql.insert(event_handler).on_conflict_do_nothing(),
)
_this = and_(event_handler.c.name == bindparam("which"), event_handler.c.hears == bindparam("event"))
_sign = update(event_handler).where(_this).values(version=bindparam("of"), seen_at=bindparam("moment"))
_drop = delete(event_handler).where(_this)

Key = tuple[str, str]
"""The name of a handler, and what it hears."""


@dataclass(slots=True)
class Hearing:
    """What is written down of handlers, as one process has read it."""

    brings: Mapping[str, str] = field(default_factory=dict)
    """The version of each plugin that is loaded here."""
    written: Mapping[Key, str] = field(default_factory=dict)
    """Which version brings what was written down last."""
    _read: float = -inf
    _joined: tuple[tuple[Handler, ...], tuple[Handler, ...]] | None = None

    @property
    def is_fresh(self) -> bool:
        """Return whether it was read a short while ago."""
        return monotonic() - self._read < FRESH

    def read(self, tx: Transaction) -> None:
        """Read what is written down; one statement."""
        began = monotonic()
        rows = tx.rows(_living, {"since": tx.now - FADES})
        self.written = {(row.name, row.hears): row.version for row in rows}
        self._read, self._joined = began, None

    def beside(self, own: tuple[Handler, ...]) -> tuple[Handler, ...]:
        """Return a process's own handlers, and those that only others bring."""
        if not self.written:
            return own
        joined = self._joined
        if joined is None or joined[0] is not own:
            known = {_key(each) for each in own}
            others = (Handler(*key, _elsewhere) for key in self.written if key not in known)
            self._joined = joined = own, (*own, *others)
        return joined[1]

    @property
    def names(self) -> set[str]:
        """Return the names of all that is written down."""
        return {name for name, _ in self.written}

    def version_of(self, name: str) -> str | None:
        """Return the version that brings a handler; None if none is known."""
        return next((version for (each, _), version in self.written.items() if each == name), None)

    def version_here(self, key: Key) -> str:
        """Return the version of the plugin that brings a handler here."""
        return self.brings.get(_owner(key[0]), "")

    def compared(self, name: str, version: str) -> int:
        """Return 1 where a version is newer than that of its plugin here.

        -1 where it is older; 0 where it is the same, or the plugin is not here.
        """
        own = self.brings.get(_owner(name))
        found, here = _order(version), _order(own if own is not None else version)
        return (found > here) - (found < here)


def write_down(tx: Transaction, hearing: Hearing, handlers: Sequence[Handler], *, only: bool = False) -> None:
    """Write down what this process brings: from now on others call it, too.

    What an older version of its plugins brought is struck out, with `only`
    also what nothing brings here. Of a plugin that is newer where it was
    written down, all is left as it is.
    """
    there: dict[Key, str] = {(row.name, row.hears): row.version for row in tx.rows(_all)}
    newer = {_owner(key[0]) for key, version in there.items() if hearing.compared(key[0], version) > 0}
    own = {_key(each) for each in handlers if each.on != CAMPAIGN and _owner(each.name) not in newer}
    tx.write(_add[not tx.is_sqlite], [_row(tx, hearing, key) for key in sorted(own - there.keys())])
    tx.write(_sign, [_signed(tx, key, hearing.version_here(key)) for key in sorted(own & there.keys())])
    gone = [
        key
        for key in sorted(there.keys() - own)
        if _owner(key[0]) not in newer and (only or hearing.compared(key[0], there[key]) < 0)
    ]
    tx.write(_drop, [{"which": name, "event": event} for name, event in gone])


def strike_out(tx: Transaction, plugin: str) -> None:
    """Strike out what a plugin brings: it is off, and hears nothing more."""
    gone = [row for row in tx.rows(_all) if _owner(row.name) == plugin]
    tx.write(_drop, [{"which": row.name, "event": row.hears} for row in gone])


def give_sign(tx: Transaction, handlers: Sequence[Handler]) -> None:
    """Say that these are still brought, where they are written down."""
    own = {_key(each) for each in handlers}
    since = tx.now - SIGN
    old = [row for row in tx.rows(_all) if row.seen_at < since and (row.name, row.hears) in own]
    tx.write(_sign, [_signed(tx, (row.name, row.hears), row.version) for row in old])


def _key(handler: Handler) -> Key:
    return handler.name, handler.on


def _owner(name: str) -> str:
    return name.partition(":")[0]


def _order(version: str) -> tuple[int, ...]:
    """Return the numbers that a version begins with, to be compared."""
    return tuple(map(int, re.findall(r"\d+", re.match(r"[\d.]*", version)[0])))  # type: ignore[index]


def _row(tx: Transaction, hearing: Hearing, key: Key) -> dict[str, Any]:
    name, hears = key
    version = hearing.version_here(key)
    return {"name": name, "hears": hears, "version": version, "written_at": tx.now, "seen_at": tx.now}


def _signed(tx: Transaction, key: Key, version: str) -> dict[str, Any]:
    return {"which": key[0], "event": key[1], "of": version, "moment": tx.now}


def _elsewhere(*_told: object) -> NoReturn:
    raise AssertionError("another version brings it: its calls are parked here")
