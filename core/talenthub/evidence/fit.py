"""Strength and fit: how standings meet what a role asks for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from talenthub.evidence.exact import rounded
from talenthub.evidence.settings import EvidenceSettings
from talenthub.evidence.standing import Standing

CRITICAL_WEIGHT = 2
FORMULA = "100·Σ w·min(1, current/required) / Σ w over what is known; w is 2 for critical, else 1"


class Demand(Protocol):
    """What a role asks of one competency; a framework's Requirement is one."""

    @property
    def competency(self) -> str:
        """Return the competency's code."""

    @property
    def level(self) -> int:
        """Return the required level."""

    @property
    def essential(self) -> bool:
        """Return whether it is more than desirable."""

    @property
    def critical(self) -> bool:
        """Return whether the role can't be done without it."""


@dataclass(frozen=True, slots=True)
class Fit:
    """How well a person's standings meet a role."""

    value: float | None
    """0 to 100 over the known competencies; None: unknown."""
    coverage: float
    """The known share of the role's competencies, weighted alike; 0 to 1."""
    unknown: tuple[str, ...]
    """Competencies without evidence, in the role's order."""
    unknown_critical: tuple[str, ...]
    """Those among them for which the fit itself is unknown."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """One person's fit to a role."""

    person: int
    fit: float
    """0 to 100 over the known competencies, to nine decimals."""
    coverage: float
    """The known share of the role; 0 to 1."""


def is_strength(current: float, required: int, settings: EvidenceSettings) -> bool:
    """Return whether a standing is far enough above the required level."""
    return settings.is_strength(current - required)


def fit(demands: Iterable[Demand], standings: Mapping[str, Standing]) -> Fit:
    """Return the fit of one person, standings by competency, to a role.

    100·Σ w·min(1, current/required) / Σ w, w = 2 for critical, else 1, over
    the known competencies; unknown if a critical one or all are unknown.
    """
    asked = list(demands)
    known = [each for each in asked if each.competency in standings]
    unknown = tuple(each.competency for each in asked if each.competency not in standings)
    critical = tuple(each.competency for each in asked if each.critical and each.competency in unknown)
    weight = _weight(known)
    coverage = rounded(weight / _weight(asked)) if asked else 0.0
    if critical or not known:
        return Fit(None, coverage, unknown, critical)
    value = score((weight_of(each), standings[each.competency].value, each.level) for each in known)
    return Fit(value, coverage, unknown, critical)


def score(known: Iterable[tuple[int, float, int]]) -> float:
    """Return 100·Σ w·min(1, current/required) / Σ w, to nine decimals.

    Added up one by one, so that arrays that do the same get the same.
    """
    met, weight = 0.0, 0
    for own, current, required in known:
        met += own * _share(current, required)
        weight += own
    return rounded(100 * met / weight)


def weight_of(demand: Demand) -> int:
    """Return what a demand counts: double where it is critical."""
    return CRITICAL_WEIGHT if demand.critical else 1


def _weight(demands: Sequence[Demand]) -> int:
    return sum(weight_of(each) for each in demands)


def _share(current: float, required: int) -> float:
    return 1.0 if required <= 0 else min(1.0, current / required)
