"""Recording conversations from a file: a year's notes of a manager at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from talenthub.sdk import (
    CaseView,
    CsvRow,
    Engine,
    Problems,
    Request,
    Sheet,
    TalentError,
    Transaction,
    day_in,
    read_csv,
)
from talenthub_performance.finding import reviews_named

CONVERSATION = "performance.conversation"
TOPICS = ("going_well", "in_the_way", "growth", "next")
SHEET = Sheet(
    columns=("review", "on", *TOPICS, "action", "owner", "done", "rating", "missed"),
    required=("review", "on"),
)
OWNERS = ("employee", "manager")


@dataclass(slots=True)
class Talk:
    """One conversation of a file: held, or missed for a reason."""

    review: str
    on: date
    form: dict[str, Any] = field(default_factory=dict)
    missed: str = ""


@dataclass(frozen=True, slots=True)
class Recorded:
    """What became of one conversation of a file."""

    review: str
    on: date
    ref: str | None = None
    state: str | None = None
    error: TalentError | None = None


def read_talks(file: Path) -> list[Talk]:
    """Return the conversations of a CSV file; all its faults at once."""
    problems = Problems()
    found = [_read_row(row, problems) for row in read_csv(file, SHEET, problems)]
    problems.raise_any()
    return [each for each in found if each is not None]


def _read_row(row: CsvRow, problems: Problems) -> Talk | None:
    day = day_in(row, "on", problems)
    owner = (row.text("owner") or "employee").lower()
    if owner not in OWNERS:
        problems.add(row.unknown("owner", owner, OWNERS))
    action, done = row.text("action"), row.text("done") or ""
    form = {
        **{topic: row.text(topic) or "" for topic in TOPICS},
        "actions": [{"title": action, "owner": owner}] if action else [],
        "done": [each.upper() for each in done.split()],
        "rating": row.text("rating"),
    }
    return None if day is None else Talk(row.text("review") or "", day, form, row.text("missed") or "")


def record_talks(engine: Engine, tx: Transaction, talks: Sequence[Talk]) -> list[Recorded]:
    """Schedule each conversation and write it down, the earliest first.

    A refused one leaves nothing behind and stops no other.
    """
    named = reviews_named(engine, tx, [each.review for each in talks])
    return [_record(engine, tx, each, named[each.review]) for each in sorted(talks, key=lambda talk: talk.on)]


def _record(engine: Engine, tx: Transaction, talk: Talk, review: CaseView | TalentError) -> Recorded:
    if isinstance(review, TalentError):
        return Recorded(talk.review, talk.on, error=review)
    try:
        with tx.savepoint():
            (ref,) = engine.fire(tx, review.ref, "schedule", {"on": talk.on}).opened
            step = ("miss", {"reason": talk.missed}) if talk.missed else ("hold", _held(talk))
            return Recorded(talk.review, talk.on, ref, engine.fire(tx, ref, *step).target)
    except TalentError as error:
        return Recorded(talk.review, talk.on, error=error)


def _held(talk: Talk) -> dict[str, Any]:
    return {**talk.form, "held_on": talk.on}


def to_agree(engine: Engine, tx: Transaction, reviews: Sequence[CaseView]) -> list[Request]:
    """Return the agreements that wait for the actor in these reviews."""
    found = engine.children_of(tx, [each.id for each in reviews], CONVERSATION)
    return [
        Request(each.ref, "agree")
        for review in reviews
        for each in found[review.id]
        if each.state == "held"
        and each.data is not None
        and not set(each.data.agreed_by) & tx.actor.identities
    ]
