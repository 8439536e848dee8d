"""What the commands of onboarding share: parameters, rows and answers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
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
    cases_option,
)
from talenthub_onboarding.files import Entry
from talenthub_onboarding.finding import TASK, expect, plan_of

PLAN = Name("plan or person")
FIRED = (
    Column("ref"),
    Column("step"),
    Column("before", extra=True),
    Column("now"),
    Column("opened", extra=True),
    Column("why_not"),
)
Find = Callable[[Engine, Transaction, str], CaseView]


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

plans_option = cases_option("PLAN|PERSON…", workflow="onboarding.plan", kind=PLAN)

file_option = click.option(
    "--file", type=click.Path(path_type=Path), help="CSV of many; its columns: docs/onboarding.md."
)


def find_task(engine: Engine, tx: Transaction, word: str) -> CaseView:
    """Return the task of this reference."""
    return expect(engine.case(tx, word.upper()), TASK)


def fire_each(
    desk: Desk, entries: Sequence[Entry], transition: str, *, find: Find = plan_of, following: str = ""
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
        fired = engine.fire_many(tx, requests, request_id=desk.request_id) if requests else []
        answers |= dict(zip(refs, fired, strict=True))
        return [(refs.get(place, entry.word), answers[place]) for place, entry in enumerate(entries)]

    answers = desk.run(run)
    errors = [each for _, each in answers if isinstance(each, TalentError)]
    if len(errors) < len(answers):
        rows = [_row(word, transition, each) for word, each in answers]
        desk.emit(rows, FIRED if errors else FIRED[:-1])
    if len(errors) == 1 and len(answers) == 1:
        raise errors[0]
    if errors:
        raise Refused(f"{len(errors)} of {len(answers)} were refused; the others are done")
    if following:
        desk.say(f"Next: {following}")


def _row(word: str, transition: str, answer: Fired | TalentError) -> dict[str, Any]:
    if isinstance(answer, TalentError):
        return {"ref": word, "step": transition, "now": None, "why_not": why_not(answer)}
    return {
        "ref": answer.ref,
        "step": transition.replace("_", " "),
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


def one_or_file(word: str | None, file: Path | None, command: str, what: str) -> None:
    """Raise UsageError unless exactly one of the two is given."""
    if (word is None) == (file is None):
        raise UsageError(
            Problem(text=f"name one {what} or a file", place=command, allowed=f"{what} or --file")
        )


def day_on(desk: Desk, word: DateWord | None) -> str | None:
    """Return the day a word means today, as forms take it."""
    if word is None:
        return None
    day = desk.workspace.run(desk.actor, lambda tx: word.on(tx.today), read_only=True)
    return day.isoformat()
