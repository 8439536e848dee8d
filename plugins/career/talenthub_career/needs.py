"""Needs: what an organisation has to learn, and what its catalogue offers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from talenthub.sdk import (
    Engine,
    GroupView,
    LearningItem,
    Transaction,
    learning_items,
    strategy_weights,
    view_organisation,
)
from talenthub_career.facts import PURPOSE
from talenthub_career.strategies import KINDS

NO_GAP = "none"


def need_rows(
    engine: Engine, tx: Transaction, framework: str, unit: str | None = None
) -> list[dict[str, Any]]:
    """Return the competencies by people-gaps × strategy weight, most first.

    A people-gap is one person with an open gap. Figures of too few are
    blank; a competency without a strategy weight stands after the others.
    """
    view = view_organisation(tx, unit, PURPOSE, engine.evidence)
    items, weights = learning_items(tx, framework), strategy_weights(tx, framework)
    rows = [_row(each, view, items, weights) for each in view.figures]
    total = sum(each["people_gaps"] or 0 for each in rows)
    for each in rows:
        each["share"] = each["people_gaps"] / total if total and each["people_gaps"] is not None else None
    return sorted(rows, key=_order)


def _row(
    figure: Any, view: GroupView, items: Sequence[LearningItem], weights: Mapping[str, Fraction]
) -> dict[str, Any]:
    code = figure.competency
    count = sum(many for band, many in figure.bands.items() if band != NO_GAP) if figure.is_shown else None
    weight = weights.get(code)
    own = [each for each in items if each.competency == code]
    return {
        "competency": code,
        "people": figure.people,
        "known": figure.known,
        "people_gaps": count,
        "mean_gap": figure.mean_size,
        "weight": None if weight is None else float(weight),
        "priority": None if weight is None or count is None else float(weight * count),
        **{f"{kind}_items": sum(each.kind == kind for each in own) for kind in KINDS},
        "rows": [
            f"{view.handles[each.person]} {each.size:.3f}"
            for each in view.seen.gaps
            if each.competency == code and each.is_open and each.person in view.handles
        ],
    }


def _order(row: Mapping[str, Any]) -> tuple[bool, float, int, str]:
    return row["priority"] is None, -(row["priority"] or 0.0), -(row["people_gaps"] or 0), row["competency"]


def covered(rows: Sequence[Mapping[str, Any]], chosen: Sequence[str]) -> Fraction | None:
    """Return the share of all people-gaps that these competencies cover."""
    total = sum(each["people_gaps"] or 0 for each in rows)
    part = sum(each["people_gaps"] or 0 for each in rows if each["competency"] in chosen)
    return Fraction(part, total) if total else None
