"""`talent doctor`: is everything in order, and if not, what mends it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import click

from talenthub.cli.base import Desk, reads
from talenthub.cli.output import MEND, NOT_OK, OK, Column

if TYPE_CHECKING:
    from talenthub.workspace.finding import Finding

LOOK = "!"
"""Before what is well enough, and yet somebody may want to mend."""

_COLUMNS = (Column("mark", " "), Column("ok", extra=True), Column("what"), Column("finding"), Column("mend"))


@click.command()
@reads
def doctor(desk: Desk) -> None:
    """Check settings, plugins, database, what waits and what is around it.

    Its exit code is that of the first thing that is wrong; a line with a !
    is no fault, and yet worth a look.
    """
    from talenthub.workspace.doctor import examine

    findings = examine(desk.folder)
    if desk.common.style.chosen == "table" and not desk.common.style.fields:
        desk.emit(_lines(findings), _COLUMNS[:-1])
    else:
        desk.emit([_row(each) for each in findings], _COLUMNS)
    click.get_current_context().exit(next((each.exit_code for each in findings if not each.ok), 0))


def _row(each: Finding) -> dict[str, Any]:
    mark = NOT_OK if not each.ok else LOOK if each.mend else OK
    return {"mark": mark, "ok": each.ok, "what": each.what, "finding": each.text, "mend": each.mend}


def _lines(findings: Sequence[Finding]) -> Iterator[dict[str, Any]]:
    """Yield the rows of a screen: what mends a finding stands below it."""
    for each in findings:
        yield _row(each)
        if each.mend:
            yield {"finding": f"{MEND} {each.mend}"}
