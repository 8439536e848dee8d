"""Deputies: who stands in for whom, between two days, one step far."""

from __future__ import annotations

from datetime import date

from sqlalchemy import bindparam, insert, select, update

from talenthub.errors import Problem, Refused, UsageError
from talenthub.people import tables
from talenthub.people.days import chosen, in_force
from talenthub.storage.transaction import Transaction

LONGEST_DAYS = 366
"""Standing in is for a time; what lasts longer is an assignment."""

_of_deputy = (
    select(tables.deputy.c.person_id)
    .where(tables.deputy.c.deputy_id == bindparam("person"), in_force(tables.deputy))
    .distinct()
    .order_by(tables.deputy.c.person_id)
)
_of_person = (
    select(tables.deputy.c.deputy_id)
    .where(tables.deputy.c.person_id == bindparam("person"), in_force(tables.deputy))
    .distinct()
    .order_by(tables.deputy.c.deputy_id)
)
_gone = select(tables.person.c.id).where(
    tables.person.c.id.in_([bindparam("person"), bindparam("other")]), tables.person.c.kind == "leaver"
)


def deputised_by(tx: Transaction, person_id: int, on: date | None = None) -> tuple[int, ...]:
    """Return for whom this person stands in on the day.

    Never for those whom somebody else stands in for through them: who asks
    for A's deputies gets B, not B's own deputy.
    """
    return tuple(row.person_id for row in tx.rows(_of_deputy, {"person": person_id, "day": chosen(tx, on)}))


def deputies_of(tx: Transaction, person_id: int, on: date | None = None) -> tuple[int, ...]:
    """Return who stands in for this person on the day."""
    return tuple(row.deputy_id for row in tx.rows(_of_person, {"person": person_id, "day": chosen(tx, on)}))


def set_deputy(tx: Transaction, person_id: int, deputy_id: int, since: date, until: date) -> None:
    """Name a deputy from `since` up to but without `until`."""
    if person_id == deputy_id:
        raise UsageError(Problem(text="nobody is their own deputy", code="people.own-deputy"))
    if not 0 < (until - since).days <= LONGEST_DAYS:
        raise UsageError(
            Problem(
                text="a deputy needs a first day and an end after it",
                found=f"{since} to {until}",
                allowed=f"1 to {LONGEST_DAYS} days",
                code="people.days",
            )
        )
    if tx.rows(_gone, {"person": person_id, "other": deputy_id}):
        raise Refused(Problem(text="somebody who has left has no deputy and is none", code="people.left"))
    tx.write(insert(tables.deputy).values(person_id=person_id, deputy_id=deputy_id, since=since, until=until))


def end_deputies(tx: Transaction, person_id: int, on: date) -> int:
    """End every deputy of and by this person on `on`; return how many."""
    dated = tables.deputy
    mine = (dated.c.person_id == person_id) | (dated.c.deputy_id == person_id)
    return tx.write(update(dated).where(mine, dated.c.until > on).values(until=on))
