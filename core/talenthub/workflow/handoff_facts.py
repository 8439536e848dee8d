"""Facts about handoffs: what a step may name for its handoff to open under."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, select

from talenthub.storage.transaction import Transaction
from talenthub.workflow.cases import CATALOGUE
from talenthub.workflow.context import CaseView, Fact
from talenthub.workflow.tables import workflow_case

if TYPE_CHECKING:
    from talenthub.workflow.catalogue import Catalogue
    from talenthub.workflow.handoffs import HandoffRule

HANDOFFS = "workflow.handoffs"
"""Where a transaction remembers what the organisation configured."""

_open_refs = select(workflow_case.c.ref).where(
    workflow_case.c.workflow.in_(bindparam("workflows", expanding=True)), workflow_case.c.closed_at.is_(None)
)


def open_above(transition: str) -> Fact[frozenset[str] | None]:
    """Return the fact: the open cases a step's handoff may open under.

    Their references; None where no handoff of the step opens under a case.
    The system's view: for judging what was typed, never for showing.
    """

    def load(tx: Transaction, cases: Sequence[CaseView]) -> Mapping[int, frozenset[str] | None]:
        found = {name: _refs(tx, f"{name}.{transition}") for name in {case.workflow for case in cases}}
        return {case.id: found[case.workflow] for case in cases}

    return Fact(f"open above:{transition}", load)


def _refs(tx: Transaction, event: str) -> frozenset[str] | None:
    catalogue: Catalogue = tx.memory[CATALOGUE]
    rules: Sequence[HandoffRule] = tx.memory.get(HANDOFFS, ())
    opened = {each.opens for each in rules if each.on == event and each.under} & set(catalogue.names())
    above = sorted({catalogue.newest(each).workflow.parent or "" for each in opened})
    if not above:
        return None
    return frozenset(row.ref for row in tx.rows(_open_refs, {"workflows": above}))
