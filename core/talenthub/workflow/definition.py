"""Workflow: what a plugin declares. Pure values; nothing runs on import."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from pydantic import BaseModel

from talenthub.workflow.context import CaseView, Effect, Guard, NoData
from talenthub.workflow.relations import Relation, nobody


class Stage(StrEnum):
    """The six stages of a working life."""

    SELECTION = "selection"
    ONBOARDING = "onboarding"
    LEARNING = "learning"
    PERFORMANCE = "performance"
    CAREER = "career"
    SUCCESSION = "succession"


class Outcome(StrEnum):
    """How a case can end; FAILURE is adverse and needs a human."""

    SUCCESS = "success"
    FAILURE = "failure"
    NEUTRAL = "neutral"


@dataclass(frozen=True, slots=True)
class Duration:
    """A number of days, working days or all days."""

    days: int
    working: bool = False


def days(count: int) -> Duration:
    """Return `count` days of the calendar."""
    return Duration(count)


def working_days(count: int) -> Duration:
    """Return `count` working days of the site's calendar."""
    return Duration(count, working=True)


def _declared_at() -> str:
    """Return `file:line` of the declaration that is being made."""
    frame = sys._getframe(1)
    while frame is not None and (
        frame.f_code.co_filename == __file__ or frame.f_code.co_filename.startswith("<")
    ):
        frame = frame.f_back  # type: ignore[assignment]
    return f"{frame.f_code.co_filename}:{frame.f_lineno}" if frame is not None else "unknown"


@dataclass(frozen=True, slots=True)
class Timer:
    """What happens when a case stays in a state for long.

    `fires` names a transition (its `by` must include `system`); without it
    the open tasks are reminded of, or passed on upward when `escalates`.
    """

    name: str
    after: Duration
    fires: str | None = None
    escalates: bool = False


@dataclass(frozen=True, slots=True)
class Task:
    """What a named person must do next while a case is in a state."""

    title: str
    to: Relation
    name: str = ""
    """Empty: the name of the state."""


@dataclass(frozen=True, slots=True)
class State:
    """Where a case can stand; one with an outcome is final.

    Entering it opens its tasks, due after `due`. Where none are declared, one
    is derived from the first transition a person can fire; `tasks=()` asks
    for none.
    """

    name: str
    due: Duration | None = None
    outcome: Outcome | None = None
    title: str = ""
    tasks: tuple[Task, ...] | None = None
    timers: tuple[Timer, ...] = ()
    afterwards: str = field(default="", compare=False)
    """Of a final state: the command that goes on from here, `{ref}` in it for the case."""
    declared_at: str = field(default_factory=_declared_at, compare=False)

    @property
    def words(self) -> str:
        """Return the state in words people read."""
        return self.title or self.name.replace("_", " ")


@dataclass(frozen=True, slots=True)
class Added:
    """What an organisation asks for beside a transition's own form."""

    own_form: type[BaseModel] | None
    """The plugin's form: its guards and effects are given no other."""
    names: tuple[str, ...]
    """The fields that were added."""


@dataclass(frozen=True, slots=True)
class Transition:
    """An edge of a workflow; firing it is the only way a case changes.

    `by` says who (no `by`: nobody); `four_eyes` bars whoever fired those
    transitions of the case; `locks=("parent",)` locks the parent as well, for
    guards and effects that read or fire it. Transitions of one name from one
    state are tried in the order of declaration. `sealed` sends the form into
    the sealed answers of the parent: no event, task or log holds it.
    """

    name: str
    source: str | Sequence[str]
    target: str
    by: Relation = nobody
    form: type[BaseModel] | None = None
    guards: Sequence[Guard] = ()
    effects: Sequence[Effect] = ()
    four_eyes: tuple[str, ...] = ()
    locks: tuple[str, ...] = ()
    title: str = ""
    sealed: bool = False
    or_by: Relation = nobody
    """Whom an organisation may name beside `by`; by itself it permits nobody."""
    may_wait: bool = False
    """Whether an organisation may have cases wait in a state of its own first."""
    adjustable: bool | None = None
    """Whether an organisation may add guards and needed fields to it.

    None: yes, but where the subject acts: nothing may bar a person's own step.
    """
    added: Added | None = None
    """Set by an organisation's adjustment, never by a plugin."""
    declared_at: str = field(default_factory=_declared_at, compare=False)

    @property
    def sources(self) -> tuple[str, ...]:
        """Return the states it leaves."""
        return (self.source,) if isinstance(self.source, str) else tuple(self.source)

    @property
    def words(self) -> str:
        """Return the transition in words people read."""
        return self.title or self.name.replace("_", " ")


@dataclass(frozen=True, slots=True)
class Blind:
    """A case whose content only its rater sees, until it is revealed.

    While in one of `states`, nobody but the participant in `role` sees what
    the case carries; and who has such a case open sees neither the existence
    nor the state of its siblings: no grant goes past that.
    """

    role: str
    states: tuple[str, ...]
    """The states before the own lock: siblings stay out of sight."""
    until_revealed: tuple[str, ...]
    """States after the lock but before the reveal: content stays hidden."""


@dataclass(frozen=True, slots=True)
class Workflow:
    """A plugin's declaration of states, transitions, guards and effects."""

    name: str
    """`plugin.word`: recruitment.application."""
    ref: str
    """What references begin with: APP gives APP-12."""
    version: int
    initial: str
    states: Sequence[State]
    transitions: Sequence[Transition]
    stage: Stage | None = None
    title: str = ""
    data: type[BaseModel] = NoData
    open_by: Relation = nobody
    """Who may open one by command; children and handoffs need no right."""
    viewers: Relation = nobody
    """Who sees its cases beside participants and those with a task."""
    subject_sees: str = "status"
    """`all`, `status` (state, dates, own tasks) or `nothing`."""
    subject_sees_all_in: tuple[str, ...] = ()
    """The states in which the subject sees all, whatever is said above."""
    participants: tuple[str, ...] = ()
    """The roles people can take part in."""
    parent: str | None = None
    """The workflow whose cases it is a child of."""
    blind: Blind | None = None
    confidential: bool = False
    """Whether its numbers are random, so that they cannot be counted."""
    personal: tuple[str, ...] = ()
    """The fields of data and forms that speak of people."""
    opening: Sequence[Effect] = ()
    """Effects of the opening itself: first children, tasks, timers."""
    from_handoff: Callable[[CaseView], Mapping[str, Any]] | None = None
    """Returns what a case carries that another stage's case hands over."""
    upcasts: Mapping[int, Callable[[dict[str, Any]], Mapping[str, Any]]] = field(default_factory=dict)
    """By former version: returns what such a case carries as this one does.

    Not needed where only optional fields were added.
    """
    entered_by: str = ""
    """The transition of the parent that opens one handed over, by the system.

    `from_handoff` then fills in its form: the parent's guards hold here too.
    """
    declared_at: str = field(default_factory=_declared_at, compare=False)

    @property
    def words(self) -> str:
        """Return the workflow in words people read: "application"."""
        return self.title or self.name.rpartition(".")[2].replace("_", " ")

    @property
    def is_uncounted(self) -> bool:
        """Return whether even how many cases there are would tell something."""
        return self.confidential or self.blind is not None

    def state(self, name: str) -> State:
        """Return the state of this name; KeyError if there is none."""
        for each in self.states:
            if each.name == name:
                return each
        raise KeyError(name)

    def edges(self, state: str, name: str | None = None) -> tuple[Transition, ...]:
        """Return the transitions that leave `state`, all or those of a name."""
        return tuple(each for each in self.transitions if state in each.sources and name in (None, each.name))

    def transition_names(self) -> tuple[str, ...]:
        """Return the names of all transitions, each once, in order."""
        return tuple(dict.fromkeys(each.name for each in self.transitions))
