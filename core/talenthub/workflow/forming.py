"""Forming: a declaration is made of what it should be, before anybody reads it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from talenthub.workflow.context import Effect, Guard
from talenthub.workflow.definition import State, Task, Timer, Transition, Workflow

_TEXTS = {
    Workflow: ("name", "ref", "initial", "title"),
    State: ("name", "title"),
    Transition: ("name", "target", "title"),
    Task: ("title", "name"),
    Timer: ("name",),
}
_LISTS: dict[type, dict[str, type]] = {
    Workflow: {"states": State, "transitions": Transition, "opening": Effect},
    State: {"timers": Timer, "tasks": Task},
    Transition: {"guards": Guard, "effects": Effect},
}


def malformed(declared: Any, path: str = "") -> Iterator[str]:
    """Yield a sentence for each part that is of a wrong kind, with its path."""
    kind = type(declared)
    for name in _TEXTS.get(kind, ()):
        value = getattr(declared, name)
        if not isinstance(value, str):
            yield f"{path}{name} must be a text, not a {type(value).__name__}"
    for name, inner in _LISTS.get(kind, {}).items():
        values, here = getattr(declared, name), f"{path}{name}"
        if values is None and name == "tasks":
            continue
        if isinstance(values, str) or not isinstance(values, Sequence):
            yield f"{here} must be a list of {inner.__name__}, not a {type(values).__name__}"
            continue
        for number, each in enumerate(values):
            if type(each) is inner:
                yield from malformed(each, f"{here}[{number}].")
            else:
                yield f"{here}[{number}] must be a {inner.__name__}, not a {type(each).__name__}"
