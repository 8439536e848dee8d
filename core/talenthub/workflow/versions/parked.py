"""Parked: what is open or waits and cannot go on, and why."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import bindparam, select

from talenthub.errors import PluginError, Problem
from talenthub.storage.transaction import Transaction
from talenthub.workflow.catalogue import Catalogue
from talenthub.workflow.deliveries import Handler
from talenthub.workflow.outbox import OUTSIDE
from talenthub.workflow.tables import outbox, workflow_case, workflow_version

_is_open = select(workflow_case.c.id).where(
    workflow_case.c.workflow_version_id == workflow_version.c.id, workflow_case.c.closed_at.is_(None)
)
_stored = select(workflow_version.c.id, workflow_version.c.name, workflow_version.c.version).order_by(
    workflow_version.c.name, workflow_version.c.version
)
_open_of = select(workflow_version.c.id).where(
    workflow_version.c.id.in_(bindparam("ids", expanding=True)), _is_open.exists()
)
_called = (
    select(outbox.c.handler)
    .where(
        outbox.c.done_at.is_(None),
        outbox.c.dead_at.is_(None),
        *(outbox.c.handler.not_like(f"{each}:%") for each in OUTSIDE),
    )
    .distinct()
    .order_by(outbox.c.handler)
)


def parked_calls(tx: Transaction, handlers: Collection[Handler]) -> list[Problem]:
    """Return the handlers that are called and that no plugin brings here."""
    known = {each.name for each in handlers}
    return [
        Problem(
            text="calls wait: no enabled plugin brings it",
            found=row.handler,
            mend=f"talent plugin info {row.handler.partition(':')[0]}",
            code="plugin.parked",
        )
        for row in tx.rows(_called)
        if row.handler not in known
    ]


def parked(tx: Transaction, catalogue: Catalogue) -> list[Problem]:
    """Return, for each version with open cases that cannot run, why not.

    Without their number: it would tell of cases that not everybody may know.
    """
    faults: dict[int, Sequence[Problem]] = {}
    for row in tx.rows(_stored):
        try:
            catalogue.running(row.name, row.version)
        except PluginError as error:
            faults[row.id] = error.problems
    # Only where something is missing are cases looked for.
    waiting = {row.id for row in tx.rows(_open_of, {"ids": list(faults)})} if faults else set()
    return [problem for number, problems in faults.items() if number in waiting for problem in problems]
