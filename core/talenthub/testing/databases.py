"""Databases for tests: fresh, migrated, on SQLite and on PostgreSQL."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, Table, inspect, make_url

from talenthub.storage import database as storage
from talenthub.storage.database import Database
from talenthub.storage.migrate import core_owner, upgrade
from talenthub.storage.types import metadata
from talenthub.testing.postgres import PATIENCE, PostgresServer
from talenthub.testing.recycling import emptied, schema_of

_SURE = ("fsync", "full_page_writes", "synchronous_commit")


class Servers:
    """Makes fresh, migrated databases of either kind.

    Whoever crashes the server, or measures it, asks for a `durable` one: the
    others do not wait for the disk, and a crash takes their last commits.
    """

    def __init__(self, folder: Path, *, durable: bool = False) -> None:
        self.folder = folder
        self.durable = durable
        self._postgres: PostgresServer | None = None
        self._sqlite_template: Path | None = None
        self._postgres_schema = ""
        self._emptied: list[str] = []
        self._count = 0

    def fresh(self, kind: str) -> str:
        """Return the URL of a new database of `kind` with the core's tables."""
        self._count += 1
        return self._fresh_sqlite() if kind == "sqlite" else self._fresh_postgres()

    def take_back(self, url: str) -> None:
        """Take a database of `fresh` that nobody needs any more.

        Whoever asks next may be given it, emptied, unless its tables have
        changed or somebody is still connected.
        """
        if url.startswith("sqlite"):
            return
        name = make_url(url).database
        with self.postgres.connection(str(name)) as connection:
            if emptied(connection, self._postgres_schema):
                self._emptied.append(url)

    def empty(self, kind: str, folder: Path) -> str:
        """Return the URL of a new database of `kind` without any table."""
        self._count += 1
        if kind == "sqlite":
            return f"sqlite:///{folder / 'talenthub.db'}"
        name = f"talenthub_empty_{self._count}"
        self._create_database(name, None)
        return self._postgres_url(name)

    def copy_of(self, url: str) -> str:
        """Return the URL of a copy of a PostgreSQL database nobody has open."""
        self._count += 1
        name, copy = make_url(url).database, f"talenthub_copy_{self._count}"
        self._create_database(copy, name)
        return self._postgres_url(copy)

    def _fresh_sqlite(self) -> str:
        if self._sqlite_template is None:
            self._sqlite_template = self.folder / "template.db"
            _migrate(f"sqlite:///{self._sqlite_template}")
        copy = self.folder / f"test{self._count}.db"
        shutil.copy(self._sqlite_template, copy)
        return f"sqlite:///{copy}"

    def _fresh_postgres(self) -> str:
        if self._emptied:
            return self._emptied.pop()
        if not self._postgres_schema:
            self._create_database("talenthub_template", None)
            _migrate(self._postgres_url("talenthub_template"))
            with self.postgres.connection("talenthub_template") as connection:
                self._postgres_schema = schema_of(connection)
        name = f"talenthub_test_{self._count}"
        self._create_database(name, "talenthub_template")
        return self._postgres_url(name)

    @property
    def postgres(self) -> PostgresServer:
        """Return the server of PostgreSQL; it is started when first asked for."""
        if self._postgres is None:
            self._postgres = PostgresServer()
            if not self.durable:
                careless = (f"ALTER SYSTEM SET {each} = off" for each in _SURE)
                self._postgres.administer(*careless, "SELECT pg_reload_conf()")
        return self._postgres

    def _postgres_url(self, name: str) -> str:
        return self.postgres.url(name)

    def _create_database(self, name: str, template: str | None) -> None:
        statement = f"CREATE DATABASE {name}" + (f" TEMPLATE {template}" if template else "")
        self.postgres.administer(statement)

    def stop(self) -> None:
        """Stop the PostgreSQL server, if one was started."""
        if self._postgres is not None:
            self._postgres.stop()


def _migrate(url: str) -> None:
    database = Database(url)
    upgrade(database, [core_owner()])
    database.close()


def stored_tables(connection: Connection) -> list[Table]:
    """Return the tables that are in this database.

    A plugin that another test loaded may have declared more.
    """
    there = set(inspect(connection).get_table_names())
    return [table for table in metadata.sorted_tables if table.name in there]


@pytest.fixture(scope="session")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    """Return the maker of databases of this test run."""
    made = Servers(tmp_path_factory.mktemp("databases"))
    with pytest.MonkeyPatch.context() as patch:
        # Whoever shares a busy machine with others waits longer for them.
        patch.setattr(storage, "BUSY_SECONDS", PATIENCE)
        patch.setitem(storage.LINE, "connect_timeout", PATIENCE)
        yield made
    made.stop()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, servers: Servers) -> Iterator[str]:
    """Return the URL of a fresh database: the test runs once on each kind."""
    url = servers.fresh(request.param)
    yield url
    servers.take_back(url)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """Return a fresh, migrated database; the test runs once on each kind."""
    opened = Database(database_url)
    yield opened
    opened.close()
