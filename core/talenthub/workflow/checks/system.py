"""Faults of what happens by itself: adverse outcomes, loops and locks."""

from __future__ import annotations

from collections.abc import Iterator

from talenthub.errors import Problem
from talenthub.workflow.checks.paths import reachable, steps
from talenthub.workflow.checks.words import Desk, choice
from talenthub.workflow.definition import Outcome, Transition

LOCKS = ("parent", "grandparent")


def system_problems(desk: Desk) -> Iterator[Problem]:
    """Return adverse ends without a human, loops without an end, wrong locks."""
    yield from _adverse(desk)
    yield from _loops(desk)
    for edge in desk.workflow.transitions:
        for name in edge.locks:
            if name not in LOCKS:
                yield desk.of_transition(edge, "unknown lock", "unknown-lock", **choice(name, LOCKS))
            elif desk.workflow.parent is None:
                yield desk.of_transition(
                    edge, f"it locks its {name}, but cases of this workflow have none", "lock"
                )


def _adverse(desk: Desk) -> Iterator[Problem]:
    # Whatever a human did before: the last step to an adverse end is a human's.
    adverse = {state.name for state in desk.workflow.states if state.outcome is Outcome.FAILURE}
    timers = _fired_by_timers(desk)
    for edge in desk.workflow.transitions:
        if edge.target in adverse and edge.by.includes_system:
            who = "a timer" if any((edge.name, source) in timers for source in edge.sources) else "the system"
            yield desk.of_transition(
                edge,
                f"{who} could reach the adverse outcome {edge.target!r} without a human",
                "adverse",
                found=f"by={edge.by}",
                mend="take system out of by, or let it end neutral",
            )


def _fired_by_timers(desk: Desk) -> set[tuple[str, str]]:
    return {
        (timer.fires, state.name)
        for state in desk.workflow.states
        for timer in state.timers
        if timer.fires is not None
    }


def _loops(desk: Desk) -> Iterator[Problem]:
    """Return circles that the system could go round for ever.

    An edge goes on by itself if no guard and no form can hold it back and a
    timer fires it or only the system may.
    """
    timers = _fired_by_timers(desk)
    alone = [edge for edge in desk.workflow.transitions if _goes_alone(edge, timers)]
    ways = steps(alone)
    for edge in alone:
        back = reachable([edge.target], ways)
        if any(source in back for source in edge.sources):
            yield desk.of_transition(
                edge,
                "the system could go round here for ever",
                "loop",
                mend="give one transition of the circle a guard, or leave it to a person",
            )


def _goes_alone(edge: Transition, timers: set[tuple[str, str]]) -> bool:
    if edge.guards or edge.form is not None or not edge.by.includes_system:
        return False
    return not edge.by.includes_people or any((edge.name, source) in timers for source in edge.sources)
