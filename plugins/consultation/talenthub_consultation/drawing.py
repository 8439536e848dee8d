"""Pictures of consultations, drawn from the rows of the reports."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from talenthub.sdk import pictures

Rows = Sequence[Mapping[str, Any]]


def buyin(rows: Rows) -> pictures.Picture:
    """Return how much of its votes each level gives to acceptance, 0 to 1."""
    bars = [
        pictures.Bar(_named(row), row["share"], f"{row['accepting']} of {row['votes']} votes", tone=2)
        for row in rows
    ]
    return pictures.bars("Acceptance by level", bars, 1)


def _named(row: Mapping[str, Any]) -> str:
    level = f"level {row['level']}"
    return f"{row['consultation']} {level}" if "consultation" in row else level


def relevance(rows: Rows) -> pictures.Picture:
    """Return the content validity ratio of each indicator; below 0: at 0."""
    bars = [
        pictures.Bar(
            row["indicator"],
            None if row["cvr"] is None else max(row["cvr"], 0.0),
            row["needed"],
            asked=row["critical"],
        )
        for row in rows
    ]
    return pictures.bars("Content validity ratio", bars, 1)
