"""The kernel: one `transitions.Machine` per workflow version.

It only chooses the edge, on a throw-away object. Nothing it holds belongs to
a case, so one machine serves every case and every thread.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from transitions import EventData, Machine

from talenthub.workflow.definition import Transition, Workflow


@dataclass(slots=True)
class _Position:
    """A case for the length of one choice."""

    state: str
    allowed: Sequence[Transition]
    """Those whose verdicts all say yes."""
    chosen: Transition | None = None


class _Edge:
    """The machine's condition on one transition: it looks the verdict up."""

    def __init__(self, transition: Transition) -> None:
        self.transition = transition

    def __call__(self, event: EventData) -> bool:
        position = cast("_Position", event.model)
        if not any(each is self.transition for each in position.allowed):
            return False
        position.chosen = self.transition
        return True


class Kernel:
    """Chooses the transition of a workflow that a firing takes."""

    def __init__(self, workflow: Workflow) -> None:
        self._workflow = workflow
        # The same question has the same answer: a chunk asks once.
        self._leaving: dict[tuple[str, str], tuple[Transition, ...]] = {}
        self._chosen: dict[tuple[str, str, tuple[bool, ...]], int | None] = {}
        self._machine = Machine(
            model=None,
            states=[state.name for state in workflow.states],
            initial=workflow.initial,
            auto_transitions=False,
            send_event=True,
            queued=False,
        )
        for each in workflow.transitions:
            for source in each.sources:
                self._machine.add_transition(each.name, source, each.target, conditions=_Edge(each))

    def leaving(self, state: str, name: str) -> tuple[Transition, ...]:
        """Return the transitions of this name that leave `state`, in order."""
        asked = (state, name)
        if asked not in self._leaving:
            self._leaving[asked] = self._workflow.edges(state, name)
        return self._leaving[asked]

    def choose(self, state: str, name: str, allowed: tuple[bool, ...]) -> int | None:
        """Return the place of the first of those `leaving` that is allowed.

        `allowed` tells of each whether all its verdicts say yes. None: all
        of them are refused.
        """
        asked = (state, name, allowed)
        if asked not in self._chosen:
            self._chosen[asked] = self._choice(state, name, allowed)
        return self._chosen[asked]

    def _choice(self, state: str, name: str, allowed: tuple[bool, ...]) -> int | None:
        leaving = self.leaving(state, name)
        position = _Position(state, [each for each, ok in zip(leaving, allowed, strict=True) if ok])
        self._machine.events[name].trigger(position)
        return next((place for place, each in enumerate(leaving) if each is position.chosen), None)
