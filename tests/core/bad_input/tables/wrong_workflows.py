"""Declarations with one fault each, for the table of bad input."""

from __future__ import annotations

from dataclasses import replace

from talenthub.sdk import Outcome, State, Transition, Workflow, days, holds, subject, system

_officer = holds("hr_officer")
_states = (State("open"), State("done", outcome=Outcome.SUCCESS), State("lost", outcome=Outcome.FAILURE))
_edges = (Transition("finish", "open", "done", by=_officer), Transition("lose", "open", "lost", by=_officer))


def _loan(
    name: str, states: tuple[State, ...] = _states, edges: tuple[Transition, ...] = _edges, **more: object
) -> Workflow:
    given = {"name": f"{name}.loan", "ref": "LOAN", "version": 1, "initial": "open"} | more
    return Workflow(states=states, transitions=edges, **given)  # type: ignore[arg-type]


no_start = _loan("no_start", initial="opn")
lost_edge = _loan("lost_edge", edges=(*_edges, Transition("again", "open", "opne", by=_officer)))
island = _loan("island", states=(*_states, State("alone", outcome=Outcome.NEUTRAL)))
dead_end = _loan(
    "dead_end",
    states=(*_states, State("stuck")),
    edges=(*_edges, Transition("stick", "open", "stuck", by=_officer)),
)
way_out = _loan("way_out", edges=(*_edges, Transition("again", "done", "open", by=_officer)))
nobody = _loan("nobody", edges=(_edges[1], replace(_edges[0], by=None)))
self_made = _loan(
    "self_made", edges=(_edges[1], Transition("finish", "open", "done", by=subject, four_eyes=("finish",)))
)
machine = _loan("machine", edges=(_edges[0], Transition("lose", "open", "lost", by=system)))
no_time = _loan("no_time", states=(State("open", due=days(-1)), *_states[1:]))
spaces = _loan("spaces", ref="LO AN")
nothing = _loan("nothing", states=(), edges=())
same_ref = _loan("same_ref", ref="APP")
