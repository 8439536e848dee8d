"""Posts and who sits on them: one post is one seat."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, bindparam, exists, insert, select, update
from sqlalchemy.exc import IntegrityError

from talenthub.errors import Conflict, NotFound, Problem, Refused, unknown
from talenthub.people import tables
from talenthub.people.days import chosen, ids_parameter, in_force, lasting
from talenthub.people.units import unit
from talenthub.storage.hub import HubEvent, announce
from talenthub.storage.transaction import Transaction

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
_lock_post = select(_post).where(_post.c.id == bindparam("post")).with_for_update()
_lock_person = (
    select(tables.person.c.id, tables.person.c.kind)
    .where(tables.person.c.id == bindparam("person"))
    .with_for_update()
)
# Whoever sits there on the day, or is to sit there later.
_taken = (
    select(_seat.c.since, _seat.c.until)
    .where(_seat.c.post_id == bindparam("post"), _seat.c.person_id != bindparam("person"))
    .where(lasting(_seat))
    .order_by(_seat.c.since)
)
_own = (
    select(_seat.c.id, _seat.c.post_id, _seat.c.since, _seat.c.until, _post.c.code)
    .join(_post, _post.c.id == _seat.c.post_id)
    .where(_seat.c.person_id == bindparam("person"))
    .where(lasting(_seat))
    .order_by(_seat.c.since.desc())
)
_end = update(_seat).where(_seat.c.id == bindparam("seat")).values(until=bindparam("day"))


@dataclass(frozen=True, slots=True)
class Post:
    """One seat in one unit, for one role of a framework."""

    id: int
    code: str
    title: str
    framework_code: str
    role_code: str
    level: str | None
    unit_id: int
    critical: bool
    since: date
    until: date | None


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
    """Return the posts with these ids, by id; one statement."""
    return {row.id: _post_of(row) for row in tx.rows(_by_ids, {"ids": list(ids)})} if ids else {}


def posts_of(tx: Transaction, person_ids: Collection[int], on: date | None = None) -> dict[int, Post | None]:
    """Return each person's post on the day; None without one."""
    found: dict[int, Post | None] = dict.fromkeys(person_ids)
    if found:
        for row in tx.rows(_of_persons, {"ids": list(found), "day": chosen(tx, on)}):
            found[row.person_id] = _post_of(row)
    return found


def incumbents_of(
    tx: Transaction, post_ids: Collection[int], on: date | None = None
) -> dict[int, int | None]:
    """Return who sits on each post on the day; None where it is vacant."""
    found: dict[int, int | None] = dict.fromkeys(post_ids)
    if found:
        rows = tx.rows(_incumbents, {"ids": list(found), "day": chosen(tx, on)})
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
    # Locked in one order, so that of two hires into one post the second waits and then sees the first.
    kind: str = _existing(tx.row(_lock_person, {"person": person_id}), "person").kind
    target = _post_of(_existing(tx.row(_lock_post, {"post": post_id}), "post"))
    _refuse_closed(target, since)
    _refuse_taken(tx, target, person_id, since)
    former = _end_former(tx, person_id, target, since)
    made = _sit(tx, person_id, target, since)
    if kind != "employee":
        _employ(tx, person_id)
    facts = {"post": target.code, "role": target.role_code, "since": since.isoformat()}
    announce(
        tx, HubEvent("person.moved" if kind == "employee" else "person.hired", "person", person_id, facts)
    )
    return Assignment(made, person_id, post_id, since, former)


def vacate(tx: Transaction, person_id: int, on: date) -> tuple[int, ...]:
    """End a person's assignments on `on`; return the posts left behind.

    Planned ones that would begin later never begin.
    """
    left = tx.rows(_own, {"person": person_id, "day": on})
    for row in left:
        tx.write(_end, {"seat": row.id, "day": max(on, row.since)})
        announce(
            tx, HubEvent("post.vacated", "post", row.post_id, {"post": row.code, "since": on.isoformat()})
        )
    return tuple(row.post_id for row in left)


def _sit(tx: Transaction, person_id: int, target: Post, since: date) -> int:
    seat = insert(_seat).values(person_id=person_id, post_id=target.id, since=since)
    try:
        made: int = tx.value(seat.returning(_seat.c.id))
    except IntegrityError as error:  # an import, which does not lock single posts, was faster
        text = "the post or the person was assigned meanwhile"
        raise Conflict(Problem(text=text, found=target.code, code="people.assigned-meanwhile")) from error
    return made


def _end_former(tx: Transaction, person_id: int, target: Post, since: date) -> int | None:
    former = tx.rows(_own, {"person": person_id, "day": since})
    for row in former:
        if row.since > since:
            raise Refused(
                Problem(
                    text="a later assignment of this person is already entered",
                    found=f"{row.code} from {row.since}",
                    mend="choose a day after it began",
                    code="people.later-assignment",
                )
            )
        if row.post_id == target.id:
            raise Refused(
                Problem(text="the person holds this post already", found=target.code, code="people.same-post")
            )
    left = vacate(tx, person_id, since)
    return left[0] if left else None


def _post_of(row: Row[Any]) -> Post:
    return Post(*(getattr(row, name) for name in Post.__slots__))


def _existing(row: Row[Any] | None, kind: str) -> Row[Any]:
    if row is None:
        raise NotFound(Problem(text=f"unknown {kind}", code=f"unknown-{kind}"))
    return row


def _refuse_closed(target: Post, since: date) -> None:
    if since < target.since or (target.until is not None and since >= target.until):
        raise Refused(
            Problem(
                text="the post does not exist on that day",
                found=f"{target.code} on {since}",
                allowed=f"from {target.since}" + (f" to before {target.until}" if target.until else ""),
                code="people.post-closed",
            )
        )


def _refuse_taken(tx: Transaction, target: Post, person_id: int, since: date) -> None:
    row = tx.row(_taken, {"post": target.id, "person": person_id, "day": since})
    if row is not None:
        ends = f"until {row.until}" if row.until else "with no end entered"
        raise Refused(
            Problem(
                text="the post is filled",
                found=target.code,
                allowed="a vacant post",
                mend=f"it is held from {row.since} {ends}; talent people org shows vacant posts",
                code="people.post-filled",
            )
        )


def _employ(tx: Transaction, person_id: int) -> None:
    now_employed = update(tables.person).where(tables.person.c.id == person_id)
    tx.write(now_employed.values(kind="employee", closed_on=None))
