"""Exact numbers, and the one rounding before standings are compared."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

Exactable = Fraction | Decimal | int | float | str
"""Whatever settings and forms may hold a number as."""

DECIMALS = 9


def exact(number: Exactable) -> Fraction:
    """Return the number a person meant, exactly; ValueError if none.

    A float counts as the decimal it prints as: 0.8 is 4/5.
    """
    return Fraction(repr(number)) if isinstance(number, float) else Fraction(number)


@lru_cache(maxsize=4096)
def stored(text: str) -> Fraction:
    """Return the number that a row of the ledger keeps as text."""
    return Fraction(text)


def rounded(number: float | Fraction) -> float:
    """Return the number to nine decimals, never as minus zero."""
    return round(float(number), DECIMALS) + 0.0
