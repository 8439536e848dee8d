"""Faults of paths: states nobody gets to, and states nobody gets out of."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

from talenthub.errors import Problem
from talenthub.workflow.checks.words import Desk
from talenthub.workflow.definition import Transition, Workflow


def path_problems(desk: Desk) -> Iterator[Problem]:
    """Return unreachable states, dead ends and ways out of the end."""
    workflow = desk.workflow
    ways = steps(workflow.transitions)
    back = steps(workflow.transitions, backwards=True)
    final = {state.name for state in workflow.states if state.outcome is not None}
    reached = reachable([workflow.initial], ways)
    ending = reachable(final, back)
    for state in workflow.states:
        leaving = [target for target in ways.get(state.name, ()) if target != state.name]
        if state.name not in reached:
            yield desk.of_state(state, f"no way leads here from {workflow.initial!r}", "unreachable")
        if state.name in final:
            yield from _end(desk, workflow, state.name)
        elif not leaving:
            yield desk.of_state(state, "no way leads out, and it is not final", "dead-end")
        elif state.name not in ending:
            yield desk.of_state(state, "no way leads from here to an end", "no-end")


def _end(desk: Desk, workflow: Workflow, name: str) -> Iterator[Problem]:
    state = workflow.state(name)
    for edge in workflow.edges(name):
        yield desk.of_transition(edge, f"it leaves the final state {name!r}", "leaves-end")
    if state.tasks or state.timers:
        yield desk.of_state(
            state, "a final state has no tasks and no timers: nothing runs any more", "final-work"
        )


def steps(edges: Iterable[Transition], *, backwards: bool = False) -> dict[str, list[str]]:
    """Return where edges lead, by the state they leave (or enter)."""
    found: dict[str, list[str]] = {}
    for edge in edges:
        for source in edge.sources:
            start, end = (edge.target, source) if backwards else (source, edge.target)
            found.setdefault(start, []).append(end)
    return found


def reachable(starts: Collection[str], ways: Mapping[str, Iterable[str]]) -> set[str]:
    """Return `starts` and every state that ways lead to from them."""
    found, waiting = set(starts), list(starts)
    while waiting:
        for following in ways.get(waiting.pop(), ()):
            if following not in found:
                found.add(following)
                waiting.append(following)
    return found
