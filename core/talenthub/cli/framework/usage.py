"""`talent framework usage`: which stages work with which competencies."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from talenthub.cli.base import Desk
from talenthub.cli.files import Made, deliver, draws
from talenthub.cli.framework.files import code_argument, entered
from talenthub.cli.output import Column

if TYPE_CHECKING:
    from talenthub import pictures
    from talenthub.framework.usage import TrophyIndex
    from talenthub.storage.transaction import Transaction

Row = dict[str, Any]

_CELLS = tuple(Column(each) for each in ("competency", "stage", "last_used"))
RECENT = 90
"""Days after which a cell is drawn lighter."""


@click.command()
@code_argument
@click.option("--unused", is_flag=True, help="What nobody used in a year: what to plan for the next.")
@draws
def usage(desk: Desk, code: str | None, unused: bool, file: Path | None) -> None:
    """Show which stages put which competencies to work, and the trophy index.

    \b
    talent framework usage hpsa-core --to usage.svg
    talent framework usage hpsa-core --unused
    """
    from talenthub.framework.usage import STAGES, trophy_index
    from talenthub.workflow.framework_sight import version_in_sight

    def look(tx: Transaction) -> tuple[str, TrophyIndex, Any]:
        chosen = version_in_sight(tx, code).code
        return chosen, trophy_index(tx, chosen), tx.today

    chosen, found, today = entered(desk, look)
    cells = [
        {"competency": competency, "stage": stage, "last_used": found.used.get((stage, competency))}
        for competency in found.competencies
        for stage in STAGES
    ]
    title = f"{chosen}: stages × competencies"
    if unused:
        left = [each for each in cells if each["last_used"] is None]
        desk.emit(left, _CELLS[:2], title=f"{chosen}: nobody used these in 365 days")
    elif desk.for_people and file is None:
        columns = (Column("competency"), *(Column(each) for each in STAGES))
        desk.emit(_matrix(found), columns, title=title)
    else:
        deliver(desk, Made(title, cells, _CELLS, lambda: _drawn(title, found, today)), file)
    share = f"{len(found.used)} of {found.cells} cells used in the last 365 days"
    desk.say(f"Trophy index {float(found.index):.4f}: {found.verdict} ({share})")
    if found.unused and not unused and file is None and desk.for_people:
        desk.say(f"Next: talent framework usage {chosen} --unused")


def _matrix(found: TrophyIndex) -> list[Row]:
    """Return a row a competency: the last day in each stage."""
    from talenthub.framework.usage import STAGES

    return [
        {"competency": code, **{stage: found.used.get((stage, code), "–") for stage in STAGES}}
        for code in found.competencies
    ]


def _drawn(title: str, found: TrophyIndex, today: Any) -> pictures.Picture:
    """Return competencies against stages; the darker, the more recently used."""
    from talenthub import pictures
    from talenthub.framework.usage import STAGES

    def cell(stage: str, code: str) -> pictures.Cell | None:
        last = found.used.get((stage, code))
        if last is None:
            return None
        is_recent = (today - last).days <= RECENT
        return pictures.Cell(f"{last:%d %b}", 1 if is_recent else 0, f"{last.year}")

    rows = [
        pictures.HeatRow(code, tuple(cell(stage, code) for stage in STAGES)) for code in found.competencies
    ]
    tones = ("within a year", f"within {RECENT} days")
    return pictures.heat_map(
        f"{title}, trophy index {float(found.index):.4f}", STAGES, rows, tones, "nobody in a year"
    )
