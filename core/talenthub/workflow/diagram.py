"""Diagram: a workflow as a Mermaid state diagram, written from its declaration."""

from __future__ import annotations

from collections.abc import Iterator

from talenthub.workflow.definition import Duration, State, Transition, Workflow


def mermaid(workflow: Workflow) -> str:
    """Return the workflow as Mermaid text, ending in a newline.

    An arrow says the transition, who fires it and its guards; a note says
    what a state's timers do.
    """
    return "\n".join(_lines(workflow)) + "\n"


def _lines(workflow: Workflow) -> Iterator[str]:
    yield "---"
    yield f"title: {workflow.name} version {workflow.version}"
    yield "---"
    yield "stateDiagram-v2"
    for state in workflow.states:
        yield f"    state {_quoted(state.words)} as {state.name}"
    yield f"    [*] --> {workflow.initial}"
    for edge in workflow.transitions:
        for source in edge.sources:
            yield f"    {source} --> {edge.target} : {_label(edge)}"
    for state in workflow.states:
        if state.outcome is not None:
            yield f"    {state.name} --> [*] : {state.outcome}"
    for state in workflow.states:
        yield from _note(state)


def _label(edge: Transition) -> str:
    parts = [f"{edge.words} ({edge.by.words})"]
    if edge.guards:
        parts.append("if " + ", ".join(guard.words for guard in edge.guards))
    if edge.four_eyes:
        parts.append("not by who did " + ", ".join(name.replace("_", " ") for name in edge.four_eyes))
    return _plain("<br/>".join(_plain(part) for part in parts))


def _note(state: State) -> Iterator[str]:
    if not state.timers:
        return
    yield f"    note right of {state.name}"
    for timer in state.timers:
        does = "escalates" if timer.escalates else "reminds"
        what = f"fires {timer.fires.replace('_', ' ')}" if timer.fires else does
        yield f"        after {words_of(timer.after)}: {what}"
    yield "    end note"


def words_of(duration: Duration) -> str:
    """Return a duration in words: "5 working days"."""
    kind = "working day" if duration.working else "day"
    return f"{duration.days} {kind}{'' if duration.days == 1 else 's'}"


def _quoted(text: str) -> str:
    return '"' + _plain(text).replace('"', "'") + '"'


def _plain(text: str) -> str:
    # A colon ends a label, a semicolon a statement, and a line break both.
    return " ".join(text.split()).replace(":", "∶").replace(";", ",")
