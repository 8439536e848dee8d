"""`talent doctor`: is everything in order, and if not, what mends it."""

from __future__ import annotations

import click

from talenthub.cli.base import Desk, reads
from talenthub.cli.output import NOT_OK, OK, Column

_COLUMNS = [Column("mark", " "), Column("ok", extra=True), Column("what"), Column("finding"), Column("mend")]


@click.command()
@reads
def doctor(desk: Desk) -> None:
    """Check settings, plugins, database and what waits.

    Its exit code is that of the first thing that is wrong.
    """
    from talenthub.workspace.doctor import examine

    findings = examine(desk.folder)
    rows = [
        {
            "mark": OK if each.ok else NOT_OK,
            "ok": each.ok,
            "what": each.what,
            "finding": each.text,
            "mend": each.mend,
        }
        for each in findings
    ]
    desk.emit(rows, _COLUMNS)
    click.get_current_context().exit(next((each.exit_code for each in findings if not each.ok), 0))
