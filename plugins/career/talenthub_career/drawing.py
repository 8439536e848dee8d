"""Drawing: the pictures of career, from rows that are shown beside them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from talenthub.sdk import pictures
from talenthub_career.strategies import BANDS, KINDS

Row = Mapping[str, Any]


def seeing(title: str, rows: Sequence[Row], share: Decimal) -> pictures.Picture:
    """Return what context and need add to each priority, one after the other.

    `share` is that of the context; what nobody needs has no priority.
    """
    weight = float(share)
    drawn = [
        pictures.Parts(
            each["competency"],
            (_part(weight, each["context"], each), _part(1 - weight, each["need"], each)),
            "chosen" if each["chosen"] else each["says"],
        )
        for each in rows
    ]
    return pictures.stacked(title, drawn, ("context", "need"), highest=1)


def _part(weight: float, value: float | None, row: Row) -> float | None:
    if row["need"] == 0:
        return 0.0  # nothing is lacking, so however much it matters it is no target
    return None if value is None or row["priority"] is None else weight * value


def learning(title: str, hours: Mapping[str, Mapping[str, Fraction]]) -> pictures.Picture:
    """Return the hours for each competency by kind."""
    drawn = [pictures.Parts(code, tuple(map(float, each.values()))) for code, each in hours.items()]
    return pictures.stacked(title, drawn, KINDS)


def entries(title: str, rows: Sequence[Row]) -> pictures.Picture:
    """Return the confidence of each entry; what was missed is a hollow mark."""
    return pictures.sparkline(
        title, [str(each["on"]) for each in rows], [each["confidence"] for each in rows], 10
    )


def placements(rows: Sequence[Row]) -> pictures.Picture:
    """Return the nine boxes of everybody."""
    return nine_box("Placements", rows)


def targets(rows: Sequence[Row]) -> pictures.Picture:
    """Return how often plans aim at each competency."""
    drawn = [pictures.Bar(each["competency"], each["targets"], f"{each['so_far']:.0%}") for each in rows]
    return pictures.bars("What plans aim at", drawn)


def nine_box(title: str, rows: Sequence[Row]) -> pictures.Picture:
    """Return how many were placed where, with the strategy in each box."""
    fields = {
        (BANDS.index(each["performance"]), BANDS.index(each["potential"])): pictures.Field(
            each["strategy"], count=each["people"]
        )
        for each in rows
    }
    return pictures.nine_box(title, BANDS, BANDS, fields)
