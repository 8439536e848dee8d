"""Acting: as whom somebody may act today, and what each of them may do."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Integer, and_, bindparam, select, union

from talenthub.people import tables
from talenthub.people.days import in_force
from talenthub.people.grants import Grant
from talenthub.storage.kept import once
from talenthub.storage.transaction import Transaction

_me = bindparam("person", type_=Integer)
_people = union(
    select(tables.person.c.id.label("person_id")).where(tables.person.c.id == _me),
    select(tables.deputy.c.person_id).where(tables.deputy.c.deputy_id == _me, in_force(tables.deputy)),
).subquery("acting")
_held = (
    select(_people.c.person_id, tables.grant_held.c.name, tables.grant_held.c.unit_id)
    .select_from(
        _people.outerjoin(
            tables.grant_held,
            and_(tables.grant_held.c.person_id == _people.c.person_id, in_force(tables.grant_held)),
        )
    )
    .order_by(_people.c.person_id, tables.grant_held.c.name, tables.grant_held.c.unit_id)
)


@dataclass(frozen=True, slots=True)
class Acting:
    """A person, all for whom they stand in today, and everybody's grants."""

    people: tuple[int, ...]
    """The person first."""
    grants: dict[int, tuple[Grant, ...]]


def acting(tx: Transaction, person_id: int) -> Acting:
    """Return as whom the person may act today; one statement at most."""
    read_from = (tables.deputy, tables.grant_held)
    return once(tx, ("acting", person_id, tx.today), read_from, lambda: _acting(tx, person_id))


def _acting(tx: Transaction, person_id: int) -> Acting:
    found: dict[int, list[Grant]] = {person_id: []}
    for row in tx.rows(_held, {"person": person_id, "day": tx.today}):
        grants = found.setdefault(row.person_id, [])
        if row.name is not None:
            grants.append(Grant(row.name, row.unit_id))
    return Acting(tuple(found), {each: tuple(dict.fromkeys(held)) for each, held in found.items()})
