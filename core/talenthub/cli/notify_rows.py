"""The text of a digest, and who gets one."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from talenthub.cli.base import Desk
from talenthub.cli.campaigns import run_campaign
from talenthub.cli.casework import (
    SOON,
    People,
    about_words,
    due_day,
    name_of,
    people_of,
    read,
    state_words,
)
from talenthub.errors import NotPermitted, Problem
from talenthub.outbound.letters import digest_subject
from talenthub.outbound.wording import Wording, wordings_of
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
    wordings = wordings_of(desk.workspace.settings, desk.workspace.folder)

    def look(engine: Engine, tx: Transaction) -> dict[str, Any]:
        made = digest(tx, engine.catalogue)
        if made is None:
            return {"subject": None, "text": None}
        asked = _language(tx, made)
        wording = wordings.of(asked)
        text = digest_text(engine, tx, made, wording)
        language = {"language": wording.language, "asked": asked}
        return {"subject": digest_subject(made, wording), "text": text, **language}

    found = read(desk, look)
    if not desk.for_people:
        desk.emit_record({name: found[name] for name in ("subject", "text")})
    elif found["text"] is None:
        desk.write_text("There is nothing to tell today, so no digest comes.")
    else:
        desk.write_text(f"Subject: {found['subject']}\n\n{found['text']}")
        if found["language"] != found["asked"].partition("-")[0]:
            desk.say(f"There are no texts in {found['asked']}: these are in {found['language']}.")


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


def digest_text(engine: Engine, tx: Transaction, made: Digest, wording: Wording) -> str:
    """Return the text of a digest, as it is shown and as it is mailed."""
    me = people_of(tx, [made.person])
    subjects = people_of(tx, [seen.case.subject for seen, _ in made.changes])
    messages = (_wrapped(f"  {ref:<8} {'':<12}", subject) for ref, subject in made.messages)
    return wording.body(
        "digest",
        name=name_of(me, made.person) or "",
        day=made.day.isoformat(),
        tasks=_joined(_task(each, tx, wording) for each in made.tasks),
        messages=_joined(messages),
        changes=_joined([_changes(engine, made, subjects, wording)]),
    )


def _language(tx: Transaction, made: Digest) -> str:
    return people_of(tx, [made.person])[made.person].language


def _joined(parts: Iterable[Iterable[str]]) -> str:
    return "\n".join(line for part in parts for line in part)


def _require_right(tx: Transaction) -> None:
    if tx.actor.person is not None and not holds(tx, tx.actor.person, KEEPERS):
        problem = Problem(
            text="only admin or hr head may have digests made",
            mend="talent notify preview shows yours",
            code="notify.right",
        )
        raise NotPermitted(problem)


def _task(task: TaskView, tx: Transaction, wording: Wording) -> Iterator[str]:
    due = _due(due_day(task.due, tx.zone), tx.today, wording)
    yield from _wrapped(f"  {task.ref:<8} {due:<12}", task.title)
    yield from _wrapped(" " * 23, about_words(task, task.subject))


def _due(due: date | None, today: date, wording: Wording) -> str:
    """Return a due day in the words of a language."""
    if due is None:
        return ""
    ahead = (due - today).days
    if ahead < 0:
        return wording.word("late", count=-ahead)
    if ahead <= 1:
        return wording.word(("today", "tomorrow")[ahead])
    return wording.word("soon", count=ahead) if ahead <= SOON else due.isoformat()


def _changes(engine: Engine, made: Digest, subjects: People, wording: Wording) -> Iterator[str]:
    for seen, _event in made.changes:
        case = seen.case
        state = state_words(engine.catalogue.find_for(case), case)
        yield from _wrapped(f"  {case.ref:<8} {'':<12}", wording.word("now", state=state))
        yield from _wrapped(" " * 23, about_words(case, name_of(subjects, case.subject)))


def _wrapped(begin: str, text: str) -> list[str]:
    return textwrap.wrap(text, WIDTH, initial_indent=f"{begin} ", subsequent_indent=" " * (len(begin) + 1))
