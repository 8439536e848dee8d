"""How `talent do` tells what a step did."""

from __future__ import annotations

from typing import Any

from talenthub.cli.output import Column
from talenthub.cli.why_rows import Steps
from talenthub.workflow.definition import Outcome
from talenthub.workflow.firing import Fired
from talenthub.workflow.relations import system

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


def following(steps: Steps) -> str:
    """Return the command to go on with; never one that ends a case badly.

    A rejection or a cancellation is a person's own idea, not ours; and a
    step aside is none either, where the state waits for somebody else.
    """
    ref = steps.case.ref
    possible = steps.possible
    aside = len(possible) == 1 and possible[0] != _first(steps)
    if aside or not any(_goes_on(steps, name) for name in possible):
        return f"talent show {ref}"
    # Among several the person chooses: the only other one may be a step aside.
    return f"talent do {ref} {possible[0]}" if len(possible) == 1 else f"talent do {ref}"


def _first(steps: Steps) -> str | None:
    """Return the step a state waits for: the first that a person can take."""
    edges = steps.workflow.edges(steps.case.state)
    return next((each.name for each in edges if each.by != system), None)


def _goes_on(steps: Steps, name: str) -> bool:
    ends = [steps.workflow.state(each.edge.target).outcome for each in steps.judged if each.edge.name == name]
    return any(end in (None, Outcome.SUCCESS) for end in ends)
