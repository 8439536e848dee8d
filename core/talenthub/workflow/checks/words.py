"""How a fault of a declaration is said: one value that knows where it is."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from talenthub.errors import Problem, nearest
from talenthub.workflow.definition import State, Transition, Workflow


@dataclass(frozen=True)
class Desk:
    """A workflow being checked, and its plugin."""

    workflow: Workflow
    plugin: str

    def of_workflow(self, text: str, code: str, **more: str | None) -> Problem:
        """Return a fault of the workflow as a whole."""
        return self._problem("", self.workflow.declared_at, text, code, more)

    def of_state(self, state: State, text: str, code: str, **more: str | None) -> Problem:
        """Return a fault of one state."""
        return self._problem(f", state {state.name!r}", state.declared_at, text, code, more)

    def of_transition(self, edge: Transition, text: str, code: str, **more: str | None) -> Problem:
        """Return a fault of one transition."""
        return self._problem(f", transition {edge.name!r}", edge.declared_at, text, code, more)

    def _problem(self, part: str, place: str, text: str, code: str, more: dict[str, str | None]) -> Problem:
        return Problem(
            text=text,
            place=place,
            path=f"plugin {self.plugin}, {self.workflow.name!s}{part}",
            code=f"workflow.{code}",
            **more,
        )


def choice(found: str, allowed: Collection[str]) -> dict[str, str | None]:
    """Return what a wrong name is answered with: found, allowed, nearest."""
    known = list(dict.fromkeys(allowed))
    listed = ", ".join(known[:12]) + (f" and {len(known) - 12} more" if len(known) > 12 else "")
    return {
        "found": str(found),
        "allowed": listed or "none are declared",
        "nearest": nearest(str(found), known),
    }
