"""Entries: a step of many cases, each with a form of its own.

    listed = read_talks(file) if file is not None else [Entry(word, form)]
    fire_entries(desk, listed, "talk", plan_of)

A file names the same case as often as it likes: its lines are steps one after
another.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from talenthub.cli.base import Desk
from talenthub.cli.firing import in_chunks, tell_answers
from talenthub.cli.parameters import DateWord
from talenthub.errors import Problem, TalentError, UsageError
from talenthub.storage.transaction import Transaction
from talenthub.workflow.context import CaseView
from talenthub.workflow.engine import Engine
from talenthub.workflow.firing import Fired, Request

Find = Callable[[Engine, Transaction, str], CaseView]
"""Returns the case that a word means, as the actor may know it."""


@dataclass(slots=True)
class Entry:
    """What is asked of one case: its reference or person, and the form."""

    word: str
    form: dict[str, Any] = field(default_factory=dict)


def fire_entries(
    desk: Desk, entries: Sequence[Entry], transition: str, find: Find, *, following: str = ""
) -> None:
    """Fire a transition for each entry; what is refused stops no other.

    `find` returns the case that an entry's word means. Raises the only
    refusal as it is; Refused says how many of many there were.
    """
    engine = desk.workspace.engine
    answers = in_chunks(
        desk, entries, lambda tx, chunk: _fired(engine, tx, chunk, transition, find, desk.request_id)
    )
    tell_answers(desk, answers, following=following)


def _fired(
    engine: Engine,
    tx: Transaction,
    entries: Sequence[Entry],
    transition: str,
    find: Find,
    request_id: str | None,
) -> list[tuple[Request, Fired | TalentError]]:
    """Return request and answer of each; who names no case is told why."""
    answers: dict[int, Fired | TalentError] = {}
    requests = [Request(entry.word, transition, entry.form) for entry in entries]
    waiting: dict[int, Request] = {}
    for place, request in enumerate(requests):
        try:
            found = replace(request, ref=find(engine, tx, entries[place].word).ref)
            requests[place] = waiting[place] = found
        except TalentError as error:
            answers[place] = error
    turn = 0
    while waiting:
        together = _once_each(waiting)
        own_id = request_id and (f"{request_id}/{turn}" if turn else request_id)
        fired = engine.fire_many(tx, [waiting.pop(place) for place in together], request_id=own_id)
        answers |= dict(zip(together, fired, strict=True))
        turn += 1
    return [(request, answers[place]) for place, request in enumerate(requests)]


def _once_each(waiting: Mapping[int, Request]) -> list[int]:
    """Return the places of requests in which no case stands twice."""
    first: dict[str | int, int] = {}
    for place, request in waiting.items():
        first.setdefault(request.ref, place)
    return list(first.values())


def one_way(given: Mapping[str, Any], place: str) -> None:
    """Raise UsageError unless exactly one of these ways was chosen."""
    if sum(each not in (None, "", (), []) for each in given.values()) != 1:
        raise UsageError(Problem(text="choose one way", place=place, allowed=" or ".join(given)))


def day_on(desk: Desk, word: DateWord | None) -> str | None:
    """Return the day a word means today, as forms take it; None for none."""
    if word is None:
        return None
    return desk.workspace.run(desk.actor, lambda tx: word.on(tx.today), read_only=True).isoformat()
