"""Rounds: nominate, approve, answer, close; read in groups only."""

from __future__ import annotations

from typing import Any

import click

from talenthub.sdk import (
    Cases,
    Column,
    Desk,
    Group,
    Name,
    Request,
    Transaction,
    cases_option,
    person,
    persons,
    read_rating,
    reads,
    writes,
)
from talenthub_performance.cases import NOT_ASSESSED, Answering
from talenthub_performance.commands.common import PAIR, REVIEW, codes, fire_found
from talenthub_performance.finding import ANSWER, answer_of, case_of, review_of

ROUND = "performance.round"
ABOUT = Name("person or answer")
_rounds = cases_option("REF…", workflow=ROUND)


@click.group("round", cls=Group)
def round_() -> None:
    """Answers from around one person, sealed and read in groups only."""


def _fire(desk: Desk, cases: Cases, step: str) -> None:
    refs = cases.refs(desk)
    fire_found(
        desk, lambda engine, tx: [Request(case_of(engine, tx, each, ROUND).ref, step) for each in refs]
    )


@round_.command("nominate")
@click.argument("word", metavar="REVIEW", type=REVIEW)
@click.option("--rater", "raters", type=PAIR, multiple=True, required=True, help="peers=ana.ribeiro")
@click.option("--competency", "asked", multiple=True, help="What they rate; default: all of the role.")
@writes
def nominate(desk: Desk, word: str, raters: tuple[tuple[str, str], ...], asked: tuple[str, ...]) -> None:
    """Name who is asked, by group: peers, reports or customers."""

    def find(engine: Any, tx: Transaction) -> list[Request]:
        groups: dict[str, list[int]] = {}
        for group, handle in raters:
            groups.setdefault(group.lower(), []).append(person(tx, handle).id)
        form = {"raters": groups, "competencies": [each.upper() for each in asked]}
        return [Request(review_of(engine, tx, word).ref, "nominate", form)]

    fire_found(desk, find, following="the manager: talent performance round approve {opened}")


@round_.command("approve")
@_rounds
@writes
def approve(desk: Desk, cases: Cases) -> None:
    """Approve who is asked in rounds; they are asked now."""
    _fire(desk, cases, "approve")


@round_.command("answer")
@click.argument("word", metavar="PERSON|ANS-…", type=ABOUT)
@click.option("--competency", "ratings", type=PAIR, multiple=True, required=True, help="COM=2")
@writes
def answer(desk: Desk, word: str, ratings: tuple[tuple[str, str], ...]) -> None:
    """Answer; nothing tells later that it was you who said it."""
    engine = desk.workspace.engine
    given = {code: read_rating(value, NOT_ASSESSED, "--competency") for code, value in codes(ratings).items()}

    def run(tx: Transaction) -> str:
        case = answer_of(engine, tx, word)
        data: Answering = case.data
        engine.fire(tx, case.ref, "answer", {"group": data.group, "ratings": given})
        return persons(tx, {case.subject or 0})[case.subject or 0].handle

    desk.emit([{"about": desk.run(run), "state": "answered"}], (Column("about"), Column("state")))


@round_.command("close")
@_rounds
@writes
def close(desk: Desk, cases: Cases) -> None:
    """Close rounds; each review shows what each large enough group said."""
    _fire(desk, cases, "close")


@round_.command("mine")
@reads
def mine(desk: Desk) -> None:
    """List the answers that you are asked for."""
    engine = desk.workspace.engine

    def run(tx: Transaction) -> list[dict[str, Any]]:
        return [
            {"answer": each.ref, "state": each.state, "about": each.about, "group": each.data.group}
            for each in engine.of_workflow(tx, ANSWER, open_only=True)
            if each.data is not None
        ]

    desk.emit(desk.run(run), [Column(each) for each in ("answer", "state", "about", "group")])
