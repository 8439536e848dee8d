"""Wandering: cases opened and moved by whatever their schemas allow.

Where a walk looks whether what is stored agrees, this looks how a step ends:
done, or refused with a reason. Anything else is a fault of who wrote the part.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from talenthub.blame import line_of, words_of
from talenthub.errors import PluginError, Problem, TalentError
from talenthub.storage.transaction import SYSTEM
from talenthub.testing.filling import Filler
from talenthub.testing.golden import START, GoldenHouse, Scene
from talenthub.testing.golden_house import LINE, OTHERS
from talenthub.testing.golden_recording import Given, family_of, filler_of, versions_beside, who_may
from talenthub.workflow.cases import cases_by_id
from talenthub.workflow.catalogue import Loaded
from talenthub.workflow.context import CaseView
from talenthub.workflow.definition import Transition, Workflow
from talenthub.workflow.judging import Asked, judge

STEPS = 8
"""Steps of one case at most."""

TRIES = 3
"""Forms that are tried on each edge by each person who may."""

LATER = (0, 0, 20, 100, 250)
"""Days that pass before a step."""


def wander(
    house: GoldenHouse, loaded: Loaded, seed: int, given: Given = MappingProxyType({})
) -> list[Problem]:
    """Return what went wrong as a case moved: a step may only be refused.

    The case begins in any state, as one does that was moved from another
    version, and carries anything that its model allows.
    """
    chance = random.Random(f"{loaded.workflow.name} {loaded.workflow.version} {seed}")
    with house.scene(versions_beside(house, loaded)) as scene:
        filler = filler_of(scene, chance, is_odd=chance.random() < 0.5)
        wrong: list[Problem] = []
        for each in family_of(scene, loaded.workflow):
            if not _open(scene, each, given, filler, wrong):
                return wrong
        for number in range(1, STEPS + 1):
            if not _moved(scene, loaded.workflow, number, filler, wrong):
                break
    return wrong


def _open(scene: Scene, workflow: Workflow, given: Given, filler: Filler, wrong: list[Problem]) -> bool:
    chance = filler.chance
    for _ in range(TRIES * 2):
        known = given.get(workflow.name, {}) if chance.random() < 0.8 else {}
        data = {**filler.model(workflow.data), **known}
        opening: dict[str, Any] = {
            "workflow": workflow.name,
            "subject": LINE[-1],
            "roles": {role: [chance.choice(OTHERS)] for role in workflow.participants},
            "data": data,
            "below": workflow.parent is not None,
        }
        if chance.random() < 0.8:
            opening["stands"] = chance.choice([each.name for each in workflow.states if not each.outcome])
        found, is_done = _ended(scene, lambda made=opening: scene.open(made))
        wrong += found
        if is_done:
            return True
    return False


def _moved(scene: Scene, workflow: Workflow, number: int, filler: Filler, wrong: list[Problem]) -> bool:
    """Ask why of every step, then take the first that can be taken."""
    (case,) = cases_by_id(scene.tx, [scene.cases[-1].id]).values()
    edges = list(workflow.edges(case.state)) if case.is_open else []
    asked = [Asked(case, each.name, None) for each in edges]
    found, _ = _ended(scene, lambda: judge(scene.tx.at(START).by(SYSTEM), scene.engine.catalogue, asked))
    wrong += found
    filler.chance.shuffle(edges)
    for step in (each for edge in edges for each in _steps(scene, edge, case, filler)):
        found, is_done = _ended(scene, lambda taken=step: scene.fire(taken, number))
        wrong += found
        if is_done:
            return True
    return False


def _steps(scene: Scene, edge: Transition, case: CaseView, filler: Filler) -> Iterator[Mapping[str, Any]]:
    for who in who_may(edge, case, scene)[:TRIES]:
        for _ in range(TRIES if edge.form is not None else 1):
            form = filler.model(edge.form) if edge.form is not None else {}
            yield {"who": who, "step": edge.name, "form": form, "days": filler.chance.choice(LATER)}


def _ended(scene: Scene, act: Any) -> tuple[list[Problem], bool]:
    """Return what went wrong where there is no reason, and whether it was done."""
    try:
        with scene.tx.savepoint():
            act()
    except PluginError as error:
        return list(error.problems), False
    except TalentError:
        return [], False
    except Exception as error:
        return [Problem(text=words_of(error), place=line_of(error), code="walk.unexpected")], False
    return [], True
