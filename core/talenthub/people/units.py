"""Units: the organisation's tree."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, bindparam, insert, select

from talenthub.errors import NotFound, Problem, Refused, unknown
from talenthub.people import tables
from talenthub.people.days import chosen, in_force
from talenthub.people.ids import ids_parameter, rows_of
from talenthub.storage.kept import is_kept, once
from talenthub.storage.transaction import Transaction

_all = select(tables.unit).order_by(tables.unit.c.code)
_by_code = select(tables.unit).where(tables.unit.c.code == bindparam("code"))
_parents = select(tables.unit.c.id, tables.unit.c.parent_id)
_of_persons = (
    select(tables.assignment.c.person_id, tables.post.c.unit_id)
    .join(tables.post, tables.post.c.id == tables.assignment.c.post_id)
    .where(tables.assignment.c.person_id.in_(ids_parameter()), in_force(tables.assignment))
)

_PATHS = "unit paths"


@dataclass(frozen=True, slots=True)
class Unit:
    """A part of the organisation: a branch, a team, a function."""

    id: int
    code: str
    name: str
    parent_id: int | None
    function: str | None = None
    site: str | None = None


def unit(tx: Transaction, code: str) -> Unit:
    """Return the unit with `code`; NotFound names the nearest match."""
    row = tx.row(_by_code, {"code": code})
    if row is None:
        raise NotFound(unknown("unit", code, [each.code for each in units(tx)]))
    return _unit(row)


def units(tx: Transaction) -> tuple[Unit, ...]:
    """Return all units, by code."""
    return tuple(_unit(row) for row in tx.rows(_all))


def add_unit(
    tx: Transaction,
    code: str,
    name: str,
    *,
    parent_id: int | None = None,
    function: str | None = None,
    site: str | None = None,
) -> Unit:
    """Add a unit beneath `parent_id` (None: at the top) and return it."""
    if tx.row(_by_code, {"code": code}) is not None:
        raise Refused(Problem(text="there is a unit with this code", found=code, code="people.unit-taken"))
    new = insert(tables.unit).values(code=code, name=name, parent_id=parent_id, function=function, site=site)
    made: int = tx.value(new.returning(tables.unit.c.id))
    return Unit(made, code, name, parent_id, function, site)


def unit_paths(tx: Transaction) -> Mapping[int, tuple[int, ...]]:
    """Return each unit's own id and its ancestors' ids, the nearest first."""
    return once(
        tx, _PATHS, (tables.unit,), lambda: _paths({row.id: row.parent_id for row in tx.rows(_parents)})
    )


def know_units(tx: Transaction, parents: Mapping[int, int | None]) -> None:
    """Keep the tree of units that was read along with something else."""
    once(tx, _PATHS, (tables.unit,), lambda: _paths(parents))


def are_units_known(tx: Transaction) -> bool:
    """Return whether this transaction has read the tree of units."""
    return is_kept(tx, _PATHS)


def _paths(parents: Mapping[int, int | None]) -> Mapping[int, tuple[int, ...]]:
    return {each: path_of(each, parents) for each in parents}


def path_of(start: int, parents: Mapping[int, int | None]) -> tuple[int, ...]:
    """Return `start` and what lies above it; a loop ends where it closes."""
    path: dict[int, None] = {}
    here: int | None = start
    while here is not None and here not in path:
        path[here] = None
        here = parents.get(here)
    return tuple(path)


def unit_of(tx: Transaction, person_ids: Collection[int], on: date | None = None) -> dict[int, int | None]:
    """Return the unit of each person's post on the day; None without a post."""
    found: dict[int, int | None] = dict.fromkeys(person_ids)
    rows = rows_of(tx, _of_persons, found, chosen(tx, on))
    found.update((row.person_id, row.unit_id) for row in rows)
    return found


def _unit(row: Row[Any]) -> Unit:
    return Unit(row.id, row.code, row.name, row.parent_id, row.function, row.site)
