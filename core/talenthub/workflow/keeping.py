"""Keeping: what no database can keep, and no calendar count with."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date
from typing import Any, Final

HIGHEST: Final = 2**63 - 1
"""The highest whole number that both databases keep; the lowest is as far down."""

FIRST, LAST = date(1900, 1, 1), date(2199, 12, 31)
"""The days that work may speak of: what is counted from them stays a day."""


def unkept(values: Any, path: str = "") -> Iterator[str]:
    """Yield a sentence for each value that cannot be kept, with its path.

    `values` are plain: what a model has when it is dumped.
    """
    if isinstance(values, str):
        if not _is_text(values):
            yield f"{path}: holds a character that no text can keep"
    elif isinstance(values, Mapping):
        for key, value in values.items():
            yield from unkept(key, path or "the form")
            yield from unkept(value, f"{path}.{key}" if path else str(key))
    elif isinstance(values, date):
        # A moment is a date as well, and its day is what may be too far.
        if not FIRST.year <= values.year <= LAST.year:
            yield f"{path}: must be a day from {FIRST} to {LAST}; found {values}"
    elif isinstance(values, int):
        if abs(values) > HIGHEST:
            yield f"{path}: must be a number of at most {len(str(HIGHEST)) - 1} digits"
    elif isinstance(values, Collection):
        for place, value in enumerate(values):
            yield from unkept(value, f"{path}.{place}")


def _is_text(text: str) -> bool:
    if "\x00" in text:
        return False
    # Half of a character that is written as two: JSON can say it, UTF-8 cannot.
    return text.isascii() or not any("\ud800" <= each <= "\udfff" for each in text)
