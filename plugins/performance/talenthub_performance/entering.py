"""Entering ratings: one statement, or a file with all of a manager's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from talenthub.sdk import (
    CsvRow,
    Engine,
    Fired,
    Problems,
    Request,
    Sheet,
    TalentError,
    Transaction,
    UsageError,
    day_in,
    read_csv,
    read_rating,
)
from talenthub_performance.cases import NOT_ASSESSED
from talenthub_performance.finding import review_of, statement_of

SHEET = Sheet(
    columns=("review", "competency", "objective", "rating", "note", "text", "rated_on"), required=("review",)
)


@dataclass(slots=True)
class Entry:
    """What is to be written into one statement."""

    review: str
    ratings: dict[str, int | str] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)
    results: dict[str, int | str] = field(default_factory=dict)
    text: str = ""
    rated_on: date | None = None

    @property
    def form(self) -> dict[str, Any]:
        """Return the form of the transition `write`."""
        return {
            "ratings": self.ratings,
            "notes": self.notes,
            "results": self.results,
            "text": self.text,
            "rated_on": self.rated_on,
        }

    @property
    def says_something(self) -> bool:
        """Return whether there is anything to write."""
        return bool(self.ratings or self.notes or self.results or self.text or self.rated_on)


def read_statements(file: Path) -> list[Entry]:
    """Return the entries of a CSV file; all its faults at once."""
    problems = Problems()
    found: dict[str, Entry] = {}
    for row in read_csv(file, SHEET, problems):
        word = row.text("review") or ""
        _read_row(row, found.setdefault(word.lower(), Entry(word)), problems)
    problems.raise_any()
    return list(found.values())


def _read_row(row: CsvRow, entry: Entry, problems: Problems) -> None:
    competency, objective = (row.text("competency") or "").upper(), (row.text("objective") or "").lower()
    given, key = (entry.results, objective) if objective else (entry.ratings, competency)
    if competency and objective:
        problems.add(row.problem("objective", "a row rates a competency or an objective", "both"))
    if key and key in given:
        problems.add(row.problem("competency", "this is rated twice for one review", "twice"))
    if key:
        try:
            given[key] = read_rating(row.text("rating") or "", NOT_ASSESSED, row.place)
        except UsageError as error:
            problems.add(error.problems[0])
    if competency and (note := row.text("note")):
        entry.notes[competency] = note
    entry.text = row.text("text") or entry.text
    entry.rated_on = day_in(row, "rated_on", problems) or entry.rated_on


@dataclass(frozen=True, slots=True)
class Entered:
    """What became of one entry."""

    review: str
    state: str | None
    error: TalentError | None = None


def enter(
    engine: Engine, tx: Transaction, entries: Sequence[Entry], kind: str, *, submit: bool = False
) -> list[Entered]:
    """Write statements, and submit where asked; a refused one stops no other."""
    refs: dict[int, str] = {}
    errors: dict[int, TalentError] = {}
    for place, entry in enumerate(entries):
        try:
            refs[place] = statement_of(engine, tx, review_of(engine, tx, entry.review), kind).ref
        except TalentError as error:
            errors[place] = error
    states: dict[int, str] = {}
    steps = [("write", [each for each in refs if entries[each].says_something])]
    steps += [("submit", list(refs))] if submit else []
    for transition, places in steps:
        ready = [each for each in places if each not in errors]
        requests = [
            Request(refs[each], transition, entries[each].form if transition == "write" else {})
            for each in ready
        ]
        for place, answer in zip(ready, fire_all(engine, tx, requests), strict=True):
            if isinstance(answer, Fired):
                states[place] = answer.target
            else:
                errors[place] = answer
    return [Entered(each.review, states.get(place), errors.get(place)) for place, each in enumerate(entries)]


CHUNK = 500


def fire_all(engine: Engine, tx: Transaction, requests: Sequence[Request]) -> list[Fired | TalentError]:
    """Fire any number of requests, in chunks; return the answers in order."""
    answers: list[Fired | TalentError] = []
    for start in range(0, len(requests), CHUNK):
        answers += engine.fire_many(tx, requests[start : start + CHUNK])
    return answers
