"""Changes of the organisation: moving, leaving, lines, and no loops."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from sqlalchemy import insert, select, update

from talenthub.errors import NotFound, Problem, Refused
from talenthub.people import tables
from talenthub.people.access import EDIT, EDITORS, require_grant
from talenthub.people.days import lasting
from talenthub.people.deputies import end_deputies, set_deputy
from talenthub.people.posts import Assignment, assign, posts, vacate
from talenthub.storage.hub import HubEvent, announce
from talenthub.storage.transaction import Transaction

K = TypeVar("K")

_line = tables.reporting_line
_held = tables.grant_held

_lasting_lines = (
    select(_line.c.post_id, _line.c.manager_post_id).where(lasting(_line)).order_by(_line.c.since)
)


@dataclass(frozen=True, slots=True)
class Leaving:
    """What ended when somebody left."""

    person_id: int
    on: date
    posts: tuple[int, ...]
    """The posts that fell vacant."""
    grants: int
    deputies: int


def move(tx: Transaction, person_id: int, post_id: int, since: date | None = None) -> Assignment:
    """Move an employee to another, vacant post from `since` on."""
    EDIT.require_right(tx, person_id, "moving this person is not yours to enter")
    target = posts(tx, [post_id]).get(post_id)
    if target is not None:
        require_grant(tx, EDITORS, target.unit_id, "filling a post of this unit is not yours to enter")
    return assign(tx, person_id, post_id, tx.today if since is None else since)


def leave(tx: Transaction, person_id: int, on: date | None = None) -> Leaving:
    """End everything a person holds from `on` on; the posts fall vacant.

    Login, grants and deputies end at once. Past days keep what was.
    """
    EDIT.require_right(tx, person_id, "this person's leaving is not yours to enter")
    day = tx.today if on is None else on
    if day > tx.today:
        raise Refused(
            Problem(
                text="a leaving is entered on the day, not before",
                found=str(day),
                allowed=f"{tx.today} or earlier",
                code="people.leave-later",
            )
        )
    locked = select(tables.person.c.kind).where(tables.person.c.id == person_id).with_for_update()
    kind = tx.value(locked)
    if kind is None:
        raise NotFound(Problem(text="unknown person", code="unknown-person"))
    if kind == "leaver":
        raise Refused(Problem(text="the person has left already", code="people.left"))
    left = Leaving(
        person_id,
        day,
        vacate(tx, person_id, day),
        _end_grants(tx, person_id, day),
        end_deputies(tx, person_id, day),
    )
    gone = update(tables.person).where(tables.person.c.id == person_id)
    tx.write(gone.values(kind="leaver", login=None, closed_on=day))
    announce(
        tx, HubEvent("person.left", "person", person_id, {"on": day.isoformat(), "posts": len(left.posts)})
    )
    return left


def name_deputy(tx: Transaction, person_id: int, deputy_id: int, since: date, until: date) -> None:
    """Name a deputy of oneself, or of a person whose record one keeps."""
    if person_id != tx.actor.person:
        EDIT.require_right(tx, person_id, "naming this person's deputy is not yours to do")
    set_deputy(tx, person_id, deputy_id, since, until)


def set_reporting_line(tx: Transaction, post_id: int, manager_post_id: int | None, since: date) -> None:
    """Have a post report to another one (or to none) from `since` on.

    A loop is Refused and names every post in it.
    """
    above = {row.post_id: row.manager_post_id for row in tx.rows(_lasting_lines, {"day": since})}
    if above.get(post_id) == manager_post_id:
        return
    if manager_post_id is not None:
        above[post_id] = manager_post_id
        if loop := find_loop(above, post_id):
            raise Refused(loop_problem("reporting line", _post_codes(tx, loop)))
    replace_line(tx, post_id, manager_post_id, since)


def replace_line(tx: Transaction, post_id: int, manager_post_id: int | None, since: date) -> None:
    """End a post's line and begin another, unchecked: for whole plans."""
    tx.write(update(_line).where(_line.c.post_id == post_id, lasting(_line, since)).values(until=since))
    if manager_post_id is not None:
        tx.write(insert(_line).values(post_id=post_id, manager_post_id=manager_post_id, since=since))


def find_loop(above: Mapping[K, K | None], start: K) -> list[K]:
    """Return the loop that going up from `start` runs into; empty if none."""
    path: dict[K, None] = {}
    here: K | None = start
    while here is not None and here not in path:
        path[here] = None
        here = above.get(here)
    if here is None:
        return []
    walked = list(path)
    return walked[walked.index(here) :]


def loop_problem(kind: str, names: list[str], place: str | None = None) -> Problem:
    """Return the problem of a loop, naming all of it."""
    return Problem(
        text=f"the {kind} would run in a circle",
        place=place,
        found=" → ".join([*names, names[0]]),
        allowed="a line that ends at the top",
        code="people.cycle",
    )


def _post_codes(tx: Transaction, ids: list[int]) -> list[str]:
    rows = tx.rows(select(tables.post.c.id, tables.post.c.code).where(tables.post.c.id.in_(ids)))
    codes = {row.id: row.code for row in rows}
    return [codes[each] for each in ids]


def _end_grants(tx: Transaction, person_id: int, day: date) -> int:
    return tx.write(
        update(_held).where(_held.c.person_id == person_id, lasting(_held, day)).values(until=day)
    )
