"""Handoffs: one stage's event opens a case of another stage.

The row is written with the event; opening is tried in a savepoint, so a
broken or missing plugin never stops a hire. What failed stays pending.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, insert, select, update

from talenthub.errors import TalentError
from talenthub.storage.transaction import SYSTEM, Transaction
from talenthub.workflow.cases import cases_by_id
from talenthub.workflow.context import CaseView
from talenthub.workflow.deliveries import event_names
from talenthub.workflow.tables import handoff

if TYPE_CHECKING:
    from talenthub.workflow.applying import Step
    from talenthub.workflow.engine import Engine

_insert = insert(handoff)
_pending = select(handoff).where(handoff.c.status == "pending").order_by(handoff.c.id)
_of_event = select(handoff.c.id).where(
    handoff.c.case_id == bindparam("which"),
    handoff.c.version == bindparam("number"),
    handoff.c.rule == bindparam("said"),
)
_result = (
    update(handoff)
    .where(handoff.c.id == bindparam("which"))
    .values(
        status=bindparam("now_is"),
        opened_case_id=bindparam("opened"),
        error=bindparam("why"),
        attempts=handoff.c.attempts + 1,
        tried_at=bindparam("moment"),
    )
)


@dataclass(frozen=True, slots=True)
class HandoffRule:
    """What the organisation configured: on an event, open a workflow."""

    on: str
    opens: str

    def __str__(self) -> str:
        """Return the rule in words: `a.b.hired → onboarding.plan`."""
        return f"{self.on} → {self.opens}"


@dataclass(frozen=True, slots=True)
class PendingHandoff:
    """A handoff that waits: for a plugin, or for a fault to be mended."""

    id: int
    case: CaseView
    rule: str
    opens: str
    error: str
    attempts: int


def offer_handoffs(engine: Engine, tx: Transaction, steps: Sequence[Step], depth: int) -> None:
    """Write a row for each rule that an event meets, and try to open."""
    met = [(step, rule) for step in steps for rule in engine.handoffs if rule.on in event_names(step)]
    tx.write(_insert, [_row(step, rule) for step, rule in met])
    for step, rule in met:
        number = tx.value(
            _of_event, {"which": step.after.id, "number": step.after.version, "said": str(rule)}
        )
        _try(engine, tx, number, step.after, rule.opens, depth)


def _row(step: Step, rule: HandoffRule) -> dict[str, object]:
    return {
        "case_id": step.after.id,
        "version": step.after.version,
        "rule": str(rule),
        "opens": rule.opens,
        "status": "pending",
        "attempts": 0,
    }


def pending_handoffs(tx: Transaction) -> list[PendingHandoff]:
    """Return the handoffs that wait, oldest first: the system's view."""
    rows = tx.rows(_pending)
    cases = cases_by_id(tx, {row.case_id for row in rows})
    return [
        PendingHandoff(row.id, cases[row.case_id], row.rule, row.opens, row.error or "", row.attempts)
        for row in rows
    ]


def retry_handoffs(engine: Engine, tx: Transaction) -> int:
    """Try every pending handoff again; return how many opened."""
    return sum(_try(engine, tx, each.id, each.case, each.opens, 0) for each in pending_handoffs(tx))


def _try(engine: Engine, tx: Transaction, number: int, case: CaseView, opens: str, depth: int) -> bool:
    from talenthub.workflow.opening import Opening, open_cases

    opened: int | None = None
    why: str | None = None
    if opens not in engine.catalogue.names():
        why = f"no enabled plugin brings {opens}"
    else:
        try:
            with tx.savepoint():
                engine.check_depth(depth)
                accept = engine.catalogue.newest(opens).workflow.from_handoff
                opening = Opening(
                    workflow=opens,
                    subject=case.subject,
                    data=accept(case) if accept is not None else {},
                    framework_version=case.framework_version,
                    unit=case.unit,
                    about=case.about,
                    cause=f"{case.ref}/{case.version}",
                )
                opened = open_cases(engine, tx.by(SYSTEM), [opening], depth=depth + 1)[0].id
        except Exception as error:  # whatever a plugin raises, the hire stands
            why = (
                str(error)[:500]
                if isinstance(error, TalentError)
                else f"{type(error).__name__} while opening {opens}"
            )
    status = "pending" if why else "opened"
    tx.write(_result, {"which": number, "now_is": status, "opened": opened, "why": why, "moment": tx.now})
    return why is None
