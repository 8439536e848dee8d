"""`talent people`: import and read the organisation, move, leave, grant."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from talenthub.cli.base import Desk, reads, writes
from talenthub.cli.lazy import Group
from talenthub.cli.output import Column
from talenthub.cli.parameters import DAY, PERSON, UNIT, DateWord, Name, OneOf
from talenthub.cli.people.files import export, import_, template
from talenthub.cli.people.kept import kept
from talenthub.cli.people.many import give, leave, move, take

if TYPE_CHECKING:
    from talenthub.people.listing import GrantGiven
    from talenthub.people.persons import Person
    from talenthub.storage.transaction import Transaction

FILE = click.Path(path_type=Path)
POST = Name("post")
GRANT = Name("grant")
KINDS = OneOf("kind", ("candidate", "employee", "leaver", "external"))

_PEOPLE = (
    *(Column(each) for each in ("handle", "name", "kind", "unit", "title", "manager")),
    Column("post", extra=True),
)
_UNITS = (
    Column("code", "Unit"),
    Column("name"),
    *(Column(each, right=True) for each in ("posts", "filled", "vacant")),
    Column("depth", extra=True),
)
_SEATS = (
    *(Column(each) for each in ("post", "title", "holder", "reports_to")),
    Column("critical", extra=True),
)
_CHANGES = tuple(Column(each) for each in ("record", "key", "action", "fields"))
_GRANTS = tuple(Column(each) for each in ("handle", "grant", "unit", "since", "until"))
_DEPUTIES = tuple(Column(each) for each in ("handle", "deputy", "since", "until"))
_MEANINGS = (Column("grant"), Column("meaning"))


@click.group("people", cls=Group, context_settings={"help_option_names": ["-h", "--help"]})
def people() -> None:
    """Persons, units, posts and reporting lines.

    \b
    talent people template -O people.xlsx
    talent people import people.xlsx --dry-run
    talent people list --unit harbour
    talent people org harbour --vacant
    talent people move kofi.mensah harbour-case-officer-19 --on +14d
    """


@people.command("list")
@click.option("--unit", type=UNIT, help="Only this unit and those beneath it.")
@click.option("--kind", type=KINDS, help="Only persons of this kind.")
@click.option("--role", type=Name("role"), help="Only those on posts for this role.")
@reads
def list_(desk: Desk, unit: str | None, kind: str | None, role: str | None) -> None:
    """List the persons you may know of."""
    from talenthub.people.listing import staff_list

    found = desk.run(lambda tx: staff_list(tx, unit_code=unit, kind=kind, role=role))
    desk.emit([asdict(each) for each in found], _PEOPLE, title=f"{len(found)} persons")


@people.command()
@click.argument("handle", type=PERSON, metavar="PERSON")
@reads
def show(desk: Desk, handle: str) -> None:
    """Show one PERSON, as much as you may see."""
    from talenthub.people.listing import record

    found = desk.run(lambda tx: record(tx, handle))
    shown = asdict(found.listed)
    if found.is_full:
        shown |= {name: value for name, value in asdict(found).items() if name not in ("listed", "is_full")}
    desk.emit_record(shown)


@people.command()
@click.argument("unit", type=UNIT, required=False)
@click.option("--vacant", is_flag=True, help="Only seats that nobody holds.")
@reads
def org(desk: Desk, unit: str | None, vacant: bool) -> None:
    """Show the tree of units, or the seats of one UNIT."""
    from talenthub.people.listing import unit_seats, unit_tree

    if unit is not None:
        seats = desk.run(lambda tx: unit_seats(tx, unit, vacant_only=vacant))
        desk.emit([asdict(each) for each in seats], _SEATS)
        return
    tree = desk.run(unit_tree)
    rows = [asdict(each) | {"vacant": each.vacant} for each in tree if each.vacant or not vacant]
    if desk.for_people:
        rows = [row | {"name": "  " * row["depth"] + row["name"]} for row in rows]
    desk.emit(rows, _UNITS)


@people.group()
def grant() -> None:
    """Who may do what beyond their own place.

    \b
    talent people grant give maria.costa hr_officer --unit harbour
    talent people grant give --where "unit=harbour role=lead" recruiter
    talent people grant take maria.costa recruiter
    """


@grant.command("list")
@click.argument("handle", type=PERSON, metavar="PERSON", required=False)
@reads
def list_grants(desk: Desk, handle: str | None) -> None:
    """List the grants of a PERSON, or of everyone whose record you may see."""
    from talenthub.people.listing import grants_given

    def run(tx: Transaction) -> tuple[GrantGiven, ...]:
        return grants_given(tx, _person(tx, handle).id if handle else None)

    desk.emit([asdict(each) for each in desk.run(run)], _GRANTS)


@grant.command()
@reads
def names(desk: Desk) -> None:
    """List the grants there are and what they mean."""
    from talenthub.cli.casework import known_grants

    desk.emit(
        [{"grant": name, "meaning": meaning} for name, meaning in known_grants(desk).items()], _MEANINGS
    )


@people.group()
def deputy() -> None:
    """Who stands in for whom.

    \b
    talent people deputy set dario.conti ana.ribeiro --since +3d --until +17d
    """


@deputy.command("set")
@click.argument("handle", type=PERSON, metavar="PERSON")
@click.argument("other", type=PERSON, metavar="DEPUTY")
@click.option("--since", type=DAY, help="The first day; default: today.")
@click.option("--until", type=DAY, required=True, help="The first day without.")
@writes
def set_(desk: Desk, handle: str, other: str, since: DateWord | None, until: DateWord) -> None:
    """Have DEPUTY stand in for a PERSON: yourself, or one you keep records of."""
    from talenthub.people.changes import name_deputy

    def run(tx: Transaction) -> None:
        start = since.on(tx.today) if since else tx.today
        name_deputy(tx, _person(tx, handle).id, _person(tx, other).id, start, until.on(tx.today))

    desk.run(run)
    desk.emit_record({"handle": handle, "deputy": other, "action": "set"})


@deputy.command("list")
@reads
def list_deputies(desk: Desk) -> None:
    """List who stands in for whom now or later."""
    from talenthub.people.listing import deputy_list

    desk.emit([asdict(each) for each in desk.run(deputy_list)], _DEPUTIES)


def _person(tx: Transaction, handle: str) -> Person:
    from talenthub.people.persons import known_person

    return known_person(tx, handle)


for _each in (import_, export, template, kept, move, leave):
    people.add_command(_each)
for _each in (give, take):
    grant.add_command(_each)
