"""Database: one engine on SQLite or PostgreSQL, opened the same way."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import URL, Connection, create_engine, event, make_url
from sqlalchemy.engine import Engine, ExceptionContext
from sqlalchemy.exc import (
    ArgumentError,
    DBAPIError,
    NoSuchModuleError,
    OperationalError,
    PendingRollbackError,
)

from talenthub.errors import PluginError, Problem, StorageError
from talenthub.storage.copying import let_copy
from talenthub.storage.holding import held, look
from talenthub.storage.kept import forget, keep_reads
from talenthub.storage.late import write_before, write_late

if TYPE_CHECKING:
    import psycopg

E = TypeVar("E", bound=BaseException)

BUSY_SECONDS = 20.0
"""How long a writer waits for another before it gives up."""

LINE = {
    "connect_timeout": 10,
    "keepalives_idle": 15,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,
}
"""How a client of PostgreSQL notices that its line is cut: within 30 s."""

SILENCE = 300.0
"""Seconds after which PostgreSQL takes a transaction back whose client is silent."""

READ_ONLY = "talenthub_read_only"


class Database:
    """Where the workspace keeps everything; `url` is a SQLAlchemy URL."""

    def __init__(self, url: str) -> None:
        self.url = parse_url(url)
        self.engine = _create_engine(self.url)

    @property
    def is_sqlite(self) -> bool:
        """Return whether this is a SQLite file."""
        return self.url.get_backend_name() == "sqlite"

    @property
    def file(self) -> Path | None:
        """Return the SQLite file, or None for PostgreSQL."""
        return Path(self.url.database) if self.is_sqlite and self.url.database else None

    @contextmanager
    def begin(self, *, read_only: bool = False) -> Iterator[Connection]:
        """Yield a connection inside one transaction; commit at the end.

        A writer on SQLite takes the write lock at once (BEGIN IMMEDIATE), so
        that it never reads what another writer is about to change.
        """
        with explained(self.url), self.engine.connect() as connection:
            connection = connection.execution_options(**{READ_ONLY: read_only})
            with connection.begin(), held(connection):
                yield connection

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()


def calling_off(connection: Connection) -> Callable[[], None] | None:
    """Return what calls off a statement that is sent, on any thread.

    Only PostgreSQL hears of it meanwhile: None on SQLite.
    """
    call_off: Callable[[], None] | None = getattr(
        connection.connection.driver_connection, "cancel_safe", None
    )
    return call_off


def parse_url(url: str) -> URL:
    """Return the parsed URL; StorageError tells what is wrong with it."""
    try:
        parsed = make_url(url)
        backend = parsed.get_backend_name()
    except ArgumentError:
        raise StorageError(
            Problem(
                text="the database URL cannot be read",
                allowed="sqlite:///FILE or postgresql://USER@HOST/NAME",
                mend="set [database] url in talenthub.toml",
                code="storage.url",
            )
        ) from None
    if backend == "postgresql":
        return parsed.set(drivername="postgresql+psycopg")
    if backend == "sqlite":
        return parsed.set(drivername="sqlite+pysqlite")
    raise StorageError(
        Problem(
            text="this database is not supported",
            found=backend,
            allowed="sqlite, postgresql",
            code="storage.url",
        )
    )


def _create_engine(url: URL) -> Engine:
    try:
        # What was to be written stands in no traceback: those are sent to strangers.
        engine = create_engine(
            url, connect_args=_connect_arguments(url), pool_pre_ping=False, hide_parameters=True
        )
    except (NoSuchModuleError, ModuleNotFoundError) as error:
        raise StorageError(
            Problem(
                text=f"the driver for {url.get_backend_name()} is not installed",
                mend="pip install 'talenthub[postgres]'",
                code="storage.driver",
            )
        ) from error
    keep_reads(engine)
    write_late(engine)
    if url.get_backend_name() == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        event.listen(engine, "handle_error", _end_for_good)
    else:
        event.listen(engine, "connect", _prepare_postgresql)
        let_copy(engine)
    event.listen(engine, "before_cursor_execute", _before_each, retval=True)
    return engine


def _connect_arguments(url: URL) -> dict[str, Any]:
    return {"timeout": BUSY_SECONDS} if url.get_backend_name() == "sqlite" else LINE


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    # The driver must not begin by itself: `_begin_sqlite` says how to begin.
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
        connection.execute(f"PRAGMA {pragma}").close()


def _prepare_postgresql(connection: psycopg.Connection[Any], _record: object) -> None:
    # A client whose line is cut would hold its locks until the server hears of it: hours.
    connection.autocommit = True
    connection.execute(f"SET idle_in_transaction_session_timeout = {SILENCE * 1000:.0f}")
    connection.autocommit = False


def _begin_sqlite(connection: Connection) -> None:
    read_only = connection.get_execution_options().get(READ_ONLY, False)
    connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")


def _end_for_good(context: ExceptionContext) -> None:
    """Let nobody go on where SQLite itself took the transaction back.

    On a full disk it does: what followed would be committed, each by itself.
    """
    connection = context.connection
    if connection is not None and connection.in_transaction() and not connection.invalidated:
        driver: Any = connection.connection.dbapi_connection
        context.is_disconnect |= not driver.in_transaction


def _before_each(
    connection: Connection, _cursor: Any, statement: str, parameters: Any, *_more: Any
) -> tuple[str, Any]:
    # One listener for all: each costs a tenth of a small statement.
    info = connection.info
    write_before(info, statement)
    look(info, statement)
    forget(info, statement)
    return statement, parameters


@contextmanager
def explained(url: URL) -> Iterator[None]:
    """Turn what the driver says of the database itself into a StorageError."""
    try:
        yield
    except DBAPIError as error:
        problem = _explain(url, error)
        if problem is None:
            raise
        raise StorageError(problem) from error
    except PendingRollbackError as error:
        # It was lost before, and somebody who caught that, or cleaned up, went on.
        if (plugin := _before(error, PluginError)) is not None:
            raise plugin from plugin.__cause__  # one that was ended at a statement takes the connection along
        first = _before(error, DBAPIError)
        raise StorageError((first and _explain(url, first)) or _lost(url)) from error


def _before(error: BaseException | None, kind: type[E]) -> E | None:
    while error is not None and not isinstance(error, kind):
        error = error.__context__
    return error


def _lost(url: URL) -> Problem:
    place = url.render_as_string(hide_password=True)
    return Problem(text="the connection to the database was lost", place=place, code="storage.lost")


def _explain(url: URL, error: DBAPIError) -> Problem | None:
    text = str(error.orig).casefold()
    place = url.render_as_string(hide_password=True)
    for needle, sentence, mend in _KNOWN_FAULTS:
        if needle.casefold() in text:
            return Problem(text=sentence, place=place, mend=mend, code="storage." + sentence.split()[-1])
    if error.connection_invalidated:
        return _lost(url)
    if isinstance(error, OperationalError) and error.statement is None:
        # No statement was sent: it never came to a connection.
        mend = "check [database] url, and that the server is running"
        return Problem(text="the database cannot be reached", place=place, mend=mend, code="storage.reached")
    return None


_KNOWN_FAULTS = (
    ("database is locked", "another process holds the database and it stays busy", "try again in a moment"),
    (
        "unable to open database file",
        "the database file cannot be opened",
        "check that its folder exists and is yours",
    ),
    (
        "file is not a database",
        "the file is not a talenthub database",
        "check [database] url; restore a backup if it was damaged",
    ),
    (
        "database disk image is malformed",
        "the database file is damaged",
        "restore it: talent db backup made copies",
    ),
    ("database or disk is full", "the disk is full", "make room; nothing was half-written"),
    ("no space left on device", "the disk is full", "make room on the server; nothing was half-written"),
    ("disk i/o error", "the disk could not be written", "look for room and rights; nothing was half-written"),
    ("attempt to write a readonly database", "the database file is read-only", "check the file's rights"),
    ("connection refused", "the database server does not answer", "is it running, and is the port right?"),
    (
        "password authentication failed",
        "the database server refused the password",
        "check the secret behind [database] url",
    ),
    ("could not translate host name", "the database host is unknown", "check [database] url"),
    ("failed to resolve host", "the database host is unknown", "check [database] url"),
    ("no such table", "the database has no talenthub tables, or older ones", "talent db upgrade"),
    ("UndefinedTable", "the database has no talenthub tables, or older ones", "talent db upgrade"),
    (
        "does not exist",
        "the database, or a table in it, does not exist",
        "create it, then: talent db upgrade",
    ),
)
