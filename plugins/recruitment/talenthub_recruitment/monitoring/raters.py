"""Raters: who rates lower or higher than the others, and who sees haloes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from math import sqrt
from statistics import median

from talenthub_recruitment.monitoring.reliability import Ratings

FLOOR = 5
"""The fewest people somebody must have rated to be looked at."""
FAR = Fraction(5, 2)
"""A robust z beyond it is out of the ordinary."""
WIDE = Fraction(1, 2)
"""And this many points from the middle: a difference that matters."""
SCALING = Fraction(6745, 10000)
"""The third quartile of the normal distribution."""


@dataclass(frozen=True, slots=True)
class Severity:
    """How a rater's mean lies beside that of the others."""

    rater: str
    number: int
    """How many people the rater has rated."""
    mean: Fraction
    difference: Fraction
    """The mean less the median of all raters' means."""
    z: Fraction | None
    """The robust z; None where most means are the same."""

    @property
    def flagged(self) -> bool:
        """Return whether |z| > 2.5 and half a point or more apart."""
        return self.z is not None and abs(self.z) > FAR and abs(self.difference) >= WIDE

    @property
    def words(self) -> str:
        """Return the judgement in words."""
        if not self.flagged:
            return "as the others"
        return "more lenient than the others" if self.difference > 0 else "more severe than the others"


def severities(means: Mapping[str, tuple[int, Fraction]]) -> list[Severity]:
    """Return each rater with enough people beside the others.

    `means` holds how many people each has rated, and the mean rating. The
    robust z is .6745·(x − median)/MAD (Iglewicz and Hoaglin, 1993); raters
    of fewer than five people are left out altogether.
    """
    counted = {rater: each for rater, each in means.items() if each[0] >= FLOOR}
    if not counted:
        return []
    middle = median(mean for _, mean in counted.values())
    spread = median(abs(mean - middle) for _, mean in counted.values())
    return [
        Severity(rater, number, mean, mean - middle, SCALING * (mean - middle) / spread if spread else None)
        for rater, (number, mean) in counted.items()
    ]


@dataclass(frozen=True, slots=True)
class Halo:
    """How far a rater tells the competencies of one person apart."""

    number: int
    """How many people the figures are made of."""
    correlation: float | None
    """The mean correlation of the ratings of two competencies."""
    within: Fraction | None
    """The mean variance of the ratings given to one person."""


def halo(ratings: Ratings) -> Halo:
    """Return the figures of halo for one rater; None under five people.

    `ratings` has a row for each person and a column for each competency.
    Halo shows as a high mean correlation between competencies and as a low
    variance within persons (Saal, Downey and Lahey, 1980).
    """
    rows = [row for row in ratings if sum(each is not None for each in row) > 1]
    if len(rows) < FLOOR:
        return Halo(len(rows), None, None)
    found = [pearson(list(one), list(other)) for one, other in combinations(zip(*rows, strict=True), 2)]
    known = [each for each in found if each is not None]
    variances = [_variance([Fraction(each) for each in row if each is not None]) for row in rows]
    return Halo(
        len(rows), sum(known) / len(known) if known else None, sum(variances, Fraction(0)) / len(variances)
    )


def pearson(one: Sequence[int | Fraction | None], other: Sequence[int | Fraction | None]) -> float | None:
    """Return Pearson's correlation of the pairs without a gap.

    Pearson (1895). None under five pairs, or where one side has no spread.
    """
    pairs = [
        (Fraction(x), Fraction(y)) for x, y in zip(one, other, strict=True) if x is not None and y is not None
    ]
    if len(pairs) < FLOOR:
        return None
    n = len(pairs)
    sum_x, sum_y = sum((x for x, _ in pairs), Fraction(0)), sum((y for _, y in pairs), Fraction(0))
    along_x = n * sum((x * x for x, _ in pairs), Fraction(0)) - sum_x**2
    along_y = n * sum((y * y for _, y in pairs), Fraction(0)) - sum_y**2
    together = n * sum((x * y for x, y in pairs), Fraction(0)) - sum_x * sum_y
    return float(together) / sqrt(along_x * along_y) if along_x and along_y else None


def _variance(values: Sequence[Fraction]) -> Fraction:
    middle = sum(values, Fraction(0)) / len(values)
    return sum(((each - middle) ** 2 for each in values), Fraction(0)) / (len(values) - 1)
