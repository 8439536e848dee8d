"""Scoring: enter and lock ratings, name another assessor, discuss."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from talenthub.sdk import (
    COMPETENCY,
    DAY,
    PERSON,
    Column,
    DateWord,
    Desk,
    Problem,
    Problems,
    Request,
    Transaction,
    UsageError,
    in_chunks,
    person,
    raise_refusals,
    read_rating,
    why_not,
    writes,
)
from talenthub_recruitment.cases import NOT_OBSERVED
from talenthub_recruitment.commands.common import PAIR, REFERENCE, codes_named, fire_one
from talenthub_recruitment.naming import name_ratings
from talenthub_recruitment.plan import spelled
from talenthub_recruitment.scoring import Entered, Entry, enter, raters_of, read_scores

_ENTERED = tuple(
    Column(each) for each in ("application", "assessor", "scorecard", "ratings", "state", "why_not")
)


@click.command()
@click.argument("ref", metavar="[APPLICATION]", type=REFERENCE, required=False)
@click.option(
    "--competency", "ratings", type=PAIR, multiple=True, help="CIT=4, by name CIT=Working, or not-observed."
)
@click.option("--note", "notes", type=PAIR, multiple=True, help='CIT="…"; needed for 1, 2 and 5.')
@click.option("--on", "held", type=DAY, help="The day of the interview; default: today.")
@click.option("--lock", is_flag=True, help="Lock the ratings: nobody sees others before.")
@click.option("--for", "assessor", type=PERSON, help="Enter for an assessor; bars you from rating here.")
@click.option(
    "--file", type=click.Path(path_type=Path), help="CSV of many; its columns: docs/recruitment.md."
)
@writes
def score(
    desk: Desk,
    ref: str | None,
    ratings: tuple[tuple[str, str], ...],
    notes: tuple[tuple[str, str], ...],
    held: DateWord | None,
    lock: bool,
    assessor: str | None,
    file: Path | None,
) -> None:
    """Rate one candidate by the kit, or enter a file of ratings."""
    if (ref is None) == (file is None):
        raise UsageError(
            Problem(text="name one application or a file", place="score", allowed="APPLICATION or --file")
        )
    problems = Problems()
    entries = [_entry(ref or "", ratings, notes, assessor)] if file is None else read_scores(file, problems)
    engine = desk.workspace.engine

    def prepare(tx: Transaction) -> dict[str | None, int | None]:
        for entry in entries:
            entry.interviewed_on = entry.interviewed_on or (held.on(tx.today) if held else None)
        _raise_any(problems, name_ratings(engine, tx, entries), alone=file is None)
        return raters_of(tx, entries)

    raters = desk.workspace.run(desk.actor, prepare, read_only=True)

    def work(tx: Transaction, chunk: Sequence[Entry]) -> list[Entered]:
        entered = enter(engine, tx, chunk, raters, lock=lock, request_id=desk.request_id)
        return _all_or_none(entered, alone=file is None)

    found = in_chunks(desk, entries, work, label="Scorecards")
    errors = [each.error for each in found if each.error is not None]
    desk.emit([_row(each) for each in found], _ENTERED if errors else _ENTERED[:-1])
    raise_refusals(errors, len(found))
    if not lock and ref is not None:
        desk.say(f"Next: talent recruitment score {ref} --lock")


def _entry(
    ref: str, ratings: tuple[tuple[str, str], ...], notes: tuple[tuple[str, str], ...], assessor: str | None
) -> Entry:
    given = {code: read_rating(value, NOT_OBSERVED, "--competency", named=True) for code, value in ratings}
    return Entry(ref, assessor, given, dict(notes))


def _raise_any(problems: Problems, unnamed: Sequence[Problem], *, alone: bool) -> None:
    if unnamed and alone:
        raise UsageError.of(unnamed)
    for each in unnamed:
        problems.add(each)
    problems.raise_any()


def _all_or_none(found: list[Entered], *, alone: bool) -> list[Entered]:
    # One scorecard is entered and locked as a whole, or not at all.
    if alone and found[0].error is not None:
        raise found[0].error
    return found


def _row(found: Entered) -> dict[str, object]:
    return {
        "application": found.entry.application,
        "assessor": found.entry.assessor,
        "scorecard": found.scorecard,
        "ratings": ", ".join(f"{code} {value}" for code, value in found.entry.ratings.items()),
        "state": found.state.replace("_", " ") if found.state else None,
        "why_not": [] if found.error is None else why_not(found.error),
    }


@click.command()
@click.argument("ref", metavar="APPLICATION", type=REFERENCE)
@click.argument("handle", metavar="PERSON", type=PERSON)
@writes
def assessor(desk: Desk, ref: str, handle: str) -> None:
    """Name one more assessor for one candidate."""
    found = desk.workspace.run(desk.actor, lambda tx: person(tx, handle), read_only=True)
    fire_one(desk, Request(ref, "add_assessor", {"person": found.id}))


@click.command()
@click.argument("ref", metavar="APPLICATION", type=REFERENCE)
@click.option("--note", required=True, help="What the panel talked about.")
@click.option("--competency", type=COMPETENCY, multiple=True, help="Default: those too far apart.")
@writes
def discuss(desk: Desk, ref: str, note: str, competency: tuple[str, ...]) -> None:
    """Give scorecards back for what was discussed; both ratings are kept."""
    known = codes_named(desk, [ref])[ref]
    form = {"note": note, "competencies": [spelled(each, known) for each in competency]}
    following = f"each assessor: talent recruitment score {ref} --competency CODE=RATING --lock"
    fire_one(desk, Request(ref, "discuss", form), following=following)
