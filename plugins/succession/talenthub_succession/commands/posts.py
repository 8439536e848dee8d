"""Critical posts: add, designate, review, remove."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import click

from talenthub.sdk import PERSON, Column, Desk, Group, Name, Problem, Request, UsageError, reads, writes
from talenthub_succession.commands.common import POST, file_option, fire_found, opened_once
from talenthub_succession.files import read_posts
from talenthub_succession.finding import post_case
from talenthub_succession.opening import PostWanted, open_posts
from talenthub_succession.telling import post_rows

CODE = Name("post")
COLUMNS = (
    Column("ref", extra=True),
    Column("post"),
    Column("incumbent"),
    Column("criticality", right=True),
    Column("leaving", right=True),
    Column("reviewed_on", extra=True),
    Column("state"),
    Column("reason", extra=True),
)


@click.group(cls=Group)
def post() -> None:
    """Posts that may not stay empty, whoever sits there."""


@post.command("add")
@click.argument("codes", metavar="POST…", type=CODE, nargs=-1)
@click.option("--criticality", help="How much depends on it, from 0 to 1.")
@click.option("--leaving", help="The probability that it falls vacant within 24 months, from 0 to 1.")
@click.option("--because", help="Why, in words.")
@click.option("--owner", type=PERSON, help="Who answers for it, beside HR.")
@file_option
@writes
def add(
    desk: Desk,
    codes: tuple[str, ...],
    criticality: str | None,
    leaving: str | None,
    because: str | None,
    owner: str | None,
    file: Path | None,
) -> None:
    """Add posts to the critical ones; all or none."""
    if bool(codes) == (file is not None):
        raise UsageError(Problem(text="name posts or a file", allowed="POST… or --file"))
    wanted = (
        read_posts(file)
        if file is not None
        else [PostWanted(each, owner, criticality, leaving, because or "") for each in codes]
    )
    engine = desk.workspace.engine
    opened = opened_once(desk, "succession post add", wanted, lambda tx: open_posts(engine, tx, wanted))
    rows = [{"ref": each.ref, "post": each.about, "state": each.state.replace("_", " ")} for each in opened]
    desk.emit(rows, (Column("ref"), Column("post"), Column("state")))
    open_ones = [each.about for each in opened if each.state == "identified"]
    if open_ones:
        desk.say(f"Next: talent succession post designate {open_ones[0]} --criticality … --leaving …")


def _said(command: Callable[..., None]) -> Callable[..., None]:
    for option in (
        click.option("--because", required=True, help="Why, in words."),
        click.option("--leaving", required=True, help="How likely it falls vacant within 24 months."),
        click.option("--criticality", required=True, help="How much depends on it, from 0 to 1."),
        click.argument("words", metavar="POST…", type=POST, nargs=-1, required=True),
    ):
        command = option(command)
    return command


def _fire(desk: Desk, words: tuple[str, ...], step: str, form: dict[str, str]) -> None:
    fire_found(
        desk, lambda engine, tx: [Request(post_case(engine, tx, each).ref, step, form) for each in words]
    )


@post.command("designate")
@_said
@writes
def designate(desk: Desk, words: tuple[str, ...], criticality: str, leaving: str, because: str) -> None:
    """Say how much depends on posts, and how likely they fall vacant."""
    _fire(desk, words, "designate", {"criticality": criticality, "leaving": leaving, "reason": because})


@post.command("review")
@_said
@writes
def review(desk: Desk, words: tuple[str, ...], criticality: str, leaving: str, because: str) -> None:
    """Review posts once a year; they are asked for again in a year."""
    _fire(desk, words, "review", {"criticality": criticality, "leaving": leaving, "reason": because})


@post.command("remove")
@click.argument("words", metavar="POST…", type=POST, nargs=-1, required=True)
@click.option("--because", required=True, help="Why, in words.")
@writes
def remove(desk: Desk, words: tuple[str, ...], because: str) -> None:
    """Take posts from the critical ones; their nominations end with it."""
    _fire(desk, words, "remove", {"reason": because})


@post.command("list")
@reads
def list_(desk: Desk) -> None:
    """List the critical posts that are yours to see."""
    engine = desk.workspace.engine
    desk.emit(desk.run(lambda tx: post_rows(engine, tx)), COLUMNS)
