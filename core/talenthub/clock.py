"""Clocks: where every `now` of the product comes from."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]
"""Returns the present moment, aware and in UTC."""


def system_clock() -> datetime:
    """Return the machine's present moment in UTC."""
    return datetime.now(UTC)


def fixed_clock(moment: datetime) -> Clock:
    """Return a clock that always shows `moment`, for tests and timers."""
    if moment.tzinfo is None:
        raise ValueError("a clock needs a moment with a time zone")
    shown = moment.astimezone(UTC)
    return lambda: shown
