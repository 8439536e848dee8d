"""The bench: how strong, how far it reaches, what is at risk, what if."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from talenthub.sdk import PERSON, Column, Desk, Made, Transaction, deliver, draws, person
from talenthub_succession import drawing
from talenthub_succession.bench import coverage, seats_of, without
from talenthub_succession.commands.common import POST, alike, figure, share
from talenthub_succession.finding import settings_today
from talenthub_succession.reports import bench_rows, coverage_rows, risk_rows, what_if_rows
from talenthub_succession.telling import chosen, nomination_rows

POSTS = click.argument("codes", metavar="[POST]…", type=POST, nargs=-1)
VIEW = "In your view: what is not yours to see is not counted."


@click.command("bench")
@POSTS
@draws
def bench(desk: Desk, codes: tuple[str, ...], file: Path | None) -> None:
    """Show who could follow on each critical post, and how strong that is."""
    engine = desk.workspace.engine
    rows = desk.run(lambda tx: bench_rows(tx, seats_of(engine, tx, codes)))
    columns = (
        Column("post"),
        Column("incumbent", extra=True),
        Column("nominees"),
        Column("bench", right=True, show=share),
        Column("risk", right=True, show=figure),
        Column("changed", extra=True),
        Column("shared", extra=True),
        Column("rows", extra=True),
    )
    deliver(desk, Made("Bench strength", rows, columns, lambda: drawing.bench(rows)), file)
    for row in rows:
        for each in row["changed"]:
            desk.say(f"{row['post']}: {each}: assess it again")
    desk.say(VIEW)


@click.command("cover")
@POSTS
@draws
def cover(desk: Desk, codes: tuple[str, ...], file: Path | None) -> None:
    """Count the posts that could be filled: one by one, and all at once."""
    engine = desk.workspace.engine

    def run(tx: Transaction) -> tuple[list[dict[str, Any]], Any]:
        seats = seats_of(engine, tx, codes)
        return coverage_rows(tx, seats), coverage(seats)

    rows, found = desk.run(run)
    columns = (
        Column("post"),
        Column("ready"),
        Column("filled_by"),
        Column("bench", right=True, show=share, extra=True),
        Column("rows", extra=True),
    )
    deliver(desk, Made("Who could follow", rows, columns, lambda: drawing.coverage(rows)), file)
    desk.say(
        f"Coverage of {found.posts} posts: {share(found.naive)} one by one,"
        f" {share(found.simultaneous)} all at once, nobody twice."
    )
    desk.say(VIEW)


@click.command("risk")
@POSTS
@draws
def risk(desk: Desk, codes: tuple[str, ...], file: Path | None) -> None:
    """Rank posts by leaving · criticality · (1 − bench)."""
    engine = desk.workspace.engine
    rows = desk.run(lambda tx: risk_rows(tx, seats_of(engine, tx, codes)))
    columns = (
        Column("post"),
        Column("incumbent", extra=True),
        Column("leaving", right=True, show=share),
        Column("criticality", right=True, show=share),
        Column("bench", right=True, show=share),
        Column("risk", right=True, show=figure),
        Column("rows", extra=True),
    )
    deliver(desk, Made("Vacancy risk", rows, columns, lambda: drawing.risk(rows)), file)
    desk.say(VIEW)


@click.command("what-if")
@click.option("--leave", "handles", type=PERSON, multiple=True, required=True, help="Who leaves.")
@POSTS
@draws
def what_if(desk: Desk, handles: tuple[str, ...], codes: tuple[str, ...], file: Path | None) -> None:
    """Show what changes on the critical posts if somebody leaves."""
    engine = desk.workspace.engine

    def run(tx: Transaction) -> tuple[list[dict[str, Any]], Any, Any]:
        leaving = {person(tx, each).id for each in handles}
        seats = seats_of(engine, tx, codes)
        return what_if_rows(tx, seats, leaving), coverage(seats), coverage(without(seats, leaving))

    rows, now, then = desk.run(run)
    columns = (
        Column("post"),
        Column("falls_vacant", title="Vacant"),
        Column("filled_by"),
        Column("loses", extra=True),
        Column("bench_before", title="Bench", right=True, show=share),
        Column("bench_after", title="then", right=True, show=share),
        Column("risk_before", title="Risk", right=True, show=figure),
        Column("risk_after", title="then", right=True, show=figure),
    )
    deliver(desk, Made(f"If {', '.join(handles)} left", rows, columns), file)
    desk.say(
        f"Coverage one by one {share(now.naive)} → {share(then.naive)},"
        f" all at once {share(now.simultaneous)} → {share(then.simultaneous)}."
    )
    desk.say(VIEW)


@click.command("ladder")
@click.option("--post", type=POST, help="Only for this post, by code.")
@draws
def ladder(desk: Desk, post: str | None, file: Path | None) -> None:
    """Show who stands on which step of readiness."""
    engine = desk.workspace.engine
    bands = settings_today(engine).words
    rows = desk.run(
        lambda tx: nomination_rows(tx, chosen(engine, tx, {"post": post, "state": "active"}, everyone=False))
    )
    rows.sort(key=lambda row: (*bands, row["readiness"]).index(row["readiness"]))
    columns = (
        Column("readiness"),
        Column("person"),
        Column("target"),
        Column("purpose", extra=alike(rows, "purpose")),
        Column("on"),
    )
    deliver(desk, Made("Readiness", rows, columns, lambda: drawing.ladder(rows, bands)), file)
