"""`talent people`: import and read the organisation, move, leave, grant."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from talenthub.cli.base import Desk, reads, writes
from talenthub.cli.output import Column
from talenthub.cli.parameters import DAY, PERSON, UNIT, DateWord, Name, OneOf

if TYPE_CHECKING:
    from datetime import date

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


@click.group("people", context_settings={"help_option_names": ["-h", "--help"]})
def people() -> None:
    """Persons, units, posts and reporting lines.

    \b
    talent people import people.csv --units units.csv --posts posts.csv --dry-run
    talent people list --unit harbour
    talent people org harbour --vacant
    talent people move kofi.mensah harbour-case-officer-19 --on +14d
    """


@people.command("import")
@click.argument("file", type=FILE, required=False)
@click.option("--units", type=FILE, metavar="FILE", help="Units: code,name,parent,function,site.")
@click.option(
    "--posts", type=FILE, metavar="FILE", help="Seats: code,title,role,unit,reports_to,critical,since."
)
@writes
def import_(desk: Desk, file: Path | None, units: Path | None, posts: Path | None) -> None:
    """Import persons from a CSV FILE: all of it, or nothing.

    \b
    Columns: handle,name,email,kind,unit,unit_parent,post,role,manager,
             since,login,grants,language,site
    Only handle must be there. An empty cell changes nothing, - empties a field.
    """
    from talenthub.people.importing import import_files
    from talenthub.people.roles import known_roles

    report = desk.run(
        lambda tx: import_files(tx, people=file, units=units, posts=posts, roles=known_roles(tx))
    )
    desk.emit([asdict(each) for each in report.changes], _CHANGES)
    told = ", ".join(f"{count} {what}" for what, count in report.counts.items())
    desk.say(told or "Nothing to change: everything is as the files say.")


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


@people.command()
@click.argument("handle", type=PERSON, metavar="PERSON")
@click.argument("post", type=POST)
@click.option("--on", type=DAY, help="The first day on the new post; default: today.")
@writes
def move(desk: Desk, handle: str, post: str, on: DateWord | None) -> None:
    """Move a PERSON to a vacant POST."""
    from talenthub.people import changes
    from talenthub.people.posts import post as post_of

    moved = desk.run(lambda tx: changes.move(tx, _person(tx, handle).id, post_of(tx, post).id, _day(tx, on)))
    desk.emit_record({"handle": handle, "post": post, "since": moved.since})
    desk.say(f"Next: talent people show {handle}")


@people.command()
@click.argument("handle", type=PERSON, metavar="PERSON")
@click.option("--on", type=DAY, help="The first day without them; default: today.")
@writes
def leave(desk: Desk, handle: str, on: DateWord | None) -> None:
    """Enter that a PERSON has left: login, grants and deputies end at once."""
    from talenthub.people import changes

    desk.confirm(f"End everything {handle} holds?")
    left = desk.run(lambda tx: changes.leave(tx, _person(tx, handle).id, _day(tx, on)))
    desk.emit_record(
        {
            "handle": handle,
            "on": left.on,
            "posts_vacated": len(left.posts),
            "grants_ended": left.grants,
            "deputies_ended": left.deputies,
        }
    )
    desk.say("Next: talent people org --vacant")


@people.group()
def grant() -> None:
    """Who may do what beyond their own place.

    \b
    talent people grant give maria.costa hr_officer --unit harbour
    talent people grant take maria.costa recruiter
    """


@grant.command()
@click.argument("handle", type=PERSON, metavar="PERSON")
@click.argument("name", type=GRANT, metavar="GRANT")
@click.option("--unit", type=UNIT, help="At this unit and beneath it; default: everywhere.")
@click.option("--since", type=DAY, help="The first day; default: today.")
@click.option("--until", type=DAY, help="The first day without it; default: no end.")
@writes
def give(
    desk: Desk, handle: str, name: str, unit: str | None, since: DateWord | None, until: DateWord | None
) -> None:
    """Give a PERSON a GRANT; `talent people grant names` lists them."""
    from talenthub.people import grants

    def run(tx: Transaction) -> None:
        grants.check_name(name, grants.CORE_GRANTS)
        grants.give(tx, _person(tx, handle).id, name, _unit(tx, unit), _day(tx, since), _day(tx, until))

    desk.run(run)
    desk.emit_record({"handle": handle, "grant": name, "unit": unit, "action": "given"})


@grant.command()
@click.argument("handle", type=PERSON, metavar="PERSON")
@click.argument("name", type=GRANT, metavar="GRANT")
@click.option("--unit", type=UNIT, help="The one held at this unit; default: the one held everywhere.")
@writes
def take(desk: Desk, handle: str, name: str, unit: str | None) -> None:
    """Take a GRANT back from a PERSON, from today on."""
    from talenthub.people import grants

    desk.run(lambda tx: grants.take_back(tx, _person(tx, handle).id, name, _unit(tx, unit)))
    desk.emit_record({"handle": handle, "grant": name, "unit": unit, "action": "taken back"})


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
    from talenthub.people.grants import CORE_GRANTS

    desk.emit([{"grant": name, "meaning": meaning} for name, meaning in CORE_GRANTS.items()], _MEANINGS)


@people.group()
def deputy() -> None:
    """Who stands in for whom.

    \b
    talent people deputy set dario.conti ana.ribeiro --since 2026-07-01 --until 2026-07-15
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


def _unit(tx: Transaction, code: str | None) -> int | None:
    from talenthub.people.units import unit

    return unit(tx, code).id if code is not None else None


def _day(tx: Transaction, word: DateWord | None) -> date | None:
    return word.on(tx.today) if word is not None else None
