"""Entering ratings: one scorecard, or a file with hundreds of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import select

from talenthub.sdk import (
    CaseView,
    CsvRow,
    Engine,
    Fired,
    NotFound,
    Person,
    Problem,
    Problems,
    Request,
    Sheet,
    TalentError,
    Transaction,
    UsageError,
    day_in,
    persons_named,
    read_csv,
    read_rating,
    workflow_case,
)
from talenthub_recruitment.cases import NOT_OBSERVED
from talenthub_recruitment.opening import codes_of, expect
from talenthub_recruitment.plan import spelled

SHEET = Sheet(
    columns=("application", "assessor", "competency", "rating", "note", "interviewed_on"),
    required=("application", "competency", "rating"),
)


@dataclass(slots=True)
class Entry:
    """What is to be entered on one scorecard."""

    application: str
    assessor: str | None = None
    """The handle; None: the one who types."""
    ratings: dict[str, int | str] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)
    interviewed_on: date | None = None
    place: str | None = None
    """`file:line` of its first row."""
    places: dict[str, str] = field(default_factory=dict)
    """The same of each rating in a file."""

    @property
    def says_something(self) -> bool:
        """Return whether there is anything to enter."""
        return bool(self.ratings or self.notes or self.interviewed_on)

    def spell_as(self, known: Collection[str]) -> None:
        """Write the codes as the plan does, whatever their capitals."""
        self.ratings = {spelled(code, known): given for code, given in self.ratings.items()}
        self.notes = {spelled(code, known): note for code, note in self.notes.items()}
        self.places = {spelled(code, known): place for code, place in self.places.items()}

    @property
    def form(self) -> dict[str, Any]:
        """Return the form of the transition `rate`."""
        return {"ratings": self.ratings, "notes": self.notes, "interviewed_on": self.interviewed_on}


@dataclass(frozen=True, slots=True)
class Entered:
    """What became of one entry."""

    entry: Entry
    scorecard: str | None
    state: str | None
    error: TalentError | None = None


def read_scores(file: Path, problems: Problems) -> list[Entry]:
    """Return the entries of a CSV file, and put its faults into `problems`."""
    found: dict[tuple[str, str | None], Entry] = {}
    for row in read_csv(file, SHEET, problems):
        application, assessor = (row.text("application") or "").upper(), row.text("assessor")
        entry = found.setdefault((application, assessor), Entry(application, assessor, place=row.place))
        _read_row(row, entry, problems)
    return list(found.values())


def _read_row(row: CsvRow, entry: Entry, problems: Problems) -> None:
    competency = spelled(row.text("competency") or "", entry.ratings)
    if competency in entry.ratings:
        problems.add(row.problem("competency", "this competency is rated twice on one scorecard", "twice"))
    try:
        entry.ratings[competency] = read_rating(row.text("rating") or "", NOT_OBSERVED, row.place, named=True)
    except UsageError as error:
        problems.add(error.problems[0])
    entry.places[competency] = row.place
    if note := row.text("note"):
        entry.notes[competency] = note
    entry.interviewed_on = day_in(row, "interviewed_on", problems) or entry.interviewed_on


def raters_of(tx: Transaction, entries: Sequence[Entry]) -> dict[str | None, int | None]:
    """Return the assessors named, by handle; None is the one who types.

    FileError, or NotFound where nobody wrote a file, names all unknown ones.
    """
    handles = {each.assessor: each.place for each in entries if each.assessor is not None}
    found = persons_named(tx, handles)
    unknown = [
        replace(problem, place=handles[handle] or problem.place)
        for handle, each in found.items()
        if isinstance(each, NotFound)
        for problem in each.problems
    ]
    if unknown:
        raise NotFound.of(unknown)
    raters: dict[str | None, int | None] = {None: tx.actor.person}
    return raters | {handle: each.id for handle, each in found.items() if isinstance(each, Person)}


def enter(
    engine: Engine,
    tx: Transaction,
    entries: Sequence[Entry],
    raters: Mapping[str | None, int | None],
    *,
    lock: bool = False,
    request_id: str | None = None,
) -> list[Entered]:
    """Enter ratings, and lock where asked; a refused entry stops no other."""
    cards = _scorecards(engine, tx, entries, raters)
    results: dict[int, TalentError | Fired] = {
        place: card for place, card in cards.items() if isinstance(card, TalentError)
    }
    ready = {place: card for place, card in cards.items() if isinstance(card, CaseView)}
    filled = {
        place: Request(card.ref, "rate", entries[place].form)
        for place, card in ready.items()
        if entries[place].says_something
    }
    results |= _fire(engine, tx, filled, request_id and f"{request_id}/rate")
    if lock:
        refused = {place for place, each in results.items() if isinstance(each, TalentError)}
        locks = {place: Request(card.ref, "lock") for place, card in ready.items() if place not in refused}
        results |= _fire(engine, tx, locks, request_id and f"{request_id}/lock")
    return [_entered(entry, cards[place], results.get(place)) for place, entry in enumerate(entries)]


def _fire(
    engine: Engine, tx: Transaction, requests: Mapping[int, Request], request_id: str | None
) -> dict[int, TalentError | Fired]:
    answers = engine.fire_many(tx, list(requests.values()), request_id=request_id)
    return dict(zip(requests, answers, strict=True))


def _entered(entry: Entry, card: CaseView | TalentError, result: Fired | TalentError | None) -> Entered:
    if isinstance(result, TalentError):
        return Entered(entry, card.ref if isinstance(card, CaseView) else None, None, result)
    assert isinstance(card, CaseView), "what could not be found was answered"
    return Entered(entry, card.ref, result.target if result is not None else card.state)


def _scorecards(
    engine: Engine, tx: Transaction, entries: Sequence[Entry], raters: Mapping[str | None, int | None]
) -> dict[int, CaseView | TalentError]:
    """Return the scorecard of each entry, or why there is none."""
    applications = _applications(engine, tx, {each.application for each in entries})
    known = [each.id for each in applications.values() if isinstance(each, CaseView)]
    cards = engine.children_of(tx, known, "recruitment.scorecard")
    found: dict[int, CaseView | TalentError] = {}
    for place, entry in enumerate(entries):
        application = applications[entry.application]
        if isinstance(application, TalentError):
            found[place] = application
            continue
        entry.spell_as(codes_of(application))
        found[place] = _own(entry, cards[application.id], raters[entry.assessor])
    return found


def applications_seen(engine: Engine, tx: Transaction, refs: Collection[str]) -> dict[str, CaseView]:
    """Return the cases with these references that the actor may see."""
    wanted = select(workflow_case.c.id).where(workflow_case.c.ref.in_(sorted(refs)))
    return {each.ref: each for each in engine.visible(tx, wanted)}


def _applications(
    engine: Engine, tx: Transaction, refs: Collection[str]
) -> dict[str, CaseView | TalentError]:
    """Return the applications in sight, and why others are none."""
    seen = applications_seen(engine, tx, refs)
    return {ref: _expected(engine, tx, seen.get(ref), ref) for ref in refs}


def _expected(engine: Engine, tx: Transaction, case: CaseView | None, ref: str) -> CaseView | TalentError:
    try:
        return expect(engine.case(tx, ref) if case is None else case, "recruitment.application")
    except (NotFound, UsageError) as error:
        return error


def _own(entry: Entry, cards: Iterable[CaseView], rater: int | None) -> CaseView | TalentError:
    for card in cards:
        if rater in card.people("assessor"):
            return card
    # The same answer whether there is none or it may not be seen.
    who = "you have" if entry.assessor is None else "there is"
    return NotFound(
        Problem(
            text=f"{who} no scorecard to fill in here",
            place=entry.place or entry.application,
            found=entry.assessor,
            mend="the assessors are those of the panel once the assessment has begun",
            code="recruitment.no-scorecard",
        )
    )
