"""What was filled in of the fields that an organisation added."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from talenthub.workflow.catalogue import Loaded
from talenthub.workflow.definition import Transition
from talenthub.workflow.history import StoredEvent


def added_values(loaded: Loaded | None, event: StoredEvent) -> Iterator[tuple[str, str, Any]]:
    """Return name, title and value of each added field that an event holds.

    None once its payload is erased, or where the reader may not see it.
    """
    for name, title in _titles(loaded, event.transition):
        value = event.form.get(name)
        if value is not None:
            yield name, title, value


def added_words(loaded: Loaded | None, event: StoredEvent) -> str:
    """Return the added fields of an event in one line; empty without any."""
    return "; ".join(f"{title}: {plain(value)}" for _, title, value in added_values(loaded, event))


def noted(loaded: Loaded | None, events: Iterable[StoredEvent]) -> dict[str, tuple[str, Any]]:
    """Return title and newest value of each added field of a case, by name."""
    return {name: (title, value) for event in events for name, title, value in added_values(loaded, event)}


def plain(value: object) -> str:
    """Return a value as people read it."""
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


def _titles(loaded: Loaded | None, step: str) -> Iterator[tuple[str, str]]:
    edges: Iterable[Transition] = loaded.workflow.transitions if loaded is not None else ()
    for edge in edges:
        if edge.name == step and edge.added is not None and edge.form is not None:
            for name in edge.added.names:
                yield name, edge.form.model_fields[name].title or name.replace("_", " ")
            return
