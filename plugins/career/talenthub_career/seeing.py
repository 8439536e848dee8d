"""Seeing It: what matters here and now, and what somebody lacks of it.

context = Σ share·weight over strategy, challenge and near-future role;
need = min(1, max(gap, near_need·gap to the near-future role));
priority = context_share·context + (1 − context_share)·need, where need > 0.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from talenthub_career.settings import CareerSettings


@dataclass(frozen=True, slots=True)
class Weights:
    """How much a competency matters: each from 0 to 1."""

    strategy: Fraction
    challenge: Fraction
    near: Fraction

    def context(self, settings: CareerSettings) -> Fraction:
        """Return the context: the three, by the organisation's shares."""
        return (
            Fraction(settings.strategy_share) * self.strategy
            + Fraction(settings.challenge_share) * self.challenge
            + Fraction(settings.near_share) * self.near
        )


@dataclass(frozen=True, slots=True)
class Lack:
    """How far somebody is below the present and the near-future role."""

    present: Fraction | None
    """None: nobody knows, or the role does not ask for it."""
    near: Fraction | None

    def need(self, settings: CareerSettings) -> Fraction | None:
        """Return the need, 0 to 1; None where nothing is known."""
        found = [
            *([self.present] if self.present is not None else []),
            *([Fraction(settings.near_need) * self.near] if self.near is not None else []),
        ]
        return min(Fraction(1), max(Fraction(0), *found)) if found else None


@dataclass(frozen=True, slots=True)
class Looked:
    """One competency as Seeing It shows it."""

    competency: str
    weights: Weights
    context: Fraction
    lack: Lack
    need: Fraction | None
    priority: Fraction | None
    """None: not needed, or nothing is known."""


def look(weights: Mapping[str, Weights], lacks: Mapping[str, Lack], settings: CareerSettings) -> list[Looked]:
    """Return the competencies, what comes first at the top.

    Ties go to the higher context, then to the code. What is not needed, or
    not known, stands at the end without a priority.
    """
    found = [
        _looked(code, each, lacks.get(code, Lack(None, None)), settings) for code, each in weights.items()
    ]
    return sorted(found, key=_order)


def ranked(rows: Iterable[Looked]) -> list[Looked]:
    """Return those with a priority."""
    return [each for each in rows if each.priority is not None]


def _looked(code: str, weights: Weights, lack: Lack, settings: CareerSettings) -> Looked:
    context, need = weights.context(settings), lack.need(settings)
    share = Fraction(settings.context_share)
    priority = share * context + (1 - share) * need if need else None
    return Looked(code, weights, context, lack, need, priority)


def _order(each: Looked) -> tuple[bool, Fraction, Fraction, str]:
    return each.priority is None, -(each.priority or Fraction(0)), -each.context, each.competency
