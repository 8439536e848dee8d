"""Candidates: adding one, or the hundreds of a file, to a selection."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from talenthub.sdk import (
    CsvRow,
    Engine,
    Fired,
    Problem,
    Problems,
    Sheet,
    TalentError,
    Transaction,
    add_person,
    person,
    read_csv,
)
from talenthub_recruitment.opening import selection_of

SHEET = Sheet(columns=("name", "email", "handle", "person", "language"), required=())


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody to open an application for."""

    name: str = ""
    email: str | None = None
    handle: str | None = None
    language: str = "en"
    person: str | None = None
    """The handle of somebody who is known already."""
    row: CsvRow | None = None
    """Where a file says so; None for one typed by hand."""


def read_candidates(file: Path) -> list[Candidate]:
    """Return the candidates of a CSV file; all its faults at once."""
    problems = Problems()
    found = []
    seen: dict[tuple[str, str], int] = {}
    for row in read_csv(file, SHEET, problems):
        _refuse_twice(row, seen, problems)
        if not row.text("name") and not row.text("person"):
            problems.add(row.problem("name", "a candidate needs a name, or the handle of a person", "name"))
        found.append(
            Candidate(
                name=row.text("name") or "",
                email=row.text("email"),
                handle=row.text("handle"),
                language=row.text("language") or "en",
                person=row.text("person"),
                row=row,
            )
        )
    problems.raise_any()
    return found


def _refuse_twice(row: CsvRow, seen: dict[tuple[str, str], int], problems: Problems) -> None:
    """Note a person, handle or address that stands in an earlier line."""
    for column in ("person", "handle", "email"):
        word = (row.text(column) or "").casefold()
        first = seen.setdefault((column, word), row.line) if word else row.line
        if first != row.line:
            problems.add(row.problem(column, f"this stands twice, first in line {first}", "twice"))


def add_candidates(
    engine: Engine,
    tx: Transaction,
    ref: str,
    wanted: Sequence[Candidate],
    *,
    source: str = "",
) -> Fired:
    """Add persons where they are new and open their applications."""
    selection = selection_of(engine, tx, ref)
    problems = Problems()
    ids = [number for each in wanted if (number := _identity(tx, each, problems)) is not None]
    problems.raise_any()
    return engine.fire(tx, selection.ref, "add_candidates", {"persons": ids, "source": source})


def _identity(tx: Transaction, wanted: Candidate, problems: Problems) -> int | None:
    if wanted.row is None:
        return _person(tx, wanted)
    try:
        with tx.connection.begin_nested():
            return _person(tx, wanted)
    except TalentError as error:
        for each in error.problems:
            problems.add(_placed(each, wanted.row))
        return None


def _person(tx: Transaction, wanted: Candidate) -> int:
    if wanted.person is not None:
        return person(tx, wanted.person).id
    return add_person(tx, wanted.name, handle=wanted.handle, email=wanted.email, language=wanted.language).id


_COLUMNS = {
    "unknown-person": "person",
    "people.handle": "handle",
    "people.handle-taken": "handle",
    "people.email": "email",
    "people.language": "language",
}


def _placed(problem: Problem, row: CsvRow) -> Problem:
    column = _COLUMNS.get(problem.code, "")
    return replace(problem, place=row.place_of(column), path=column or None)
