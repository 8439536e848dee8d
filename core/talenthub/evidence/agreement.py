"""Agreement of raters, in exact numbers.

r_wg as defined by James, Demaree and Wolf (1984): 1 − s²/σ², where s² is the
sample variance (n − 1) and σ² = (A² − 1)/12 the variance of a rating drawn
evenly from A levels. It is cut off at 0 and at 1.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from talenthub.errors import Problem, UsageError
from talenthub.evidence.exact import Exactable, exact

WIDE_RANGE = Fraction(2)
LOW_AGREEMENT = Fraction(7, 10)
LEVELS = 5


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far several raters of one thing agree."""

    count: int
    mean: Fraction
    range: Fraction
    variance: Fraction | None
    """Sample variance; None with a single rating."""
    r_wg: Fraction | None
    """0 to 1; None with a single rating."""

    @property
    def must_discuss(self) -> bool:
        """Return whether they must talk before the mean is used.

        A range of 2 or more, or r_wg under .70; exactly .70 is enough.
        """
        return self.range >= WIDE_RANGE or (self.r_wg is not None and self.r_wg < LOW_AGREEMENT)


def agreement(ratings: Sequence[Exactable], levels: int = LEVELS) -> Agreement:
    """Return mean, range and r_wg of at least one rating on `levels` levels."""
    if not ratings:
        raise UsageError(Problem(text="no ratings to compare", code="evidence.no-ratings"))
    return _agreement(tuple(ratings), levels)


# A panel has few ways to rate; a file of ten thousand ratings repeats them.
@lru_cache(maxsize=4096)
def _agreement(ratings: tuple[Exactable, ...], levels: int) -> Agreement:
    values = sorted(exact(each) for each in ratings)
    mean = sum(values, Fraction(0)) / len(values)
    spread = values[-1] - values[0]
    if len(values) == 1:
        return Agreement(1, mean, spread, None, None)
    variance = sum(((each - mean) ** 2 for each in values), Fraction(0)) / (len(values) - 1)
    return Agreement(len(values), mean, spread, variance, _r_wg(variance, levels))


def must_discuss(ratings: Sequence[Exactable], levels: int = LEVELS) -> bool:
    """Return whether raters so far apart must discuss: range ≥ 2, r_wg < .70."""
    return agreement(ratings, levels).must_discuss


def mean(ratings: Sequence[Exactable]) -> Fraction:
    """Return the exact mean of at least one rating."""
    return agreement(ratings).mean


def _r_wg(variance: Fraction, levels: int) -> Fraction:
    if levels < 2:  # one level leaves nothing to disagree about
        return Fraction(1)
    even = Fraction(levels**2 - 1, 12)
    return max(Fraction(0), 1 - variance / even)
