"""The rule that proposes a confirmation: exact from rating to cut.

Mean of what was rated at least 2.75, and every critical competency at least
3 (domain 8). A competency that nobody could rate yet is never a zero.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from talenthub.sdk import shown
from talenthub_onboarding.cases import Measure, Rating
from talenthub_onboarding.settings import OnboardingSettings


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the rule says about a check; humans decide."""

    mean: Fraction | None
    """None: nothing was rated."""
    rated: int
    asked: int
    why_not: tuple[str, ...]

    @property
    def proposed(self) -> bool:
        """Return whether the rule proposes to confirm."""
        return not self.why_not


def proposal(
    measures: Sequence[Measure], ratings: Mapping[str, Rating], settings: OnboardingSettings
) -> Proposal:
    """Return what the rule says about these ratings, with its reasons."""
    points = points_of(measures, ratings)
    faults = []
    mean = sum(points.values(), Fraction(0)) / len(points) if points else None
    if mean is None:
        faults.append("nothing was rated")
    elif mean < settings.mean_cut:
        faults.append(f"mean {shown(mean)} is below {settings.minimum_mean}")
    for each in measures:
        found = points.get(each.competency)
        if each.critical and found is not None and found < settings.critical_cut:
            cut = settings.minimum_critical
            faults.append(f"{each.competency} {shown(found)} is below {cut}, and it is critical")
        elif found is None and (each.critical or each.essential):
            kind = "critical" if each.critical else "essential"
            faults.append(f"{each.competency} was not rated, and it is {kind}")
    return Proposal(mean, len(points), len(measures), tuple(faults))


def points_of(measures: Sequence[Measure], ratings: Mapping[str, Rating]) -> dict[str, Fraction]:
    """Return the ratings on the five points; what was not rated is absent."""
    return {
        each.competency: each.as_points(rating)
        for each in measures
        if (rating := ratings.get(each.competency)) is not None
    }
