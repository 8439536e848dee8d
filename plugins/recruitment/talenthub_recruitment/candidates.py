"""Candidates: adding one, or the hundreds of a file, to a selection."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from talenthub.sdk import (
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
    place: str | None = None


def read_candidates(file: Path) -> list[Candidate]:
    """Return the candidates of a CSV file; all its faults at once."""
    problems = Problems()
    found = []
    for row in read_csv(file, SHEET, problems):
        if not row.text("name") and not row.text("person"):
            problems.add(row.problem("name", "a candidate needs a name, or the handle of a person", "name"))
        found.append(
            Candidate(
                name=row.text("name") or "",
                email=row.text("email"),
                handle=row.text("handle"),
                language=row.text("language") or "en",
                person=row.text("person"),
                place=row.place,
            )
        )
    problems.raise_any()
    return found


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
    if wanted.place is None:
        return _person(tx, wanted)
    try:
        with tx.connection.begin_nested():
            return _person(tx, wanted)
    except TalentError as error:
        for each in error.problems:
            problems.add(_placed(each, wanted.place))
        return None


def _person(tx: Transaction, wanted: Candidate) -> int:
    if wanted.person is not None:
        return person(tx, wanted.person).id
    return add_person(tx, wanted.name, handle=wanted.handle, email=wanted.email, language=wanted.language).id


def _placed(problem: Problem, place: str) -> Problem:
    return replace(problem, place=place)
