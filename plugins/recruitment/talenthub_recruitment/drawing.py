"""Pictures of the reports, drawn from their rows and from nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from talenthub.sdk import pictures

Rows = Sequence[Mapping[str, Any]]

PATH = ("received", "screening", "shortlisted", "in assessment", "assessed", "ranked", "offered", "hired")
"""The states of an application on its way to a hire; the others leave it."""


def funnel(rows: Rows) -> pictures.Picture:
    """Return how many reached each state, all selections of the rows together."""
    words = [each for each in PATH if any(row["state"] == each for row in rows)]
    steps = [
        pictures.Step(each, sum(row["reached"] for row in rows if row["state"] == each)) for each in words
    ]
    named = list(dict.fromkeys(str(row["selection"]) for row in rows))
    return pictures.funnel(f"Applications of {_some(named)}", steps)


def _some(refs: Sequence[str]) -> str:
    return ", ".join(refs) if len(refs) <= 3 else f"{len(refs)} selections"


def time_to_fill(rows: Rows) -> pictures.Picture:
    """Return the days each requisition took, or waits so far."""
    bars = [
        pictures.Bar(
            f"{row['requisition']} {row['about'] or ''}".strip(),
            row["days_to_fill"] if row["days_to_fill"] is not None else row["days_waiting"],
            "waiting" if row["days_waiting"] is not None else "",
            tone=1 if row["days_waiting"] is not None else 3,
        )
        for row in rows
    ]
    return pictures.bars("Days to fill", bars)


def open_work(rows: Rows) -> pictures.Picture:
    """Return how many are open in each state, with the days of the oldest."""
    bars = [
        pictures.Bar(f"{row['kind']}: {row['state']}", row["count"], f"oldest {row['oldest_days']} days")
        for row in rows
    ]
    return pictures.bars("Open work", bars)


def kit_quality(rows: Rows) -> pictures.Picture:
    """Return how well panels agreed on each competency, from 0 to 1."""
    bars = [pictures.Bar(row["competency"], row["mean_r_wg"], f"{row['ratings']} ratings") for row in rows]
    return pictures.bars("Agreement of panels (mean r_wg)", bars, 1)
