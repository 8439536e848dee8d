"""Pictures of the reports, drawn from their rows and from nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from talenthub.sdk import pictures
from talenthub_performance.leniency import median

Rows = Sequence[Mapping[str, Any]]


def ratings(rows: Rows) -> pictures.Picture:
    """Return the distribution before and after calibration."""
    points = sorted({row["rating"] for row in rows})
    columns = [
        pictures.Parts(str(point), tuple(_sum(rows, point, when) for when in ("before", "after")))
        for point in points
    ]
    return pictures.columns(f"Ratings of {_cycles(rows)}", columns, ("before calibration", "after"))


def _sum(rows: Rows, point: int, when: str) -> int:
    return sum(row[when] for row in rows if row["rating"] == point)


def _cycles(rows: Rows) -> str:
    named = list(dict.fromkeys(str(row["cycle"]) for row in rows))
    return ", ".join(named) if len(named) <= 3 else f"{len(named)} cycles"


def leniency(rows: Rows) -> pictures.Picture:
    """Return the managers' means on the five points, those flagged by name."""
    means = [Fraction(row["mean"]) for row in rows]
    spots = [pictures.Spot(row["manager"], row["mean"], row["flagged"]) for row in rows]
    title = f"Managers' mean ratings in {_cycles(rows)}"
    top = max([Fraction(5), *means])
    return pictures.strip(title, spots, median(means) if means else None, 1, top)
