"""The text of a digest, and who gets one."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from datetime import date
from typing import Any

from talenthub.cli.base import Desk
from talenthub.cli.campaigns import run_campaign
from talenthub.cli.casework import (
    People,
    about_words,
    due_day,
    due_words,
    name_of,
    people_of,
    read,
    state_words,
)
from talenthub.errors import NotPermitted, Problem
from talenthub.people.grants import holds
from talenthub.storage.transaction import Transaction
from talenthub.workflow.digest import Digest, begin_digests, digest
from talenthub.workflow.engine import Engine
from talenthub.workflow.inbox import TaskView

WIDTH = 78
"""Characters of a line: a mail program adds its own margin."""

KEEPERS = ("admin", "hr_head")
"""Grants whose holders have digests made."""


def print_preview(desk: Desk) -> None:
    """Print the actor's digest as it would be sent."""

    def look(engine: Engine, tx: Transaction) -> dict[str, Any]:
        made = digest(tx, engine.catalogue)
        subject = made.subject if made is not None else None
        return {"subject": subject, "text": digest_text(engine, tx, made) if made is not None else None}

    found = read(desk, look)
    if not desk.for_people:
        desk.emit_record(found)
    elif found["text"] is None:
        desk.write_text("There is nothing to tell today, so no digest comes.")
    else:
        desk.write_text(f"Subject: {found['subject']}\n\n{found['text']}")


def put_digests_by(desk: Desk) -> None:
    """Put everybody's digest into the outbox; print the day, and no more.

    Who gets one, or how many do, would tell of cases that are not the
    keeper's to see.
    """

    def begin(tx: Transaction) -> int:
        _require_right(tx)
        day[:] = [tx.today]
        return begin_digests(tx)

    day: list[date] = []
    run_campaign(desk, begin)
    desk.emit_record({"day": day[0]})
    desk.say("Today's digests are put by; whoever has one gets no second.")


def digest_text(engine: Engine, tx: Transaction, made: Digest) -> str:
    """Return the text of a digest, as it is shown and as it is mailed."""
    return "\n".join(_lines(engine, tx, made))


def _require_right(tx: Transaction) -> None:
    if tx.actor.person is not None and not holds(tx, tx.actor.person, KEEPERS):
        problem = Problem(
            text="only admin or hr head may have digests made",
            mend="talent notify preview shows yours",
            code="notify.right",
        )
        raise NotPermitted(problem)


def _lines(engine: Engine, tx: Transaction, made: Digest) -> Iterator[str]:
    me = people_of(tx, [made.person])
    subjects = people_of(tx, [seen.case.subject for seen, _ in made.changes])
    yield f"{name_of(me, made.person)}, this is your {made.day:%A}, {made.day.isoformat()}."
    if made.tasks:
        yield ""
        yield "What waits for you"
        for task in made.tasks:
            yield from _task(task, tx)
    if made.messages:
        yield ""
        yield "Messages"
        for ref, subject in made.messages:
            yield from _wrapped(f"  {ref:<8} {'':<12}", subject)
    if made.changes:
        yield ""
        yield "What others did since yesterday"
        yield from _changes(engine, made, subjects)
    yield ""
    yield "All of it: talent inbox"


def _task(task: TaskView, tx: Transaction) -> Iterator[str]:
    due = due_words(due_day(task.due, tx.zone), tx.today)
    yield from _wrapped(f"  {task.ref:<8} {due:<12}", task.title)
    yield from _wrapped(" " * 23, about_words(task, task.subject))


def _changes(engine: Engine, made: Digest, subjects: People) -> Iterator[str]:
    for seen, _event in made.changes:
        case = seen.case
        state = state_words(engine.catalogue.find_for(case), case)
        yield from _wrapped(f"  {case.ref:<8} {'':<12}", f"now {state}")
        yield from _wrapped(" " * 23, about_words(case, name_of(subjects, case.subject)))


def _wrapped(begin: str, text: str) -> list[str]:
    return textwrap.wrap(text, WIDTH, initial_indent=f"{begin} ", subsequent_indent=" " * (len(begin) + 1))
