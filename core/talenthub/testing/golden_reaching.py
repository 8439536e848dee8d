"""Reaching: a history for each transition that random steps never came to."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy.exc import IntegrityError

from talenthub.errors import NotPermitted, TalentError
from talenthub.testing.golden import Golden, GoldenHouse, Scene
from talenthub.testing.golden_recording import (
    Given,
    family_of,
    filler_of,
    opened,
    versions_beside,
    who_may,
)
from talenthub.workflow.cases import cases_by_id
from talenthub.workflow.catalogue import Loaded
from talenthub.workflow.definition import Transition, Workflow

Likely = Callable[[Mapping[str, int]], Mapping[str, Sequence[Any]]]
"""Returns values that fields of a name most likely take, of these people."""

SEEDS = 20
"""How often a case is opened anew before a transition is given up."""

TRIES = 4
"""Forms that are tried in each state by each person who may."""

LATER = (20, 100, 250)
"""Days after which a step is tried once more: some wait for their day."""


def reached(
    house: GoldenHouse, loaded: Loaded, given: Given, likely: Likely, step: str
) -> dict[str, Any] | None:
    """Return a history that takes one step, or None if none was found."""
    edges = [each for each in loaded.workflow.transitions if each.name == step]
    starts = [(edge, state) for edge in edges for state in edge.sources]
    for seed in range(SEEDS):
        # Each start in turn: most steps are alike from all of them.
        edge, state = starts[seed % len(starts)]
        found = _tried(house, loaded, given, likely, edge, state, random.Random(seed))
        if found is not None:
            return found
    return None


def steps_taken(histories: Sequence[Golden]) -> set[str]:
    """Return the names of the steps that histories take."""
    return {step["step"] for each in histories for step in each["steps"]}


def _tried(
    house: GoldenHouse,
    loaded: Loaded,
    given: Given,
    likely: Likely,
    edge: Transition,
    state: str,
    chance: random.Random,
) -> dict[str, Any] | None:
    with house.scene(versions_beside(house, loaded)) as scene:
        try:
            openings = list(_opened(scene, loaded.workflow, state, given, chance))
        except (TalentError, IntegrityError):
            return None
        for step in _steps(scene, edge, likely(scene.people), chance):
            try:
                with scene.tx.savepoint():
                    scene.fire(step, 1)
            except (TalentError, IntegrityError) as error:
                if isinstance(error, NotPermitted):
                    continue
            else:
                return {"open": openings, "steps": [step], "told": scene.told()}
    return None


def _opened(
    scene: Scene, workflow: Workflow, state: str, given: Given, chance: random.Random
) -> Iterator[dict[str, Any]]:
    """Open a case where it shall stand, below others that stand anywhere."""
    for each in family_of(scene, workflow):
        anywhere = [one.name for one in each.states if one.outcome is None]
        stands = state if each is workflow else chance.choice(anywhere)
        yield opened(scene, each, given, chance, stands)


def _steps(
    scene: Scene, edge: Transition, likely: Mapping[str, Sequence[Any]], chance: random.Random
) -> Iterator[dict[str, Any]]:
    number = scene.cases[-1].id
    for who in who_may(edge, cases_by_id(scene.tx, [number])[number], scene):
        for _ in range(TRIES if edge.form is not None else 1):
            form = filler_of(scene, chance).model(edge.form) if edge.form is not None else {}
            for name in edge.form.model_fields if edge.form is not None else ():
                if name in likely and chance.random() < 0.8:
                    form[name] = chance.choice(likely[name])
            step = {"who": who, "step": edge.name, "form": form}
            yield step
            yield step | {"days": chance.choice(LATER)}
