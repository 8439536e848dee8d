"""Kept reads: what each step of a transaction asks again is read once.

Who acts, and how the units lie, is asked at every level of a cascade. An
answer is kept until a statement writes one of the tables it came from, until
a savepoint is taken back, or until the end.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TypeVar

from sqlalchemy import Connection, Table, event
from sqlalchemy.engine import Engine

from talenthub.storage.natures import nature_of
from talenthub.storage.transaction import Transaction

T = TypeVar("T")

_KEPT = "talenthub_kept"


def once(tx: Transaction, key: Hashable, tables: tuple[Table, ...], load: Callable[[], T]) -> T:
    """Return what `load` reads from `tables`; read once while they stay."""
    kept: dict[Hashable, tuple[tuple[Table, ...], T]] = tx.connection.info[_KEPT]
    if key not in kept:
        kept[key] = tables, load()
    return kept[key][1]


def is_kept(tx: Transaction, key: Hashable) -> bool:
    """Return whether something is kept under a key."""
    return key in tx.connection.info[_KEPT]


@contextmanager
def kept_through(tx: Transaction, key: Hashable) -> Iterator[None]:
    """Keep what stands under a key, whatever is written inside.

    For whoever knows what that changes, and says so.
    """
    kept = tx.connection.info[_KEPT]
    entry = kept.pop(key, None)
    yield
    if entry is not None:
        kept[key] = entry


def keep_reads(engine: Engine) -> None:
    """Let the transactions of an engine keep what they read."""
    event.listen(engine, "begin", _begin)
    event.listen(engine, "rollback_savepoint", _begin)


def _begin(connection: Connection, *_more: object) -> None:
    connection.info[_KEPT] = {}


def forget(info: Mapping[str, Any], statement: str) -> None:
    """Keep no longer what was read from the tables that a statement writes.

    Nothing at all after one of which it cannot be told.
    """
    kept = info.get(_KEPT)
    if not kept:
        return
    written = nature_of(statement).written
    if written is None:
        kept.clear()
    elif written:
        for key, (tables, _) in list(kept.items()):
            if any(table.name in written for table in tables):
                del kept[key]
