"""Parked: what is open and cannot go on, and why."""

from __future__ import annotations

from sqlalchemy import select

from talenthub.errors import PluginError, Problem
from talenthub.storage.transaction import Transaction
from talenthub.workflow.catalogue import Catalogue
from talenthub.workflow.tables import workflow_case, workflow_version

_is_open = select(workflow_case.c.id).where(
    workflow_case.c.workflow_version_id == workflow_version.c.id, workflow_case.c.closed_at.is_(None)
)
_open_versions = (
    select(workflow_version.c.name, workflow_version.c.version)
    .where(_is_open.exists())
    .order_by(workflow_version.c.name, workflow_version.c.version)
)


def parked(tx: Transaction, catalogue: Catalogue) -> list[Problem]:
    """Return, for each version with open cases that cannot run, why not.

    Without their number: it would tell of cases that not everybody may know.
    """
    found: list[Problem] = []
    for row in tx.rows(_open_versions):
        try:
            catalogue.running(row.name, row.version)
        except PluginError as error:
            found += error.problems
    return found
