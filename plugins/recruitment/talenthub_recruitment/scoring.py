"""Entering ratings: one scorecard, or a file with hundreds of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from talenthub.sdk import (
    CaseView,
    CsvRow,
    Engine,
    Fired,
    NotFound,
    Problem,
    Problems,
    Request,
    Sheet,
    TalentError,
    Transaction,
    UsageError,
    day_in,
    person,
    read_csv,
)
from talenthub_recruitment.cases import NOT_OBSERVED
from talenthub_recruitment.deciding import fire_all
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

    @property
    def says_something(self) -> bool:
        """Return whether there is anything to enter."""
        return bool(self.ratings or self.notes or self.interviewed_on)

    def spell_as(self, known: Collection[str]) -> None:
        """Write the codes as the plan does, whatever their capitals."""
        self.ratings = {spelled(code, known): given for code, given in self.ratings.items()}
        self.notes = {spelled(code, known): note for code, note in self.notes.items()}

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


def read_rating(text: str, place: str | None = None) -> int | str:
    """Return a rating as the form takes it; UsageError if it is none."""
    word = text.strip().lower()
    if word in (NOT_OBSERVED, "not-observed", "-"):
        return NOT_OBSERVED
    if word.isascii() and word.isdigit() and len(word) < 4:
        return int(word)
    raise UsageError(
        Problem(
            text="this is no rating",
            place=place,
            found=text,
            allowed=f"a whole number of the scale, or {NOT_OBSERVED!r}",
            code="recruitment.rating",
        )
    )


def read_scores(file: Path) -> list[Entry]:
    """Return the entries of a CSV file; all its faults at once."""
    problems = Problems()
    found: dict[tuple[str, str | None], Entry] = {}
    for row in read_csv(file, SHEET, problems):
        application, assessor = (row.text("application") or "").upper(), row.text("assessor")
        entry = found.setdefault((application, assessor), Entry(application, assessor, place=row.place))
        _read_row(row, entry, problems)
    problems.raise_any()
    return list(found.values())


def _read_row(row: CsvRow, entry: Entry, problems: Problems) -> None:
    competency = spelled(row.text("competency") or "", entry.ratings)
    if competency in entry.ratings:
        problems.add(row.problem("competency", "this competency is rated twice on one scorecard", "twice"))
    try:
        entry.ratings[competency] = read_rating(row.text("rating") or "", row.place)
    except UsageError as error:
        problems.add(error.problems[0])
    if note := row.text("note"):
        entry.notes[competency] = note
    entry.interviewed_on = day_in(row, "interviewed_on", problems) or entry.interviewed_on


def enter(
    engine: Engine,
    tx: Transaction,
    entries: Sequence[Entry],
    *,
    lock: bool = False,
    request_id: str | None = None,
) -> list[Entered]:
    """Enter ratings, and lock where asked; a refused entry stops no other."""
    cards = _scorecards(engine, tx, entries)
    filled = [place for place, entry in enumerate(entries) if entry.says_something]
    results: dict[int, TalentError | Fired] = {
        place: card for place, card in cards.items() if isinstance(card, TalentError)
    }
    ready = [place for place in filled if place not in results]
    results |= _fire(engine, tx, cards, entries, ready, "rate", request_id and f"{request_id}/rate")
    if lock:
        again = [place for place in range(len(entries)) if not isinstance(results.get(place), TalentError)]
        results |= _fire(engine, tx, cards, entries, again, "lock", request_id and f"{request_id}/lock")
    return [_entered(entry, cards[place], results.get(place)) for place, entry in enumerate(entries)]


def _fire(
    engine: Engine,
    tx: Transaction,
    cards: Mapping[int, CaseView | TalentError],
    entries: Sequence[Entry],
    places: Sequence[int],
    transition: str,
    request_id: str | None,
) -> dict[int, TalentError | Fired]:
    requests = []
    for place in places:
        card = cards[place]
        assert isinstance(card, CaseView), "the others were answered"
        requests.append(Request(card.ref, transition, entries[place].form if transition == "rate" else {}))
    answers = fire_all(engine, tx, requests, request_id=request_id)
    return dict(zip(places, answers, strict=True))


def _entered(entry: Entry, card: CaseView | TalentError, result: Fired | TalentError | None) -> Entered:
    if isinstance(result, TalentError):
        return Entered(entry, card.ref if isinstance(card, CaseView) else None, None, result)
    assert isinstance(card, CaseView), "what could not be found was answered"
    return Entered(entry, card.ref, result.target if result is not None else card.state)


def _scorecards(
    engine: Engine, tx: Transaction, entries: Sequence[Entry]
) -> dict[int, CaseView | TalentError]:
    """Return the scorecard of each entry, or why there is none."""
    applications: dict[str, CaseView | TalentError] = {}
    for entry in entries:
        if entry.application not in applications:
            applications[entry.application] = _application(engine, tx, entry)
    known = [each for each in applications.values() if isinstance(each, CaseView)]
    cards = engine.children_of(tx, [each.id for each in known], "recruitment.scorecard")
    handles = {entry.assessor for entry in entries if entry.assessor is not None}
    raters: dict[str | None, int | None] = {None: tx.actor.person}
    raters |= {handle: person(tx, handle).id for handle in sorted(handles)}
    found: dict[int, CaseView | TalentError] = {}
    for place, entry in enumerate(entries):
        application = applications[entry.application]
        if isinstance(application, TalentError):
            found[place] = application
            continue
        entry.spell_as(codes_of(application))
        found[place] = _own(entry, cards[application.id], raters[entry.assessor])
    return found


def _application(engine: Engine, tx: Transaction, entry: Entry) -> CaseView | TalentError:
    try:
        return expect(engine.case(tx, entry.application), "recruitment.application")
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
