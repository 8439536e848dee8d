"""Posts and who sits on them: one post is one seat."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from sqlalchemy import Integer, Row, bindparam, exists, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from talenthub.errors import Conflict, NotFound, Problem, Refused, unknown
from talenthub.people import tables
from talenthub.people.days import chosen, in_force, lasting
from talenthub.people.ids import ids_parameter, rows_of
from talenthub.people.seats import Post, Seating, Sitting, plan_leaving, seated, vacated
from talenthub.people.units import unit
from talenthub.storage.hub import HubEvent, announce
from talenthub.storage.transaction import Transaction

T = TypeVar("T")

_post = tables.post
_seat = tables.assignment

_by_code = select(_post).where(_post.c.code == bindparam("code"))
_by_ids = select(_post).where(_post.c.id.in_(ids_parameter()))
_of_persons = (
    select(_seat.c.person_id, *_post.c)
    .join(_post, _post.c.id == _seat.c.post_id)
    .where(_seat.c.person_id.in_(ids_parameter()), in_force(_seat))
)
_incumbents = select(_seat.c.post_id, _seat.c.person_id).where(
    _seat.c.post_id.in_(ids_parameter()), in_force(_seat)
)
_lock_posts = _by_ids.order_by(_post.c.id).with_for_update()
_by_codes = select(_post).where(_post.c.code.in_(bindparam("codes", expanding=True)))
_lock_persons = (
    select(tables.person.c.id, tables.person.c.kind)
    .where(tables.person.c.id.in_(ids_parameter()))
    .order_by(tables.person.c.id)
    .with_for_update()
)
_seats = (
    select(_seat.c.id, _seat.c.person_id, _seat.c.post_id, _seat.c.since, _seat.c.until, _post.c.code)
    .join(_post, _post.c.id == _seat.c.post_id)
    .where(lasting(_seat))
    .order_by(_seat.c.since.desc())
)
# Whoever sits there on the day, or is to sit there later, and where these people sit.
_around = _seats.where(
    or_(
        _seat.c.person_id.in_(ids_parameter()),
        _seat.c.post_id.in_(bindparam("posts", expanding=True, type_=Integer)),
    )
)
_own = _seats.where(_seat.c.person_id == bindparam("person"))
_end = update(_seat).where(_seat.c.id == bindparam("seat")).values(until=bindparam("day"))
_sit = insert(_seat).returning(_seat.c.id, _seat.c.person_id, _seat.c.post_id, _seat.c.since)
_employ = (
    update(tables.person)
    .where(tables.person.c.id.in_(ids_parameter()))
    .values(kind="employee", closed_on=None)
)


@dataclass(frozen=True, slots=True)
class Assignment:
    """A person on a post from a day on."""

    id: int
    person_id: int
    post_id: int
    since: date
    former_post_id: int | None
    """The post this assignment took the person away from."""


def post(tx: Transaction, code: str) -> Post:
    """Return the post with `code`; NotFound names the nearest match."""
    row = tx.row(_by_code, {"code": code})
    if row is None:
        raise NotFound(unknown("post", code, [each.code for each in tx.rows(select(_post.c.code))]))
    return _post_of(row)


def posts(tx: Transaction, ids: Collection[int]) -> dict[int, Post]:
    """Return the posts with these ids, by id."""
    return {row.id: _post_of(row) for row in rows_of(tx, _by_ids, ids)}


def posts_by_code(tx: Transaction, codes: Collection[str]) -> dict[str, Post]:
    """Return posts by code; NotFound names the first that is not there."""
    found = {row.code: _post_of(row) for row in tx.rows(_by_codes, {"codes": sorted(codes)})} if codes else {}
    return {code: found[code] if code in found else post(tx, code) for code in codes}


def posts_of(tx: Transaction, person_ids: Collection[int], on: date | None = None) -> dict[int, Post | None]:
    """Return each person's post on the day; None without one."""
    found: dict[int, Post | None] = dict.fromkeys(person_ids)
    for row in rows_of(tx, _of_persons, found, chosen(tx, on)):
        found[row.person_id] = _post_of(row)
    return found


def incumbents_of(
    tx: Transaction, post_ids: Collection[int], on: date | None = None
) -> dict[int, int | None]:
    """Return who sits on each post on the day; None where it is vacant."""
    found: dict[int, int | None] = dict.fromkeys(post_ids)
    rows = rows_of(tx, _incumbents, found, chosen(tx, on))
    found.update((row.post_id, row.person_id) for row in rows)
    return found


def vacant_posts(
    tx: Transaction, role_code: str | None = None, unit_id: int | None = None, on: date | None = None
) -> tuple[Post, ...]:
    """Return posts nobody sits on or is to sit on, by code.

    With `unit_id` those of that unit and of the units beneath it.
    """
    day = chosen(tx, on)
    taken = exists().where(_seat.c.post_id == _post.c.id, lasting(_seat, day))
    vacant = select(_post).where(in_force(_post, day), ~taken).order_by(_post.c.code)
    if role_code is not None:
        vacant = vacant.where(_post.c.role_code == role_code)
    if unit_id is not None:
        beneath = select(tables.unit.c.id).where(tables.unit.c.id == unit_id).cte("beneath", recursive=True)
        beneath = beneath.union(
            select(tables.unit.c.id).join(beneath, tables.unit.c.parent_id == beneath.c.id)
        )
        vacant = vacant.where(_post.c.unit_id.in_(select(beneath.c.id)))
    return tuple(_post_of(row) for row in tx.rows(vacant))


def vacant_post_like(tx: Transaction, person_id: int, unit_code: str) -> str:
    """Return a vacant post of a unit for the role the person has now."""
    own = posts_of(tx, [person_id])[person_id]
    if own is None:
        text, mend = "who has no post has no role to move with", "name a post"
        raise Refused(Problem(text=text, mend=mend, code="people.no-post"))
    there = unit(tx, unit_code)
    if own.unit_id == there.id:
        raise Refused(Problem(text="the person is in this unit already", code="people.same-unit"))
    for each in vacant_posts(tx, own.role_code, there.id):
        if each.unit_id == there.id:
            return each.code
    text, mend = "the unit has no vacant post for this role", f"talent people org {unit_code} --vacant"
    raise Refused(Problem(text=text, found=own.role_code, mend=mend, code="people.no-vacancy"))


def add_post(
    tx: Transaction,
    code: str,
    title: str,
    *,
    framework_code: str,
    role_code: str,
    unit_id: int,
    level: str | None = None,
    critical: bool = False,
    since: date | None = None,
) -> Post:
    """Add a post, vacant and without a reporting line, and return it."""
    if tx.row(_by_code, {"code": code}) is not None:
        raise Refused(Problem(text="there is a post with this code", found=code, code="people.post-taken"))
    day = chosen(tx, since)
    new = insert(_post).values(
        code=code,
        title=title,
        framework_code=framework_code,
        role_code=role_code,
        level=level,
        unit_id=unit_id,
        critical=critical,
        since=day,
    )
    made: int = tx.value(new.returning(_post.c.id))
    return Post(made, code, title, framework_code, role_code, level, unit_id, critical, day, None)


def assign(tx: Transaction, person_id: int, post_id: int, since: date) -> Assignment:
    """Put a person on a post from `since` on and end the former assignment.

    Who was a candidate, external or leaver becomes an employee. Announces
    `person.hired` or `person.moved`, and `post.vacated` for the post left.
    A post that somebody else holds then, or is to hold, is Refused.
    """
    return assign_many(tx, [Seating(person_id, post_id, since)])[0]


def assign_many(tx: Transaction, seatings: Sequence[Seating]) -> list[Assignment]:
    """Assign many as `assign` does, in this order; all or none.

    At most seven statements, however many.
    """
    if not seatings:
        return []
    # Locked in one order, so that of two hires into one post the second waits and then sees the first.
    persons = {row.id: row.kind for row in tx.rows(_lock_persons, {"ids": _ids(seatings, "person_id")})}
    targets = {row.id: _post_of(row) for row in tx.rows(_lock_posts, {"ids": _ids(seatings, "post_id")})}
    seats = _seats_around(tx, seatings)
    planned: list[tuple[Sitting, int | None]] = []
    events: list[HubEvent] = []
    for each in seatings:
        kind = _existing(persons.get(each.person_id), "person")
        target = _existing(targets.get(each.post_id), "post")
        left = plan_leaving(seats, each, target)
        new = Sitting(None, each.person_id, target.id, target.code, each.since, None)
        seats.append(new)
        planned.append((new, left[0].post_id if left else None))
        events += (vacated(seat.post_id, seat.code, each.since) for seat in left)
        events.append(seated(each, target, kind))
        persons[each.person_id] = "employee"
    ended = [{"seat": seat.id, "day": seat.until} for seat in seats if seat.is_ended and seat.id is not None]
    tx.write(_end, ended)
    made = _write_seats(tx, [new for new, _ in planned])
    if hired := [event.subject_id for event in events if event.kind == "person.hired"]:
        tx.write(_employ, {"ids": hired})
    announce(tx, *events)
    return [
        Assignment(made[new.person_id, new.post_id, new.since], new.person_id, new.post_id, new.since, former)
        for new, former in planned
    ]


def vacate(tx: Transaction, person_id: int, on: date) -> tuple[int, ...]:
    """End a person's assignments on `on`; return the posts left behind.

    Planned ones that would begin later never begin.
    """
    left = tx.rows(_own, {"person": person_id, "day": on})
    tx.write(_end, [{"seat": row.id, "day": max(on, row.since)} for row in left])
    announce(tx, *(vacated(row.post_id, row.code, on) for row in left))
    return tuple(row.post_id for row in left)


def _ids(seatings: Sequence[Seating], name: str) -> list[int]:
    return sorted({getattr(each, name) for each in seatings})


def _seats_around(tx: Transaction, seatings: Sequence[Seating]) -> list[Sitting]:
    """Return the seats of these people and on these posts, the last begun first."""
    rows = tx.rows(
        _around,
        {
            "ids": _ids(seatings, "person_id"),
            "posts": _ids(seatings, "post_id"),
            "day": min(each.since for each in seatings),
        },
    )
    return [Sitting(row.id, row.person_id, row.post_id, row.code, row.since, row.until) for row in rows]


def _write_seats(tx: Transaction, new: Sequence[Sitting]) -> dict[tuple[int, int, date], int]:
    """Insert seats; return their ids by person, post and first day."""
    rows = [
        {"person_id": seat.person_id, "post_id": seat.post_id, "since": seat.since, "until": seat.until}
        for seat in new
    ]
    try:
        found = tx.connection.execute(_sit, rows).all()
    except IntegrityError as error:  # an import, which does not lock single posts, was faster
        text = "the post or the person was assigned meanwhile"
        codes = ", ".join(seat.code for seat in new[:5])
        raise Conflict(Problem(text=text, found=codes, code="people.assigned-meanwhile")) from error
    return {(row.person_id, row.post_id, row.since): row.id for row in found}


def _post_of(row: Row[Any]) -> Post:
    return Post(*(getattr(row, name) for name in Post.__slots__))


def _existing(found: T | None, kind: str) -> T:
    if found is None:
        raise NotFound(Problem(text=f"unknown {kind}", code=f"unknown-{kind}"))
    return found
