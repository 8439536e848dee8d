"""A whole organisation as plain values, and its bulk writing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Column, Table, insert, select

from talenthub.people import tables
from talenthub.storage.transaction import Transaction


@dataclass(frozen=True, slots=True)
class NewUnit:
    """A unit to be made; `parent` is a code."""

    code: str
    name: str
    parent: str | None = None
    function: str | None = None
    site: str | None = None


@dataclass(frozen=True, slots=True)
class NewPost:
    """A post to be made; `unit` and `reports_to` are codes."""

    code: str
    title: str
    framework: str
    role: str
    unit: str
    since: date
    level: str | None = None
    critical: bool = False
    reports_to: str | None = None


@dataclass(frozen=True, slots=True)
class NewPerson:
    """A person to be added, on a post or without."""

    handle: str
    name: str
    kind: str = "employee"
    email: str | None = None
    login: str | None = None
    language: str = "en"
    site: str | None = None
    post: str | None = None
    since: date | None = None
    grants: tuple[tuple[str, str | None], ...] = ()
    """Pairs of a grant's name and the code of its unit, None for everywhere."""
    left_on: date | None = None
    """The first day without them; only a leaver has one."""


@dataclass(frozen=True, slots=True)
class Organisation:
    """Units, posts and persons that belong together."""

    units: tuple[NewUnit, ...]
    posts: tuple[NewPost, ...]
    people: tuple[NewPerson, ...]


def write_organisation(tx: Transaction, organisation: Organisation) -> None:
    """Write a whole new organisation in a few bulk statements.

    Nothing is checked beyond the database's own constraints, and nothing is
    announced: these people were there before the system was.
    """
    write_units(tx, organisation.units)
    write_posts(tx, organisation.posts)
    write_lines(
        tx, {each.code: (each.reports_to, each.since) for each in organisation.posts if each.reports_to}
    )
    write_persons(tx, organisation.people)
    write_seats(tx, [(each.handle, each.post, each.since) for each in organisation.people if each.post])
    write_grants(tx, [(each.handle, *grant) for each in organisation.people for grant in each.grants])


def write_units(tx: Transaction, units: Sequence[NewUnit]) -> None:
    """Insert units, those above before those beneath."""
    waiting = list(units)
    while waiting:
        ids = ids_by(tx, tables.unit, "code")
        ready = [each for each in waiting if each.parent is None or each.parent in ids]
        if not ready:
            raise ValueError(f"no way to the top from units {[each.code for each in waiting]}")
        rows = [_unit_row(each, ids) for each in ready]
        tx.write(insert(tables.unit), rows)
        waiting = [each for each in waiting if each not in ready]


def write_posts(tx: Transaction, posts: Sequence[NewPost]) -> None:
    """Insert posts, without their reporting lines."""
    units = ids_by(tx, tables.unit, "code") if posts else {}
    rows = [
        {
            "code": each.code,
            "title": each.title,
            "framework_code": each.framework,
            "role_code": each.role,
            "level": each.level,
            "unit_id": units[each.unit],
            "critical": each.critical,
            "since": each.since,
        }
        for each in posts
    ]
    tx.write(insert(tables.post), rows)


def write_lines(tx: Transaction, lines: Mapping[str, tuple[str | None, date]]) -> None:
    """Insert reporting lines: code of a post → code of the one above, day."""
    posts = ids_by(tx, tables.post, "code") if lines else {}
    rows = [
        {"post_id": posts[code], "manager_post_id": posts[above], "since": since}
        for code, (above, since) in lines.items()
        if above is not None
    ]
    tx.write(insert(tables.reporting_line), rows)


def write_persons(tx: Transaction, people: Iterable[NewPerson]) -> None:
    """Insert persons, without posts and grants."""
    columns = ("handle", "name", "email", "kind", "login", "language", "site")
    rows = [
        {name: getattr(each, name) for name in columns} | {"created_at": tx.now, "closed_on": each.left_on}
        for each in people
    ]
    tx.write(insert(tables.person), rows)


def write_seats(tx: Transaction, seats: Sequence[tuple[str, str | None, date | None]]) -> None:
    """Insert assignments: handle, code of the post, first day."""
    if not seats:
        return
    people, posts = ids_by(tx, tables.person, "handle"), ids_by(tx, tables.post, "code")
    rows = [
        {"person_id": people[handle], "post_id": posts[post], "since": since or tx.today}
        for handle, post, since in seats
        if post is not None
    ]
    tx.write(insert(tables.assignment), rows)


def write_grants(tx: Transaction, grants: Sequence[tuple[str, str, str | None]]) -> None:
    """Insert grants from today on: handle, name, code of the unit."""
    if not grants:
        return
    people, units = ids_by(tx, tables.person, "handle"), ids_by(tx, tables.unit, "code")
    rows = [
        {
            "person_id": people[handle],
            "name": name,
            "unit_id": units[unit] if unit is not None else None,
            "since": tx.today,
            "granted_by": tx.actor.login or tx.actor.person,
        }
        for handle, name, unit in grants
    ]
    tx.write(insert(tables.grant_held), rows)


def ids_by(tx: Transaction, table: Table, column: str) -> dict[str, int]:
    """Return the id of every row of `table` by what stands in `column`."""
    named: Column[str] = table.c[column]
    return {row.name: row.id for row in tx.rows(select(named.label("name"), table.c.id))}


def _unit_row(unit: NewUnit, ids: Mapping[str, int]) -> dict[str, object]:
    parent = ids[unit.parent] if unit.parent is not None else None
    return {
        "code": unit.code,
        "name": unit.name,
        "parent_id": parent,
        "function": unit.function,
        "site": unit.site,
    }
