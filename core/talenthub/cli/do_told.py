"""How `talent do` tells what a step did."""

from __future__ import annotations

from typing import Any

from talenthub.cli.output import Column
from talenthub.workflow.firing import Fired

COLUMNS = (
    *(Column(name) for name in ("ref", "step", "source", "target", "version", "opened", "error")),
    Column("at", extra=True),
    Column("ok", extra=True),
    Column("code", extra=True),
)


def fired_row(fired: Fired) -> dict[str, Any]:
    """Return what a firing did as one row."""
    return {
        "ref": fired.ref,
        "step": fired.transition,
        "source": fired.source,
        "target": fired.target,
        "version": fired.version,
        "opened": list(fired.opened),
        "at": fired.at,
        "ok": True,
        "error": None,
        "code": None,
    }
