"""Needs: what an organisation has to learn, and what its catalogue offers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from talenthub.evidence.figures import Figure
from talenthub.evidence.settings import NO_BAND, EvidenceSettings
from talenthub.evidence.viewing import GroupView, view_organisation
from talenthub.framework.catalogue import learning_items, strategy_weights
from talenthub.framework.library import chosen_code
from talenthub.framework.model import LearningItem
from talenthub.storage.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Need:
    """One competency that is lacking, and what there is to learn it from."""

    figure: Figure
    people_gaps: int | None
    """One person with an open gap each; None: too few are known."""
    share: Fraction | None
    """Of all people-gaps."""
    weight: Fraction | None
    """How much it matters for this year's strategy."""
    items: tuple[LearningItem, ...]
    behind: tuple[str, ...]
    """Who has the gap, and how large it is, as far as the reader sees them."""

    @property
    def priority(self) -> Fraction | None:
        """Return people-gaps × strategy weight; None where one is unknown."""
        if self.weight is None or self.people_gaps is None:
            return None
        return self.weight * self.people_gaps


def training_needs(
    tx: Transaction,
    framework: str | None,
    unit: str | None,
    purpose: str,
    settings: EvidenceSettings,
    on: date | None = None,
    *,
    listed: bool = False,
) -> list[Need]:
    """Return the competencies of a framework by priority, highest first.

    `framework` may be left out where there is one. Figures of too few are
    blank; what has no strategy weight stands last. NotPermitted as for the
    figures themselves.
    """
    view = view_organisation(tx, unit, purpose, settings, on, listed=listed)
    code = chosen_code(tx, framework)
    items, weights = learning_items(tx, code, on), strategy_weights(tx, code, on)
    counts = {each.competency: _people_gaps(each) for each in view.figures}
    total = sum(filter(None, counts.values()))
    needs = [_need(each, counts, total, view, items, weights) for each in view.figures]
    return sorted(needs, key=_order)


def covered(needs: Iterable[Need], chosen: Sequence[str]) -> Fraction | None:
    """Return the share of all people-gaps that some competencies cover."""
    counts = {each.figure.competency: each.people_gaps or 0 for each in needs}
    total = sum(counts.values())
    return Fraction(sum(counts.get(code, 0) for code in set(chosen)), total) if total else None


def _people_gaps(figure: Figure) -> int | None:
    if not figure.is_shown:
        return None
    return sum(many for band, many in figure.bands.items() if band != NO_BAND)


def _need(
    figure: Figure,
    counts: Mapping[str, int | None],
    total: int,
    view: GroupView,
    items: Sequence[LearningItem],
    weights: Mapping[str, Fraction],
) -> Need:
    code = figure.competency
    count = counts[code]
    return Need(
        figure=figure,
        people_gaps=count,
        share=Fraction(count, total) if total and count is not None else None,
        weight=weights.get(code),
        items=tuple(each for each in items if each.competency == code),
        behind=tuple(
            f"{view.handles[each.person]} {each.size:.3f}"
            for each in view.seen.gaps
            if each.competency == code and each.is_open and each.person in view.handles
        ),
    )


def _order(need: Need) -> tuple[bool, Fraction, int, str]:
    priority = need.priority
    return priority is None, -(priority or Fraction(0)), -(need.people_gaps or 0), need.figure.competency
