"""Conversations: schedule, prepare, hold, agree, list."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from talenthub.sdk import (
    DAY,
    REFERENCE,
    Cases,
    Column,
    DateWord,
    Desk,
    Engine,
    Group,
    Name,
    OneOf,
    Request,
    Transaction,
    day_on,
    is_reference,
    raise_refusals,
    reads,
    why_not,
    writes,
)
from talenthub_performance.commands.common import REVIEW, fire_found, one, reviews_option
from talenthub_performance.finding import case_of, review_of
from talenthub_performance.recording import CONVERSATION, read_talks, record_talks, to_agree
from talenthub_performance.telling import conversation_rate

CONVERSATION_WORD = Name("conversation or person")


@click.group(cls=Group)
def conversation() -> None:
    """About half an hour a month: going well, in the way, growth, next."""


@conversation.command("schedule")
@reviews_option
@click.option("--on", type=DAY, required=True, help="The day.")
@writes
def schedule(desk: Desk, cases: Cases, on: DateWord) -> None:
    """Schedule a conversation, with one person or with several."""
    words = cases.refs(desk)
    day = day_on(desk, on)
    fire_found(
        desk,
        lambda engine, tx: [
            Request(review_of(engine, tx, each).ref, "schedule", {"on": day}) for each in words
        ],
        following="talent performance conversation hold {opened} --going-well …",
    )


def _fire(desk: Desk, ref: str, step: str, form: dict[str, Any]) -> None:
    one(desk, lambda engine, tx: case_of(engine, tx, ref, CONVERSATION), step, form)


@conversation.command("prepare")
@click.argument("ref", type=REFERENCE)
@click.option("--note", required=True, help="What you bring.")
@writes
def prepare(desk: Desk, ref: str, note: str) -> None:
    """Say what you bring to the conversation."""
    _fire(desk, ref, "prepare", {"note": note})


@conversation.command("hold")
@click.argument("ref", type=REFERENCE)
@click.option("--on", type=DAY, help="The day it was held; default: today.")
@click.option("--going-well", default="", help="What goes well.")
@click.option("--in-the-way", default="", help="What is in the way.")
@click.option("--growth", default="", help="What somebody wants to grow in.")
@click.option("--next", "following", default="", help="What comes next.")
@click.option("--action", "actions", multiple=True, help="What is agreed to be done.")
@click.option("--owner", type=OneOf("owner", ("employee", "manager")), default="employee", help="Whose.")
@click.option("--done", multiple=True, metavar="CON-1.1", help="An earlier action that is done.")
@click.option("--rating", help="An overall rating in tenths, such as 2.7.")
@writes
def hold(
    desk: Desk,
    ref: str,
    on: DateWord | None,
    going_well: str,
    in_the_way: str,
    growth: str,
    following: str,
    actions: tuple[str, ...],
    owner: str,
    done: tuple[str, ...],
    rating: str | None,
) -> None:
    """Write down what was said; open actions are carried over."""
    form = {
        "held_on": day_on(desk, on),
        "going_well": going_well,
        "in_the_way": in_the_way,
        "growth": growth,
        "next": following,
        "actions": [{"title": each, "owner": owner} for each in actions],
        "done": [each.upper() for each in done],
        "rating": rating,
    }
    _fire(desk, ref, "hold", form)


@conversation.command("record")
@click.option(
    "--file", type=click.Path(path_type=Path), required=True, help="CSV; its columns: docs/performance.md."
)
@writes
def record(desk: Desk, file: Path) -> None:
    """Write down many conversations from a file, held or missed."""
    engine = desk.workspace.engine
    talks = read_talks(file)
    found = desk.run(lambda tx: record_talks(engine, tx, talks))
    errors = [each.error for each in found if each.error is not None]
    rows = [
        {
            "ref": each.ref,
            "review": each.review,
            "on": each.on,
            "state": each.state,
            "why_not": why_not(each.error) if each.error else [],
        }
        for each in found
    ]
    names = ("ref", "review", "on", "state")
    desk.emit(rows, (*(Column(each) for each in names), Column("why_not", extra=not errors)))
    raise_refusals(errors, len(found))
    desk.say("Next: the other one agrees: talent performance conversation agree PERSON")


@conversation.command("agree")
@click.argument("words", metavar="CON-…|PERSON…", type=CONVERSATION_WORD, nargs=-1, required=True)
@writes
def agree(desk: Desk, words: tuple[str, ...]) -> None:
    """Agree to what the other one wrote; of a PERSON all that waits."""

    def find(engine: Engine, tx: Transaction) -> list[Request]:
        refs = [each for each in words if is_reference(each) and not each.upper().startswith("REV-")]
        asked = [Request(case_of(engine, tx, each, CONVERSATION).ref, "agree") for each in refs]
        return asked + to_agree(
            engine, tx, [review_of(engine, tx, each) for each in words if each not in refs]
        )

    fire_found(desk, find)


@conversation.command("miss")
@click.argument("ref", type=REFERENCE)
@click.option("--reason", required=True, help="Why it was not held.")
@writes
def miss(desk: Desk, ref: str, reason: str) -> None:
    """Say that a conversation was not held, and why."""
    _fire(desk, ref, "miss", {"reason": reason})


@conversation.command("look-after")
@reviews_option
@click.option("--note", required=True, help="What you found, and what is done about it.")
@writes
def look_after(desk: Desk, cases: Cases, note: str) -> None:
    """Say what is done about two conversations missed in a row."""
    words = cases.refs(desk)
    fire_found(
        desk,
        lambda engine, tx: [
            Request(review_of(engine, tx, each).ref, "look_after", {"note": note}) for each in words
        ],
    )


@conversation.command("list")
@click.argument("word", metavar="REVIEW", type=REVIEW)
@reads
def list_(desk: Desk, word: str) -> None:
    """List the conversations of a review and their open actions."""
    engine = desk.workspace.engine

    def run(tx: Transaction) -> list[dict[str, Any]]:
        found = engine.children(tx, review_of(engine, tx, word).id, CONVERSATION)
        held, planned = conversation_rate(found)
        desk.say(f"{held} of {planned} held.")
        read = [each for each in found if each.data is not None]
        return [
            {
                "ref": each.ref,
                "on": each.data.on,
                "state": each.state,
                "rating": each.data.rating,
                "actions": [f"{a.key} {a.title}" for a in each.data.actions if not a.done],
            }
            for each in sorted(read, key=lambda case: (case.data.on, case.id))
        ]

    desk.emit(
        desk.run(run),
        (Column("ref"), Column("on"), Column("state"), Column("rating", right=True), Column("actions")),
    )
