"""Kept reads: what each step of a transaction asks again is read once.

Who acts, and how the units lie, is asked at every level of a cascade. An
answer is kept until a statement writes one of the tables it came from, until
a savepoint is taken back, or until the end.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable
from typing import TypeVar

from sqlalchemy import Connection, Table, event
from sqlalchemy.engine import Engine

from talenthub.storage.transaction import Transaction

T = TypeVar("T")

_KEPT = "talenthub_kept"
_WRITTEN = re.compile(r'\s*(?:INSERT INTO|UPDATE|DELETE FROM|COPY) "?(\w+)', re.IGNORECASE)


def once(tx: Transaction, key: Hashable, tables: tuple[Table, ...], load: Callable[[], T]) -> T:
    """Return what `load` reads from `tables`; read once while they stay."""
    kept: dict[Hashable, tuple[tuple[Table, ...], T]] = tx.connection.info[_KEPT]
    if key not in kept:
        kept[key] = tables, load()
    return kept[key][1]


def keep_reads(engine: Engine) -> None:
    """Let the transactions of an engine keep what they read."""
    event.listen(engine, "begin", _begin)
    event.listen(engine, "rollback_savepoint", _begin)


def _begin(connection: Connection, *_more: object) -> None:
    connection.info[_KEPT] = {}


def forget(connection: Connection, statement: str) -> None:
    """Keep no longer what was read from the table that a statement writes."""
    kept = connection.info.get(_KEPT) or {}
    written = _WRITTEN.match(statement) if kept else None
    if written is not None:
        for key, (tables, _) in list(kept.items()):
            if any(table.name == written[1] for table in tables):
                del kept[key]
