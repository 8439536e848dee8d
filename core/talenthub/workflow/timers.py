"""Timers: due moments that remind, escalate or fire a transition."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, insert, update

from talenthub.storage.transaction import Transaction
from talenthub.workflow.tables import case_timer

_insert = insert(case_timer)
_cancel = (
    update(case_timer)
    .where(case_timer.c.case_id.in_(bindparam("cases", expanding=True)), case_timer.c.status == "open")
    .values(status="cancelled")
)


@dataclass(frozen=True, slots=True)
class NewTimer:
    """A timer about to be set."""

    case: int
    name: str
    due: datetime
    fires: str | None = None
    escalates: bool = False


def set_timers(tx: Transaction, timers: Sequence[NewTimer]) -> None:
    """Set timers."""
    rows = [
        {
            "case_id": timer.case,
            "name": timer.name,
            "fires": timer.fires,
            "escalates": timer.escalates,
            "due_at": timer.due,
            "status": "open",
        }
        for timer in timers
    ]
    tx.write(_insert, rows)


def cancel_timers(tx: Transaction, cases: Collection[int], name: str | None = None) -> None:
    """Cancel the open timers of cases, all or those of a name."""
    if cases:
        statement = _cancel if name is None else _cancel.where(case_timer.c.name == name)
        tx.write(statement, {"cases": sorted(cases)})
