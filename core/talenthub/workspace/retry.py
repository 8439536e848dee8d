"""Retry: a deadlock or a lost race repeats the whole transaction."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from typing import TypeVar

from talenthub.storage.races import TRIES, is_transient

T = TypeVar("T")

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
