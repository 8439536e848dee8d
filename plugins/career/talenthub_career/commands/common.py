"""What the commands of career share: parameters, rows and answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from talenthub.sdk import (
    CaseView,
    Column,
    Desk,
    Engine,
    Name,
    Pair,
    Problem,
    TalentError,
    Transaction,
    UsageError,
    cases_option,
    once,
    raise_refusals,
    why_not,
)
from talenthub_career.finding import ASKING, MOVE, PLACEMENT, PLAN, case_of

WORD = Name("case or person")
PAIR = Pair(upper=True)
plans_option = cases_option("PLAN|PERSON…", workflow=PLAN, kind=WORD)
placements_option = cases_option("PLACEMENT|PERSON…", workflow=PLACEMENT, kind=WORD)
moves_option = cases_option("MOVE|PERSON…", workflow=MOVE, kind=WORD)
askings_option = cases_option("ASK-…", workflow=ASKING)
CASES = (Column("ref"), Column("person"), Column("state"), Column("about"))
file_option = click.option(
    "--from", "file", type=click.Path(path_type=Path), help="CSV of many; its columns: docs/career.md."
)


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
    if not len(errors) == len(rows) == 1:
        desk.emit(rows, (*CASES, Column("why_not", extra=not errors)))
    raise_refusals(errors, len(rows))
    if following:
        desk.say(f"Next: {following}")


def looked_up(desk: Desk, read: Callable[[Transaction], Any]) -> Any:
    """Return what is needed to fill in a form."""
    return desk.workspace.run(desk.actor, read, read_only=True)
