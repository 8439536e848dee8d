"""What the commands of succession share: parameters, rows and answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path
from typing import Any

import click

from talenthub.sdk import (
    CaseView,
    Column,
    Desk,
    Engine,
    Fired,
    Name,
    OneOf,
    Problem,
    Refused,
    Request,
    TalentError,
    Transaction,
    UsageError,
    cases_option,
    once,
    persons,
    why_not,
)
from talenthub_succession.cases import PURPOSES
from talenthub_succession.finding import all_nominations
from talenthub_succession.growing import Closed
from talenthub_succession.telling import chosen

POST = Name("critical post")
NOMINATION = Name("nomination or person")
PURPOSE = OneOf("purpose", PURPOSES)

file_option = click.option(
    "--file", type=click.Path(path_type=Path), help="CSV of many; its columns: docs/succession.md."
)


def selecting(command: Callable[..., None]) -> Callable[..., None]:
    """Add what nominations are chosen by: cases, a post, a purpose."""
    for option in (
        click.option("--purpose", type=PURPOSE, help="All with this purpose that wait for the step."),
        click.option("--post", type=POST, help="All for this post, by code, that wait for the step."),
        cases_option("NOM…", workflow="succession.nomination", kind=NOMINATION, required=False),
    ):
        command = option(command)
    return command


def selected(
    engine: Engine,
    tx: Transaction,
    step: str,
    words: Sequence[str],
    post: str | None,
    purpose: str | None,
) -> list[CaseView]:
    """Return the nominations meant; those that a filter means wait for `step`."""
    if words:
        return all_nominations(engine, tx, words)
    if post is None and purpose is None:
        raise UsageError(
            Problem(
                text="name nominations, or a filter", allowed="NOM…, --from, --where, --post or --purpose"
            )
        )
    found = chosen(engine, tx, {"post": post, "purpose": purpose}, everyone=False)
    return [each for each in found if _waits_for(engine, each, step)]


def _waits_for(engine: Engine, case: CaseView, step: str) -> bool:
    owner = engine.catalogue.running(case.workflow, case.workflow_version)
    return bool(owner.workflow.edges(case.state, step))


class ClosedTarget(click.ParamType[Closed]):
    """CODE:DAY:DAY: a development target, from its first day to its last."""

    name = "code:day:day"

    def convert(
        self, value: str | Closed, param: click.Parameter | None, ctx: click.Context | None
    ) -> Closed:
        """Return the target; the days are ISO days."""
        if isinstance(value, Closed):
            return value
        try:
            code, since, until = value.split(":")
            return Closed(code.strip().upper(), date.fromisoformat(since), date.fromisoformat(until))
        except ValueError:
            self.fail(f"{value!r} is not CODE:DAY:DAY; such as COM:2027-02-26:2027-09-10", param, ctx)


CLOSED = ClosedTarget()
Row = dict[str, Any]
Find = Callable[[Engine, Transaction], Sequence[Request]]


def opened_once(
    desk: Desk, verb: str, wanted: Sequence[Any], opening: Callable[[Transaction], Sequence[CaseView]]
) -> list[CaseView]:
    """Return the cases opened, the first ones for a repeated request id."""
    engine = desk.workspace.engine
    named = desk.request_id or verb

    def run(tx: Transaction) -> list[CaseView]:
        def act(_item: str) -> dict[str, Any]:
            return {"opened": [each.ref for each in opening(tx)]}

        body = {"wanted": [asdict(replace(each, row=None)) for each in wanted]}
        answer = once(tx, desk.request_id, verb, {named: body}, act)[named]
        if isinstance(answer, TalentError):
            raise answer
        return list(engine.cases(tx, answer["opened"]).values())

    return desk.run(run)


def fire_found(desk: Desk, find: Find, *, following: str = "") -> None:
    """Fire what `find` returns; what is refused stops no other."""
    engine = desk.workspace.engine

    def run(tx: Transaction) -> tuple[list[Fired | TalentError], list[Row]]:
        requests = list(find(engine, tx))
        answers = engine.fire_many(tx, requests, request_id=desk.request_id) if requests else []
        rows = [_row(request, answer) for request, answer in zip(requests, answers, strict=True)]
        meant = _meant(engine, tx, [row["ref"] for row in rows])
        return answers, [{**meant[row["ref"]], **row} for row in rows]

    answers, rows = desk.run(run)
    errors = [each for each in answers if isinstance(each, TalentError)]
    if len(errors) == len(answers) == 1:
        raise errors[0]
    desk.emit(rows, _columns(rows, refused=bool(errors)))
    if errors:
        others = "; the others are done" if len(errors) < len(answers) else ""
        raise Refused(f"{len(errors)} of {len(answers)} were refused{others}")
    if following:
        desk.say(f"Next: {following}")


def _meant(engine: Engine, tx: Transaction, refs: Sequence[str]) -> dict[str, Row]:
    """Return whom and what each case is about: a drawn number tells nobody."""
    cases = engine.cases(tx, refs)
    people = persons(tx, {each.subject for each in cases.values() if each.subject is not None})
    return {
        ref: {
            "ref": ref,
            "person": people[each.subject].handle if each.subject is not None else None,
            "target": (each.data.post or each.data.role) if each.data is not None else None,
        }
        for ref, each in cases.items()
    }


def _columns(rows: Sequence[Row], *, refused: bool) -> tuple[Column, ...]:
    about_people = any(row["person"] for row in rows)
    return (
        Column("ref"),
        Column("person", extra=not about_people),
        Column("target", extra=about_people),
        Column("step"),
        Column("before", extra=True),
        Column("now"),
        *([Column("why_not")] if refused else []),
    )


def _row(request: Request, answer: Fired | TalentError) -> Row:
    if isinstance(answer, TalentError):
        step = request.transition.replace("_", " ")
        return {"ref": request.ref, "step": step, "now": None, "why_not": why_not(answer)}
    return {
        "ref": answer.ref,
        "step": answer.transition.replace("_", " "),
        "before": answer.source.replace("_", " "),
        "now": answer.target.replace("_", " "),
        "why_not": [],
    }


def alike(rows: Sequence[Mapping[str, Any]], name: str) -> bool:
    """Return whether a field says the same in all rows, so need not show."""
    return len({row[name] for row in rows}) < 2


def figure(value: Any) -> str:
    """Return a figure as people read it; what is unknown is said so."""
    if value is None:
        return "unknown"
    return f"{value:.4f}" if isinstance(value, float) else str(value)


def share(value: Any) -> str:
    """Return a share with three decimals."""
    return "unknown" if value is None else f"{float(value):.3f}"
