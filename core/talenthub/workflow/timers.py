"""Timers: due moments that remind, escalate or fire a transition."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import bindparam, insert, update

from talenthub.storage.direct import Direct
from talenthub.storage.late import gather
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


@dataclass(slots=True)  # not frozen: each takes thrice as long to make
class NewTimer:
    """A timer about to be set."""

    case: int
    name: str
    due: datetime
    fires: str | None = None
    escalates: bool = False


@dataclass(slots=True)
class LateTimers:
    """Timers that are set and cancelled together, by case."""

    tables: ClassVar[tuple[str, ...]] = (case_timer.name,)
    cancelled: dict[int, None] = field(default_factory=dict)
    """Cases whose timers in the database are cancelled, all of them."""
    named: dict[tuple[int, str], None] = field(default_factory=dict)
    """The same by name, where the others stay."""
    rows: dict[int, list[Mapping[str, Any]]] = field(default_factory=dict)
    """New timers; some were cancelled before they were written."""
    fresh: set[int] = field(default_factory=set)
    """Cases that were opened meanwhile: the database has no timers of theirs."""

    def copy(self) -> LateTimers:
        """Return the same timers, to go back to."""
        rows = {case: list(each) for case, each in self.rows.items()}
        return LateTimers(dict(self.cancelled), dict(self.named), rows, set(self.fresh))

    def cancel(self, case: int, name: str | None = None) -> None:
        """Cancel what was set so far: of one name, or all."""
        if case not in self.cancelled and case not in self.fresh:
            if name is None:
                self.cancelled[case] = None
            else:
                self.named[case, name] = None
        if case in self.rows:
            self.rows[case] = [
                {**row, "status": "cancelled"} if name in (None, row["name"]) else row
                for row in self.rows[case]
            ]

    def write(self, tx: Transaction) -> None:
        """Cancel what stood before; set what is new."""
        named = [{"case": case, "called": name} for case, name in sorted(self.named)]
        tx.write(_cancel_named, named)
        tx.write(_cancel, [{"case": case} for case in sorted(self.cancelled)])
        tx.write(_insert, [row for rows in self.rows.values() for row in rows])


def expect_no_timers(tx: Transaction, cases: Iterable[int]) -> None:
    """Note that cases were opened just now: there is nothing to cancel yet."""
    gather(tx, LateTimers).fresh.update(cases)


def set_timers(tx: Transaction, timers: Sequence[NewTimer]) -> None:
    """Set timers."""
    if not timers:
        return
    rows = gather(tx, LateTimers).rows
    for timer in timers:
        row = {
            "case_id": timer.case,
            "name": timer.name,
            "fires": timer.fires,
            "escalates": timer.escalates,
            "due_at": timer.due,
            "status": "open",
        }
        rows.setdefault(timer.case, []).append(row)


def cancel_timers(tx: Transaction, cases: Collection[int]) -> None:
    """Cancel the open timers of cases."""
    if cases:
        late = gather(tx, LateTimers)
        for case in cases:
            late.cancel(case)


def cancel_named_timers(tx: Transaction, named: Collection[tuple[int, str]]) -> None:
    """Cancel the open timers with these names, each of a case."""
    if named:
        late = gather(tx, LateTimers)
        for case, name in named:
            late.cancel(case, name)


def cancel_timer_rows(tx: Transaction, numbers: Sequence[int]) -> None:
    """Cancel timers by their numbers."""
    tx.write(_cancel_row, [{"which": number} for number in numbers])
