"""`talent gap radar` and `talent gap map`: gaps as rows and as pictures."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from talenthub.cli.base import Desk
from talenthub.cli.evidence import for_option, on_option
from talenthub.cli.files import Made, deliver, draws
from talenthub.cli.output import Column
from talenthub.cli.parameters import PERSON, UNIT, DateWord, Name

if TYPE_CHECKING:
    from datetime import date

    from talenthub.storage.transaction import Transaction

_RADAR = (
    Column("competency"),
    *(Column(each, right=True) for each in ("current", "required", "gap")),
    *(Column(each) for each in ("band", "provisional")),
    Column("rows", right=True),
)
_MAP = (
    *(Column(each) for each in ("unit", "competency")),
    *(Column(each, right=True) for each in ("people", "known", "mean_gap")),
    Column("band"),
    Column("name", extra=True),
)


@click.command("radar")
@click.argument("person", type=PERSON, required=False)
@click.option("--role", type=Name("role"), help="Against this role; default: that of the post.")
@for_option
@on_option
@draws
def radar(
    desk: Desk, person: str | None, role: str | None, purpose: str, on: DateWord | None, file: Path | None
) -> None:
    """Draw PERSON (default: you) against what the role asks for.

    \b
    talent gap radar amara.okoye --to amara.svg
    talent gap radar amara.okoye -o html > amara.html
    """
    from talenthub.cli.evidence_rows import gap_rows
    from talenthub.cli.gap.rows import draw_radar
    from talenthub.evidence.viewing import view_person

    settings = desk.workspace.evidence
    view = desk.run(lambda tx: view_person(tx, person, purpose, settings, _day(on, tx), role=role))
    rows = list(gap_rows(view.gaps, {view.person.id: view.person.handle}, view.closings, settings))
    title = f"{view.person.handle} · {view.role or 'no role'}"
    deliver(desk, Made(title, rows, _RADAR, lambda: draw_radar(title, rows)), file)


@click.command("map")
@click.option("--unit", type=UNIT, help="The units directly beneath this one.")
@for_option
@on_option
@draws
def map_(desk: Desk, unit: str | None, purpose: str, on: DateWord | None, file: Path | None) -> None:
    """Draw the mean gaps of units by competency; small groups are withheld.

    \b
    talent gap map --to gaps.svg
    talent gap map --unit operations -o html > gaps.html
    """
    from talenthub.cli.gap.rows import draw_map, map_rows
    from talenthub.evidence.viewing import view_units

    settings = desk.workspace.evidence
    rows = map_rows(desk.run(lambda tx: view_units(tx, unit, purpose, settings, _day(on, tx))), settings)
    title = f"Mean gap by unit, for {purpose}"
    deliver(desk, Made(title, rows, _MAP, lambda: draw_map(title, rows, settings)), file)
    if any(row["known"] is None for row in rows) and desk.for_people and file is None:
        desk.say(f"Blank: fewer than {settings.minimum_unit} people known, or it would tell of so few.")
    if rows and desk.for_people and file is None:
        desk.say(f"Next: talent gap org --unit {rows[0]['unit']} --people")


def _day(word: DateWord | None, tx: Transaction) -> date | None:
    return None if word is None else word.on(tx.today)
