"""CSV files of many posts, nominations or assessments."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from talenthub.sdk import CsvRow, Problems, Sheet, read_csv
from talenthub_succession.cases import PURPOSES
from talenthub_succession.opening import PostWanted, Wanted

POSTS = Sheet(columns=("post", "criticality", "leaving", "reason", "owner"), required=("post",))
NOMINATIONS = Sheet(
    columns=("person", "purpose", "post", "role", "unit", "rationale", "competencies", "reference"),
    required=("person",),
)
ASSESSMENTS = Sheet(
    columns=(
        "nomination",
        "performance",
        "performance_source",
        "potential",
        "potential_source",
        "at_once",
        "readiness",
        "reason",
    ),
    required=("nomination",),
)


@dataclass(frozen=True, slots=True)
class Entry:
    """What is said of one nomination."""

    word: str
    form: dict[str, Any] = field(default_factory=dict)


def read_posts(file: Path) -> list[PostWanted]:
    """Return the posts of a CSV file; all its faults at once."""
    problems = Problems()
    found = [
        PostWanted(
            row.text("post") or "",
            row.text("owner"),
            row.text("criticality"),
            row.text("leaving"),
            row.text("reason") or "",
            row,
        )
        for row in read_csv(file, POSTS, problems)
    ]
    problems.raise_any()
    return found


def read_nominations(file: Path) -> list[Wanted]:
    """Return the nominations of a CSV file; all its faults at once."""
    problems = Problems()
    found = [_wanted(row, problems) for row in read_csv(file, NOMINATIONS, problems)]
    problems.raise_any()
    return found


def _wanted(row: CsvRow, problems: Problems) -> Wanted:
    purpose = (row.text("purpose") or "successor").lower()
    if purpose not in PURPOSES:
        problems.add(row.problem("purpose", f"allowed: {', '.join(PURPOSES)}", purpose))
    codes = (row.text("competencies") or "").replace(",", " ").split()
    return Wanted(
        person=row.text("person") or "",
        purpose=purpose,
        post=row.text("post"),
        role=row.text("role"),
        unit=row.text("unit"),
        rationale=row.text("rationale") or "",
        competencies=tuple(each.upper() for each in codes),
        reference=row.text("reference"),
        row=row,
    )


def read_assessments(file: Path) -> list[Entry]:
    """Return the assessments of a CSV file; all its faults at once."""
    problems = Problems()
    found = [
        Entry(
            row.text("nomination") or "",
            {name: said for name in ASSESSMENTS.columns[1:] if (said := row.text(name)) is not None},
        )
        for row in read_csv(file, ASSESSMENTS, problems)
    ]
    problems.raise_any()
    return found
