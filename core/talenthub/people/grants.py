"""Grants: what a person may do beyond their own place, by unit and dated.

Grants only add. Nobody gives one to themselves, and only an admin gives
those that reach beyond HR's own work.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, bindparam, insert, or_, select, update

from talenthub.errors import NotFound, NotPermitted, Problem, Refused, UsageError, unknown
from talenthub.people import tables
from talenthub.people.days import chosen, in_force, lasting
from talenthub.people.ids import ids_parameter, rows_of
from talenthub.storage.transaction import Transaction

CORE_GRANTS: dict[str, str] = {
    "framework_owner": "Publishes competency frameworks and answers for their content.",
    "framework_editor": "Edits drafts of competency frameworks.",
    "hr_head": "Leads people work: sees every person and names HR's people.",
    "hr_partner": "Advises a unit: sees its people and takes tasks that find no manager.",
    "hr_officer": "Runs people processes of a unit: keeps its persons and posts.",
    "recruiter": "Runs selection: sees and adds candidates.",
    "sponsor": "Signs exceptions to a rule as an executive.",
    "auditor": "Reads everything and changes nothing.",
    "monitor": "Compares how groups fare in selections, in sums only.",
    "admin": "Sets up the workspace and gives grants.",
    "act_for": "Enters actions in another person's name; both are recorded.",
}
"""Every grant of the core and what it means, in one sentence."""

GIVEN_BY_HR = ("hr_partner", "hr_officer", "recruiter")
"""What an hr_head may give; everything else is an admin's to give."""

_held = tables.grant_held
_of_persons = (
    select(_held.c.person_id, _held.c.name, _held.c.unit_id)
    .where(_held.c.person_id.in_(ids_parameter()), in_force(_held))
    .order_by(_held.c.person_id, _held.c.name, _held.c.unit_id)
)


@dataclass(frozen=True, slots=True)
class Grant:
    """A grant somebody holds: everywhere, or at a unit and beneath it."""

    name: str
    unit_id: int | None


def grants_of(
    tx: Transaction, person_ids: Collection[int], on: date | None = None
) -> dict[int, tuple[Grant, ...]]:
    """Return the grants each person holds on the day."""
    found: dict[int, list[Grant]] = {each: [] for each in person_ids}
    for row in rows_of(tx, _of_persons, found, chosen(tx, on)):
        found[row.person_id].append(Grant(row.name, row.unit_id))
    return {each: tuple(dict.fromkeys(held)) for each, held in found.items()}


def holders(tx: Transaction, name: str, unit_id: int | None, on: date | None = None) -> tuple[int, ...]:
    """Return who holds a grant everywhere, or at the unit or one above it."""
    statement = _holders if unit_id is not None else _holders_everywhere
    parameters = {"name": name, "day": chosen(tx, on)}
    if unit_id is not None:
        parameters["unit"] = unit_id
    return tuple(row.person_id for row in tx.rows(statement, parameters))


def holds(tx: Transaction, person_id: int, names: Collection[str], unit_id: int | None = None) -> bool:
    """Return whether the person holds one of `names` at the unit, today."""
    return any(person_id in holders(tx, name, unit_id) for name in names)


def give(
    tx: Transaction,
    person_id: int,
    name: str,
    unit_id: int | None = None,
    since: date | None = None,
    until: date | None = None,
    known: Collection[str] = tuple(CORE_GRANTS),
) -> Grant:
    """Give a person a grant from `since` on; return it.

    `known` are the names of the core and of the enabled plugins.
    """
    check_name(name, known)
    start = chosen(tx, since)
    if until is not None and until <= start:
        raise UsageError(
            Problem(
                text="the grant would end before it begins", found=f"{start} to {until}", code="people.days"
            )
        )
    require_giver(tx, person_id, name)
    if Grant(name, unit_id) in grants_of(tx, [person_id], start)[person_id]:
        raise Refused(
            Problem(text="the person holds this grant already", found=name, code="people.grant-held")
        )
    tx.write(
        insert(_held).values(
            person_id=person_id,
            name=name,
            unit_id=unit_id,
            since=start,
            until=until,
            granted_by=tx.actor.login or tx.actor.person,
        )
    )
    return Grant(name, unit_id)


def take_back(tx: Transaction, person_id: int, name: str, unit_id: int | None = None) -> None:
    """End a grant today; NotFound if the person does not hold it there."""
    require_giver(tx, person_id, name)
    here = _held.c.unit_id.is_(None) if unit_id is None else _held.c.unit_id == unit_id
    ended = tx.write(
        update(_held)
        .where(_held.c.person_id == person_id, _held.c.name == name, here, lasting(_held, tx.today))
        .values(until=tx.today)
    )
    if not ended:
        held = grants_of(tx, [person_id])[person_id]
        places = ["everywhere" if each.unit_id is None else "at a unit" for each in held if each.name == name]
        raise NotFound(
            Problem(
                text="the person does not hold this grant there",
                found=f"{name} {'everywhere' if unit_id is None else 'at this unit'}",
                allowed=", ".join(f"{name} {each}" for each in places)
                or ", ".join(each.name for each in held)
                or "none",
                mend="talent people grant list PERSON shows where",
                code="people.grant-not-held",
            )
        )


def check_name(name: str, known: Collection[str]) -> None:
    """Raise UsageError with the nearest match unless the grant exists."""
    if name not in known:
        raise UsageError(unknown("grant", name, known))


def require_giver(tx: Transaction, person_id: int, name: str) -> None:
    """Raise NotPermitted unless the actor may give the grant to the person."""
    if tx.actor.is_system:
        return
    if person_id in tx.actor.identities:
        raise NotPermitted(
            Problem(text="nobody gives grants to or takes them from themselves", code="people.own-grant")
        )
    assert tx.actor.person is not None
    allowed = ("admin", "hr_head") if name in GIVEN_BY_HR else ("admin",)
    if not holds(tx, tx.actor.person, allowed):
        raise NotPermitted(
            Problem(
                text=f"the grant {name} is not yours to give or take",
                allowed=f"who holds {' or '.join(allowed)} everywhere",
                code="people.grant-right",
            )
        )


def _select_holders(*, everywhere: bool) -> Select[int]:
    at: ColumnElement[bool] = _held.c.unit_id.is_(None)
    if not everywhere:
        up = (
            select(tables.unit.c.id, tables.unit.c.parent_id)
            .where(tables.unit.c.id == bindparam("unit"))
            .cte("up", recursive=True)
        )
        above = select(tables.unit.c.id, tables.unit.c.parent_id).join(up, tables.unit.c.id == up.c.parent_id)
        up = up.union(above)
        at = or_(at, _held.c.unit_id.in_(select(up.c.id)))
    return (
        select(_held.c.person_id)
        .where(_held.c.name == bindparam("name"), in_force(_held), at)
        .distinct()
        .order_by(_held.c.person_id)
    )


_holders = _select_holders(everywhere=False)
_holders_everywhere = _select_holders(everywhere=True)
