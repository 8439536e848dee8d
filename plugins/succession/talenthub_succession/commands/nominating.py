"""Nominations: from the first word to the day they end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from talenthub.sdk import (
    COMPETENCY,
    PERSON,
    UNIT,
    Cases,
    Column,
    Desk,
    Name,
    OneOf,
    Problem,
    Request,
    Transaction,
    UsageError,
    person,
    reads,
    writes,
)
from talenthub_succession.commands.common import (
    NOMINATION,
    POST,
    PURPOSE,
    file_option,
    fire_found,
    opened_once,
    selected,
    selecting,
)
from talenthub_succession.files import read_nominations
from talenthub_succession.finding import all_nominations, nomination_of
from talenthub_succession.nomination import nomination as workflow
from talenthub_succession.opening import Wanted, open_nominations
from talenthub_succession.telling import argument_rows, chosen, groups_of, nomination_rows

STATE = OneOf("state", tuple(each.words for each in workflow.states))
ROLE = Name("role")


def _columns(rows: Sequence[Mapping[str, Any]]) -> tuple[Column, ...]:
    return (
        Column("ref"),
        Column("person"),
        Column("target"),
        # Said of each only where they differ: a table has 80 columns.
        Column("purpose", extra=all(row["purpose"] == "successor" for row in rows)),
        Column("state"),
        Column("readiness"),
        Column("on", extra=True),
        Column("valid_until", extra=True),
    )


@click.command("nominate")
@click.argument("handles", metavar="PERSON…", type=PERSON, nargs=-1)
@click.option("--purpose", "purposes", type=PURPOSE, multiple=True, help="Default: successor; several go.")
@click.option("--post", type=POST, help="The critical post, by its code.")
@click.option("--role", type=ROLE, help="In place of a post, for other purposes than successor.")
@click.option("--unit", type=UNIT, help="With --role: whose HR sees to it.")
@click.option("--because", help="Why; with it the nomination is submitted at once.")
@click.option("--competency", "codes", type=COMPETENCY, multiple=True, help="Whose descriptors speak for it.")
@click.option("--reference", type=PERSON, help="Who knows the work; advancement needs one.")
@file_option
@writes
def nominate(
    desk: Desk,
    handles: tuple[str, ...],
    purposes: tuple[str, ...],
    post: str | None,
    role: str | None,
    unit: str | None,
    because: str | None,
    codes: tuple[str, ...],
    reference: str | None,
    file: Path | None,
) -> None:
    """Nominate people, each purpose as a case of its own; all or none."""
    if bool(handles) == (file is not None):
        raise UsageError(Problem(text="name people or a file", allowed="PERSON… or --file"))
    wanted = (
        read_nominations(file)
        if file is not None
        else [
            Wanted(each, purpose, post, role, unit, because or "", _capitals(codes), reference)
            for each in handles
            for purpose in purposes or ("successor",)
        ]
    )
    engine = desk.workspace.engine
    verb = "succession nominate"
    opened = opened_once(desk, verb, wanted, lambda tx: open_nominations(engine, tx, wanted))
    rows = desk.workspace.run(desk.actor, lambda tx: nomination_rows(tx, opened), read_only=True)
    desk.emit(rows, _columns(rows)[:5])
    if len(rows) == 1:
        step = "submit" if rows[0]["state"] == "draft" else "check"
        desk.say(f"Next: talent succession {step} {rows[0]['ref']}")


def _capitals(codes: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(each.upper() for each in codes)


@click.command("nominations")
@click.option("--post", type=POST, help="Only for this post, by code.")
@click.option("--purpose", type=PURPOSE, help="Only with this purpose.")
@click.option("--state", type=STATE, help="Only in this state.")
@click.option("--readiness", type=Name("readiness"), help="Only those that are as ready.")
@click.option("--all", "everyone", is_flag=True, help="Closed ones, too.")
@click.option("--people", "grouped", is_flag=True, help="A row a person: all purposes together.")
@reads
def nominations(
    desk: Desk,
    post: str | None,
    purpose: str | None,
    state: str | None,
    readiness: str | None,
    everyone: bool,
    grouped: bool,
) -> None:
    """List the nominations that are yours to see."""
    engine = desk.workspace.engine
    wanted = {"post": post, "purpose": purpose, "state": state, "readiness": readiness}
    rows = desk.run(lambda tx: nomination_rows(tx, chosen(engine, tx, wanted, everyone=everyone)))
    if grouped:
        columns = (Column("person"), Column("together"), Column("purposes"), Column("rows"))
        desk.emit(list(groups_of(rows)), columns)
        return
    desk.emit(rows, _columns(rows))


@click.command("show")
@click.argument("word", metavar="NOM", type=NOMINATION)
@reads
def show(desk: Desk, word: str) -> None:
    """Show why somebody is nominated, what is missing and how ready they are."""
    engine = desk.workspace.engine
    rows = desk.run(lambda tx: argument_rows(tx, nomination_of(engine, tx, word)))
    desk.emit(rows, (Column("part"), Column("item"), Column("figure", right=True), Column("says")))


@click.command("submit")
@click.argument("words", metavar="NOM…", type=NOMINATION, nargs=-1, required=True)
@click.option("--because", required=True, help="Why, in words.")
@click.option(
    "--competency", "codes", type=COMPETENCY, multiple=True, required=True, help="What speaks for it."
)
@click.option("--reference", type=PERSON, help="Who knows the work; advancement needs one.")
@writes
def submit(
    desk: Desk, words: tuple[str, ...], because: str, codes: tuple[str, ...], reference: str | None
) -> None:
    """Submit drafts, with reasons and the descriptors that speak for them."""

    def find(engine: Any, tx: Transaction) -> list[Request]:
        form: dict[str, Any] = {"rationale": because, "competencies": _capitals(codes)}
        if reference:
            form["reference"] = person(tx, reference).id
        return [Request(each.ref, "submit", form) for each in all_nominations(engine, tx, words)]

    fire_found(desk, find, following="talent succession check NOM-…")


@click.command("check")
@selecting
@click.option("--return", "reason", help="Give them back to who nominated, and why.")
@writes
def check(desk: Desk, cases: Cases, post: str | None, purpose: str | None, reason: str | None) -> None:
    """Check that enough is known; what is not covered is refused."""
    words = cases.refs(desk)
    step, form = ("give_back", {"reason": reason}) if reason else ("check", {})

    def find(engine: Any, tx: Transaction) -> list[Request]:
        return [Request(each.ref, step, form) for each in selected(engine, tx, step, words, post, purpose)]

    fire_found(desk, find, following="" if reason else "talent succession assess NOM-…")


def _plain_step(desk: Desk, step: str, words: tuple[str, ...], post: str | None, purpose: str | None) -> None:
    fire_found(
        desk,
        lambda engine, tx: [
            Request(each.ref, step, {}) for each in selected(engine, tx, step, words, post, purpose)
        ],
    )


@click.command("activate")
@selecting
@writes
def activate(desk: Desk, cases: Cases, post: str | None, purpose: str | None) -> None:
    """Put approved nominations in force, for a year unless set otherwise."""
    _plain_step(desk, "activate", cases.refs(desk), post, purpose)


@click.command("appoint")
@selecting
@writes
def appoint(desk: Desk, cases: Cases, post: str | None, purpose: str | None) -> None:
    """Close nominations whose nominee holds the post by now."""
    _plain_step(desk, "appoint", cases.refs(desk), post, purpose)


@click.command("withdraw")
@selecting
@click.option("--because", required=True, help="Why, in words.")
@writes
def withdraw(desk: Desk, cases: Cases, post: str | None, purpose: str | None, because: str) -> None:
    """Withdraw nominations, with a reason."""
    words = cases.refs(desk)
    fire_found(
        desk,
        lambda engine, tx: [
            Request(each.ref, "withdraw", {"reason": because})
            for each in selected(engine, tx, "withdraw", words, post, purpose)
        ],
    )
