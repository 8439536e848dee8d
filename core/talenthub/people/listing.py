"""Reading the organisation: the staff list, one person, units and seats."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, and_, func, select

from talenthub.errors import NotFound, unknown
from talenthub.people import tables
from talenthub.people.access import VIEW
from talenthub.people.days import in_force, lasting
from talenthub.people.deputies import deputies_of, deputised_by
from talenthub.people.directory import listed_select
from talenthub.people.grants import grants_of
from talenthub.people.persons import person, persons, unknown_person
from talenthub.people.relations import managers_of
from talenthub.people.units import Unit, unit, unit_paths, units
from talenthub.storage.transaction import Transaction

_person, _post, _seat, _line = tables.person, tables.post, tables.assignment, tables.reporting_line
_roles = select(_post.c.role_code).distinct()


@dataclass(frozen=True, slots=True)
class Listed:
    """One line of the staff list."""

    handle: str
    name: str
    kind: str
    unit: str | None
    post: str | None
    title: str | None
    manager: str | None


@dataclass(frozen=True, slots=True)
class Record:
    """One person, as much as the actor may see."""

    listed: Listed
    is_full: bool
    """Whether the actor sees more than the staff list."""
    email: str | None = None
    language: str | None = None
    since: date | None = None
    grants: tuple[str, ...] = ()
    """`hr_officer@harbour`, or the name alone for everywhere."""
    deputies: tuple[str, ...] = ()
    deputises: tuple[str, ...] = ()
    closed_on: date | None = None


@dataclass(frozen=True, slots=True)
class UnitLine:
    """One unit of the tree, with the seats of itself and beneath."""

    depth: int
    code: str
    name: str
    posts: int
    filled: int

    @property
    def vacant(self) -> int:
        """Return how many seats nobody holds."""
        return self.posts - self.filled


@dataclass(frozen=True, slots=True)
class SeatLine:
    """One seat of a unit and who holds it today."""

    post: str
    title: str
    holder: str | None
    """A handle; None: vacant."""
    reports_to: str | None
    """The code of the post above."""
    critical: bool


def staff_list(
    tx: Transaction, *, unit_code: str | None = None, kind: str | None = None, role: str | None = None
) -> tuple[Listed, ...]:
    """Return whom the actor may know of, by handle; with units beneath."""
    found = _listed(tx).where(_person.c.id.in_(listed_select(tx)))
    if unit_code is not None:
        top = unit(tx, unit_code).id
        found = found.where(
            _post.c.unit_id.in_([each for each, path in unit_paths(tx).items() if top in path])
        )
    if kind is not None:
        found = found.where(_person.c.kind == kind)
    if role is not None:
        known = {row.role_code for row in tx.rows(_roles)}
        if role not in known:
            raise NotFound(unknown("role", role, known))
        found = found.where(_post.c.role_code == role)
    return tuple(_with_managers(tx, found).values())


def record(tx: Transaction, handle: str) -> Record:
    """Return one person; NotFound where the actor may not know of them."""
    whom = person(tx, handle)
    listed = _with_managers(tx, _listed(tx).where(_person.c.id == whom.id))[whom.id]
    if VIEW.can(tx, whom.id).ok:
        return _full(tx, whom.id, listed)
    if tx.row(listed_select(tx).where(_person.c.id == whom.id)) is None:
        raise NotFound(unknown_person(tx, handle))
    return Record(listed, is_full=False)


def unit_tree(tx: Transaction, top: str | None = None) -> tuple[UnitLine, ...]:
    """Return the units as a tree, each with its seats; or from `top` down."""
    all_units = units(tx)
    root = unit(tx, top) if top is not None else None
    counts = _counts(tx, unit_paths(tx))
    return tuple(
        UnitLine(depth, each.code, each.name, *counts.get(each.id, (0, 0)))
        for depth, each in _walk(all_units, root)
    )


def unit_seats(tx: Transaction, code: str, *, vacant_only: bool = False) -> tuple[SeatLine, ...]:
    """Return the seats of one unit, by code, with who holds them today."""
    above = _post.alias("above")
    statement = (
        select(_post.c.code, _post.c.title, _person.c.handle, above.c.code.label("above"), _post.c.critical)
        .outerjoin(_seat, and_(_seat.c.post_id == _post.c.id, in_force(_seat, tx.today)))
        .outerjoin(_person, _person.c.id == _seat.c.person_id)
        .outerjoin(_line, and_(_line.c.post_id == _post.c.id, in_force(_line, tx.today)))
        .outerjoin(above, above.c.id == _line.c.manager_post_id)
        .where(_post.c.unit_id == unit(tx, code).id, in_force(_post, tx.today))
        .order_by(_post.c.code)
    )
    lines = (SeatLine(row.code, row.title, row.handle, row.above, row.critical) for row in tx.rows(statement))
    return tuple(each for each in lines if not vacant_only or each.holder is None)


@dataclass(frozen=True, slots=True)
class GrantGiven:
    """One grant as given: to whom, where, from when to when."""

    handle: str
    grant: str
    unit: str | None
    since: date
    until: date | None


def grants_given(tx: Transaction, person_id: int | None = None) -> tuple[GrantGiven, ...]:
    """Return the lasting grants of one person, or of all, by handle.

    Only of persons whose record the actor may see.
    """
    statement = (
        select(
            tables.person.c.handle,
            tables.grant_held.c.name,
            tables.unit.c.code,
            tables.grant_held.c.since,
            tables.grant_held.c.until,
        )
        .join(tables.person, tables.person.c.id == tables.grant_held.c.person_id)
        .outerjoin(tables.unit, tables.unit.c.id == tables.grant_held.c.unit_id)
        .where(lasting(tables.grant_held, tx.today))
        .order_by(tables.person.c.handle, tables.grant_held.c.name, tables.unit.c.code)
    )
    if person_id is not None:
        statement = statement.where(tables.grant_held.c.person_id == person_id)
    if not tx.actor.is_system:
        statement = statement.where(tables.grant_held.c.person_id.in_(VIEW.visible(tx)))
    return tuple(
        GrantGiven(row.handle, row.name, row.code, row.since, row.until) for row in tx.rows(statement)
    )


@dataclass(frozen=True, slots=True)
class DeputyLine:
    """Who stands in for whom, from when to when."""

    handle: str
    deputy: str
    since: date
    until: date


def deputy_list(tx: Transaction) -> tuple[DeputyLine, ...]:
    """Return who stands in for whom now or later, by handle."""
    named, other = _person.alias(), _person.alias()
    held = tables.deputy
    statement = (
        select(named.c.handle, other.c.handle.label("deputy"), held.c.since, held.c.until)
        .join(named, named.c.id == held.c.person_id)
        .join(other, other.c.id == held.c.deputy_id)
        .where(held.c.until > tx.today)
        .order_by(named.c.handle, held.c.since, other.c.handle)
    )
    return tuple(DeputyLine(row.handle, row.deputy, row.since, row.until) for row in tx.rows(statement))


def _listed(tx: Transaction) -> Select[int, str, str, str, str, str, str]:
    return (
        select(
            _person.c.id,
            _person.c.handle,
            _person.c.name,
            _person.c.kind,
            tables.unit.c.code.label("unit"),
            _post.c.code.label("post"),
            _post.c.title,
        )
        .outerjoin(_seat, and_(_seat.c.person_id == _person.c.id, in_force(_seat, tx.today)))
        .outerjoin(_post, _post.c.id == _seat.c.post_id)
        .outerjoin(tables.unit, tables.unit.c.id == _post.c.unit_id)
        .order_by(_person.c.handle)
    )


def _with_managers(
    tx: Transaction, statement: Select[int, str, str, str, str, str, str]
) -> dict[int, Listed]:
    rows = tx.rows(statement)
    managers = managers_of(tx, [row.id for row in rows])
    handles = persons(tx, {each for each in managers.values() if each is not None})
    found = {}
    for row in rows:
        manager = handles.get(managers[row.id] or 0)
        above = manager.handle if manager is not None else None
        found[row.id] = Listed(row.handle, row.name, row.kind, row.unit, row.post, row.title, above)
    return found


def _full(tx: Transaction, person_id: int, listed: Listed) -> Record:
    seat = select(_seat.c.since).where(_seat.c.person_id == person_id, in_force(_seat, tx.today))
    more = tx.row(
        select(_person.c.email, _person.c.language, _person.c.closed_on).where(_person.c.id == person_id)
    )
    assert more is not None
    codes = {each.id: each.code for each in units(tx)}
    others = persons(tx, {*deputies_of(tx, person_id), *deputised_by(tx, person_id)})
    return Record(
        listed,
        is_full=True,
        email=more.email,
        language=more.language,
        since=tx.value(seat),
        grants=tuple(
            each.name if each.unit_id is None else f"{each.name}@{codes[each.unit_id]}"
            for each in grants_of(tx, [person_id])[person_id]
        ),
        deputies=tuple(others[each].handle for each in deputies_of(tx, person_id)),
        deputises=tuple(others[each].handle for each in deputised_by(tx, person_id)),
        closed_on=more.closed_on,
    )


def _counts(tx: Transaction, paths: Mapping[int, tuple[int, ...]]) -> dict[int, tuple[int, int]]:
    rows = tx.rows(
        select(_post.c.unit_id, func.count(_post.c.id).label("posts"), func.count(_seat.c.id).label("filled"))
        .outerjoin(_seat, and_(_seat.c.post_id == _post.c.id, in_force(_seat, tx.today)))
        .where(in_force(_post, tx.today))
        .group_by(_post.c.unit_id)
    )
    found: dict[int, tuple[int, int]] = {}
    for row in rows:
        for each in paths[row.unit_id]:
            posts, filled = found.get(each, (0, 0))
            found[each] = (posts + row.posts, filled + row.filled)
    return found


def _walk(all_units: tuple[Unit, ...], root: Unit | None) -> list[tuple[int, Unit]]:
    below: dict[int | None, list[Unit]] = {}
    for each in all_units:
        below.setdefault(each.parent_id, []).append(each)
    waiting = [(0, each) for each in ([root] if root is not None else below.get(None, []))]
    walked = []
    while waiting:
        depth, here = waiting.pop(0)
        walked.append((depth, here))
        waiting[:0] = [(depth + 1, each) for each in below.get(here.id, [])]
    return walked
