"""Feedback: ask, give, share, list."""

from __future__ import annotations

from typing import Any

import click

from talenthub.sdk import (
    COMPETENCY,
    DAY,
    PERSON,
    REFERENCE,
    Column,
    DateWord,
    Desk,
    Group,
    NotPermitted,
    Problem,
    Transaction,
    framework_content,
    person,
    published,
    reads,
    versions,
    writes,
)
from talenthub_performance.commands.common import one
from talenthub_performance.finding import case_of

FEEDBACK = "performance.feedback"


@click.group(cls=Group)
def feedback() -> None:
    """A few words on something seen, tied to a competency."""


def _open(desk: Desk, tx: Transaction, about: int, giver: int, competency: str, question: str = "") -> str:
    if tx.actor.person is None:
        raise NotPermitted(Problem(text="only a person asks for feedback or gives it"))
    code = next(iter(sorted({each.code for each in versions(tx)})), "")
    version = published(tx, code)
    framework_content(tx, version.id).competency(competency)  # raises for an unknown one
    opened = desk.workspace.engine.open(
        tx,
        FEEDBACK,
        subject=about,
        data={"competency": competency, "question": question},
        participants={"giver": (giver,), "asker": (tx.actor.person,)},
        framework_version=version.id,
    )
    return opened.ref


@feedback.command("ask")
@click.argument("giver", type=PERSON)
@click.option("--about", type=PERSON, help="Whom it is about; default: you.")
@click.option("--competency", type=COMPETENCY, required=True, help="What it is about.")
@click.option("--question", default="", help="What you want to know.")
@writes
def ask(desk: Desk, giver: str, about: str | None, competency: str, question: str) -> None:
    """Ask somebody for feedback."""

    def run(tx: Transaction) -> str:
        whom = tx.actor.person if about is None else person(tx, about).id
        return _open(desk, tx, whom or 0, person(tx, giver).id, competency.upper(), question)

    _told(desk, desk.run(run), "asked")


@feedback.command("give")
@click.argument("word", metavar="PERSON|FBK-…")
@click.option("--text", required=True, help="What you saw, and what it led to.")
@click.option("--seen", type=DAY, required=True, help="The day you saw it.")
@click.option("--competency", type=COMPETENCY, help="Which competency; only for a person.")
@click.option("--indicator", default="", help="The sign of the descriptor that it showed.")
@writes
def give(desk: Desk, word: str, text: str, seen: DateWord, competency: str | None, indicator: str) -> None:
    """Give feedback, asked for or not."""
    engine = desk.workspace.engine

    def run(tx: Transaction) -> str:
        ref = word.upper()
        if competency is not None:
            ref = _open(desk, tx, person(tx, word).id, tx.actor.person or 0, competency.upper())
        form = {"text": text, "seen_on": seen.on(tx.today), "indicator": indicator}
        return engine.fire(tx, case_of(engine, tx, ref, FEEDBACK).ref, "give", form).ref

    _told(desk, desk.run(run), "given")


def _told(desk: Desk, ref: str, state: str) -> None:
    desk.emit([{"feedback": ref, "state": state}], (Column("feedback"), Column("state")))


@feedback.command("share")
@click.argument("ref", type=REFERENCE)
@writes
def share(desk: Desk, ref: str) -> None:
    """Let your manager read feedback that you were given."""
    one(desk, lambda engine, tx: case_of(engine, tx, ref, FEEDBACK), "share", {})


@feedback.command("list")
@click.option("--person", "who", type=PERSON, help="About whom; default: you.")
@reads
def list_(desk: Desk, who: str | None) -> None:
    """List feedback that you may read."""
    engine = desk.workspace.engine

    def run(tx: Transaction) -> list[dict[str, Any]]:
        about = tx.actor.person if who is None else person(tx, who).id
        return [
            {
                "ref": each.ref,
                "state": each.state,
                "competency": each.data and each.data.competency,
                "seen": each.data and each.data.seen_on,
                "text": each.data and each.data.text,
            }
            for each in engine.of_workflow(tx, FEEDBACK, subject=about)
        ]

    desk.emit(desk.run(run), [Column(each) for each in ("ref", "state", "competency", "seen", "text")])
