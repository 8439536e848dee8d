"""What `show` and `why` tell of the version that a case runs on."""

from __future__ import annotations

from collections.abc import Iterator

from talenthub.cli.casework import people_of, who_acted
from talenthub.storage.transaction import Transaction
from talenthub.workflow.context import CaseView
from talenthub.workflow.engine import Engine
from talenthub.workflow.history import StoredEvent
from talenthub.workflow.versions.migrating import MIGRATED


def version_lines(engine: Engine, tx: Transaction, case: CaseView) -> list[str]:
    """Return that there is a newer version, and how a case came to its own.

    Nothing where a workflow never had another version.
    """
    newest = _newest(engine, case)
    if newest == case.workflow_version == 1:
        return []
    moved = [each for each in engine.log(tx, case.ref) if each.kind == MIGRATED]
    return [*_newer(case, newest), *(_moved(tx, each) for each in moved)]


def _newest(engine: Engine, case: CaseView) -> int:
    versions = [
        each.workflow.version for each in engine.catalogue.versions() if each.workflow.name == case.workflow
    ]
    return max(versions, default=case.workflow_version)


def _newer(case: CaseView, newest: int) -> Iterator[str]:
    own = case.workflow_version
    if case.is_open and own < newest:
        compare = f"talent workflow diff {case.workflow} {own} {newest}"
        yield f"runs on version {own}; new ones open on version {newest}: {compare}"


def _moved(tx: Transaction, event: StoredEvent) -> str:
    day = event.at.astimezone(tx.zone).date().isoformat()
    # Who sees the status only is not told who acted.
    known = event.payload is not None
    by = f" by {who_acted(people_of(tx, event.actor.identities), event.actor)}" if known else ""
    became = f": {event.source} became {event.target}" if event.source != event.target else ""
    return f"moved on {day}{by}, {event.transition}{became}".replace("_", " ")
