"""Parked: what is open or waits and cannot go on, and why."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import and_, bindparam, case, or_, select

from talenthub.errors import PluginError, Problem
from talenthub.storage.transaction import Transaction
from talenthub.workflow.catalogue import Catalogue
from talenthub.workflow.engine import Engine
from talenthub.workflow.hearing import Hearing
from talenthub.workflow.outbox import OUTSIDE, WEBHOOK
from talenthub.workflow.parking import LACKS
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
_is_parked = outbox.c.error.like(f"{LACKS}%")
_called = (
    select(outbox.c.handler, case((_is_parked, outbox.c.error)).label("lacks"))
    .where(
        outbox.c.done_at.is_(None),
        outbox.c.dead_at.is_(None),
        or_(
            and_(*(outbox.c.handler.not_like(f"{each}:%") for each in OUTSIDE)),
            and_(outbox.c.handler.like(f"{WEBHOOK}:%"), _is_parked),
        ),
    )
    .distinct()
    .order_by(outbox.c.handler)
)


def parked_calls(tx: Transaction, engine: Engine) -> list[Problem]:
    """Return the handlers that are called and not brought here, and by whom."""
    known, brought = {each.name for each in engine.handlers}, set(engine.brought())
    found = {
        row.handler
        for row in tx.rows(_called)
        if row.handler not in known or (row.lacks is not None and row.lacks not in brought)
    }
    return [_waits(engine.hearing, each, known) for each in sorted(found)]


def _waits(hearing: Hearing, handler: str, known: Collection[str]) -> Problem:
    plugin, version = handler.partition(":")[0], hearing.version_of(handler)
    here = hearing.brings.get(plugin)
    text, mend = "no enabled plugin brings it", f"talent plugin info {plugin}"
    if plugin == WEBHOOK:
        text, mend = "no [[webhook]] is called so here", "start a worker where one is: talent worker"
    elif version is not None and hearing.compared(handler, version) > 0:
        text = f"{plugin} {version} brings it, and here is {here}"
        mend = f"start a worker that has {plugin} {version}: talent worker"
    elif version is not None and here is None:
        text = f"{plugin} {version} brings it, and is not on here"
        mend = f"talent plugin enable {plugin}, or a worker that has it: talent worker"
    elif here is not None:
        text = (
            f"{plugin} {here} does not bring it"
            if handler not in known
            else "for events it does not hear here"
        )
        mend = f"a worker whose {plugin} does, or if none will: talent jobs cancel --parked {handler}"
    return Problem(text=f"calls wait: {text}", found=handler, mend=mend, code="plugin.parked")


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
