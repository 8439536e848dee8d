"""What the commands of career share: parameters, rows and answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from talenthub.sdk import (
    CaseView,
    Column,
    DateWord,
    Desk,
    Engine,
    Fired,
    Name,
    Problem,
    Refused,
    Request,
    TalentError,
    Transaction,
    UsageError,
    once,
)
from talenthub_career.files import Entry
from talenthub_career.finding import PLACEMENT, PLAN, case_of

WORD = Name("case or person")
FIRED = (
    Column("ref"),
    Column("step"),
    Column("before", extra=True),
    Column("now"),
    Column("opened", extra=True),
    Column("why_not"),
)
CASES = (Column("ref"), Column("person"), Column("state"), Column("about"))
Find = Callable[[Engine, Transaction, str], CaseView]

file_option = click.option(
    "--from", "file", type=click.Path(path_type=Path), help="CSV of many; its columns: docs/career.md."
)


class Pair(click.ParamType[tuple[str, str]]):
    """CODE=VALUE: a competency and what is said about it."""

    name = "code=value"

    def convert(
        self, value: str | tuple[str, str], param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, str]:
        """Return code, in capitals, and value."""
        if isinstance(value, tuple):
            return value
        code, sign, said = value.partition("=")
        if not sign or not code.strip() or not said.strip():
            self.fail(f"{value!r} is not CODE=VALUE; allowed: a competency, = and a value", param, ctx)
        return code.strip().upper(), said.strip()


PAIR = Pair()


def whole(pairs: Sequence[tuple[str, str]], place: str) -> dict[str, int]:
    """Return ratings by competency; UsageError where one is no number."""
    found = {}
    for code, text in pairs:
        if not (text.isascii() and text.lstrip("-").isdigit()):
            raise UsageError(
                Problem(text="this is no rating", place=place, found=f"{code}={text}", allowed="a number")
            )
        found[code] = int(text)
    return found


def plan_word(engine: Engine, tx: Transaction, word: str) -> CaseView:
    """Return the plan that a word names."""
    return case_of(engine, tx, word, PLAN)


def placement_word(engine: Engine, tx: Transaction, word: str) -> CaseView:
    """Return the placement that a word names."""
    return case_of(engine, tx, word, PLACEMENT)


def fire_each(
    desk: Desk, entries: Sequence[Entry], transition: str, *, find: Find = plan_word, following: str = ""
) -> None:
    """Fire a transition for each entry; what is refused stops no other."""
    engine = desk.workspace.engine

    def run(tx: Transaction) -> list[tuple[str, Fired | TalentError]]:
        answers: dict[int, Fired | TalentError] = {}
        refs: dict[int, str] = {}
        for place, entry in enumerate(entries):
            try:
                refs[place] = find(engine, tx, entry.word).ref
            except TalentError as error:
                answers[place] = error
        requests = [Request(ref, transition, entries[place].form) for place, ref in refs.items()]
        answers |= dict(zip(refs, _fired(engine, tx, requests, desk.request_id), strict=True))
        return [(refs.get(place, entry.word), answers[place]) for place, entry in enumerate(entries)]

    tell(desk, transition, desk.run(run), following)


def _fired(
    engine: Engine, tx: Transaction, requests: Sequence[Request], request_id: str | None
) -> list[Fired | TalentError]:
    """Fire in rounds, so that one case may stand in a file several times."""
    answers: dict[int, Fired | TalentError] = {}
    waiting = list(enumerate(requests))
    turn = 0
    while waiting:
        seen: set[str | int] = set()
        chunk = [(at, each) for at, each in waiting if not (each.ref in seen or seen.add(each.ref))]  # type: ignore[func-returns-value]
        own_id = request_id and (request_id if turn == 0 else f"{request_id}/{turn}")
        fired = engine.fire_many(tx, [each for _, each in chunk], request_id=own_id)
        answers |= {at: answer for (at, _), answer in zip(chunk, fired, strict=True)}
        waiting = [each for each in waiting if each[0] not in answers]
        turn += 1
    return [answers[place] for place in range(len(requests))]


def open_each(
    desk: Desk,
    verb: str,
    wanted: Mapping[str, Any],
    act: Callable[[Transaction, str], dict[str, Any]],
    *,
    following: str = "",
) -> None:
    """Open a case for each person; what is refused stops no other.

    `wanted` has what is asked for each, as JSON knows it; a repeated
    `--request-id` is answered again.
    """
    engine = desk.workspace.engine

    def run(tx: Transaction) -> dict[str, dict[str, Any] | TalentError]:
        engine.enter(tx)
        return once(tx, desk.request_id, verb, wanted, lambda item: act(tx, item))

    answers = desk.run(run)
    errors = [each for each in answers.values() if isinstance(each, TalentError)]
    rows = [
        {"ref": None, "person": item, "state": None, "about": "", "why_not": why_not(each)}
        if isinstance(each, TalentError)
        else {**each, "why_not": []}
        for item, each in answers.items()
    ]
    if len(errors) < len(rows) or not rows:
        desk.emit(rows, (*CASES, Column("why_not", extra=not errors)))
    _raise(errors, len(rows))
    if following:
        desk.say(f"Next: {following}")


def tell(
    desk: Desk, transition: str, answers: Sequence[tuple[str, Fired | TalentError]], following: str
) -> None:
    """Print what became of each, and raise what was refused."""
    errors = [each for _, each in answers if isinstance(each, TalentError)]
    if len(errors) < len(answers):
        rows = [_row(word, transition, each) for word, each in answers]
        desk.emit(rows, FIRED if errors else FIRED[:-1])
    _raise(errors, len(answers))
    if following:
        desk.say(f"Next: {following}")


def _raise(errors: Sequence[TalentError], asked: int) -> None:
    if len(errors) == 1 and asked == 1:
        raise errors[0]
    if errors:
        raise Refused(f"{len(errors)} of {asked} were refused; the others are done")


def _row(word: str, transition: str, answer: Fired | TalentError) -> dict[str, Any]:
    if isinstance(answer, TalentError):
        return {"ref": word, "step": transition, "now": None, "why_not": why_not(answer)}
    return {
        "ref": answer.ref,
        "step": answer.transition.replace("_", " "),
        "before": answer.source.replace("_", " "),
        "now": answer.target.replace("_", " "),
        "opened": list(answer.opened),
        "why_not": [],
    }


def why_not(error: TalentError) -> list[str]:
    """Return what stands in the way, as short lines."""
    if isinstance(error, Refused):
        unmet = [each for each in error.verdicts if not each.ok]
        lines = [detail.text for each in unmet for detail in each.details] or [each.text for each in unmet]
        return lines or [str(each) for each in error.problems]
    return [str(each) for each in error.problems]


def one_way(given: Mapping[str, Any], place: str) -> None:
    """Raise UsageError unless exactly one of these ways was chosen."""
    if sum(bool(each) for each in given.values()) != 1:
        raise UsageError(Problem(text="choose one way", place=place, allowed=" or ".join(given)))


def day_on(desk: Desk, word: DateWord | None) -> str | None:
    """Return the day a word means today, as forms take it."""
    if word is None:
        return None
    return desk.workspace.run(desk.actor, lambda tx: word.on(tx.today), read_only=True).isoformat()


def looked_up(desk: Desk, read: Callable[[Transaction], Any]) -> Any:
    """Return what is needed to fill in a form."""
    return desk.workspace.run(desk.actor, read, read_only=True)
