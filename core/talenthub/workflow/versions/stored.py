"""Stored: the declarations that outlive their plugins, read back."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import bindparam, select

from talenthub.storage.transaction import Transaction
from talenthub.workflow.context import CaseView
from talenthub.workflow.declaration import read_declaration
from talenthub.workflow.tables import workflow_adjustment, workflow_version

Declaration = Mapping[str, Any]
"""A declaration as plain values, as it was stored."""

_of_name = (
    select(workflow_version.c.version, workflow_version.c.declaration)
    .where(workflow_version.c.name == bindparam("name"))
    .order_by(workflow_version.c.version)
)
_adjusted = select(workflow_adjustment.c.hash, workflow_adjustment.c.declaration).where(
    workflow_adjustment.c.hash.in_(bindparam("hashes", expanding=True))
)
_adjusted_of_name = (
    select(workflow_adjustment.c.declaration)
    .join(workflow_version, workflow_version.c.id == workflow_adjustment.c.workflow_version_id)
    .where(workflow_version.c.name == bindparam("name"))
    .order_by(workflow_adjustment.c.stored_at, workflow_adjustment.c.hash)
)


def stored_declarations(tx: Transaction, name: str) -> dict[int, Declaration]:
    """Return every version of a workflow that was ever stored, by number."""
    return {row.version: read_declaration(row.declaration) for row in tx.rows(_of_name, {"name": name})}


def every_state(tx: Transaction, name: str) -> tuple[str, ...]:
    """Return the names of the states that any version had, adjusted or not."""
    adjusted = (read_declaration(row.declaration) for row in tx.rows(_adjusted_of_name, {"name": name}))
    every = (*stored_declarations(tx, name).values(), *adjusted)
    return tuple(dict.fromkeys(state for each in every for state in state_names(each)))


def declarations_of(tx: Transaction, name: str, cases: Collection[CaseView]) -> dict[int, Declaration]:
    """Return what each case of a workflow runs on, by its id."""
    versions = stored_declarations(tx, name)
    hashes = sorted({case.adjustment for case in cases if case.adjustment is not None})
    rows = tx.rows(_adjusted, {"hashes": hashes}) if hashes else ()
    adjusted = {row.hash: read_declaration(row.declaration) for row in rows}
    return {
        case.id: adjusted.get(case.adjustment or "") or versions.get(case.workflow_version, {})
        for case in cases
    }


def state_names(declared: Declaration) -> tuple[str, ...]:
    """Return the names of the states, in the order of the declaration."""
    return tuple(each["name"] for each in declared.get("states", ()))


def state_of(declared: Declaration, name: str) -> Mapping[str, Any]:
    """Return one state; empty where the declaration has none of that name."""
    return next((each for each in declared.get("states", ()) if each["name"] == name), {})


def task_names(declared: Declaration, state: str) -> frozenset[str]:
    """Return the names of the tasks that entering a state opens."""
    tasks = state_of(declared, state).get("tasks")
    return frozenset({state} if tasks is None else {each["name"] or state for each in tasks})


def timers_of(declared: Declaration, state: str) -> dict[str, Mapping[str, Any]]:
    """Return the timers that entering a state sets, by name."""
    return {each["name"]: each for each in state_of(declared, state).get("timers", ())}


def hides(declared: Declaration, state: str) -> bool:
    """Return whether a blind case shows its content to its rater only."""
    blind = declared.get("blind")
    return blind is not None and state in (*blind["states"], *blind["until_revealed"])
