"""Files of many: contexts, entries and ratings; all faults at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from talenthub.sdk import CsvRow, Entry, Problem, Problems, Sheet, UsageError, day_in, read_csv

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
    columns=("case", "competency", "rating", "note", "agility", "results", "rated_on"), required=("case",)
)
PERSONS = Sheet(columns=("person", "review", "raters", "next_role"), required=("person",))


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


def read_ratings(file: Path, items: Sequence[str]) -> list[Entry]:
    """Return the ratings of a file: of a competency, of agility, or results.

    `items` are those of learning agility. A line says one or more of them.
    """
    problems = Problems()
    found: dict[str, Entry] = {}
    for row in read_csv(file, RATINGS, problems):
        word = row.text("case") or ""
        entry = found.setdefault(word.lower(), Entry(word, {"ratings": {}, "notes": {}}))
        _rating(row, entry.form, problems)
        for column, read in (("agility", lambda text: agility_of(text, items)), ("results", results_of)):
            if (text := row.text(column)) is not None:
                _keep_once(row, column, text, read, entry.form, problems)
        if day := day_in(row, "rated_on", problems):
            entry.form["rated_on"] = day.isoformat()
    problems.raise_any()
    return list(found.values())


def _rating(row: CsvRow, form: dict[str, Any], problems: Problems) -> None:
    code = (row.text("competency") or "").upper()
    if not code:
        if not (row.text("agility") or row.text("results")):
            problems.add(row.problem("competency", "this line rates nothing", "nothing"))
        return
    if code in form["ratings"]:
        problems.add(row.problem("competency", "this competency is rated twice", "twice"))
    if row.text("rating") is None:
        problems.add(row.problem("rating", "the rating is missing", "missing"))
    form["ratings"][code] = _number(row, "rating", 99, problems)
    if note := row.text("note"):
        form["notes"][code] = note


def _keep_once(
    row: CsvRow,
    column: str,
    text: str,
    read: Callable[[str], Any],
    form: dict[str, Any],
    problems: Problems,
) -> None:
    if column in form:
        problems.add(row.problem(column, f"the {column} of this case stand twice", "twice"))
    try:
        form[column] = read(text)
    except UsageError as error:
        for each in error.problems:
            problems.add(replace(each, place=row.place_of(column), path=column))


def agility_of(text: str, items: Sequence[str]) -> dict[str, int]:
    """Return learning agility: in the order of its items, or by their names."""
    parts = [each.strip() for each in text.split(",") if each.strip()]
    named = dict(each.split("=", 1) for each in parts if "=" in each)
    if not named and len(parts) == len(items):
        named = dict(zip(items, parts, strict=True))
    if len(named) == len(parts) and all(each.strip().isdigit() for each in named.values()):
        return {name.strip(): int(value) for name, value in named.items()}
    allowed = f"{','.join('3' for _ in items)} or {', '.join(items)} by name"
    raise UsageError(Problem(text="this is no learning agility", found=text, allowed=allowed))


def results_of(text: str) -> list[list[str]]:
    """Return the results of objectives: RATING:WEIGHT, several with blanks."""
    found = [each.partition(":") for each in text.split()]
    if not found or not all(sign and rating and weight for rating, sign, weight in found):
        raise UsageError(Problem(text="a result is RATING:WEIGHT", found=text, allowed="such as 3:0.8"))
    return [[rating, weight] for rating, _, weight in found]


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
