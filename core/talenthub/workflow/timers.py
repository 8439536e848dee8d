"""Timers: due moments that remind, escalate or fire a transition."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, insert, update

from talenthub.storage.direct import Direct
from talenthub.storage.transaction import Transaction
from talenthub.workflow.tables import OPEN, case_timer

_insert = Direct(insert(case_timer))
_open_of = (
    update(case_timer)
    .where(case_timer.c.case_id == bindparam("case"), case_timer.c.status == OPEN)
    .values(status="cancelled")
)
_cancel = Direct(_open_of)
_cancel_row = Direct(
    update(case_timer).where(case_timer.c.id == bindparam("which")).values(status="cancelled")
)
_cancel_named = Direct(_open_of.where(case_timer.c.name == bindparam("called")))


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


def cancel_timers(tx: Transaction, cases: Collection[int]) -> None:
    """Cancel the open timers of cases."""
    tx.write(_cancel, [{"case": case} for case in sorted(cases)])


def cancel_named_timers(tx: Transaction, named: Collection[tuple[int, str]]) -> None:
    """Cancel the open timers with these names, each of a case."""
    tx.write(_cancel_named, [{"case": case, "called": name} for case, name in sorted(named)])


def cancel_timer_rows(tx: Transaction, numbers: Sequence[int]) -> None:
    """Cancel timers by their numbers."""
    tx.write(_cancel_row, [{"which": number} for number in numbers])
