"""Placing: performance and potential of a person, exact up to the cut."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from talenthub_career.exact import exact, mean
from talenthub_career.settings import CareerSettings


@dataclass(frozen=True, slots=True)
class Figures:
    """What a placement rests on; None: unknown, and never 0."""

    objectives: Fraction | None
    competencies: Fraction | None
    performance: Fraction | None
    agility: Fraction | None
    aspiration: int | None
    fit: Fraction | None
    """To the next role, 0 to 1."""
    potential: Fraction | None


def figures_of(
    objectives: Fraction | None,
    competencies: Fraction | None,
    agility: Fraction | None,
    aspiration: int | None,
    fit: float | None,
    settings: CareerSettings,
) -> Figures:
    """Return performance and potential; `fit` is given in percent.

    performance = share·objectives + (1 − share)·competencies;
    potential = w·agility + w·aspiration + w·(1 + 4·fit). Each is unknown
    while one of its parts is.
    """
    share = Fraction(settings.objectives_share)
    known = exact(fit) / 100 if fit is not None else None
    performance = (
        None
        if objectives is None or competencies is None
        else share * objectives + (1 - share) * competencies
    )
    potential = (
        None
        if agility is None or aspiration is None or known is None
        else Fraction(settings.agility_weight) * agility
        + Fraction(settings.aspiration_weight) * aspiration
        + Fraction(settings.fit_weight) * (1 + 4 * known)
    )
    return Figures(objectives, competencies, performance, agility, aspiration, known, potential)


def weighted(results: Iterable[tuple[Fraction, Fraction]]) -> Fraction | None:
    """Return the mean of (rating, weight) pairs; None of nothing."""
    given = list(results)
    total = sum((weight for _, weight in given), Fraction(0))
    return sum((rating * weight for rating, weight in given), Fraction(0)) / total if total else None


def agility_of(ratings: Sequence[Mapping[str, int]]) -> Fraction | None:
    """Return the mean over raters of the mean over their items."""
    means = [found for each in ratings if (found := mean(each.values())) is not None]
    return mean(means)
