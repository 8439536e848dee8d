"""The pulse: ask, answer, close; shown once enough people have answered."""

from __future__ import annotations

from typing import Any

import click

from talenthub.sdk import (
    PERSON,
    REFERENCE,
    Cases,
    Column,
    Desk,
    Group,
    Name,
    Request,
    Transaction,
    cases_option,
    persons,
    reads,
    writes,
)
from talenthub_performance.commands.common import figure, fire_found
from talenthub_performance.finding import PULSE, case_of
from talenthub_performance.opening import CYCLE
from talenthub_performance.pulsing import QUESTIONS, pulse_asked_of, pulse_rows

ABOUT = Name("manager or answer")
POINTS = click.IntRange(1, 5)


@click.group(cls=Group)
def pulse() -> None:
    """How people find the conversations: useful, heard, clear; sealed."""


@pulse.command("ask")
@click.argument("ref", type=REFERENCE)
@writes
def ask(desk: Desk, ref: str) -> None:
    """Ask all who had a conversation in the cycle REF, manager by manager."""
    fire_found(
        desk,
        lambda engine, tx: [Request(case_of(engine, tx, ref, CYCLE).ref, "ask_pulse")],
        following="who is asked: talent performance pulse answer --useful 4 --heard 5 --clear 3",
    )


@pulse.command("answer")
@click.argument("word", metavar="[MANAGER|PUA-…]", type=ABOUT, required=False)
@click.option("--useful", type=POINTS, required=True, help="The conversations help me: 1 to 5.")
@click.option("--heard", type=POINTS, required=True, help="I am heard in them: 1 to 5.")
@click.option("--clear", type=POINTS, required=True, help="I know afterwards what is expected: 1 to 5.")
@writes
def answer(desk: Desk, word: str | None, useful: int, heard: int, clear: int) -> None:
    """Answer; nothing tells later that it was you who said it."""
    engine = desk.workspace.engine

    def run(tx: Transaction) -> str:
        case = pulse_asked_of(engine, tx, word)
        engine.fire(tx, case.ref, "answer", {"useful": useful, "heard": heard, "clear": clear})
        return persons(tx, {case.subject or 0})[case.subject or 0].handle

    desk.emit([{"about": desk.run(run), "state": "answered"}], (Column("about"), Column("state")))


@pulse.command("close")
@cases_option("REF…", workflow=PULSE)
@writes
def close(desk: Desk, cases: Cases) -> None:
    """Close pulses before their days are over; answers are read from then on."""
    refs = cases.refs(desk)
    fire_found(
        desk,
        lambda engine, tx: [Request(case_of(engine, tx, each, PULSE).ref, "close") for each in refs],
    )


@pulse.command("show")
@click.argument("words", metavar="[MANAGER]…", type=PERSON, nargs=-1)
@reads
def show(desk: Desk, words: tuple[str, ...]) -> None:
    """Show closed pulses: means of three answers or more, never fewer."""
    engine = desk.workspace.engine
    rows: list[dict[str, Any]] = desk.run(lambda tx: pulse_rows(engine, tx, words))
    desk.emit(
        rows,
        (
            *(Column(each) for each in ("pulse", "manager", "state")),
            *(Column(each, right=True) for each in ("asked", "answered")),
            *(Column(each, right=True, show=figure) for each in QUESTIONS),
        ),
    )
    if any(each["state"] == "closed" and each["answered"] is None for each in rows):
        desk.say("Without figures: too few have answered to be read.")
