"""Files of many: contexts, entries and ratings; all faults at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from talenthub.sdk import CsvRow, Problems, Sheet, day_in, read_csv

CONTEXT = Sheet(
    columns=("plan", "competency", "challenge", "near", "reason"),
    required=("plan", "competency", "challenge", "near"),
)
ENTRIES = Sheet(
    columns=(
        "plan",
        "on",
        "action",
        "reflection",
        "impact",
        "intention",
        "plan_change",
        "confidence",
        "done",
    ),
    required=("plan", "action", "reflection"),
)
RATINGS = Sheet(
    columns=("case", "competency", "rating", "note", "rated_on"), required=("case", "competency", "rating")
)
PERSONS = Sheet(columns=("person", "review", "raters", "next_role"), required=("person",))


@dataclass(slots=True)
class Entry:
    """What is asked of one case: its reference or person, and the form."""

    word: str
    form: dict[str, Any] = field(default_factory=dict)


def read_contexts(file: Path) -> dict[str, dict[str, dict[str, str]]]:
    """Return challenge, near and reasons of each plan of a file."""
    problems = Problems()
    found: dict[str, dict[str, dict[str, str]]] = {}
    for row in read_csv(file, CONTEXT, problems):
        told = found.setdefault(row.text("plan") or "", {"challenge": {}, "near": {}, "reasons": {}})
        code = (row.text("competency") or "").upper()
        if code in told["challenge"]:
            problems.add(row.problem("competency", "this competency stands twice", "twice"))
        told["challenge"][code] = row.text("challenge") or ""
        told["near"][code] = row.text("near") or ""
        if reason := row.text("reason"):
            told["reasons"][code] = reason
    problems.raise_any()
    return found


def read_entries(file: Path) -> list[Entry]:
    """Return the entries of a file, the oldest first."""
    problems = Problems()
    found = []
    for row in read_csv(file, ENTRIES, problems):
        form: dict[str, Any] = {
            name: row.text(name) or ""
            for name in ("action", "reflection", "impact", "intention", "plan_change")
        }
        if (confidence := _number(row, "confidence", 10, problems)) is not None:
            form["confidence"] = confidence
        form["done"] = (row.text("done") or "").split()
        if day := day_in(row, "on", problems):
            form["on"] = day.isoformat()
        found.append(Entry(row.text("plan") or "", form))
    problems.raise_any()
    return sorted(found, key=lambda each: each.form.get("on", ""))


def read_ratings(file: Path) -> list[Entry]:
    """Return the ratings of a file, one line a competency."""
    problems = Problems()
    found: dict[str, Entry] = {}
    for row in read_csv(file, RATINGS, problems):
        word = row.text("case") or ""
        entry = found.setdefault(word.lower(), Entry(word, {"ratings": {}, "notes": {}}))
        code = (row.text("competency") or "").upper()
        if code in entry.form["ratings"]:
            problems.add(row.problem("competency", "this competency is rated twice", "twice"))
        entry.form["ratings"][code] = _number(row, "rating", 99, problems)
        if note := row.text("note"):
            entry.form["notes"][code] = note
        if day := day_in(row, "rated_on", problems):
            entry.form["rated_on"] = day.isoformat()
    problems.raise_any()
    return list(found.values())


def read_persons(file: Path) -> list[dict[str, str]]:
    """Return whom a file names, with the review and raters of each."""
    problems = Problems()
    found = list(_persons(read_csv(file, PERSONS, problems)))
    problems.raise_any()
    return found


def _persons(rows: list[CsvRow]) -> Iterator[dict[str, str]]:
    for row in rows:
        yield {name: text for name in PERSONS.columns if (text := row.text(name))}


def _number(row: CsvRow, column: str, most: int, problems: Problems) -> int | None:
    text = row.text(column)
    if text is None:
        return None
    if text.isascii() and text.isdigit() and int(text) <= most:
        return int(text)
    problems.add(row.problem(column, "this is no number of the scale", "number", allowed=f"0 to {most}"))
    return None
