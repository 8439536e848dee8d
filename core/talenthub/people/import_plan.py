"""What an import starts from and wants: stored and wanted side by side."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import Row, select

from talenthub.people import tables
from talenthub.people.changes import find_loop, loop_problem
from talenthub.people.days import in_force, lasting
from talenthub.people.filerows import FileRow, Problems
from talenthub.people.organisation import NewPerson, NewPost, NewUnit
from talenthub.storage.transaction import Transaction

CLEAR = "-"
"""The cell that empties a field; an empty cell leaves it as it is."""


@dataclass(frozen=True, slots=True)
class KnownRole:
    """A role that posts may be for: from the published frameworks."""

    framework: str
    code: str
    title: str
    level: str | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """One record that an import adds or changes."""

    record: str
    """unit, post or person."""
    key: str
    """Its code or handle."""
    action: str
    """added, changed, moved or left."""
    fields: tuple[str, ...] = ()
    """What changed of a record that was there."""


@dataclass(frozen=True, slots=True)
class Held:
    """A seat taken now or later, as stored."""

    handle: str
    since: date
    until: date | None


@dataclass(slots=True)
class Picture:
    """Units, posts and persons by code and handle."""

    units: dict[str, NewUnit] = field(default_factory=dict)
    posts: dict[str, NewPost] = field(default_factory=dict)
    people: dict[str, NewPerson] = field(default_factory=dict)

    def copy(self) -> Picture:
        """Return a picture that can change without this one."""
        return Picture(dict(self.units), dict(self.posts), dict(self.people))


@dataclass(slots=True)
class Plan:
    """One import while it is being read."""

    today: date
    stored: Picture
    wanted: Picture
    held: Mapping[str, list[Held]]
    roles: Mapping[str, KnownRole]
    grants: frozenset[str]
    problems: Problems = field(default_factory=Problems)
    lines: dict[str, FileRow] = field(default_factory=dict)
    """Posts whose line a file gives, and the row that does."""
    numbers: dict[tuple[str, str], int] = field(default_factory=dict)
    """The number of the next new post of a role in a unit."""
    vacant: dict[tuple[str, str], list[str]] | None = None

    def vacant_posts(self) -> dict[tuple[str, str], list[str]]:
        """Return the posts nobody holds or is given, by role and unit."""
        if self.vacant is None:
            taken = set(self.held) | {each.post for each in self.wanted.people.values()}
            self.vacant = {}
            for code, post in sorted(self.wanted.posts.items()):
                if code not in taken:
                    self.vacant.setdefault((post.role, post.unit), []).append(code)
        return self.vacant

    def role(self, row: FileRow) -> KnownRole | None:
        """Return the role a row names; an unknown one is a problem."""
        word = row.text("role")
        if word is None:
            return None
        if word not in self.roles:
            self.problems.unknown(row, "role", word, self.roles)
        return self.roles.get(word)


def begin_plan(tx: Transaction, roles: Iterable[KnownRole], grants: Iterable[str]) -> Plan:
    """Return a plan that so far wants what is stored."""
    stored, held = load_picture(tx)
    known = {each.code: each for each in roles}
    return Plan(tx.today, stored, stored.copy(), held, known, frozenset(grants))


def check_loops(plan: Plan, place: str) -> None:
    """Note every loop of units and of reporting lines, by its names."""
    parents = {each.code: each.parent for each in plan.wanted.units.values()}
    for loop in _loops(parents):
        plan.problems.add(loop_problem("unit", loop, place))
    above = {each.code: each.reports_to for each in plan.wanted.posts.values()}
    sitting = {each.post: each.handle for each in plan.wanted.people.values() if each.post}
    for loop in _loops(above):
        rows = [plan.lines[code] for code in loop if code in plan.lines]
        names = [sitting.get(code, code) for code in loop]
        plan.problems.add(loop_problem("reporting line", names, rows[0].place if rows else place))


def _loops(above: Mapping[str, str | None]) -> list[list[str]]:
    found: dict[frozenset[str], list[str]] = {}
    clear: set[str] = set()
    for start in above:
        if start not in clear and (loop := find_loop(above, start)):
            found.setdefault(frozenset(loop), loop)
            clear.update(loop)
    return list(found.values())


def load_picture(tx: Transaction) -> tuple[Picture, dict[str, list[Held]]]:
    """Return the organisation as stored, and who holds each post."""
    units = {row.id: row for row in tx.rows(select(tables.unit))}
    posts = {row.id: row for row in tx.rows(select(tables.post))}
    codes = {each.id: each.code for each in posts.values()}
    line = tables.reporting_line
    lines = {
        row.post_id: codes[row.manager_post_id]
        for row in tx.rows(select(line).where(lasting(line, tx.today)).order_by(line.c.since))
    }
    seats, held = _seats(tx, codes)
    people = tx.rows(select(tables.person))
    grants = _grants(tx, {each.id: each.code for each in units.values()})
    return Picture(
        {row.code: _unit(row, units) for row in units.values()},
        {row.code: _post(row, units[row.unit_id].code, lines.get(row.id)) for row in posts.values()},
        {row.handle: _person(row, seats.get(row.id), grants.get(row.id, ())) for row in people},
    ), held


def _seats(
    tx: Transaction, codes: Mapping[int, str]
) -> tuple[dict[int, tuple[str, date]], dict[str, list[Held]]]:
    seat = tables.assignment
    rows = tx.rows(
        select(seat.c.person_id, seat.c.post_id, seat.c.since, seat.c.until, tables.person.c.handle)
        .join(tables.person, tables.person.c.id == seat.c.person_id)
        .where(lasting(seat, tx.today))
        .order_by(seat.c.since)
    )
    held: dict[str, list[Held]] = {}
    for row in rows:
        held.setdefault(codes[row.post_id], []).append(Held(row.handle, row.since, row.until))
    return {row.person_id: (codes[row.post_id], row.since) for row in rows}, held


def _grants(tx: Transaction, units: Mapping[int, str]) -> dict[int, tuple[tuple[str, str | None], ...]]:
    held = tables.grant_held
    found: dict[int, tuple[tuple[str, str | None], ...]] = {}
    for row in tx.rows(select(held).where(in_force(held, tx.today)).order_by(held.c.id)):
        unit = units[row.unit_id] if row.unit_id is not None else None
        found[row.person_id] = tuple(dict.fromkeys((*found.get(row.person_id, ()), (row.name, unit))))
    return found


def _unit(row: Row[tuple[object, ...]], units: Mapping[int, Row[tuple[object, ...]]]) -> NewUnit:
    parent = units[row.parent_id].code if row.parent_id is not None else None
    return NewUnit(row.code, row.name, parent, row.function, row.site)


def _post(row: Row[tuple[object, ...]], unit: str, above: str | None) -> NewPost:
    return NewPost(
        row.code,
        row.title,
        row.framework_code,
        row.role_code,
        unit,
        row.since,
        row.level,
        row.critical,
        above,
    )


def _person(
    row: Row[tuple[object, ...]],
    seat: tuple[str, date] | None,
    grants: tuple[tuple[str, str | None], ...],
) -> NewPerson:
    return NewPerson(
        row.handle,
        row.name,
        row.kind,
        row.email,
        row.login,
        row.language,
        row.site,
        seat[0] if seat else None,
        seat[1] if seat else None,
        grants,
        row.closed_on if row.kind == "leaver" else None,
    )
