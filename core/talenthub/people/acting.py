"""Acting: as whom somebody may act today, and what each of them may do."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Integer, and_, bindparam, false, null, select, true, union, union_all

from talenthub.people import tables
from talenthub.people.days import in_force
from talenthub.people.grants import Grant
from talenthub.people.units import are_units_known, know_units
from talenthub.storage.kept import once
from talenthub.storage.transaction import Transaction

_me = bindparam("person", type_=Integer)
_people = union(
    select(tables.person.c.id.label("person_id")).where(tables.person.c.id == _me),
    select(tables.deputy.c.person_id).where(tables.deputy.c.deputy_id == _me, in_force(tables.deputy)),
).subquery("acting")
_grants = select(
    _people.c.person_id.label("who"),
    tables.grant_held.c.name.label("held"),
    tables.grant_held.c.unit_id.label("place"),
).select_from(
    _people.outerjoin(
        tables.grant_held,
        and_(tables.grant_held.c.person_id == _people.c.person_id, in_force(tables.grant_held)),
    )
)
_held = _grants.order_by("who", "held", "place")
_held_and_units = union_all(
    _grants.add_columns(false().label("is_unit")),
    select(tables.unit.c.id, null(), tables.unit.c.parent_id, true()),
).order_by("is_unit", "who", "held", "place")


@dataclass(frozen=True, slots=True)
class Acting:
    """A person, all for whom they stand in today, and everybody's grants."""

    people: tuple[int, ...]
    """The person first."""
    grants: dict[int, tuple[Grant, ...]]


def acting(tx: Transaction, person_id: int, *, with_units: bool = False) -> Acting:
    """Return as whom the person may act today; one statement at most.

    `with_units` reads the tree of units along, which grants reach over.
    """
    read_from = (tables.deputy, tables.grant_held)
    key = ("acting", person_id, tx.today)
    return once(tx, key, read_from, lambda: _acting(tx, person_id, with_units and not are_units_known(tx)))


def _acting(tx: Transaction, person_id: int, with_units: bool) -> Acting:
    found: dict[int, list[Grant]] = {person_id: []}
    parents: dict[int, int | None] = {}
    for row in tx.rows(_held_and_units if with_units else _held, {"person": person_id, "day": tx.today}):
        if with_units and row.is_unit:
            parents[row.who] = row.place
            continue
        grants = found.setdefault(row.who, [])
        if row.held is not None:
            grants.append(Grant(row.held, row.place))
    if with_units:
        know_units(tx, parents)
    return Acting(tuple(found), {each: tuple(dict.fromkeys(held)) for each, held in found.items()})
