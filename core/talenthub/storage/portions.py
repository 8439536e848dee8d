"""Portions: lists that are too long for one statement, piece by piece."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import TypeVar

AT_ONCE = 10_000
"""So many values fit into one statement on both databases, even where it names them twice."""

Value = TypeVar("Value", int, str)


def portions(values: Collection[Value]) -> Iterator[Sequence[Value]]:
    """Return the values in order, in lists that fit into one statement."""
    ordered = sorted(values)
    return (ordered[start : start + AT_ONCE] for start in range(0, len(ordered), AT_ONCE))
