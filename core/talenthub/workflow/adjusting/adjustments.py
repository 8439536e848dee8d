"""Adjustments as stored: what a case began with is what it ends with.

An adjustment is kept as data beside the plugin's declaration, under its own
hash. A case opened under an earlier one runs on it: it is laid over the
declaration anew, whatever talenthub.toml says today.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from pydantic import ValidationError
from sqlalchemy import bindparam, func, select, tuple_
from sqlalchemy.dialects import postgresql, sqlite

from talenthub.config.adjusting import WorkflowAdjustment
from talenthub.errors import Problem
from talenthub.storage.transaction import Transaction
from talenthub.workflow.adjusting.adjust import adjusted
from talenthub.workflow.catalogue import Catalogue, Loaded
from talenthub.workflow.pinning import version_id
from talenthub.workflow.tables import workflow_adjustment, workflow_case, workflow_version

_is_stored = select(workflow_adjustment.c.hash).where(workflow_adjustment.c.hash == bindparam("which"))
_how_many = select(func.count()).where(workflow_adjustment.c.workflow_version_id == bindparam("of"))
# Two may be the first to need a row: the second one waits and reads it.
_insert = (
    sqlite.insert(workflow_adjustment).on_conflict_do_nothing(),
    postgresql.insert(workflow_adjustment).on_conflict_do_nothing(),
)
_stored = (
    select(workflow_adjustment, workflow_version.c.name, workflow_version.c.version)
    .join_from(workflow_adjustment, workflow_version)
    .where(workflow_adjustment.c.hash.in_(bindparam("hashes", expanding=True)))
)
_every = (
    select(workflow_adjustment.c.hash)
    .join_from(workflow_adjustment, workflow_version)
    .where(
        tuple_(workflow_version.c.name, workflow_version.c.version).in_(bindparam("running", expanding=True))
    )
    .order_by(workflow_adjustment.c.workflow_version_id, workflow_adjustment.c.number)
)
_is_open = select(workflow_case.c.id).where(
    workflow_case.c.adjustment == workflow_adjustment.c.hash, workflow_case.c.closed_at.is_(None)
)
_open_of = select(workflow_adjustment.c.hash).where(
    workflow_adjustment.c.hash.in_(bindparam("hashes", expanding=True)), _is_open.exists()
)


def pin_adjustment(tx: Transaction, loaded: Loaded) -> str | None:
    """Return the hash of today's adjustment, stored once; None without one."""
    which = loaded.adjustment_hash
    if which is None:
        return None
    return tx.remember(("adjustment", which), lambda: _pin(tx, loaded, which))


def _pin(tx: Transaction, loaded: Loaded, which: str) -> str:
    of = version_id(tx, loaded)
    while tx.value(_is_stored, {"which": which}) is None:
        values = {
            "hash": which,
            "workflow_version_id": of,
            "number": tx.value(_how_many, {"of": of}) + 1,
            "adjustment": loaded.adjustment,
            "declaration": loaded.declaration,
            "stored_at": tx.now,
        }
        tx.write(_insert[not tx.is_sqlite], values)
    return which


def know_adjustments(tx: Transaction, catalogue: Catalogue, hashes: Collection[str]) -> None:
    """Tell the catalogue of the adjustments that cases run with."""
    unknown = sorted(each for each in hashes if not catalogue.knows(each))
    if unknown:
        for row in tx.rows(_stored, {"hashes": unknown}):
            catalogue.learn(row.hash, _laid_over(catalogue, row))


def _laid_over(catalogue: Catalogue, row: Any) -> Loaded | Problem:
    loaded = catalogue.find(row.name, row.version)
    if loaded is None:
        return catalogue.why_parked(row.name, row.version)
    try:
        return adjusted(loaded, WorkflowAdjustment.model_validate_json(row.adjustment), catalogue.guards)
    except (KeyError, ValidationError) as error:
        # A guard of a plugin that is off, or one that now takes other values.
        guard = str(error.args[0]) if isinstance(error, KeyError) else error.title
        return Problem(
            text="the case is parked: a guard that the organisation added is gone",
            found=f"{row.name} version {row.version}, adjustment {row.number}: {guard}",
            mend=f"talent plugin enable {guard.partition('.')[0]}" if "." in guard else None,
            code="plugin.parked",
        )


def know_every_adjustment(tx: Transaction, catalogue: Catalogue) -> list[str]:
    """Tell the catalogue of all stored for its versions; return their hashes."""
    running = [(each.workflow.name, each.workflow.version) for each in catalogue.versions()]
    hashes = [row.hash for row in tx.rows(_every, {"running": running})]
    know_adjustments(tx, catalogue, hashes)
    return hashes


def gone_adjustments(tx: Transaction, catalogue: Catalogue) -> list[str]:
    """Return the hashes of adjustments that no case can go on with here."""

    def look() -> list[str]:
        stored = know_every_adjustment(tx, catalogue)
        return [each for each in stored if catalogue.fault_of(each) is not None]

    return tx.remember("adjustments gone", look)


def parked_adjustments(tx: Transaction, catalogue: Catalogue) -> list[Problem]:
    """Return why open cases cannot go on with their adjustment, one for each.

    Of versions that are gone as a whole, `parked` tells.
    """
    hashes = know_every_adjustment(tx, catalogue)
    faults = {each: why for each in hashes if (why := catalogue.fault_of(each)) is not None}
    if not faults:
        return []
    waiting = {row.hash for row in tx.rows(_open_of, {"hashes": list(faults)})}
    return [why for each, why in faults.items() if each in waiting]
