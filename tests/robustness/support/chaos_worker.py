"""Commands and workers amid chaos.

A command pushes cases on and, where the database is away, tries again; a
worker is what `talent worker` runs.
"""

from __future__ import annotations

import signal
import threading
import time
from datetime import timedelta
from functools import partial
from pathlib import Path

import psycopg  # noqa: F401  (forked ones need not import it again)
from chaos_ground import REFUSED, open_chaos, stepped_clock
from forking import fork_on_orders
from sqlalchemy.exc import DBAPIError
from trial_work import work

from talenthub.errors import StorageError
from talenthub.outbound import claims, posting, procrastinate_worker, worker
from talenthub.outbound.letters import Office
from talenthub.outbound.pieces import Pieces
from talenthub.outbound.port import Shift
from talenthub.storage import database
from talenthub.storage.transaction import SYSTEM

AWAY = (StorageError, DBAPIError)

# Seconds, not minutes: what is broken off comes back within the test.
claims.LEASE = timedelta(seconds=2)
procrastinate_worker.SWEEP = "* * * * * *"
worker.LONGEST_PAUSE = procrastinate_worker.LONGEST_PAUSE = 0.5
worker.POLL = procrastinate_worker.POLL = 0.2
# Minutes: whoever is slow on a busy machine is not away.
database.BUSY_SECONDS = posting.SECONDS = 100.0
PATIENCE = 2
"""Seconds for which the server awaits a worker that is far away and silent."""


def _run(order) -> None:
    while not _tried(order):
        time.sleep(0.1)


def _tried(order) -> bool:
    """Do what was ordered; return False if the database was away."""
    folder = Path(order["folder"])
    if order["url"]:
        database.SILENCE = PATIENCE
    try:
        workspace = open_chaos(folder, stepped_clock(folder, order.get("days", 0)), order["url"])
        if order["task"] in ("serve", "far"):
            _serve(workspace)
        else:
            work(workspace, order["seed"], finishing=order["task"] == "finish")
    except AWAY as error:
        _note(folder, str(error))
        return False
    return True


def _note(folder: Path, said: str) -> None:
    if "disk" in said:
        (folder / REFUSED).touch()


def _serve(workspace) -> None:
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_told: stop.set())
    office = Office(workspace.settings, workspace.folder, lambda *_told: "")
    pieces = Pieces(workspace.engine, lambda function: workspace.run(SYSTEM, function), office)
    shift = Shift(pieces, stop, partial(_note, workspace.folder), concurrency=2)
    serve = worker.serve_here if workspace.background is None else workspace.background.serve
    serve(shift, once=False)


if __name__ == "__main__":
    fork_on_orders(_run)
