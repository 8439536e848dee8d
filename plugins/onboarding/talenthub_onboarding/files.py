"""Files of many: tasks, talks, checks and beginnings; all faults at once."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from talenthub.sdk import CsvRow, Entry, Problems, Sheet, UsageError, day_in, read_csv, read_rating
from talenthub_onboarding.cases import TOO_EARLY
from talenthub_onboarding.starting import Beginning

OUTCOMES = ("on track", "at risk", "too early")
TASKS = Sheet(columns=("task", "note"), required=("task",))
TALKS = Sheet(columns=("plan", "outcome", "note", "day", "held_on"), required=("plan", "outcome"))
CHECKS = Sheet(
    columns=("plan", "competency", "rating", "note", "held_on"), required=("plan", "competency", "rating")
)
STARTS = Sheet(columns=("person", "first_day", "kind", "role", "level"), required=("person",))


def read_outcome(word: str) -> str | None:
    """Return the outcome of a talk, however its blank is written; or None."""
    said = " ".join(word.lower().replace("-", " ").replace("_", " ").split())
    return said if said in OUTCOMES else None


def read_tasks(file: Path, words: str) -> list[Entry]:
    """Return the tasks of a file; `words` is the form's field of the note."""
    problems = Problems()
    found = []
    for row in read_csv(file, TASKS, problems):
        note = row.text("note")
        found.append(Entry(row.text("task") or "", {} if note is None else {words: note}))
    problems.raise_any()
    return found


def read_talks(file: Path) -> list[Entry]:
    """Return the talks of a file."""
    problems = Problems()
    found = [_talk(row, problems) for row in read_csv(file, TALKS, problems)]
    problems.raise_any()
    return found


def _talk(row: CsvRow, problems: Problems) -> Entry:
    said = row.text("outcome") or ""
    outcome = read_outcome(said)
    if outcome is None:
        problems.add(row.unknown("outcome", said, OUTCOMES))
    form: dict[str, Any] = {"outcome": outcome, "note": row.text("note") or ""}
    day = row.text("day")
    if day is not None and not (day.isascii() and day.isdigit()):
        problems.add(row.problem("day", "this is no day of a plan", "day", allowed="30, 60 …"))
    elif day is not None:
        form["day"] = int(day)
    held = day_in(row, "held_on", problems)
    return Entry(row.text("plan") or "", form | ({"held_on": held.isoformat()} if held else {}))


def read_checks(file: Path) -> list[Entry]:
    """Return the checks of a file: one line a competency."""
    problems = Problems()
    found: dict[str, Entry] = {}
    for row in read_csv(file, CHECKS, problems):
        word = row.text("plan") or ""
        entry = found.setdefault(word.lower(), Entry(word, {"ratings": {}, "notes": {}}))
        _check(row, entry, problems)
    problems.raise_any()
    return list(found.values())


def _check(row: CsvRow, entry: Entry, problems: Problems) -> None:
    code = (row.text("competency") or "").upper()
    if code in entry.form["ratings"]:
        problems.add(row.problem("competency", "this competency is rated twice in one check", "twice"))
    try:
        entry.form["ratings"][code] = read_rating(row.text("rating") or "", TOO_EARLY, row.place)
    except UsageError as error:
        problems.add(error.problems[0])
    if note := row.text("note"):
        entry.form["notes"][code] = note
    if held := day_in(row, "held_on", problems):
        entry.form["held_on"] = held.isoformat()


def read_beginnings(file: Path, first_day: date, *, is_move: bool) -> list[Beginning]:
    """Return who begins; what a line leaves out is as given here."""
    problems = Problems()
    found = []
    for row in read_csv(file, STARTS, problems):
        kind = (row.text("kind") or ("move" if is_move else "join")).lower()
        if kind not in ("join", "move"):
            problems.add(row.unknown("kind", kind, ("join", "move")))
        found.append(
            Beginning(
                who=row.text("person") or "",
                first_day=day_in(row, "first_day", problems) or first_day,
                is_move=kind == "move",
                role=row.text("role"),
                level=row.text("level"),
                place=row.place,
            )
        )
    problems.raise_any()
    return found
