"""What guards and effects are given, and the values they are made of."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Generic, TypeVar, cast

from pydantic import BaseModel

from talenthub.storage.transaction import Actor, Transaction
from talenthub.verdict import Verdict
from talenthub.workflow.intents import Intent

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class CaseView:
    """A case as guards and effects see it: the system's view."""

    id: int
    ref: str
    workflow: str
    workflow_version: int
    state: str
    version: int
    """How many events it has; every change counts one up."""
    subject: int | None
    """The person it is about."""
    parent: int | None
    framework_version: int | None
    unit: int | None
    about: str
    """What it is about, without names of people."""
    data: Any
    """The workflow's data model; a dict when its plugin is not loaded."""
    participants: Mapping[str, tuple[int, ...]]
    opened_at: datetime
    entered_at: datetime
    closed_at: datetime | None
    outcome: str | None
    head_hash: str = ""
    """The hash of its newest event."""
    settings: int = 0
    """Which pinned settings it runs with."""
    adjustment: str | None = None
    """The hash of the organisation's adjustment it runs with, if any."""

    @property
    def is_open(self) -> bool:
        """Return whether anything can still happen to it."""
        return self.closed_at is None

    def people(self, role: str) -> tuple[int, ...]:
        """Return the ids of those who take part in `role`."""
        return self.participants.get(role, ())


def field_of(value: Any, name: str) -> Any:
    """Return a field of a model or of a mapping; None where there is none.

    What a case of another plugin carries is read so: its plugin may be off,
    and its data are plain values then.
    """
    return value.get(name) if isinstance(value, Mapping) else getattr(value, name, None)


@dataclass(frozen=True, slots=True)
class Fact(Generic[T]):
    """Something a guard or an effect needs to know beyond its case.

    Loaded once for all cases of a chunk, so a bulk run stays bounded.
    """

    name: str
    load: Callable[[Transaction, Sequence[CaseView]], Mapping[int, T]]
    """Returns what is known, by case id; in a constant number of statements."""


@dataclass(frozen=True, slots=True)
class Context:
    """The case, the transition asked for, the actor and the facts."""

    case: CaseView
    transition: str
    form: Any
    """The filled-in form (a pydantic model), or None."""
    actor: Actor
    now: datetime
    today: date
    settings: Any
    """The plugin's settings as the case pinned them."""
    facts: Mapping[str, Mapping[int, Any]]
    added: Mapping[str, Any] = field(default_factory=dict)
    """The fields an organisation added to the form, as they were filled in."""

    @property
    def data(self) -> Any:
        """Return what the case carries, as the workflow's data model."""
        return self.case.data

    def fact(self, fact: Fact[T]) -> T:
        """Return a declared fact about this case; KeyError if undeclared."""
        if fact.name not in self.facts:
            raise KeyError(f"the fact {fact.name!r} is not declared: name it in facts=[…] of the decorator")
        return cast("T", self.facts[fact.name][self.case.id])


@dataclass(frozen=True, slots=True)
class Guard:
    """A condition on a transition, which answers with a reason."""

    name: str
    check: Callable[[Context], Verdict]
    facts: tuple[Fact[Any], ...] = ()
    says: str = ""
    """What it asks for, as people read it; empty: its name."""

    @property
    def words(self) -> str:
        """Return the condition in words people read."""
        return self.says or self.name.replace("_", " ")


@dataclass(frozen=True, slots=True)
class Effect:
    """What follows from a transition, as intents; it does no I/O itself."""

    name: str
    produce: Callable[[Context], Iterable[Intent]]
    facts: tuple[Fact[Any], ...] = ()


def guard(*, facts: Sequence[Fact[Any]] = ()) -> Callable[[Callable[[Context], Verdict]], Guard]:
    """Return a decorator that makes a Guard of a function, by its name."""
    return lambda check: Guard(check.__name__, check, tuple(facts))


def effect(*, facts: Sequence[Fact[Any]] = ()) -> Callable[[Callable[[Context], Iterable[Intent]]], Effect]:
    """Return a decorator that makes an Effect of a function, by its name."""
    return lambda produce: Effect(produce.__name__, produce, tuple(facts))


class NoData(BaseModel, extra="forbid", frozen=True):
    """The data model of a workflow that carries none."""
