"""Kept reads: what each step of a transaction asks again is read once.

Who acts, and how the units lie, is asked at every level of a cascade. An
answer is kept until a statement writes one of the tables it came from, until
a savepoint is taken back, or until the end.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from sqlalchemy import Connection, Table, event
from sqlalchemy.engine import Engine

from talenthub.storage.transaction import Transaction

T = TypeVar("T")

_KEPT = "talenthub_kept"
_READS = re.compile(
    r"\s*(SELECT|VALUES|EXPLAIN|SHOW|SET|PRAGMA|LOCK|BEGIN|SAVEPOINT|RELEASE|ROLLBACK|COMMIT)\b",
    re.IGNORECASE,
)
_WITH = re.compile(r"\s*WITH\b", re.IGNORECASE)
_WRITTEN = re.compile(
    r"\b(?:INSERT\s+(?:OR\s+\w+\s+)?INTO|REPLACE\s+INTO|MERGE\s+INTO|UPDATE|DELETE\s+FROM|COPY)\s+"
    r'(?:OR\s+\w+\s+|ONLY\s+)?"?(?:\w+"?\."?)?(\w+)',
    re.IGNORECASE,
)
"""Also inside of WITH; that `FOR UPDATE OF` seems to write a table `of` is no harm."""


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


def forget(connection: Connection, statement: str) -> None:
    """Keep no longer what was read from the tables that a statement writes.

    Nothing at all after one of which it cannot be told.
    """
    kept = connection.info.get(_KEPT)
    if not kept or _READS.match(statement):
        return
    written = set(_WRITTEN.findall(statement))
    if not written and not _WITH.match(statement):
        kept.clear()
    for key, (tables, _) in list(kept.items()):
        if any(table.name in written for table in tables):
            del kept[key]
