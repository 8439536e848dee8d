"""Exact numbers: from what is stored or typed, to what people read."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

PLACES = 9
"""Standings and fits have so many decimals; a cut is met after that."""


def exact(number: float | int | str | Fraction) -> Fraction:
    """Return a number as a fraction; a float with its nine decimals."""
    return Fraction(f"{number:.{PLACES}f}") if isinstance(number, float) else Fraction(number)


def mean(numbers: Iterable[Fraction | int]) -> Fraction | None:
    """Return the exact mean; None of nothing."""
    given = [Fraction(each) for each in numbers]
    return sum(given, Fraction(0)) / len(given) if given else None


def kept(number: Fraction | None) -> str | None:
    """Return a figure as a case keeps it; None where unknown."""
    return None if number is None else str(number)


def figure(text: str | None) -> Fraction | None:
    """Return a figure that a case kept."""
    return None if text is None else Fraction(text)
