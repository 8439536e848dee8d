"""Who may see and change a person: the pairs of this room.

A deputy stands in for a place in the line, not for grants: seeing HR's
records is given to people, never passed on with a holiday.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Integer, Select, false, literal, or_, select, true

from talenthub.access import Decision, Rule
from talenthub.errors import NotPermitted, Problem
from talenthub.people import tables
from talenthub.people.days import in_force, lasting
from talenthub.people.deputies import deputised_by
from talenthub.people.directory import listed_select
from talenthub.people.grants import Grant, grants_of, holds
from talenthub.people.relations import below_select, chains_of
from talenthub.people.units import unit_paths
from talenthub.storage.transaction import Transaction

EDITORS = ("hr_officer", "hr_partner", "hr_head", "admin")
"""Grants whose holders keep the records of a unit's people."""

_person = tables.person
_seat = tables.assignment
_held = tables.grant_held


@dataclass(frozen=True, slots=True)
class Reach:
    """By which relations a right on a person is had."""

    action: str
    own: bool
    """On oneself; without it nobody has the right on themselves at all."""
    line: bool
    """Managers on everyone below them, and their deputies."""
    unit: Collection[str]
    """Grants that reach the people of their unit and beneath, or everyone."""
    candidate: Collection[str]
    """Grants that reach every candidate, whatever their unit."""

    def rule(self) -> Rule:
        """Return the pair of this right."""
        return Rule(self.action, self._can, self._visible)

    def _can(self, tx: Transaction, record: int) -> Decision:
        actor = tx.actor.person
        assert actor is not None
        kind = tx.value(select(_person.c.kind).where(_person.c.id == record))
        if kind is None:
            return Decision(False, "no such person")
        if record in tx.actor.identities and not self.own:
            return Decision(False, "nobody does this to themselves")
        if record == actor:
            return Decision(True, "your own record")
        if self.line and _leads(tx, actor, record):
            return Decision(True, "in your line")
        held = grants_of(tx, [actor])[actor]
        if kind == "candidate" and (name := _first(held, self.candidate)):
            return Decision(True, f"a candidate; you hold {name}")
        return self._by_unit(tx, held, record)

    def _by_unit(self, tx: Transaction, held: Collection[Grant], record: int) -> Decision:
        where = _units_above(tx, record)
        for each in held:
            if each.name in self.unit and (each.unit_id is None or each.unit_id in where):
                return Decision(True, f"you hold {each.name}" + (" at the unit" if each.unit_id else ""))
        return Decision(False, "neither in your line nor among the people of a grant you hold")

    def _visible(self, tx: Transaction) -> Select[int]:
        actor = tx.actor.person
        found = or_(
            _person.c.id == actor if self.own else false(),
            _person.c.id.in_(_line_below(tx)) if self.line else false(),
            _holds_somewhere(tx, self.unit, everywhere=True),
            _person.c.id.in_(_people_of_units(tx, self.unit)),
            (_person.c.kind == "candidate") & _holds_somewhere(tx, self.candidate),
        )
        barred = true() if self.own else _person.c.id.not_in(sorted(tx.actor.identities))
        return select(_person.c.id).where(found, barred)


VIEW = Reach(
    "person.view",
    own=True,
    line=True,
    unit=(*EDITORS, "auditor"),
    candidate=("recruiter", *EDITORS),
).rule()
"""See a person's record: post, line, contact, grants."""

EDIT = Reach("person.edit", own=False, line=False, unit=EDITORS, candidate=("recruiter", *EDITORS)).rule()
"""Change a person's record: move, leave, correct."""

LISTED = Rule(
    "person.listed",
    lambda tx, record: _is_listed(tx, record),
    listed_select,
)
"""Know that a person exists, by handle and name."""

RULES = (VIEW, EDIT, LISTED)
"""Every pair of this room."""


def require_grant(tx: Transaction, names: Collection[str], unit_id: int | None, sentence: str) -> None:
    """Raise NotPermitted unless the actor holds one of `names` at the unit.

    With None for the unit the grant must reach everywhere.
    """
    if tx.actor.person is None or holds(tx, tx.actor.person, names, unit_id):
        return
    place = "everywhere" if unit_id is None else "at this unit or above it"
    raise NotPermitted(
        Problem(text=sentence, allowed=f"who holds {', '.join(names)} {place}", code="access.grant")
    )


def _is_listed(tx: Transaction, record: int) -> Decision:
    ok = tx.row(listed_select(tx).where(_person.c.id == record)) is not None
    return Decision(ok, "in the directory" if ok else "not in the directory for you")


def _leads(tx: Transaction, actor: int, record: int) -> bool:
    heads = {actor, *deputised_by(tx, actor)}
    return not heads.isdisjoint(chains_of(tx, [record])[record])


def _first(held: Collection[Grant], names: Collection[str]) -> str | None:
    return next((each.name for each in held if each.name in names), None)


def _units_above(tx: Transaction, record: int) -> set[int]:
    # Where the person sits or is to sit: HR of the new unit prepares the first day.
    rows = tx.rows(_units_of_seats(tx).where(_seat.c.person_id == record))
    paths = unit_paths(tx) if rows else {}
    return {above for row in rows for above in paths[row.unit_id]}


def _units_of_seats(tx: Transaction) -> Select[int, int]:
    return (
        select(_seat.c.person_id, tables.post.c.unit_id)
        .join(tables.post, tables.post.c.id == _seat.c.post_id)
        .where(lasting(_seat, tx.today))
    )


def _line_below(tx: Transaction) -> Select[int]:
    stands_in = tables.deputy
    me = select(literal(tx.actor.person, Integer).label("id"))
    others = select(stands_in.c.person_id).where(
        stands_in.c.deputy_id == tx.actor.person, in_force(stands_in, tx.today)
    )
    heads = me.union(others).subquery()
    return below_select(select(heads.c.id), True, tx.today)


def _my_grants(tx: Transaction, names: Collection[str]) -> ColumnElement[bool]:
    mine = _held.c.person_id == tx.actor.person
    return mine & _held.c.name.in_(sorted(names)) & in_force(_held, tx.today)


def _holds_somewhere(
    tx: Transaction, names: Collection[str], *, everywhere: bool = False
) -> ColumnElement[bool]:
    grants = select(literal(1)).select_from(_held).where(_my_grants(tx, names))
    return (grants.where(_held.c.unit_id.is_(None)) if everywhere else grants).exists()


def _people_of_units(tx: Transaction, names: Collection[str]) -> Select[int]:
    beneath = (
        select(_held.c.unit_id.label("id"))
        .where(_my_grants(tx, names), _held.c.unit_id.is_not(None))
        .cte(recursive=True)
    )
    children = select(tables.unit.c.id).join(beneath, tables.unit.c.parent_id == beneath.c.id)
    beneath = beneath.union(children)
    seats = _units_of_seats(tx).where(tables.post.c.unit_id.in_(select(beneath.c.id))).subquery()
    return select(seats.c.person_id)
