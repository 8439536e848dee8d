"""Leniency: managers whose ratings lie far from those of all others.

robust z = 0.6745·(x − median) / MAD over the managers' mean ratings, as by
Iglewicz and Hoaglin; flagged beyond a cut and only if also far in points.
A flag asks people to look at the evidence; it changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from talenthub_performance.settings import PerformanceSettings

NORMAL = Fraction("0.6745")
"""The median absolute deviation of a normal distribution, in its SD."""


@dataclass(frozen=True, slots=True)
class Leniency:
    """How one manager's mean stands among the others."""

    manager: int
    mean: Fraction
    ratees: int
    apart: Fraction
    """Mean minus median; above 0 is lenient."""
    z: Fraction | None
    """None: the others do not differ at all."""
    flagged: bool


def leniency(means: Mapping[int, Sequence[Fraction]], settings: PerformanceSettings) -> list[Leniency]:
    """Return the managers with enough ratees, the most lenient first.

    `means` holds, for each manager, the mean rating of each ratee.
    """
    counted = {
        manager: (sum(each, Fraction(0)) / len(each), len(each))
        for manager, each in means.items()
        if len(each) >= settings.leniency_ratees
    }
    if not counted:
        return []
    middle = median([each for each, _ in counted.values()])
    spread = median([abs(each - middle) for each, _ in counted.values()])
    found = [
        _place(manager, each, many, middle, spread, settings) for manager, (each, many) in counted.items()
    ]
    return sorted(found, key=lambda each: (-each.apart, each.manager))


def _place(
    manager: int, each: Fraction, many: int, middle: Fraction, spread: Fraction, settings: PerformanceSettings
) -> Leniency:
    apart = each - middle
    z = None if spread == 0 else NORMAL * apart / spread
    # Where the others do not differ at all, any distance is beyond every cut.
    far = apart != 0 if z is None else abs(z) > Fraction(settings.leniency_z)
    flagged = far and abs(apart) >= Fraction(settings.leniency_apart)
    return Leniency(manager, each, many, apart, z, flagged)


def median(numbers: Sequence[Fraction]) -> Fraction:
    """Return the middle number, or the mean of the two in the middle."""
    ordered = sorted(numbers)
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2
