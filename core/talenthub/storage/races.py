"""What a database says of itself: that a race was lost, or that it is unwell."""

from __future__ import annotations

import sqlite3

from sqlalchemy.exc import DBAPIError

TRIES = 3
"""So often a thing is done that loses a race, before that counts as a failure."""

SQLSTATES = ("40001", "40P01")
"""PostgreSQL: serialisation failure, deadlock detected."""

UNWELL = (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR)
"""SQLite: no room on the disk, or it cannot be written."""

NO_MEANS = "53"
"""PostgreSQL: the class of SQLSTATEs for want of room, memory or connections."""


def is_transient(error: BaseException | None) -> bool:
    """Return whether the database asks to try the same again."""
    return _is_lost_race(_raw(error))


def is_unwell(error: BaseException | None) -> bool:
    """Return whether a database wants for room or means: nobody's fault."""
    raw = _raw(error)
    if isinstance(raw, sqlite3.Error):
        return getattr(raw, "sqlite_errorcode", 0) & 0xFF in UNWELL
    return (getattr(raw, "sqlstate", None) or "").startswith(NO_MEANS)


def _raw(error: BaseException | None) -> BaseException | None:
    """Return what the driver raised, wherever among the causes."""
    while error is not None and not isinstance(error, DBAPIError):
        error = error.__cause__
    return None if error is None else error.orig


def _is_lost_race(raw: BaseException | None) -> bool:
    if isinstance(raw, sqlite3.Error):
        return getattr(raw, "sqlite_errorcode", None) == sqlite3.SQLITE_BUSY_SNAPSHOT
    return getattr(raw, "sqlstate", None) in SQLSTATES
