"""Looking: consultations, items, buy-in, relevance and the dossier."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from talenthub.sdk import Column, Desk, Made, Transaction, deliver, draws, pages, reads, write_file
from talenthub_consultation import drawing
from talenthub_consultation.commands.common import REVIEWS, review_argument, share
from talenthub_consultation.counting import BuyIn
from talenthub_consultation.counting import buy_in as buy_in_of
from talenthub_consultation.dossier import dossier as dossier_of
from talenthub_consultation.finding import review_case, settings_for
from talenthub_consultation.telling import (
    buy_in_rows,
    item_rows,
    level_rows,
    relevance_rows,
    review_record,
    review_rows,
)

Row = dict[str, Any]


@click.command("list")
@reads
def list_(desk: Desk) -> None:
    """List the consultations that are yours to see."""
    engine = desk.workspace.engine
    desk.emit(desk.run(lambda tx: review_rows(engine, tx)), REVIEWS)


@click.command("show")
@review_argument
@reads
def show(desk: Desk, word: str) -> None:
    """Show where a consultation stands: rounds, voters, what is left."""
    engine = desk.workspace.engine
    desk.emit_record(desk.run(lambda tx: review_record(engine, tx, review_case(engine, tx, word))))


@click.command("items")
@review_argument
@click.option("--open", "open_only", is_flag=True, help="Only those that nobody has accepted yet.")
@click.option("--levels", is_flag=True, help="The votes by organisational level; small ones are left out.")
@draws
def items(desk: Desk, word: str, open_only: bool, levels: bool, file: Path | None) -> None:
    """List the items with what their last round came to."""
    engine = desk.workspace.engine

    def run(tx: Transaction) -> list[Row]:
        case = review_case(engine, tx, word)
        if levels:
            return level_rows(case.data, settings_for(engine, tx, case))
        return item_rows(case.data, open_only=open_only)

    rows = desk.run(run)
    figures = (
        ("level", "accept", "edit", "reject") if levels else ("round", "votes", "accept", "edit", "reject")
    )
    columns = (
        Column("item"),
        *(() if levels else (Column("state"),)),
        *(Column(each, right=True) for each in figures),
        Column("share", right=True, show=share),
        *(Column(each, extra=True) for each in (() if levels else ("invited", "noted", "reason", "text"))),
    )
    deliver(desk, Made("Items", rows, columns), file)


@click.command("buy-in")
@review_argument
@draws
def buy_in(desk: Desk, word: str, file: Path | None) -> None:
    """Show how much each level accepts: the weakest one counts."""
    engine = desk.workspace.engine

    def run(tx: Transaction) -> tuple[list[Row], BuyIn]:
        case = review_case(engine, tx, word)
        settings = settings_for(engine, tx, case)
        return buy_in_rows(case.data, settings), buy_in_of(case.data.items, settings.smallest_shown)

    rows, found = desk.run(run)
    columns = (
        *(Column(each, right=True) for each in ("level", "voters", "accepting", "votes")),
        Column("share", right=True, show=share),
        Column("weakest"),
    )
    deliver(desk, Made("Acceptance by level", rows, columns, lambda: drawing.buyin(rows)), file)
    weakest = found.weakest
    if weakest is None:
        desk.say("Buy-in is unknown: no level has enough votes yet.")
    else:
        desk.say(f"Buy-in {share(weakest.share)} (level {weakest.level}); mean of levels {share(found.mean)}")


@click.command("relevance")
@review_argument
@draws
def relevance(desk: Desk, word: str, file: Path | None) -> None:
    """Show which indicators the work needs, and which stand in their place."""
    engine = desk.workspace.engine

    def run(tx: Transaction) -> list[Row]:
        case = review_case(engine, tx, word)
        return relevance_rows(case.data.items, settings_for(engine, tx, case))

    rows = desk.run(run)
    columns = (
        Column("indicator"),
        *(Column(each, right=True) for each in ("essential", "of")),
        *(Column(each, right=True, show=share) for each in ("cvr", "critical")),
        Column("needed"),
        *(Column(each, right=True, show=share) for each in ("sorted", "deviation")),
        Column("place"),
        Column("text", extra=True),
    )
    deliver(desk, Made("Indicators", rows, columns, lambda: drawing.relevance(rows)), file)


@click.command("dossier")
@review_argument
@click.option(
    "--to", "target", type=click.Path(path_type=Path), help="Write FILE: .html gives HTML, .md Markdown."
)
@click.option("--html", "as_html", is_flag=True, help="HTML on standard output.")
@reads
def dossier(desk: Desk, word: str, target: Path | None, as_html: bool) -> None:
    """Print votes, edits, decisions and relevance as a document without names."""
    engine = desk.workspace.engine
    page = desk.run(lambda tx: dossier_of(engine, tx, review_case(engine, tx, word)))
    is_html = as_html or (target is not None and target.suffix.lower() in (".html", ".htm"))
    text = pages.to_html(page) if is_html else pages.to_markdown(page)
    if target is None:
        desk.write_text(text)
    else:
        write_file(target, text.encode())
        desk.say(f"Written: {target}")
