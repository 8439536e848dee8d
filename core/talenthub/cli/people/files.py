"""`talent people import`, `export` and `template`: files in and out."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from talenthub.cli.base import Desk, reads, writes
from talenthub.cli.output import Column
from talenthub.errors import FileError, Problem

if TYPE_CHECKING:
    from talenthub.people.filerows import ImportFaults
    from talenthub.storage.transaction import Transaction

FILE = click.Path(path_type=Path)
MOST_TOLD = 50
"""Faults that are printed where a copy of the file holds all of them."""

_CHANGES = tuple(Column(each) for each in ("record", "key", "action", "fields"))
_WRITTEN = (Column("file"), Column("rows", right=True))


@click.command("import")
@click.argument("file", type=FILE, required=False)
@click.option("--units", type=FILE, metavar="FILE", help="Units: code,name,parent,function,site.")
@click.option(
    "--posts", type=FILE, metavar="FILE", help="Seats: code,title,role,unit,reports_to,critical,since."
)
@click.option("--no-copy", is_flag=True, help="Write no copy of a faulty file with its faults marked.")
@writes
def import_(desk: Desk, file: Path | None, units: Path | None, posts: Path | None, no_copy: bool) -> None:
    """Import persons from a CSV or XLSX FILE: all of it, or nothing.

    \b
    talent people template -O people.xlsx        a workbook to fill
    talent people import people.xlsx --dry-run   the data check
    Columns: handle,name,email,kind,unit,unit_parent,post,role,manager,
             since,login,grants,language,site,left_on
    Only handle must be there. An empty cell changes nothing, - empties a field.
    A faulty file is answered with a copy, people.errors.xlsx: mend and import it.
    """
    from talenthub.people.filerows import ImportFaults
    from talenthub.people.importing import import_files
    from talenthub.people.roles import known_roles

    try:
        report = desk.run(
            lambda tx: import_files(tx, people=file, units=units, posts=posts, roles=known_roles(tx))
        )
    except ImportFaults as faults:
        raise (faults if no_copy else _with_copies(faults)) from None
    desk.emit([asdict(each) for each in report.changes], _CHANGES)
    told = [f"{count} {_several(what, count)}" for what, count in report.counts.items()]
    if told and report.unchanged:
        told.append(f"{report.unchanged} as they are")
    desk.say(", ".join(told) or "Nothing to change: everything is as the files say.")


def _several(what: str, count: int) -> str:
    record, _, action = what.partition(" ")
    return what if count == 1 else f"{record}s {action}"


def _with_copies(faults: ImportFaults) -> FileError:
    """Return the error as told where copies hold every fault."""
    from talenthub.people.faulty_copy import write_copies

    try:
        copies = write_copies(faults)
    except OSError as error:
        why = error.strerror or "unknown reason"
        text, place = f"the copy with the faults could not be written: {why}", str(error.filename)
        return FileError(*faults.problems, Problem(text=text, place=place, code="import.no-copy"))
    if not copies:
        return faults
    named = ", ".join(map(str, copies))
    rest = len(faults.problems) - MOST_TOLD
    more = f"{rest} more faults, and these, are" if rest > 0 else "every fault is"
    told = Problem(text=f"{more} marked in a copy: mend it, and import it", place=named, code="import.copy")
    return FileError(*faults.problems[:MOST_TOLD], told)


@click.command()
@click.option("-O", "--to", "target", type=FILE, help="The file: .xlsx or .csv; default: CSV to the screen.")
@click.option("--where", metavar="CONDITION", help='Only some: "unit=harbour kind=employee".')
@click.option("--force", is_flag=True, help="Write over a file that is there.")
@reads
def export(desk: Desk, target: Path | None, where: str | None, force: bool) -> None:
    """Export the persons whose records you may see, for an import later.

    \b
    talent people export -O people.xlsx
    talent people export --where "unit=harbour" > harbour.csv
    """
    from talenthub.people.choosing import persons_where, read_condition
    from talenthub.people.exporting import Cells, as_csv, as_workbook, people_rows
    from talenthub.people.roles import known_roles

    condition = read_condition(where) if where is not None else None
    in_workbook = target is not None and _form_of(target) == ".xlsx"

    def run(tx: Transaction) -> tuple[list[Cells], bytes]:
        chosen = {each.handle for each in persons_where(tx, condition)} if condition else None
        rows = people_rows(tx, chosen)
        if in_workbook:
            return rows, as_workbook(tx, rows, {each.code for each in known_roles(tx)})
        return rows, as_csv(rows)

    rows, data = desk.run(run)
    if target is None:
        desk.write_text(data.decode().removesuffix("\n"))
        return
    _write(desk, target, data, len(rows), force=force)


@click.command()
@click.option("-O", "--to", "target", type=FILE, required=True, help="The file: people.xlsx.")
@click.option("--force", is_flag=True, help="Write over a file that is there.")
@reads
def template(desk: Desk, target: Path, force: bool) -> None:
    """Write a workbook to fill: lists of units and roles, and an example row."""
    from talenthub.people.roles import known_roles
    from talenthub.people.template import template as made

    _form_of(target, (".xlsx",))
    data = desk.run(lambda tx: made(tx, {each.code for each in known_roles(tx)}))
    _write(desk, target, data, 1, force=force)
    desk.say(f"Next: fill it, then talent people import {target} --dry-run")


def _form_of(target: Path, allowed: tuple[str, ...] = (".xlsx", ".csv")) -> str:
    form = target.suffix.lower()
    if form not in allowed:
        text = "the name of the file says no form that can be written"
        kinds = ", ".join(allowed)
        raise FileError(Problem(text=text, found=target.name, allowed=kinds, code="file.form"))
    return form


def _write(desk: Desk, target: Path, data: bytes, rows: int, *, force: bool) -> None:
    from talenthub.cli.framework.files import write_all

    write_all(target, {target.name: data}, force=force)
    desk.emit([{"file": str(target), "rows": rows}], _WRITTEN)
