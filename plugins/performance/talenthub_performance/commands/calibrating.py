"""Calibration: sessions, changes with reasons, leniency."""

from __future__ import annotations

from typing import Any

import click

from talenthub.sdk import (
    COMPETENCY,
    PERSON,
    REFERENCE,
    UNIT,
    Column,
    Desk,
    Engine,
    Group,
    OneOf,
    Problem,
    Request,
    Transaction,
    UsageError,
    person,
    reads,
    unit_paths,
    writes,
)
from talenthub.sdk import unit as unit_of
from talenthub_performance.calibration import CALIBRATED, left_over
from talenthub_performance.commands.common import REVIEW, figure, fire_found, one
from talenthub_performance.finding import case_of, review_of
from talenthub_performance.opening import CYCLE
from talenthub_performance.telling import leniency_of, leniency_rows, reviews_of

SESSION = "performance.calibration"


@click.group(cls=Group)
def calibrate() -> None:
    """Compare evidence across managers; no distribution is forced."""


@calibrate.command("open")
@click.argument("ref", metavar="CYCLE", type=REFERENCE)
@click.argument("title")
@click.option("--facilitator", type=PERSON, required=True, help="Who leads it: somebody neutral.")
@click.option("--member", "members", type=PERSON, multiple=True, help="Who takes part.")
@click.option("--review", "words", type=REVIEW, multiple=True, help="What is looked at.")
@click.option("--manager", "managers", type=PERSON, multiple=True, help="All that this one rated.")
@click.option("--unit", type=UNIT, help="All of this unit and those beneath.")
@writes
def open_(
    desk: Desk,
    ref: str,
    title: str,
    facilitator: str,
    members: tuple[str, ...],
    words: tuple[str, ...],
    managers: tuple[str, ...],
    unit: str | None,
) -> None:
    """Open a session; nobody looks at the own row or the own boss's."""
    engine = desk.workspace.engine

    def run(tx: Transaction) -> dict[str, Any]:
        cycle = case_of(engine, tx, ref, CYCLE)
        named = [review_of(engine, tx, each).id for each in words]
        opened = engine.open(
            tx,
            SESSION,
            data={"title": title, "reviews": named + _of_many(engine, tx, cycle.id, managers, unit)},
            participants={
                "facilitator": (person(tx, facilitator).id,),
                "member": tuple(person(tx, each).id for each in members),
            },
            parent=cycle.id,
            about=title,
        )
        return {"session": opened.ref, "title": title, "reviews": len(opened.data.reviews)}

    row = desk.run(run)
    desk.emit([row], (Column("session"), Column("title"), Column("reviews", right=True)))
    desk.say(f"Next: talent performance calibrate start {row['session']}")


def _of_many(
    engine: Engine, tx: Transaction, cycle: int, managers: tuple[str, ...], unit_code: str | None
) -> list[int]:
    """Return the submitted reviews of these managers and of this unit."""
    raters = {person(tx, each).id for each in managers}
    where = None if unit_code is None else unit_of(tx, unit_code).id
    inside = {each for each, path in unit_paths(tx).items() if where in path}
    return [
        each.id
        for each in reviews_of(engine, tx, cycle)
        if each.state in CALIBRATED and (raters & set(each.people("manager")) or each.unit in inside)
    ]


def _fire(desk: Desk, ref: str, step: str, form: dict[str, Any]) -> None:
    one(desk, lambda engine, tx: case_of(engine, tx, ref, SESSION), step, form)


def _members(desk: Desk, ref: str, words: tuple[str, ...], key: str) -> None:
    fire_found(
        desk,
        lambda engine, tx: [
            Request(
                case_of(engine, tx, ref, SESSION).ref,
                "change_members",
                {key: [review_of(engine, tx, each).id for each in words]},
            )
        ],
    )


@calibrate.command("add")
@click.argument("ref", type=REFERENCE)
@click.argument("words", metavar="REVIEW…", type=REVIEW, nargs=-1, required=True)
@writes
def add(desk: Desk, ref: str, words: tuple[str, ...]) -> None:
    """Add reviews to a session."""
    _members(desk, ref, words, "add")


@calibrate.command("remove")
@click.argument("ref", type=REFERENCE)
@click.argument("words", metavar="REVIEW…", type=REVIEW, nargs=-1, required=True)
@writes
def remove(desk: Desk, ref: str, words: tuple[str, ...]) -> None:
    """Take reviews out of a session."""
    _members(desk, ref, words, "remove")


@calibrate.command("start")
@click.argument("ref", type=REFERENCE)
@writes
def start(desk: Desk, ref: str) -> None:
    """Begin a session."""
    _fire(desk, ref, "start", {})


@calibrate.command("change")
@click.argument("ref", type=REFERENCE)
@click.argument("word", metavar="REVIEW", type=REVIEW)
@click.option("--competency", type=COMPETENCY, required=True, help="What is rated differently.")
@click.option("--rating", type=int, required=True, help="The rating from now on.")
@click.option(
    "--code", type=OneOf("code", ("evidence", "anchor", "scope", "error")), required=True, help="What kind."
)
@click.option("--reason", required=True, help="Why, in words.")
@click.option("--evidence", required=True, help="What it rests on.")
@writes
def change(
    desk: Desk, ref: str, word: str, competency: str, rating: int, code: str, reason: str, evidence: str
) -> None:
    """Change a rating; it counts once somebody else approves the session."""

    def find(engine: Engine, tx: Transaction) -> list[Request]:
        form = {
            "review": review_of(engine, tx, word).ref,
            "competency": competency.upper(),
            "rating": rating,
            "code": code,
            "reason": reason,
            "evidence": evidence,
        }
        return [Request(case_of(engine, tx, ref, SESSION).ref, "change", form)]

    fire_found(desk, find)


@calibrate.command("discussed")
@click.argument("ref", type=REFERENCE)
@click.argument("words", metavar="REVIEW…", type=REVIEW, nargs=-1)
@click.option("--rest", is_flag=True, help="All that nobody has changed or talked about so far.")
@writes
def discussed(desk: Desk, ref: str, words: tuple[str, ...], rest: bool) -> None:
    """Say that reviews were talked about and stay as they are."""
    if bool(words) == rest:
        raise UsageError(
            Problem(text="name reviews or the rest", place="discussed", allowed="REVIEW… or --rest")
        )

    def find(engine: Engine, tx: Transaction) -> list[Request]:
        case = case_of(engine, tx, ref, SESSION)
        named = [review_of(engine, tx, each).ref for each in words] if words else left_over(tx, case)
        return [Request(case.ref, "discuss", {"reviews": named})]

    fire_found(desk, find)


@calibrate.command("close")
@click.argument("ref", type=REFERENCE)
@writes
def close(desk: Desk, ref: str) -> None:
    """Propose to close: every review was talked about."""
    _fire(desk, ref, "propose_close", {})


@calibrate.command("approve")
@click.argument("ref", type=REFERENCE)
@click.option("--return", "reason", help="Give it back to the session, and why.")
@writes
def approve(desk: Desk, ref: str, reason: str | None) -> None:
    """Approve a session that you did not lead: its changes count now."""
    _fire(desk, ref, "give_back" if reason else "approve", {"reason": reason} if reason else {})


@calibrate.command("leniency")
@click.argument("ref", metavar="CYCLE", type=REFERENCE)
@reads
def leniency(desk: Desk, ref: str) -> None:
    """Show managers whose ratings lie far from the others', by robust z."""
    engine = desk.workspace.engine
    found = desk.run(lambda tx: leniency_rows(tx, leniency_of(engine, tx, case_of(engine, tx, ref, CYCLE))))
    desk.emit(
        found,
        (
            Column("manager"),
            Column("mean", right=True, show=figure),
            Column("ratees", right=True),
            Column("apart", right=True, show=figure),
            Column("z", right=True, show=figure),
            Column("look"),
        ),
    )
    desk.say("A flag asks to look at the evidence; it changes nothing.")
