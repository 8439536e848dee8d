"""`talent framework trace`: from a value to decisions, and back."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

import click

from talenthub.cli.base import Desk, reads
from talenthub.cli.framework.files import code_argument, entered, version_argument
from talenthub.cli.output import Column
from talenthub.cli.parameters import Name

if TYPE_CHECKING:
    from talenthub.storage.transaction import Transaction
    from talenthub.workflow.trace import Ground, Step

_STEP = (
    *(Column(each) for each in ("step", "what", "of", "text")),
    Column("count", right=True),
)
WIDEST = 78
Row = dict[str, Any]

_CELL = re.compile(r"(.+)\.L?(\d+)")
_RATING = re.compile(r"([^/]+)/(\d{1,9})")


@click.command()
@click.argument("thing", type=Name("value, competency, cell, case or rating"), metavar="THING")
@code_argument
@version_argument
@click.option("--rows", is_flag=True, help="The ratings of a competency one by one, as far as you see them.")
@reads
def trace(desk: Desk, thing: str, code: str | None, number: str | None, rows: bool) -> None:
    """From a value to competencies, words, ratings and decisions, and back.

    \b
    talent framework trace people-first   a value: what serves it
    talent framework trace COM            its words, and what rests on them
    talent framework trace COM.3          one level of it
    talent framework trace APP-12         a case: what its ratings go back to
    talent framework trace amara.okoye/7  one rating, by its number
    """
    from talenthub.framework.text import say

    def look(tx: Transaction) -> list[Row]:
        return [
            {"step": e.kind, "what": e.what, "of": e.of, "text": say(e.text, language), "count": e.count}
            for e in _steps(desk, tx, thing, code, number, rows)
        ]

    language = desk.workspace.settings.organisation.language
    steps = entered(desk, look)
    if desk.for_people:
        desk.write_text("\n".join(_lines(steps)))
    else:
        desk.emit(steps, _STEP)


def _lines(steps: Iterable[Row]) -> Iterator[str]:
    """Return the steps as people read them: what hangs from what, indented."""
    depths: dict[str, int] = {}
    for each in steps:
        depth = max((depths.get(of, -1) for of in each["of"].split(", ")), default=-1) + 1
        depths.setdefault(each["what"], depth)
        count = "" if each["count"] is None else f"{each['count']:,}"
        words = " ".join(filter(None, (count, each["what"], each["text"])))
        line = f"{'  ' * depth}{each['step']}: {words}"
        yield line if len(line) <= WIDEST else f"{line[: WIDEST - 1]}…"


def _steps(
    desk: Desk, tx: Transaction, thing: str, code: str | None, number: str | None, rows: bool
) -> Iterable[Step]:
    from talenthub.cli.casework import REF
    from talenthub.evidence.tables import evidence
    from talenthub.workflow import trace as tracing
    from talenthub.workflow.framework_sight import version_in_sight

    if REF.fullmatch(thing):
        return _of_case(desk, tx, thing)
    if (rating := _RATING.fullmatch(thing)) is not None:
        return _of_rating(desk, tx, rating[1], int(rating[2]), thing)
    ground = tracing.Ground(tx, version_in_sight(tx, code, number), desk.workspace.evidence)
    if thing in {each.code for each in ground.content.values}:
        return tracing.trace_value(ground, thing)
    cell = None if ground.content.has_competency(thing) else _CELL.fullmatch(thing)
    competency = _competency(ground, thing if cell is None else cell[1])
    if rows:
        return tracing.trace_ratings(ground, evidence.c.competency == competency)
    return tracing.trace_competency(ground, competency, None if cell is None else int(cell[2]))


def _of_case(desk: Desk, tx: Transaction, word: str) -> Iterable[Step]:
    from talenthub.cli.casework import engine_of, reference
    from talenthub.errors import NotFound, Problem
    from talenthub.framework.library import version
    from talenthub.workflow.trace import Ground, trace_case

    found = engine_of(desk).case(tx, reference(word))
    if found.framework_version is None:
        text = "this case rests on no framework"
        raise NotFound(Problem(text=text, found=found.ref, code="framework.trace"))
    ground = Ground(tx, version(tx, found.framework_version), desk.workspace.evidence)
    return trace_case(ground, found.id, found.ref)


def _of_rating(desk: Desk, tx: Transaction, handle: str, sequence: int, word: str) -> Iterable[Step]:
    from talenthub.cli.casework import known_person
    from talenthub.errors import NotFound, Problem
    from talenthub.evidence.tables import evidence
    from talenthub.framework.library import current
    from talenthub.workflow.trace import Ground, rated_framework, trace_ratings

    who = known_person(tx, handle)
    which = (evidence.c.person_id == who.id, evidence.c.sequence == sequence)
    code = rated_framework(tx, who.id, sequence)
    ground = None if code is None else Ground(tx, current(tx, code), desk.workspace.evidence)
    steps = [] if ground is None else list(trace_ratings(ground, *which))
    if not steps:
        text = "there is no such rating, or it is not yours to see"
        mend = f"talent evidence show {handle} --rows"
        raise NotFound(Problem(text=text, found=word, mend=mend, code="framework.trace"))
    return steps


def _competency(ground: Ground, word: str) -> str:
    from talenthub.errors import NotFound, unknown

    codes = {each.code.lower(): each.code for each in ground.content.competencies}
    if word.lower() not in codes:
        known = [*codes.values(), *(each.code for each in ground.content.values)]
        raise NotFound(unknown("value or competency", word, known))
    return codes[word.lower()]
