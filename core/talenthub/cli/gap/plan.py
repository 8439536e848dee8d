"""Rows and the picture of `talent gap org --plan`; imported when it runs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from talenthub import pictures
from talenthub.cli.files import Made
from talenthub.cli.output import Column
from talenthub.evidence.needs import Need

KINDS = ("assignment", "people", "formal")
"""What a learning catalogue has; each has a column of its own."""


def plan_of(title: str, needs: Sequence[Need], *, people: bool) -> Made:
    """Return what there is to learn, as rows and as bars."""
    rows = [_row(each) for each in needs]
    return Made(title, rows, _columns(people=people), lambda: _bars(title, rows))


def _row(need: Need) -> dict[str, Any]:
    return {
        "competency": need.figure.competency,
        "people_gaps": need.people_gaps,
        "share": _number(need.share),
        "weight": _number(need.weight),
        "priority": _number(need.priority),
        "people": need.figure.people,
        "known": need.figure.known,
        "mean_gap": need.figure.mean_size,
        "learning": len(need.items),
        **{f"{kind}_items": sum(each.kind == kind for each in need.items) for kind in KINDS},
        "rows": list(need.behind),
    }


def _columns(*, people: bool) -> list[Column]:
    figures = ("people_gaps", "share", "weight", "priority", "people", "known", "mean_gap")
    return [
        Column("competency"),
        *(Column(each, right=True, show=_figure) for each in figures),
        Column("learning", right=True),
        *(Column(f"{each}_items", right=True, extra=True) for each in KINDS),
        Column("rows", extra=not people),
    ]


def _number(value: Any) -> float | None:
    return None if value is None else float(value)


def _figure(value: Any) -> str:
    return "-" if value is None else f"{value:.3f}" if isinstance(value, float) else str(value)


def _bars(title: str, rows: Sequence[dict[str, Any]]) -> pictures.Picture:
    drawn = [
        pictures.Bar(each["competency"], each["people_gaps"], f"{each['learning']} to learn from")
        for each in rows
    ]
    return pictures.bars(title, drawn)
