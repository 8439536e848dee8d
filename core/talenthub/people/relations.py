"""Who manages whom on a day, over posts, past vacant ones.

A managing post that stands empty passes its people to the next post above.
Every walk ends: downwards by never visiting a post twice, upwards at
`HIGHEST` steps, so that a loop in bad data can neither hang nor make anybody
their own manager.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import CTE, ColumnElement, Integer, Select, bindparam, exists, literal, select

from talenthub.people.days import chosen, in_force
from talenthub.people.ids import ids_parameter, rows_of
from talenthub.people.tables import assignment, reporting_line
from talenthub.storage.kept import once
from talenthub.storage.transaction import Transaction

HIGHEST = 50
"""No organisation has so many steps from its lowest post to its highest."""


def managers_of(
    tx: Transaction, person_ids: Collection[int], on: date | None = None
) -> dict[int, int | None]:
    """Return each person's manager on the day; None where nobody is above."""
    asked, day = frozenset(person_ids), chosen(tx, on)
    if not asked:
        return {}
    read_from = (assignment, reporting_line)
    return dict(once(tx, ("managers", day, asked), read_from, lambda: _managers(tx, asked, day)))


def _managers(tx: Transaction, person_ids: Collection[int], day: date) -> dict[int, int | None]:
    found: dict[int, int | None] = dict.fromkeys(person_ids)
    for row in rows_of(tx, _nearest_above, found, day):
        if row.manager_id != row.person_id:
            found[row.person_id] = row.manager_id
    return found


def chains_of(
    tx: Transaction, person_ids: Collection[int], on: date | None = None
) -> dict[int, tuple[int, ...]]:
    """Return everyone above each person on the day, the nearest first."""
    found: dict[int, dict[int, None]] = {each: {} for each in person_ids}
    for row in rows_of(tx, _all_above, found, chosen(tx, on)):
        if row.manager_id != row.person_id:
            found[row.person_id].setdefault(row.manager_id)
    return {each: tuple(above) for each, above in found.items()}


def reports_of(
    tx: Transaction, person_id: int, deep: bool = False, on: date | None = None
) -> tuple[int, ...]:
    """Return the ids of a person's direct reports, or of everyone below."""
    statement = _all_reports if deep else _direct_reports
    return tuple(row.id for row in tx.rows(statement, {"person": person_id, "day": chosen(tx, on)}))


@lru_cache(maxsize=256)
def reports_on(person_id: int, day: date, *, deep: bool = False) -> Select[int]:
    """Return a SELECT of the ids that `reports_of` would return on the day.

    It is the same object each time, so that one statement which asks for it
    in several places walks the organisation once.
    """
    return below_select(select(literal(person_id, Integer).label("id")), deep, day)


def below_select(heads: Select[int], deep: bool, day: date | None = None) -> Select[int]:
    """Return a SELECT of the ids of those below any of the persons `heads`.

    Without `day` it holds on the day of the parameter `:day`.
    """
    own = assignment.alias()
    down = (
        select(own.c.person_id.label("head_id"), reporting_line.c.post_id)
        .join(own, own.c.post_id == reporting_line.c.manager_post_id)
        .where(own.c.person_id.in_(heads), in_force(own, day), in_force(reporting_line, day))
        .cte(recursive=True)
    )
    step = (
        select(down.c.head_id, reporting_line.c.post_id)
        .join(down, reporting_line.c.manager_post_id == down.c.post_id)
        .where(in_force(reporting_line, day))
    )
    down = down.union(step if deep else step.where(~_filled(down, day)))
    return (
        select(assignment.c.person_id.label("id"))
        .join(down, down.c.post_id == assignment.c.post_id)
        .where(in_force(assignment, day), assignment.c.person_id != down.c.head_id)
    )


def _above(*, past_filled: bool) -> Select[Any]:
    line = reporting_line
    up = (
        select(assignment.c.person_id, line.c.manager_post_id.label("post_id"), literal(1).label("step"))
        .join(line, line.c.post_id == assignment.c.post_id)
        .where(assignment.c.person_id.in_(ids_parameter()), in_force(assignment), in_force(line))
        .cte(recursive=True)
    )
    step = (
        select(up.c.person_id, line.c.manager_post_id, up.c.step + 1)
        .join(line, line.c.post_id == up.c.post_id)
        .where(in_force(line), up.c.step < HIGHEST)
    )
    up = up.union_all(step if past_filled else step.where(~_filled(up)))
    return (
        select(up.c.person_id, assignment.c.person_id.label("manager_id"))
        .join(assignment, assignment.c.post_id == up.c.post_id)
        .where(in_force(assignment))
        .order_by(up.c.person_id, up.c.step)
    )


def _filled(posts: CTE, day: date | None = None) -> ColumnElement[bool]:
    seat = assignment.alias()
    return exists().where(seat.c.post_id == posts.c.post_id, in_force(seat, day))


def _reports_of_one(deep: bool) -> Select[int]:
    head = select(bindparam("person", type_=Integer).label("id"))
    return below_select(head, deep).order_by("id").distinct()


_nearest_above = _above(past_filled=False)
_all_above = _above(past_filled=True)
_direct_reports = _reports_of_one(deep=False)
_all_reports = _reports_of_one(deep=True)
