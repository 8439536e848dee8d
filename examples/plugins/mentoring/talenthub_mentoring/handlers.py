"""Handlers: what follows when somebody leaves the organisation."""

from __future__ import annotations

from talenthub.sdk import SYSTEM, Engine, HubEvent, Transaction
from talenthub_mentoring.cases import RELATIONSHIP


def person_left(engine: Engine, tx: Transaction, event: HubEvent) -> None:
    """End the open pairs of who left; the other is told by the case."""
    by_system = tx.by(SYSTEM)
    for case in engine.of_workflow(by_system, RELATIONSHIP, open_only=True):
        if event.subject_id in (case.subject, *case.people("mentor")):
            engine.fire(by_system, case.ref, "part", {})
