"""Surroundings: the disk, the clock, the line and the rights around a workspace."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Row, text

from talenthub.clock import Clock, system_clock
from talenthub.errors import StorageError
from talenthub.outbound.counters import counters
from talenthub.storage.transaction import SYSTEM, Transaction
from talenthub.workspace.finding import Finding
from talenthub.workspace.workspace import Workspace

ROOM = 256 * 2**20
"""Bytes that should be free beside a copy of the file."""

APART = timedelta(seconds=30)
"""By so much the clocks of a machine and of its database may differ."""

LATE = timedelta(minutes=15)
"""So long what is due may wait before somebody should look."""

TOLD = ("timer", "chunk")
"""What is late is told of these; others would tell of cases that few may know of."""

OTHERS_READ, OTHERS_WRITE, OTHERS_PASS = 0o004, 0o002, 0o001

# Whoever asks from the server's own address, or by a socket, has no line to protect.
LINK = text(
    "SELECT coalesce(inet_server_addr() = inet_client_addr(), true)"
    " OR coalesce((SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()), false)"
    " OR coalesce((SELECT encrypted FROM pg_stat_gssapi WHERE pid = pg_backend_pid()), false) AS safe,"
    " clock_timestamp() AS clock"
)


def room(workspace: Workspace) -> Iterator[Finding]:
    """Return whether the disk of the workspace has room, and for a copy."""
    file = workspace.database.file
    places = (
        {workspace.folder: 0} if file is None else {file.parent: file.stat().st_size, workspace.folder: 0}
    )
    for place, copy in places.items():
        if shutil.disk_usage(place).free < ROOM + copy:
            what = f"less than {ROOM >> 20} MB are free" + (", the room of a copy aside" if copy else "")
            yield Finding(
                "room", True, f"{what}: {place}", "make room on this disk, before steps are refused"
            )
            return
    more = "" if file is not None else "; how full PostgreSQL's own disk is only its machine can tell"
    yield Finding("room", True, f"the disk of the workspace has room{more}")


def rights(workspace: Workspace) -> Iterator[Finding]:
    """Return whether others on this machine can read the data or write here."""
    if os.name != "posix":
        return
    file, folder = workspace.database.file, workspace.folder
    if file is not None and _lets_others(file, OTHERS_READ):
        yield Finding("rights", True, f"every login of this machine can read {file}", f"chmod o= {file}")
    if _lets_others(folder, OTHERS_WRITE):
        yield Finding(
            "rights", True, f"every login of this machine can write into {folder}", f"chmod o-w {folder}"
        )


def _lets_others(path: Path, what: int) -> bool:
    whole = path.resolve()
    return bool(whole.stat().st_mode & what) and all(
        each.stat().st_mode & OTHERS_PASS for each in whole.parents
    )


def server(workspace: Workspace, clock: Clock = system_clock) -> Iterator[Finding]:
    """Return whether the line to PostgreSQL is private, and its clock ours."""
    if workspace.database.is_sqlite:
        return

    def ask(tx: Transaction) -> tuple[datetime, Row[tuple[bool, datetime]] | None, datetime]:
        return clock(), tx.row(LINK), clock()

    before, told, after = workspace.run(SYSTEM, ask, read_only=True)
    if told is not None and not told.safe:
        told_of = "the line to PostgreSQL leaves this machine unencrypted"
        yield Finding(
            "line", True, told_of, "[database] url = …?sslmode=verify-full, and a certificate there"
        )
    if told is not None and not before - APART <= told.clock <= after + APART:
        apart = max(before - told.clock, told.clock - after)
        told_of = f"the clocks of this machine and of PostgreSQL are {_how_long(apart)} apart"
        yield Finding("clock", False, told_of, "let both follow a time server (NTP)", StorageError.exit_code)


def lateness(workspace: Workspace) -> Iterator[Finding]:
    """Return whether timers and campaigns wait for a worker that is not there."""
    found = workspace.run(
        SYSTEM, lambda tx: counters(tx, workspace.catalogue, system_clock()), read_only=True
    )
    late = [each.value for each in found if each.name == "late_seconds" and each.labels["kind"] in TOLD]
    if late and timedelta(seconds=max(late)) > LATE:
        text = f"work has been due for {_how_long(timedelta(seconds=max(late)))}: no worker runs, or too few"
        yield Finding("jobs", True, text, "talent worker")


def _how_long(given: timedelta) -> str:
    seconds = int(given.total_seconds())
    for name, size in (("days", 86_400), ("hours", 3_600), ("minutes", 60)):
        if seconds >= 2 * size:
            return f"{seconds // size} {name}"
    return f"{seconds} seconds"
