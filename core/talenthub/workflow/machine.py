"""The kernel: one `transitions.Machine` per workflow version.

It only chooses the edge, on a throw-away object. Nothing it holds belongs to
a case, so one machine serves every case and every thread.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from transitions import EventData, Machine

from talenthub.workflow.definition import Transition, Workflow


@dataclass(slots=True)
class _Position:
    """A case for the length of one choice."""

    state: str
    allowed: Mapping[int, bool]
    """By index of the transition in the declaration: do its verdicts allow it?"""
    chosen: int | None = None


class _Edge:
    """The machine's condition on one transition: it looks the verdict up."""

    def __init__(self, index: int) -> None:
        self.index = index

    def __call__(self, event: EventData) -> bool:
        position = cast("_Position", event.model)
        if not position.allowed.get(self.index, False):
            return False
        position.chosen = self.index
        return True


class Kernel:
    """Chooses the transition of a workflow that a firing takes."""

    def __init__(self, workflow: Workflow) -> None:
        self._workflow = workflow
        # The same question has the same answer: a chunk asks the machine once.
        self._chosen: dict[tuple[str, str, frozenset[int]], int | None] = {}
        self._machine = Machine(
            model=None,
            states=[state.name for state in workflow.states],
            initial=workflow.initial,
            auto_transitions=False,
            send_event=True,
            queued=False,
        )
        for index, each in enumerate(workflow.transitions):
            for source in each.sources:
                self._machine.add_transition(each.name, source, each.target, conditions=_Edge(index))

    def choose(self, state: str, name: str, allowed: Mapping[int, bool]) -> Transition | None:
        """Return the first transition of this name whose verdicts allow it.

        `allowed` is by the transition's index in the declaration. None: all
        of them are refused.
        """
        asked = (state, name, frozenset(index for index, ok in allowed.items() if ok))
        if asked not in self._chosen:
            position = _Position(state, allowed)
            self._machine.events[name].trigger(position)
            self._chosen[asked] = position.chosen
        chosen = self._chosen[asked]
        return None if chosen is None else self._workflow.transitions[chosen]
