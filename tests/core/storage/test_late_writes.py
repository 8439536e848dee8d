"""Late writes and kept reads: nobody can tell that they are late, or kept."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import ClassVar

import pytest
from sqlalchemy import func, insert, select, text
from sqlalchemy.exc import SQLAlchemyError

from talenthub.errors import StorageError
from talenthub.storage.database import Database
from talenthub.storage.holding import only_reading
from talenthub.storage.hub import workspace_setting
from talenthub.storage.kept import once
from talenthub.storage.late import gather, settle
from talenthub.storage.transaction import SYSTEM, Transaction

NOW = datetime(2026, 1, 5, 9, tzinfo=UTC)
COUNT = select(func.count()).select_from(workspace_setting)


@dataclass
class LateSettings:
    """Settings that are written together."""

    tables: ClassVar[tuple[str, ...]] = (workspace_setting.name,)
    keys: list[str] = field(default_factory=list)

    def copy(self) -> LateSettings:
        return LateSettings(list(self.keys))

    def write(self, tx: Transaction) -> None:
        written.append(tuple(self.keys))
        tx.write(insert(workspace_setting), [{"key": each, "value": "x"} for each in self.keys])


written: list[tuple[str, ...]] = []


@contextmanager
def begun(database: Database) -> Iterator[Transaction]:
    written.clear()
    with database.begin() as connection:
        yield Transaction(connection, SYSTEM, NOW)


def put(tx: Transaction, key: str) -> None:
    gather(tx, LateSettings).keys.append(key)


def stored(database: Database) -> int:
    with begun(database) as tx:
        return int(tx.value(COUNT))


def test_what_was_gathered_is_written_once_at_the_commit(database: Database) -> None:
    with begun(database) as tx:
        put(tx, "a")
        put(tx.by(SYSTEM), "b")
        tx.value(select(1))
        assert written == []
    assert written == [("a", "b")]
    assert stored(database) == 2


def test_whoever_asks_its_table_sees_it_also_where_he_may_only_read(database: Database) -> None:
    with begun(database) as tx:
        put(tx, "a")
        with only_reading(tx.connection):
            assert tx.value(COUNT) == 1
        put(tx, "b")
        assert tx.value(COUNT) == 2
    assert written == [("a",), ("b",)]


def test_a_savepoint_takes_back_what_was_gathered_in_it_and_no_more(database: Database) -> None:
    with begun(database) as tx:
        put(tx, "before")
        with suppress(InterruptedError), tx.savepoint():
            put(tx, "inside")
            assert tx.value(COUNT) == 2, "both were written, and both are taken back"
            raise InterruptedError
        with tx.savepoint():
            put(tx, "kept")
        assert tx.value(COUNT) == 2
    assert stored(database) == 2


def test_nothing_stays_of_a_transaction_that_fails(database: Database) -> None:
    with suppress(InterruptedError), begun(database) as tx:
        put(tx, "a")
        settle(tx)
        put(tx, "b")
        raise InterruptedError
    assert stored(database) == 0


def bear_a_full_disk(tx: Transaction) -> None:
    put(tx, "before")
    pages = tx.value(text("PRAGMA page_count"))
    tx.connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
    with suppress(SQLAlchemyError), tx.savepoint():
        put(tx, "x" * 1_000_000)
        settle(tx)
    put(tx, "after")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_whoever_bears_a_full_disk_in_silence_saves_nothing(database: Database) -> None:
    """SQLite takes the transaction back by itself: what followed would stand alone."""
    with pytest.raises(StorageError), begun(database) as tx:
        bear_a_full_disk(tx)
    assert stored(database) == 0


def test_what_is_kept_is_read_anew_once_its_table_is_written(database: Database) -> None:
    def count(tx: Transaction) -> int:
        return once(tx, "count", (workspace_setting,), lambda: int(tx.value(COUNT)))

    def add(tx: Transaction, key: str) -> None:
        tx.write(insert(workspace_setting), {"key": key, "value": "x"})

    with begun(database) as tx:
        assert (count(tx), count(tx)) == (0, 0)
        add(tx, "a")
        assert count(tx) == 1
        with suppress(InterruptedError), tx.savepoint():
            add(tx, "b")
            assert count(tx) == 2
            raise InterruptedError
        assert count(tx) == 1
    with begun(database) as tx:
        assert count(tx) == 1


@pytest.mark.parametrize(
    "sent",
    [
        "WITH none AS (SELECT 1) UPDATE workspace_setting SET value = 'y'",
        "/* so it cannot be told */ UPDATE workspace_setting SET value = 'y'",
        "update \"workspace_setting\" set value = 'y'",
    ],
)
def test_no_write_passes_unnoticed_by_what_is_kept(database: Database, sent: str) -> None:
    def value(tx: Transaction) -> str:
        return once(
            tx, "value", (workspace_setting,), lambda: str(tx.value(select(workspace_setting.c.value)))
        )

    with begun(database) as tx:
        tx.write(insert(workspace_setting), {"key": "a", "value": "x"})
        assert value(tx) == "x"
        tx.write(text(sent))
        assert value(tx) == "y"
