"""People: who fits best, and what somebody could work on."""

from __future__ import annotations

import click

from talenthub.sdk import Column, Desk, reads
from talenthub_succession.commands.common import NOMINATION, share
from talenthub_succession.developing import suggestion_rows
from talenthub_succession.finding import nomination_of


@click.command("develop")
@click.argument("word", metavar="NOM", type=NOMINATION)
@reads
def develop(desk: Desk, word: str) -> None:
    """Suggest what a nominee could work on, worded as any other gap.

    It is told to nobody: take it into the talk about development.
    """
    engine = desk.workspace.engine
    rows = desk.run(lambda tx: suggestion_rows(tx, nomination_of(engine, tx, word)))
    columns = (
        Column("competency"),
        Column("now", right=True, show=share),
        Column("next", right=True),
        Column("gap", right=True, show=share),
        Column("band"),
        Column("looks_like"),
        Column("with"),
    )
    desk.emit(rows, columns)
