"""Scales: where on the paper a value lies, and which values are named."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from talenthub.pictures.marks import Number

_STEPS = (1, 2, 5, 10)


@dataclass(frozen=True, slots=True)
class Scale:
    """A straight scale: `low` lies at `start`, `high` at `end`."""

    low: Number
    high: Number
    start: float
    end: float
    least: Number = 0
    """No two named values are nearer than this; 1 for counts."""

    def at(self, value: Number) -> float:
        """Return the place of a value; beyond an end, the end."""
        if self.high == self.low:
            return self.start
        share = (float(value) - float(self.low)) / (float(self.high) - float(self.low))
        return self.start + (self.end - self.start) * min(1.0, max(0.0, share))

    def ticks(self, most: int = 6) -> list[Fraction]:
        """Return round values from low to high, `most` at the most."""
        step = max(Fraction(self.least), round_step(Fraction(self.high) - Fraction(self.low), most))
        first = math.ceil(Fraction(self.low) / step)
        last = math.floor(Fraction(self.high) / step)
        return [step * each for each in range(first, last + 1)]


def round_step(reach: Fraction, most: int) -> Fraction:
    """Return the least of 1, 2 and 5 times a power of ten that is enough."""
    if reach <= 0:
        return Fraction(1)
    power = Fraction(10) ** math.floor(math.log10(reach / most))
    return next((power * each for each in _STEPS if reach / (power * each) < most), power * 10)


def top_of(values: Iterable[Number | None], most: int = 6) -> Fraction:
    """Return the round value at or above the greatest, at least 1."""
    greatest = max((Fraction(each) for each in values if each is not None), default=Fraction(0))
    if greatest <= 0:
        return Fraction(1)
    step = round_step(greatest, most)
    return step * math.ceil(greatest / step)


def least_step(values: Iterable[Number | None]) -> int:
    """Return 1 where every known value is whole, as counts are; else 0."""
    return int(all(each is None or each == int(each) for each in values))
