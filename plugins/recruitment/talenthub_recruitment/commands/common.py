"""What the commands of recruitment share: parameters, rows and answers."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import click

from talenthub.sdk import (
    Column,
    DateWord,
    Desk,
    Fired,
    Name,
    NotFound,
    Refused,
    Request,
    TalentError,
    Transaction,
    once,
)
from talenthub_recruitment.deciding import fire_all, fired_row, why_not
from talenthub_recruitment.opening import codes_of

FIRED = (
    Column("ref"),
    Column("step"),
    Column("before", extra=True),
    Column("now"),
    Column("opened"),
    Column("why_not"),
)


class Pair(click.ParamType[tuple[str, str]]):
    """CODE=VALUE: a competency and what is said about it."""

    name = "code=value"

    def convert(
        self, value: str | tuple[str, str], param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, str]:
        """Return code and value."""
        if isinstance(value, tuple):
            return value
        code, sign, said = value.partition("=")
        if not sign or not code.strip() or not said.strip():
            self.fail(f"{value!r} is not CODE=VALUE; allowed: a competency, = and a value", param, ctx)
        return code.strip(), said.strip()


class Reference(Name):
    """The reference of a case; `app-1` means APP-1."""

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the reference as cases carry it."""
        word = super().convert(value, param, ctx)
        return word.upper() if _REFERENCE.fullmatch(word) else word


_REFERENCE = re.compile(r"[A-Za-z]+-[0-9]+")

PAIR = Pair()
REFERENCE = Reference("reference")


def fire_each(desk: Desk, requests: Sequence[Request]) -> None:
    """Fire each request, print what became of it; refused ones stop none."""
    engine = desk.workspace.engine
    answers = desk.run(lambda tx: fire_all(engine, tx, requests, request_id=desk.request_id))
    rows = [_row(request, answer) for request, answer in zip(requests, answers, strict=True)]
    errors = [each for each in answers if isinstance(each, TalentError)]
    if len(errors) < len(rows):
        is_table = desk.common.style.chosen == "table"
        spare = {each.name for each in FIRED if is_table and not any(row.get(each.name) for row in rows)}
        desk.emit(rows, [replace(each, extra=each.extra or each.name in spare) for each in FIRED])
    raise_refusals(errors, len(rows))


def raise_refusals(errors: Sequence[TalentError], asked: int) -> None:
    """Raise the only refusal as it is, or say how many there were."""
    if len(errors) == 1 and asked == 1:
        raise errors[0]
    if errors:
        raise Refused(f"{len(errors)} of {asked} were refused; the others are done")


def fire_one(desk: Desk, request: Request, *, following: str = "") -> None:
    """Fire one request and print what it did, and what comes next."""
    engine = desk.workspace.engine
    fired = desk.run(
        lambda tx: engine.fire(
            tx,
            request.ref,
            request.transition,
            request.form,
            expected_version=request.expected_version,
            request_id=desk.request_id,
        )
    )
    desk.emit([_row(request, fired)], FIRED[:-1])
    if following:
        desk.say(f"Next: {following}")


def _row(request: Request, answer: Fired | TalentError) -> dict[str, object]:
    if isinstance(answer, TalentError):
        return {"ref": request.ref, "step": request.transition, "now": None, "why_not": why_not(answer)}
    return {**fired_row(answer), "why_not": []}


def answered_once(
    desk: Desk, tx: Transaction, verb: str, wanted: Mapping[str, Any], act: Callable[[], dict[str, Any]]
) -> dict[str, Any]:
    """Return what `act` answers; to a repeated request id its first answer.

    For what opens cases or adds people; firing a case sees to it by itself.
    """
    named = desk.request_id or verb
    answer = once(tx, desk.request_id, verb, {named: wanted}, lambda _: act())[named]
    if isinstance(answer, TalentError):
        raise answer
    return answer


def codes_named(desk: Desk, refs: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Return the competencies that each application is rated on, by reference.

    What is wrong with a reference is said when something is done with it.
    """
    engine = desk.workspace.engine
    try:
        found = desk.workspace.run(desk.actor, lambda tx: engine.cases(tx, list(refs)), read_only=True)
    except NotFound:
        found = {}
    rated = {ref: case for ref, case in found.items() if case.workflow == "recruitment.application"}
    return {ref: codes_of(rated[ref]) if ref in rated else () for ref in refs}


def day_of(desk: Desk, word: DateWord | None) -> str | None:
    """Return the day that a word means today, as forms carry it."""
    if word is None:
        return None
    day = desk.workspace.run(desk.actor, lambda tx: word.on(tx.today), read_only=True)
    return day.isoformat()
