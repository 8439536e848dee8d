"""The learning catalogue and the strategy weights: dated, never frozen.

They belong to the framework, not to a version. A record holds from a day
until another replaces it; what held on a day can always be read again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from sqlalchemy import Row, Table, bindparam, delete, insert, or_, select, update

from talenthub.framework.model import Catalogue, LearningItem
from talenthub.framework.tables import framework, learning_item, strategy_weight
from talenthub.storage.transaction import Transaction


@dataclass(frozen=True, slots=True)
class CatalogueChange:
    """How many records an import added, changed and ended."""

    added: int = 0
    changed: int = 0
    ended: int = 0

    def __add__(self, other: CatalogueChange) -> CatalogueChange:
        """Return both together."""
        return CatalogueChange(
            self.added + other.added, self.changed + other.changed, self.ended + other.ended
        )


def _in_force(table: Table, order: Any) -> Any:
    return (
        select(table)
        .join(framework, framework.c.id == table.c.framework_id)
        .where(
            framework.c.code == bindparam("of_code"),
            table.c.valid_from <= bindparam("of_day"),
            or_(table.c.valid_until.is_(None), table.c.valid_until > bindparam("of_day")),
        )
        .order_by(order)
    )


_items = _in_force(learning_item, learning_item.c.position)
_weights = _in_force(strategy_weight, strategy_weight.c.id)


def learning_items(tx: Transaction, code: str, on: date | None = None) -> tuple[LearningItem, ...]:
    """Return the learning catalogue of a framework on a day (today)."""
    rows = tx.rows(_items, {"of_code": code, "of_day": on or tx.today})
    return tuple(_item(each) for each in rows)


def strategy_weights(tx: Transaction, code: str, on: date | None = None) -> Mapping[str, Fraction]:
    """Return competency to weight (0 to 1) on a day (today)."""
    rows = tx.rows(_weights, {"of_code": code, "of_day": on or tx.today})
    return {each.competency: Fraction(each.weight) for each in rows}


def record_catalogue(tx: Transaction, framework_id: int, catalogue: Catalogue, day: date) -> CatalogueChange:
    """Make `catalogue` hold from `day` on; return what that changed.

    What it no longer has ends on that day, and what was planned for a later
    day is given up. An empty part of the catalogue changes nothing.
    """
    items = {each.code: _item_values(each, position) for position, each in enumerate(catalogue.learning)}
    weights = {
        each.competency: {"competency": each.competency, "weight": str(each.weight)}
        for each in catalogue.weights
    }
    return _replace(tx, learning_item, "code", framework_id, items, day) + _replace(
        tx, strategy_weight, "competency", framework_id, weights, day
    )


def _replace(
    tx: Transaction,
    table: Table,
    key: str,
    framework_id: int,
    wanted: Mapping[str, Mapping[str, Any]],
    day: date,
) -> CatalogueChange:
    if not wanted:
        return CatalogueChange()
    lasting = tx.rows(
        select(table).where(
            table.c.framework_id == framework_id,
            or_(table.c.valid_until.is_(None), table.c.valid_until > day),
        )
    )
    held = {getattr(row, key): row for row in lasting if row.valid_from <= day}
    planned = [row for row in lasting if row.valid_from > day]
    changed = [code for code, row in held.items() if code in wanted and _differs(row, wanted[code])]
    added = [code for code in wanted if code not in held]
    ended = ({getattr(row, key) for row in planned} | held.keys()) - wanted.keys()
    _delete(tx, table, planned)
    _end(tx, table, [row for code, row in held.items() if code in changed or code in ended], day)
    # Nothing planned is left that would take their place on a later day.
    resumed = [code for code in held.keys() & wanted.keys() - {*changed} if held[code].valid_until]
    _resume(tx, table, [held[code] for code in resumed])
    fresh = [
        {**wanted[code], "framework_id": framework_id, "valid_from": day, "valid_until": None}
        for code in wanted
        if code in changed or code in added
    ]
    tx.write(insert(table), fresh)
    return CatalogueChange(len(added), len(changed) + len(resumed), len(ended))


def _end(tx: Transaction, table: Table, rows: Sequence[Row[Any]], day: date) -> None:
    # A record that began on this very day never held.
    _delete(tx, table, [row for row in rows if row.valid_from == day])
    ending = [{"of_id": row.id} for row in rows if row.valid_from < day]
    tx.write(update(table).where(table.c.id == bindparam("of_id")).values(valid_until=day), ending)


def _resume(tx: Transaction, table: Table, rows: Sequence[Row[Any]]) -> None:
    resuming = [{"of_id": row.id} for row in rows]
    tx.write(update(table).where(table.c.id == bindparam("of_id")).values(valid_until=None), resuming)


def _delete(tx: Transaction, table: Table, rows: Sequence[Row[Any]]) -> None:
    tx.write(delete(table).where(table.c.id == bindparam("of_id")), [{"of_id": row.id} for row in rows])


def _differs(row: Row[Any], values: Mapping[str, Any]) -> bool:
    return any(getattr(row, name) != value for name, value in values.items() if name != "position")


def _item_values(item: LearningItem, position: int) -> dict[str, Any]:
    return {
        "code": item.code,
        "position": position,
        "competency": item.competency,
        "kind": item.kind,
        "title": item.title,
        "lowest_level": item.lowest_level,
        "highest_level": item.highest_level,
        "hours": _text(item.hours),
        "heat": item.heat,
        "in_flow": item.in_flow,
    }


def _item(row: Row[Any]) -> LearningItem:
    return LearningItem(
        code=row.code,
        competency=row.competency,
        kind=row.kind,
        title=row.title,
        lowest_level=row.lowest_level,
        highest_level=row.highest_level,
        hours=_number(row.hours),
        heat=row.heat,
        in_flow=row.in_flow,
    )


def _text(number: Fraction | None) -> str | None:
    return None if number is None else str(number)


def _number(stored: str | None) -> Fraction | None:
    return None if stored is None else Fraction(stored)
