"""Parking: what waits for a talenthub that brings what it lacks.

A plugin is off, or an older worker runs beside a newer one. The row then says
what is lacking; whoever does not bring that leaves it alone, nothing counts as
a try, and who brings it takes it up at once.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, bindparam, func, or_, select

from talenthub.errors import PluginError
from talenthub.storage.transaction import Transaction
from talenthub.workflow.tables import workflow_case, workflow_version

if TYPE_CHECKING:
    from talenthub.workflow.catalogue import Catalogue
    from talenthub.workflow.deliveries import Handler

LACKS = "no enabled plugin brings "

_versions_of = (
    select(workflow_version.c.name, workflow_version.c.version)
    .join(workflow_case, workflow_case.c.workflow_version_id == workflow_version.c.id)
    .where(workflow_case.c.ref.in_(bindparam("refs", expanding=True)))
    .distinct()
)
_newest = select(workflow_version.c.name, func.max(workflow_version.c.version).label("version")).group_by(
    workflow_version.c.name
)


class ParkedError(PluginError):
    """What is to run is not brought here; `found` names what is lacking."""

    @property
    def why(self) -> str:
        """Return what is lacking, as it is kept with the row."""
        return f"{LACKS}{self.problems[0].found}"


def version_named(workflow: str, version: int) -> str:
    """Return how a version of a workflow is named where it is lacking."""
    return f"{workflow} version {version}"


def handler_named(handler: str, hears: str = "") -> str:
    """Return how a handler is named where it, or its hearing, is lacking."""
    return f"the handler {handler}" + (f" of {hears}" if hears else "")


def brought(catalogue: Catalogue, handlers: Iterable[Handler] = ()) -> list[str]:
    """Return what rows may lack and this process brings."""
    versions = [version_named(each.workflow.name, each.workflow.version) for each in catalogue.versions()]
    named = {handler_named(each.name, on) for each in handlers for on in ("", each.on)}
    return [f"{LACKS}{each}" for each in (*versions, *sorted(named))]


def lacks_nothing(error: ColumnElement[str | None]) -> ColumnElement[bool]:
    """Return the condition that a row lacks nothing but what is `brought`."""
    return or_(error.is_(None), error.not_like(f"{LACKS}%"), error.in_(bindparam("brought", expanding=True)))


def require_brought(tx: Transaction, catalogue: Catalogue, refs: Collection[str]) -> None:
    """Raise ParkedError unless the versions of all these cases are here."""
    if refs:
        for row in tx.rows(_versions_of, {"refs": sorted(refs)}):
            catalogue.running(row.name, row.version)


def require_current(tx: Transaction, catalogue: Catalogue) -> None:
    """Raise ParkedError where others work with newer versions than these.

    For work that looks at all cases of a person: this process would leave
    some of them out.
    """
    known = {each.workflow.name: each.workflow.version for each in catalogue}
    for row in tx.rows(_newest):
        if known.get(row.name, row.version) < row.version:
            raise ParkedError(catalogue.why_parked(row.name, row.version))
