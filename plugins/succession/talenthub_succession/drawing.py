"""Pictures of the bench, drawn from the rows of the reports."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from talenthub.sdk import pictures

Rows = Sequence[Mapping[str, Any]]


def coverage(rows: Rows) -> pictures.Picture:
    """Return the posts with who is ready; who is counted once is filled."""
    drawn = [pictures.Bench(row["post"], tuple(row["ready"]), row["filled_by"], row["bench"]) for row in rows]
    many = len(rows)
    naive = sum(bool(row["ready"]) for row in rows) / many if many else None
    at_once = sum(row["filled_by"] is not None for row in rows) / many if many else None
    return pictures.coverage("Who could follow", drawn, naive=naive, simultaneous=at_once)


def bench(rows: Rows) -> pictures.Picture:
    """Return how strong each bench is, from 0 to 1."""
    bars = [
        pictures.Bar(row["post"], row["bench"], f"{len(row['nominees'])} nominated", tone=2) for row in rows
    ]
    return pictures.bars("Bench strength", bars, 1)


def risk(rows: Rows) -> pictures.Picture:
    """Return the vacancy risk of each post, the highest first."""
    bars = [pictures.Bar(row["post"], row["risk"], f"bench {row['bench']:.3f}", tone=1) for row in rows]
    return pictures.bars("Vacancy risk", bars)


def ladder(rows: Rows, bands: Sequence[str]) -> pictures.Picture:
    """Return who stands on which step of readiness, the nearest on top."""
    words = [*bands, *dict.fromkeys(row["readiness"] for row in rows if row["readiness"] not in bands)]
    rungs = [
        pictures.Rung(
            word or "not assessed yet",
            tuple(f"{row['person']} → {row['target']}" for row in rows if row["readiness"] == word),
        )
        for word in words
    ]
    return pictures.ladder("Readiness", rungs)
