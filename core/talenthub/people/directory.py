"""Whose existence an actor may know: the organisation's directory."""

from __future__ import annotations

from sqlalchemy import Select, literal, or_, select

from talenthub.people import tables
from talenthub.people.days import in_force
from talenthub.storage.transaction import Transaction

LISTED_KINDS = ("employee", "external")
"""Their handles and names are known in the house, as in any staff list."""

KNOWS_EVERYBODY = ("recruiter", "hr_officer", "hr_partner", "hr_head", "auditor", "admin")
"""Grants whose holders work with candidates and leavers too."""


def listed_select(tx: Transaction) -> Select[int]:
    """Return a SELECT of the ids of persons whose handles the actor may know.

    That someone is a candidate is a secret between them, recruiting and HR.
    """
    if tx.actor.is_system:
        return select(tables.person.c.id)
    held = tables.grant_held
    knows = select(literal(1)).where(
        held.c.person_id == tx.actor.person, held.c.name.in_(KNOWS_EVERYBODY), in_force(held, tx.today)
    )
    return select(tables.person.c.id).where(
        or_(tables.person.c.kind.in_(LISTED_KINDS), tables.person.c.id == tx.actor.person, knows.exists())
    )
