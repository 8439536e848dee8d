"""Origins: where each value of a workflow comes from, plugin or file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from talenthub.cli.forms import kind_words
from talenthub.config.adjusting import WorkflowAdjustment
from talenthub.config.loading import dotted
from talenthub.workflow.adjusting.words import Page
from talenthub.workflow.catalogue import Loaded
from talenthub.workflow.definition import State, Transition
from talenthub.workflow.diagram import words_of
from talenthub.workflow.tasks import tasks_of


@dataclass(frozen=True, slots=True)
class Shown:
    """One value of a workflow, as `--origin` prints it."""

    setting: str
    """As it would stand in talenthub.toml."""
    value: Any
    place: str


def origins(loaded: Loaded, page: Page) -> Iterator[Shown]:
    """Return every value that people meet, with the place it comes from."""
    given = WorkflowAdjustment.model_validate_json(loaded.adjustment or "{}")
    tracer = _Tracer(loaded, page, {each.name: index for index, each in enumerate(given.waiting)}, given)
    yield tracer.shown(("title",), loaded.workflow.words)
    for state in loaded.workflow.states:
        yield from tracer.state(state)
    seen: set[str] = set()
    for edge in loaded.workflow.transitions:
        if edge.name not in seen:
            seen.add(edge.name)
            yield from tracer.transition(edge)


@dataclass(frozen=True, slots=True)
class _Tracer:
    loaded: Loaded
    page: Page
    waiting: dict[str, int]
    """The states that were added, and where each stands."""
    given: WorkflowAdjustment

    def shown(self, path: tuple[str | int, ...], value: Any, *instead: str | int) -> Shown:
        """Return a value; it may also come from what stands at `instead`."""
        place = f"plugin {self.loaded.plugin}"
        for each in (*((instead, (*instead, path[-1])) if instead else ()), path):
            if self.page.is_set(*each):
                place = self.page.place(*each)
        return Shown(dotted(path), value, place)

    def state(self, state: State) -> Iterator[Shown]:
        """Yield title, deadline, tasks and timers of a state."""
        added = ("waiting", self.waiting[state.name]) if state.name in self.waiting else ()
        path = ("state", state.name)
        yield self.shown((*path, "title"), state.words, *added)
        if state.due is not None:
            yield self.shown((*path, "due"), words_of(state.due), *added)
        asking = added if state.tasks is not None else self._added_after(state)
        for task in tasks_of(self.loaded.workflow, state):
            yield self.shown((*path, "task"), f"{task.title} ({task.to.words})", *asking)
        for timer in state.timers:
            yield self.shown((*path, "timer", timer.name, "after"), words_of(timer.after))

    def _added_after(self, state: State) -> tuple[str | int, ...]:
        """Return the waiting state whose step a derived task asks for."""
        edges = self.loaded.workflow.edges(state.name)
        first = next((each.name for each in edges if each.by.includes_people), None)
        return self._entering(first)

    def _entering(self, name: str | None) -> tuple[str | int, ...]:
        found = [index for index, each in enumerate(self.given.waiting) if each.entering == name]
        return ("waiting", found[0]) if found else ()

    def transition(self, edge: Transition) -> Iterator[Shown]:
        """Yield title, people, way, guards and fields of a transition."""
        added = self._entering(edge.name)
        path = ("transition", edge.name)
        yield self.shown((*path, "title"), edge.words, *added)
        yield self.shown((*path, "by"), edge.by.words, *added)
        yield self.shown((*path, "from"), ", ".join(edge.sources), *(added or self._changed_way(edge)))
        yield self.shown((*path, "to"), edge.target, *added)
        yield from self._guards(edge)
        yield from self._fields(edge)

    def _changed_way(self, edge: Transition) -> tuple[str | int, ...]:
        """Return the waiting state that changed where a transition starts."""
        mine = [index for name, index in self.waiting.items() if name in edge.sources]
        return ("waiting", mine[-1]) if mine else ()

    def _guards(self, edge: Transition) -> Iterator[Shown]:
        own = self.given.transition.get(edge.name)
        many = len(own.guard) if own is not None else 0
        for number, guard in enumerate(edge.guards):
            index = number - (len(edge.guards) - many)
            path = ("transition", edge.name, "guard")
            shown = self.shown(("transition", edge.name, "guard"), guard.words)
            place = self.page.place(*path, index) if index >= 0 else f"plugin {self.loaded.plugin}"
            yield Shown(shown.setting, shown.value, place)

    def _fields(self, edge: Transition) -> Iterator[Shown]:
        added = edge.added.names if edge.added is not None else ()
        for name, info in edge.form.model_fields.items() if edge.form is not None else ():
            words = ", ".join([kind_words(info.annotation), *(["needed"] if info.is_required() else [])])
            path = ("transition", edge.name, "field")
            place = f"plugin {self.loaded.plugin}"
            if name in added:
                place = self.page.place(*path, added.index(name))
            yield Shown(dotted((*path, name)), words, place)
