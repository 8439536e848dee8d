"""Pictures of the reports, drawn from their rows and from nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from talenthub.sdk import pictures

Rows = Sequence[Mapping[str, Any]]


def quality_of_hire(rows: Rows) -> pictures.Picture:
    """Return the interval of each correlation, from -1 to 1."""
    spans = [pictures.Span(row["competency"], row["low"], row["high"], _note(row)) for row in rows]
    return pictures.spans("Interview and day 90: r with its 95 % interval", spans, (-1, 1))


def _note(row: Mapping[str, Any]) -> str:
    return f"{row['people']} people" if row["r"] is None else f"r {row['r']:.3f}, {row['people']} people"


def onboarding(rows: Rows) -> pictures.Picture:
    """Return how many plans stand in each state."""
    bars = [pictures.Bar(row["state"], row["count"], f"longest {row['oldest_days']} days") for row in rows]
    return pictures.bars("Plans by state", bars)
