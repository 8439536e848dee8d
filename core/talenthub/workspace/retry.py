"""Retry: a deadlock or a lost race repeats the whole transaction."""

from __future__ import annotations

import random
import sqlite3
import time
from collections.abc import Callable
from typing import TypeVar

from sqlalchemy.exc import DBAPIError

T = TypeVar("T")

TRIES = 3
SQLSTATES = ("40001", "40P01")
"""PostgreSQL: serialisation failure, deadlock detected."""

_FIRST_PAUSE = 0.02


def repeated(attempt: Callable[[], T]) -> T:
    """Return what `attempt` returns; up to three tries if it lost a race."""
    for number in range(1, TRIES):
        try:
            return attempt()
        except Exception as error:
            if not is_transient(error):
                raise
            # Two that met once must not meet again at the same moment.
            time.sleep(_FIRST_PAUSE * 2**number * random.random())
    return attempt()


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
