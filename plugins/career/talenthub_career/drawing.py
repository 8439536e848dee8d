"""Drawing: the pictures of career, from rows that are shown beside them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from talenthub.sdk import pictures
from talenthub_career.plan_cases import Target
from talenthub_career.strategies import BANDS, KINDS
from talenthub_career.telling import mix_of

Row = Mapping[str, Any]
CONTEXT_SHARE, NEED_SHARE = "context", "need"


def seeing(title: str, rows: Sequence[Row]) -> pictures.Picture:
    """Return context and need of each competency, one after the other."""
    drawn = [
        pictures.Parts(
            each["competency"],
            (each["context"], each["need"]),
            "chosen" if each["chosen"] else each["says"],
        )
        for each in rows
    ]
    return pictures.stacked(title, drawn, (CONTEXT_SHARE, NEED_SHARE), highest=2)


def learning(title: str, targets: Sequence[Target]) -> pictures.Picture:
    """Return the hours of each target by kind."""
    drawn = [
        pictures.Parts(each.competency, tuple(map(float, mix_of(each).values())), "hours")
        for each in targets
        if each.items
    ]
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
