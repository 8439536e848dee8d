"""The figures of a consensus, exact from the ratings to the cut.

A float sum puts one exact 3.0 in seven below 3.0, so every mean stays a
Fraction, is carried as text ("7/3") and is compared as a Fraction.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from talenthub.sdk import Agreement, CaseView, agreement, shown
from talenthub_recruitment.cases import Consensus, Finding, Measure, Rating
from talenthub_recruitment.settings import RecruitmentSettings


@dataclass(frozen=True)
class Spread:
    """The ratings of one competency, and how far apart they lie."""

    measure: Measure
    ratings: tuple[Rating, ...]

    @cached_property
    def figures(self) -> Agreement | None:
        """Return how far they agree; None: nobody has observed it."""
        return _agreement(self.measure, self.observed) if self.observed else None

    @cached_property
    def observed(self) -> tuple[int, ...]:
        """Return the ratings that were given."""
        return tuple(each for each in self.ratings if each is not None)

    def too_wide(self, settings: RecruitmentSettings) -> bool:
        """Return whether the raters must discuss it before it counts."""
        if self.figures is None or self.figures.r_wg is None:
            return False
        wide = self.figures.range >= Fraction(settings.wide_range)
        return wide or self.figures.r_wg < Fraction(settings.low_agreement)

    def __str__(self) -> str:
        """Return `DEL 2, 4, 3 (range 2, r_wg 0.500)`."""
        given = ", ".join("-" if each is None else str(each) for each in self.ratings)
        if self.figures is None or self.figures.r_wg is None:
            return f"{self.measure.competency} {given}"
        apart = f"range {shown(self.figures.range)}, r_wg {shown(self.figures.r_wg)}"
        return f"{self.measure.competency} {given} ({apart})"


def spreads(measures: Sequence[Measure], scorecards: Sequence[CaseView]) -> tuple[Spread, ...]:
    """Return the ratings of each competency in the order of the scorecards."""
    return tuple(
        Spread(each, tuple(card.data.ratings.get(each.competency) for card in scorecards))
        for each in measures
    )


def _agreement(measure: Measure, given: Sequence[int]) -> Agreement:
    # Range and r_wg speak of the points that raters chose from; a range of
    # levels is two points a level, as the relative view has it.
    found = agreement(given, measure.points)
    if measure.mode == "relative":
        return found
    points = [measure.as_points(each) for each in given]
    return Agreement(found.count, found.mean, max(points) - min(points), found.variance, found.r_wg)


def consensus(
    measures: Sequence[Measure], scorecards: Sequence[CaseView], panel: int, note: str = ""
) -> Consensus:
    """Return what the panel found; every competency has been observed."""
    found = spreads(measures, scorecards)
    means = {each.measure.competency: mean_points(each) for each in found}
    return Consensus(
        findings=tuple(_finding(each, means[each.measure.competency], scorecards) for each in found),
        overall=str(weighted_mean(measures, means)),
        raters=len(scorecards),
        panel=panel,
        note=note,
    )


def _finding(spread: Spread, mean: Fraction, scorecards: Sequence[CaseView]) -> Finding:
    assert spread.figures is not None, "nobody has observed it"
    code = spread.measure.competency
    discussed = any(code in card.data.first for card in scorecards)
    return Finding(
        competency=code,
        ratings=spread.ratings,
        first=tuple(card.data.first.get(code) for card in scorecards) if discussed else (),
        mean=str(mean),
        rating=str(spread.figures.mean),
        range=str(spread.figures.range),
        r_wg=None if spread.figures.r_wg is None else str(spread.figures.r_wg),
    )


def mean_points(spread: Spread) -> Fraction:
    """Return the exact mean on the five points of those who observed it."""
    points = [spread.measure.as_points(each) for each in spread.observed]
    return sum(points, Fraction(0)) / len(points)


def weighted_mean(measures: Iterable[Measure], means: Mapping[str, Fraction]) -> Fraction:
    """Return Σ w·mean / Σ w over the competencies, exactly."""
    weights = {each.competency: Fraction(each.weight) for each in measures}
    return sum((weights[code] * means[code] for code in weights), Fraction(0)) / sum(weights.values())


def shortfalls(
    measures: Sequence[Measure], found: Consensus, settings: RecruitmentSettings
) -> tuple[str, ...]:
    """Return why somebody is not appointable; empty: they are."""
    overall = Fraction(found.overall)
    critical = {each.competency for each in measures if each.critical}
    faults = []
    if overall < settings.overall_cut:
        faults.append(f"overall {shown(overall)} is below {settings.appointable_overall}")
    for each in found.findings:
        if each.competency in critical and Fraction(each.mean) < settings.critical_cut:
            mean, cut = shown(Fraction(each.mean)), settings.appointable_critical
            faults.append(f"{each.competency} {mean} is below {cut}, and it is critical")
    return tuple(faults)


def failed_essentials(
    measures: Sequence[Measure], found: Consensus | None, settings: RecruitmentSettings
) -> tuple[str, ...]:
    """Return the essential competencies whose mean does not meet the role."""
    if found is None:
        return ()
    essential = {each.competency for each in measures if each.essential}
    return tuple(
        each.competency
        for each in found.findings
        if each.competency in essential and Fraction(each.mean) < settings.essential_cut
    )
