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

    What it no longer has ends on that day. An empty part of the catalogue
    changes nothing.
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
    open_rows = select(table).where(table.c.framework_id == framework_id, table.c.valid_until.is_(None))
    standing = {getattr(row, key): row for row in tx.rows(open_rows)}
    changed = [
        code for code, values in wanted.items() if code in standing and _differs(standing[code], values)
    ]
    added = [code for code in wanted if code not in standing]
    ended = [code for code in standing if code not in wanted]
    _end(tx, table, [standing[code] for code in (*changed, *ended)], day)
    fresh = [
        {**wanted[code], "framework_id": framework_id, "valid_from": day, "valid_until": None}
        for code in wanted
        if code in changed or code in added
    ]
    tx.write(insert(table), fresh)
    return CatalogueChange(len(added), len(changed), len(ended))


def _end(tx: Transaction, table: Table, rows: Sequence[Row[Any]], day: date) -> None:
    # A record that began on this very day, or is yet to begin, never held.
    never = [{"of_id": row.id} for row in rows if row.valid_from >= day]
    until = [{"of_id": row.id} for row in rows if row.valid_from < day]
    tx.write(delete(table).where(table.c.id == bindparam("of_id")), never)
    tx.write(update(table).where(table.c.id == bindparam("of_id")).values(valid_until=day), until)


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
