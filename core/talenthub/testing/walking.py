"""Walking a workflow at random: legal and illegal steps, then the checks."""

from __future__ import annotations

import random
import types
import typing
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import Enum
from typing import Any

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from talenthub.errors import Conflict, NotFound, NotPermitted, Refused, UsageError
from talenthub.storage.transaction import SYSTEM, Actor
from talenthub.testing.invariants import found
from talenthub.testing.worlds import World
from talenthub.workflow.definition import Transition, Workflow
from talenthub.workspace import Workspace

EXPECTED = (Refused, NotPermitted, NotFound, Conflict, UsageError)
"""How a step may be refused; anything else is a fault."""


@dataclass(slots=True)
class Walk:
    """Where a walk came to."""

    fired: int = 0
    refused: int = 0
    states: set[str] = field(default_factory=set)
    """The states it has seen."""


def walk(world: World, ref: str, *, people: Sequence[str], seed: int, steps: int = 60) -> Walk:
    """Take random steps on a case as random people, and return how it went.

    Forms are filled in at random, so that some are wrong. After each ten
    steps and at the end all invariants are checked: AssertionError says what
    does not hold, and with which seed it happens again. The same seed takes
    the same steps.
    """
    chance = random.Random(seed)
    walked = Walk()
    with world.open() as workspace:
        case = workspace.run(SYSTEM, lambda tx: workspace.engine.case(tx, ref), read_only=True)
        workflow = workspace.catalogue.running_for(case).workflow
        actors = [workspace.actor(as_handle=handle) for handle in people]
        for number in range(1, steps + 1):
            _step(workspace, ref, workflow, chance.choice(actors), chance, walked)
            if number % 10 == 0 or number == steps:
                _check(workspace, seed, number)
    return walked


def _step(
    workspace: Workspace, ref: str, workflow: Workflow, actor: Actor, chance: random.Random, walked: Walk
) -> None:
    edge = chance.choice(workflow.transitions)
    form = form_values(edge, chance, workspace)
    try:
        fired = workspace.run(actor, lambda tx: workspace.engine.fire(tx, ref, edge.name, form))
    except EXPECTED:
        walked.refused += 1
    else:
        walked.fired += 1
        walked.states.add(fired.target)


def _check(workspace: Workspace, seed: int, number: int) -> None:
    wrong = workspace.run(SYSTEM, lambda tx: list(found(workspace, tx)), read_only=True)
    assert not wrong, f"seed {seed}, after {number} steps: {'; '.join(wrong)}"


def form_values(edge: Transition, chance: random.Random, workspace: Workspace) -> Mapping[str, Any]:
    """Return random values for the form of a transition; some are wrong."""
    if edge.form is None:
        return {}
    today = workspace.run(SYSTEM, lambda tx: tx.today, read_only=True)
    return model_values(edge.form, chance, today)


def model_values(model: type[BaseModel], chance: random.Random, today: date) -> dict[str, Any]:
    """Return random values for the fields of a model; some are wrong."""
    return {
        name: _value(info, chance, today)
        for name, info in model.model_fields.items()
        if chance.random() < (0.9 if info.is_required() else 0.4)
    }


def _value(info: FieldInfo, chance: random.Random, today: date) -> Any:
    return _of(info.annotation, chance, today)


def _of(kind: Any, chance: random.Random, today: date) -> Any:
    origin = typing.get_origin(kind)
    if origin is typing.Annotated:
        return _of(typing.get_args(kind)[0], chance, today)
    if origin in (typing.Union, types.UnionType):
        return _of(chance.choice(typing.get_args(kind)), chance, today)
    if origin is typing.Literal:
        return chance.choice(typing.get_args(kind))
    if origin in (dict, Mapping):
        return {}
    if origin in (list, tuple, set, frozenset):
        return [_of(typing.get_args(kind)[0], chance, today) for _ in range(chance.randint(0, 2))]
    return _plain(kind, chance, today)


def _plain(kind: Any, chance: random.Random, today: date) -> Any:
    if isinstance(kind, type) and issubclass(kind, Enum):
        return chance.choice(list(kind)).value
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return {name: _value(info, chance, today) for name, info in kind.model_fields.items()}
    makers: Mapping[Any, Callable[[], Any]] = {
        bool: lambda: chance.random() < 0.5,
        int: lambda: chance.randint(0, 6),
        float: lambda: chance.random() * 5,
        date: lambda: (today + timedelta(days=chance.randint(-20, 60))).isoformat(),
        str: lambda: chance.choice(("", "a word", "some words that say enough")),
    }
    return makers[kind]() if kind in makers else None
