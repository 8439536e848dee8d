"""Quality of hire: does the interview tell what day 90 shows?

Pearson's correlation of the panel's mean and the rating at the first check,
competency by competency, both on the five points and against the role of
that person. Interval: Fisher's z, tanh(artanh r ± 1.96/√(n−3)).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from statistics import NormalDist
from typing import Any

from talenthub.sdk import CaseView
from talenthub_onboarding.cases import Plan
from talenthub_onboarding.rule import points_of

CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True)
class Pair:
    """One person's interview and day 90 on one competency."""

    plan: str
    competency: str
    interview: Fraction
    check: Fraction


@dataclass(frozen=True, slots=True)
class Quality:
    """How well the interview told, for one competency."""

    competency: str
    people: int
    r: float | None
    """None: withheld, or nobody differs from anybody."""
    low: float | None
    high: float | None
    said: str
    """Why there is no figure; empty where there is one."""
    plans: tuple[str, ...]
    """What went in; empty where the figure is withheld."""


def pairs_of(plans: Iterable[CaseView]) -> Iterator[Pair]:
    """Return what was rated both in the interview and at the first check."""
    for case in plans:
        data: Plan | None = case.data
        if data is None or not data.checks:
            continue
        found = points_of(data.measures, data.checks[0].ratings)
        for code, mean in data.selection.items():
            if code in found:
                yield Pair(case.ref, code, Fraction(mean), found[code])


def quality(pairs: Iterable[Pair], minimum: int) -> list[Quality]:
    """Return the correlation of each competency; withheld under `minimum`."""
    by_code: dict[str, list[Pair]] = {}
    for each in pairs:
        by_code.setdefault(each.competency, []).append(each)
    return [_quality(code, found, minimum) for code, found in sorted(by_code.items())]


def _quality(code: str, pairs: Sequence[Pair], minimum: int) -> Quality:
    people = len(pairs)
    if people < minimum:
        said = f"withheld: {people} of at least {minimum} people"
        return Quality(code, people, None, None, None, said, ())
    plans = tuple(each.plan for each in pairs)
    r = correlation([(each.interview, each.check) for each in pairs])
    if r is None:
        return Quality(code, people, None, None, None, "everybody was rated alike", plans)
    low, high = interval(r, people)
    return Quality(code, people, r, low, high, "", plans)


def correlation(points: Sequence[tuple[Fraction, Fraction]]) -> float | None:
    """Return Pearson's r; None where either side does not vary.

    Sums are exact; only the last root and quotient are floats.
    """
    count = len(points)
    mean_x = sum((x for x, _ in points), Fraction(0)) / count
    mean_y = sum((y for _, y in points), Fraction(0)) / count
    spread_x = sum(((x - mean_x) ** 2 for x, _ in points), Fraction(0))
    spread_y = sum(((y - mean_y) ** 2 for _, y in points), Fraction(0))
    if not spread_x or not spread_y:
        return None
    common = sum(((x - mean_x) * (y - mean_y) for x, y in points), Fraction(0))
    # One root of the whole: r of a straight line is exactly 1.
    return math.copysign(math.sqrt(common**2 / (spread_x * spread_y)), common)


def interval(r: float, people: int) -> tuple[float, float]:
    """Return the 95 % interval of a correlation by Fisher's z."""
    if abs(r) == 1.0:
        return r, r
    half = NormalDist().inv_cdf((1 + CONFIDENCE) / 2) / math.sqrt(people - 3)
    z = math.atanh(r)
    return math.tanh(z - half), math.tanh(z + half)


def quality_rows(found: Iterable[Quality]) -> list[dict[str, Any]]:
    """Return the figures as rows of output."""
    return [
        {
            "competency": each.competency,
            "people": each.people,
            "r": each.r,
            "low": each.low,
            "high": each.high,
            "said": each.said,
            "rows": list(each.plans),
        }
        for each in found
    ]
