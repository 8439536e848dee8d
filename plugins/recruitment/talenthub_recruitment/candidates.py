"""Candidates: adding one, or the thousands of a file, to selections."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from talenthub.sdk import (
    CsvRow,
    Engine,
    FileError,
    NewPerson,
    Person,
    Problem,
    Problems,
    Refused,
    Request,
    Sheet,
    TalentError,
    Transaction,
    UsageError,
    add_persons,
    persons,
    persons_named,
    read_csv,
)
from talenthub_recruitment.cv import cv_reference
from talenthub_recruitment.opening import selections_of

SHEET = Sheet(
    columns=("selection", "name", "email", "handle", "person", "language", "source", "cv"), required=()
)
AT_ONCE = 500
"""Applications that are opened together; the engine holds them in memory."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody to open an application for."""

    name: str = ""
    email: str | None = None
    handle: str | None = None
    language: str = "en"
    person: str | None = None
    """The handle of somebody who is known already."""
    source: str = ""
    """How they found us."""
    cv: str = ""
    """Where their CV is kept: an address, or a path with SHA-256 and size."""
    selection: str = ""
    """What they apply for; of a requisition its selection."""
    row: CsvRow | None = None
    """Where a file says so; None for one typed by hand."""


def read_candidates(file: Path, selection: str = "", source: str = "") -> list[Candidate]:
    """Return the candidates of a CSV file; all its faults at once.

    `selection` and `source` are those of lines that name none.
    """
    problems = Problems()
    found = []
    seen: dict[tuple[str, str], int] = {}
    for row in read_csv(file, SHEET, problems):
        each = _with_cv(_candidate(row, selection, source), file.parent, row, problems)
        _refuse_twice(each, row, seen, problems)
        if not each.name and not each.person:
            problems.add(row.problem("name", "a candidate needs a name, or the handle of a person", "name"))
        if not each.selection:
            problems.add(
                row.problem(
                    "selection", "what do they apply for? name it here or in the command", "selection"
                )
            )
        found.append(each)
    problems.raise_any()
    return found


def _candidate(row: CsvRow, selection: str, source: str) -> Candidate:
    return Candidate(
        name=row.text("name") or "",
        email=row.text("email"),
        handle=row.text("handle"),
        language=row.text("language") or "en",
        person=row.text("person"),
        source=row.text("source") or source,
        cv=row.text("cv") or "",
        selection=(row.text("selection") or selection).upper(),
        row=row,
    )


def _with_cv(candidate: Candidate, folder: Path, row: CsvRow, problems: Problems) -> Candidate:
    """Return the candidate with what is kept of the CV; note what is wrong with it."""
    try:
        return replace(candidate, cv=cv_reference(candidate.cv, folder))
    except UsageError as error:
        for each in error.problems:
            problems.add(replace(each, place=row.place_of("cv")))
        return candidate


def _refuse_twice(
    candidate: Candidate, row: CsvRow, seen: dict[tuple[str, str], int], problems: Problems
) -> None:
    """Note a person, handle or address that stands in an earlier line.

    A known person may apply for several vacancies; who is new is added once.
    """
    known = candidate.person and f"{candidate.person} {candidate.selection}"
    words = {"person": known, "handle": candidate.handle, "email": candidate.email}
    for column, word in words.items():
        first = seen.setdefault((column, word.casefold()), row.line) if word else row.line
        if first != row.line:
            problems.add(row.problem(column, f"this stands twice, first in line {first}", "twice"))


def add_candidates(engine: Engine, tx: Transaction, wanted: Sequence[Candidate]) -> list[str]:
    """Add persons where they are new, open applications; return references.

    All of them or, with every fault told at once, none.
    """
    people = _people(tx, wanted)
    selections = selections_of(engine, tx, list(dict.fromkeys(each.selection for each in wanted)))
    _refuse_known(engine, tx, wanted, {ref: each.id for ref, each in selections.items()})
    forms: dict[str, list[tuple[int, Candidate]]] = {}
    for number, each in zip(people, wanted, strict=True):
        forms.setdefault(selections[each.selection].ref, []).append((number, each))
    requests = [Request(ref, "add_candidates", _form(listed)) for ref, listed in forms.items()]
    opened: list[str] = []
    for together in _together(requests):
        for answer in engine.fire_many(tx, together):
            if isinstance(answer, TalentError):
                raise answer
            opened += answer.opened
    return opened


def _refuse_known(
    engine: Engine, tx: Transaction, wanted: Sequence[Candidate], selections: Mapping[str, int]
) -> None:
    """Raise where who is to be added stands there already: a file that is read again."""
    listed = engine.outlines(tx, "recruitment.application", parents=set(selections.values()), open_only=True)
    people = persons(tx, {each.subject for each in listed if each.subject is not None})
    there: dict[tuple[int | None, str], tuple[str, Person]] = {}
    for each in listed:
        if each.subject in people:
            one = people[each.subject]
            for word in filter(None, (one.email, one.name)):
                there.setdefault((each.parent, word.casefold()), (each.ref, one))
    faults = [
        _known_fault(each, ref)
        for each in wanted
        if each.person is None and (ref := _standing(each, selections[each.selection], there)) is not None
    ]
    if faults:
        raise FileError.of(faults) if wanted[0].row is not None else Refused(faults[0])


def _standing(
    wanted: Candidate, selection: int, there: Mapping[tuple[int | None, str], tuple[str, Person]]
) -> str | None:
    """Return the application of who has this address, or this name and no other address."""
    same = there.get((selection, wanted.email.casefold())) if wanted.email else None
    named = None if wanted.handle else there.get((selection, wanted.name.casefold()))
    if same is None and named is not None and not (wanted.email and named[1].email):
        same = named
    return same[0] if same is not None else None


def _known_fault(wanted: Candidate, ref: str) -> Problem:
    column = "email" if wanted.email else "name"
    return Problem(
        text=f"this candidate stands in {wanted.selection} already, as {ref}",
        place=wanted.row.place_of(column) if wanted.row is not None else wanted.selection,
        path=column,
        found=wanted.name,
        mend="for somebody else of this name give a handle",
        code="recruitment.candidate-known",
    )


def _form(listed: Sequence[tuple[int, Candidate]]) -> dict[str, object]:
    return {
        "persons": [number for number, _ in listed],
        "sources": {number: each.source for number, each in listed if each.source},
        "cvs": {number: each.cv for number, each in listed if each.cv},
    }


def _together(requests: Sequence[Request]) -> list[list[Request]]:
    """Return the requests in lists that open at most some 500 applications."""
    lists: list[list[Request]] = []
    room = 0
    for each in requests:
        size = len(each.form["persons"])
        if room < size or not lists:
            lists.append([])
            room = AT_ONCE
        lists[-1].append(each)
        room -= size
    return lists


def _people(tx: Transaction, wanted: Sequence[Candidate]) -> list[int]:
    """Return the ids of all; who is new is added, if nothing is wrong."""
    known = persons_named(tx, [each.person for each in wanted if each.person is not None])
    new = [each for each in wanted if each.person is None]
    with tx.savepoint():
        added = iter(add_persons(tx, [_new(each) for each in new]))
        told = [next(added) if each.person is None else known[each.person] for each in wanted]
        faults = [
            problem if each.row is None else _placed(problem, each.row)
            for each, one in zip(wanted, told, strict=True)
            if not isinstance(one, Person)
            for problem in one.problems
        ]
        if faults and wanted[0].row is None:
            raise next(each for each in told if isinstance(each, TalentError))
        if faults:
            raise FileError.of(faults)
    return [each.id for each in told if isinstance(each, Person)]


def _new(wanted: Candidate) -> NewPerson:
    return NewPerson(
        wanted.handle or "", wanted.name, kind="candidate", email=wanted.email, language=wanted.language
    )


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
