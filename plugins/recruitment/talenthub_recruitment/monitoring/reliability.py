"""Reliability of ratings: ICC, Krippendorff's alpha, agreement; exact.

A table of ratings has a row for each thing rated and a column for each
rater; None stands where a rater gave no rating. A figure that the ratings do
not define (no spread, too few of them) is None, never 0 or 1.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations, pairwise
from typing import TypeAlias

from talenthub.sdk import agreement

Number: TypeAlias = int | Fraction
Ratings: TypeAlias = Sequence[Sequence[Number | None]]


@dataclass(frozen=True, slots=True)
class Reliability:
    """Intraclass correlations after Shrout and Fleiss (1979)."""

    targets: int
    """Things with at least two ratings: what ICC(1) is made of."""
    complete: int
    """Things that every rater rated: what the other forms are made of."""
    raters: int
    icc_1: Fraction | None
    """One-way: raters differ from thing to thing; one rating."""
    icc_2_1: Fraction | None
    """Two-way random, absolute agreement; one rating."""
    icc_2_k: Fraction | None
    """Two-way random, absolute agreement; the mean of all raters."""
    icc_3_1: Fraction | None
    """Two-way mixed, consistency; one rating."""


def intraclass(ratings: Ratings) -> Reliability:
    """Return the intraclass correlations of a table of ratings.

    Shrout and Fleiss (1979), McGraw and Wong (1996). ICC(1) takes rows of
    unequal length, with the mean number of ratings that an unbalanced
    one-way analysis calls for (Snedecor and Cochran, 1967); the two-way
    forms use the rows without a gap.
    """
    rows = [[Fraction(each) for each in row if each is not None] for row in ratings]
    several = [row for row in rows if len(row) > 1]
    raters = max((len(row) for row in ratings), default=0)
    complete = [row for row in several if len(row) == raters]
    two_way = _two_way(complete) if len(complete) > 1 else (None, None, None)
    return Reliability(len(several), len(complete), raters, _one_way(several), *two_way)


def _one_way(rows: Sequence[Sequence[Fraction]]) -> Fraction | None:
    n, count = len(rows), sum(len(row) for row in rows)
    if n < 2:
        return None
    grand = _mean([each for row in rows for each in row])
    between = sum((len(row) * (_mean(row) - grand) ** 2 for row in rows), Fraction(0)) / (n - 1)
    within = sum((_squares(row) for row in rows), Fraction(0)) / (count - n)
    k = (count - Fraction(sum(len(row) ** 2 for row in rows), count)) / (n - 1)
    return _over(between - within, between + (k - 1) * within)


def _two_way(
    rows: Sequence[Sequence[Fraction]],
) -> tuple[Fraction | None, Fraction | None, Fraction | None]:
    n, k = len(rows), len(rows[0])
    values = [each for row in rows for each in row]
    by_rater = [_mean(column) for column in zip(*rows, strict=True)]
    everything = _squares(values)
    of_rows = k * _squares([_mean(row) for row in rows])
    of_raters = n * _squares(by_rater)
    row, rater = of_rows / (n - 1), of_raters / (k - 1)
    error = (everything - of_rows - of_raters) / ((n - 1) * (k - 1))
    leaning = Fraction(k, n) * (rater - error)
    single = _over(row - error, row + (k - 1) * error + leaning)
    averaged = _over(row - error, row + (rater - error) / n)
    return single, averaged, _over(row - error, row + (k - 1) * error)


Distance: TypeAlias = Callable[[int, int], Fraction]


def alpha(ratings: Ratings, level: str = "interval") -> Fraction | None:
    """Return Krippendorff's alpha; `level` is nominal, ordinal or interval.

    Krippendorff (1970; 2004, chapter 11): 1 − observed over expected
    disagreement, from the coincidences of values within each thing rated.
    A thing with a single rating counts for nothing.
    """
    rows = [[Fraction(each) for each in row if each is not None] for row in ratings]
    paired = [row for row in rows if len(row) > 1]
    totals = Counter(each for row in paired for each in row)
    values = sorted(totals)
    distance = _distance(level, values, totals)
    size = sum(totals.values())
    observed = sum(
        (_disagreement(Counter(row), values, distance) / (len(row) - 1) for row in paired), Fraction(0)
    )
    expected = _disagreement(totals, values, distance)
    return None if not expected else 1 - (size - 1) * observed / expected


def _disagreement(counts: Counter[Fraction], values: Sequence[Fraction], distance: Distance) -> Fraction:
    there = [place for place, value in enumerate(values) if counts[value]]
    return 2 * sum(
        (counts[values[a]] * counts[values[b]] * distance(a, b) for a, b in combinations(there, 2)),
        Fraction(0),
    )


def _distance(level: str, values: Sequence[Fraction], totals: Counter[Fraction]) -> Distance:
    if level == "nominal":
        return lambda _a, _b: Fraction(1)
    if level == "interval":
        return lambda a, b: (values[a] - values[b]) ** 2
    if level != "ordinal":
        raise ValueError(f"{level!r} is not nominal, ordinal or interval")
    # Half the people at both ends and all between: the distance in ranks.
    steps = [Fraction(totals[low] + totals[high], 2) for low, high in pairwise(values)]
    reached = [Fraction(0)]
    for step in steps:
        reached.append(reached[-1] + step)
    return lambda a, b: (reached[a] - reached[b]) ** 2


@dataclass(frozen=True, slots=True)
class Accord:
    """How often two ratings of one thing agree."""

    pairs: int
    """Pairs of ratings of the same thing."""
    exact: Fraction | None
    """The share of pairs that are equal."""
    within_one: Fraction | None
    """The share of pairs at most one point apart."""
    r_wg: Fraction | None
    """The mean over all things rated (James, Demaree and Wolf, 1984)."""


def accord(ratings: Ratings, points: int = 5) -> Accord:
    """Return exact and within-one agreement, and the mean r_wg."""
    rows = [[Fraction(each) for each in row if each is not None] for row in ratings]
    apart = [abs(one - other) for row in rows for one, other in combinations(row, 2)]
    found = [agreement(row, points).r_wg for row in rows if len(row) > 1]
    known = [each for each in found if each is not None]
    return Accord(
        len(apart),
        _share([each == 0 for each in apart]),
        _share([each <= 1 for each in apart]),
        _mean(known) if known else None,
    )


def _share(answers: Sequence[bool]) -> Fraction | None:
    return Fraction(sum(answers), len(answers)) if answers else None


def _mean(values: Sequence[Fraction]) -> Fraction:
    return sum(values, Fraction(0)) / len(values)


def _squares(values: Sequence[Fraction]) -> Fraction:
    middle = _mean(values)
    return sum(((each - middle) ** 2 for each in values), Fraction(0))


def _over(part: Fraction, whole: Fraction) -> Fraction | None:
    return part / whole if whole else None
