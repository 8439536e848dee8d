"""Members: who works where on a day, and who managed them for how long."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import bindparam, func, or_, select

from talenthub.people import tables
from talenthub.people.days import chosen, in_force
from talenthub.people.relations import HIGHEST
from talenthub.storage.transaction import Transaction

_seat, _post, _person, _line = tables.assignment, tables.post, tables.person, tables.reporting_line
_first = (
    select(_seat.c.person_id, func.min(_seat.c.since).label("joined")).group_by(_seat.c.person_id).subquery()
)
_members = (
    select(
        _person.c.id.label("person"),
        _person.c.handle,
        _first.c.joined,
        _post.c.unit_id.label("unit"),
        _post.c.framework_code.label("framework"),
        _post.c.role_code.label("role"),
        _post.c.level,
    )
    .join_from(_person, _first, _first.c.person_id == _person.c.id, isouter=True)
    .join(_seat, (_seat.c.person_id == _person.c.id) & in_force(_seat), isouter=True)
    .join(_post, _post.c.id == _seat.c.post_id, isouter=True)
    .where(_person.c.kind == "employee")
    .order_by(_person.c.handle)
)
_overlapping = tuple(
    select(*columns).where(
        table.c.since <= bindparam("last"), or_(table.c.until.is_(None), table.c.until > bindparam("first"))
    )
    for table, columns in (
        (_seat, (_seat.c.person_id, _seat.c.post_id, _seat.c.since, _seat.c.until)),
        (_line, (_line.c.post_id, _line.c.manager_post_id, _line.c.since, _line.c.until)),
    )
)


@dataclass(frozen=True, slots=True)
class Member:
    """An employee and the post held on the day; None where there is none."""

    person: int
    handle: str
    joined: date | None
    """The first day of the first post."""
    unit: int | None
    framework: str | None
    role: str | None
    level: str | None


def members_of(tx: Transaction, units: Collection[int] | None = None, on: date | None = None) -> list[Member]:
    """Return the employees of units on the day, by handle; one statement.

    Without `units` all employees, also those who hold no post.
    """
    found = (Member(*tuple(row)) for row in tx.rows(_members, {"day": chosen(tx, on)}))
    return [each for each in found if units is None or each.unit in units]


Spell = tuple[int, date, date]
"""A person or post, the first day, and the first day no longer."""


def manager_days(
    tx: Transaction, people: Collection[int], first: date, last: date
) -> dict[int, dict[int, int]]:
    """Return how many days each person had which manager, both ends counted.

    A managing post that stood empty passed its people on to the next above.
    Two statements, however many people.
    """
    given = {"first": first, "last": last}
    seats, above = ([*tx.rows(statement, given)] for statement in _overlapping)
    sat: dict[int, list[Spell]] = defaultdict(list)
    lines: dict[int, list[Spell]] = defaultdict(list)
    end = last + timedelta(days=1)
    for row in seats:
        sat[row.post_id].append((row.person_id, *_within(row, first, end)))
    for row in above:
        lines[row.post_id].append((row.manager_post_id, *_within(row, first, end)))
    wanted = set(people)
    found: dict[int, dict[int, int]] = {each: defaultdict(int) for each in people}
    for row in seats:
        if row.person_id in wanted:
            for manager, since, until in _managed(
                row.post_id, *_within(row, first, end), sat, lines, HIGHEST
            ):
                if manager != row.person_id:
                    found[row.person_id][manager] += (until - since).days
    return {person: dict(each) for person, each in found.items()}


def _within(row: Any, first: date, end: date) -> tuple[date, date]:
    return max(row.since, first), end if row.until is None else min(row.until, end)


def _managed(
    post: int,
    since: date,
    until: date,
    sat: Mapping[int, Sequence[Spell]],
    lines: Mapping[int, Sequence[Spell]],
    steps: int,
) -> Iterator[Spell]:
    """Yield who managed a post, spell by spell."""
    if not steps:
        return
    for above, start, stop in _cut(lines.get(post, ()), since, until):
        there = [*_cut(sat.get(above, ()), start, stop)]
        yield from there
        for empty_from, empty_until in _gaps(there, start, stop):
            yield from _managed(above, empty_from, empty_until, sat, lines, steps - 1)


def _cut(spells: Sequence[Spell], since: date, until: date) -> Iterator[Spell]:
    for who, start, stop in spells:
        if max(start, since) < min(stop, until):
            yield who, max(start, since), min(stop, until)


def _gaps(spells: Sequence[Spell], since: date, until: date) -> Iterator[tuple[date, date]]:
    for _, start, stop in sorted(spells, key=lambda each: each[1]):
        if since < start:
            yield since, start
        since = max(since, stop)
    if since < until:
        yield since, until
