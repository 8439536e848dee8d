"""Lost races: what a database asks to be tried again for, as it stands."""

from __future__ import annotations

import sqlite3

from sqlalchemy.exc import DBAPIError

TRIES = 3
"""So often a thing is done that loses a race, before that counts as a failure."""

SQLSTATES = ("40001", "40P01")
"""PostgreSQL: serialisation failure, deadlock detected."""


def is_transient(error: BaseException | None) -> bool:
    """Return whether the database asks to try the same again."""
    while error is not None:
        if isinstance(error, DBAPIError):
            return _is_lost_race(error.orig)
        error = error.__cause__
    return False


def _is_lost_race(raw: BaseException | None) -> bool:
    if isinstance(raw, sqlite3.Error):
        return getattr(raw, "sqlite_errorcode", None) == sqlite3.SQLITE_BUSY_SNAPSHOT
    return getattr(raw, "sqlstate", None) in SQLSTATES
