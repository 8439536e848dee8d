"""Recording golden histories: steps at random, written down as they went."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from sqlalchemy.exc import IntegrityError

from talenthub.errors import NotPermitted, PluginError, TalentError
from talenthub.testing.filling import Filler
from talenthub.testing.golden import START, THE_SYSTEM, Golden, GoldenHouse, Scene
from talenthub.testing.golden_house import GRANTS, LINE, OTHERS, WORDS
from talenthub.workflow.cases import cases_by_id
from talenthub.workflow.catalogue import Loaded
from talenthub.workflow.context import CaseView
from talenthub.workflow.definition import Transition, Workflow
from talenthub.workflow.relations import Kind, Who

LONGEST = 8
"""Steps of one history."""

TRIES = 12
"""Forms that are tried before a step is given up."""

Given = Mapping[str, Mapping[str, Any]]
"""What cases of a workflow are opened with, where chance would not find it."""


def recorded(house: GoldenHouse, loaded: Loaded, given: Given, *, walks: int = 12) -> Golden:
    """Return the history, of some at random, with the most different steps."""
    found = (walked(house, loaded, seed, given) for seed in range(walks))
    best = max(found, key=lambda each: (len({step["step"] for step in each["steps"]}), -len(each["steps"])))
    head = {"workflow": loaded.workflow.name, "version": loaded.workflow.version, "hash": loaded.hash}
    return head | best


def walked(
    house: GoldenHouse, loaded: Loaded, seed: int, given: Given = MappingProxyType({})
) -> dict[str, Any]:
    """Open a case and move it at random; return how it went.

    PluginError where the plugin's own code goes wrong; TalentError if chance
    finds nothing that the case can be opened with.
    """
    runs_on = versions_beside(house, loaded)
    chance = random.Random(seed)
    with house.scene(runs_on) as scene:
        openings = [opened(scene, each, given, chance) for each in family_of(scene, loaded.workflow)]
        steps = list(_steps(scene, loaded.workflow, chance))
        return {"runs_on": dict(runs_on), "open": openings, "steps": steps, "told": scene.told()}


def versions_beside(house: GoldenHouse, loaded: Loaded) -> dict[str, int]:
    """Return the versions of the plugin's workflows that a history runs on."""
    own = [each.workflow for each in house.loaded() if each.plugin == loaded.plugin]
    return {each.name: each.version for each in own} | {loaded.workflow.name: loaded.workflow.version}


def family_of(scene: Scene, workflow: Workflow) -> list[Workflow]:
    """Return a workflow below those it is a child of."""
    if workflow.parent is None:
        return [workflow]
    return [*family_of(scene, scene.engine.catalogue.newest(workflow.parent).workflow), workflow]


def opened(
    scene: Scene, workflow: Workflow, given: Given, chance: random.Random, stands: str | None = None
) -> dict[str, Any]:
    """Open a case where it shall stand, with data of chance; return how."""
    last: Exception | None = None
    filler = filler_of(scene, chance)
    for _ in range(TRIES):
        made = filler.model(workflow.data) | dict(given.get(workflow.name, {}))
        opening = {
            "workflow": workflow.name,
            "subject": LINE[-1],
            "roles": {
                role: [OTHERS[place % len(OTHERS)]] for place, role in enumerate(workflow.participants)
            },
            "data": made,
            "below": workflow.parent is not None,
        }
        if stands is not None:
            opening["stands"] = stands
        try:
            with scene.tx.savepoint():
                scene.open(opening)
        except PluginError:
            raise
        except (TalentError, IntegrityError) as error:
            last = error
        else:
            return opening
    assert last is not None
    raise last


def filler_of(scene: Scene, chance: random.Random, *, is_odd: bool = False) -> Filler:
    """Return what fills in forms with words and persons of the house."""
    return Filler(chance, START.date(), WORDS, tuple(scene.people.values()), is_odd)


def _steps(scene: Scene, workflow: Workflow, chance: random.Random) -> Iterator[dict[str, Any]]:
    taken: set[str] = set()
    for number in range(1, LONGEST + 1):
        case = cases_by_id(scene.tx, [scene.cases[-1].id])[scene.cases[-1].id]
        if not case.is_open:
            return
        step = _step(scene, workflow, case, number, chance, taken)
        if step is None:
            return
        taken.add(step["step"])
        yield step


def _step(
    scene: Scene, workflow: Workflow, case: CaseView, number: int, chance: random.Random, taken: set[str]
) -> dict[str, Any] | None:
    """Take one step, a new one that goes on if there is one; None if none is possible."""
    edges = list(workflow.edges(case.state))
    chance.shuffle(edges)
    for edge in sorted(edges, key=lambda each: (each.name in taken, _ends(workflow, each))):
        for who in who_may(edge, case, scene):
            for _ in range(TRIES if edge.form is not None else 1):
                form = filler_of(scene, chance).model(edge.form) if edge.form is not None else {}
                step = {"who": who, "step": edge.name, "form": form}
                try:
                    with scene.tx.savepoint():
                        scene.fire(step, number)
                except NotPermitted:
                    break
                except PluginError:
                    raise
                except (TalentError, IntegrityError):
                    continue
                return step
    return None


def _ends(workflow: Workflow, edge: Transition) -> bool:
    return workflow.state(edge.target).outcome is not None


def who_may(edge: Transition, case: CaseView, scene: Scene) -> Sequence[str]:
    """Return who may take a step, by each of its relations."""
    return tuple(dict.fromkeys(who for each in edge.by.alternatives for who in _named(each, case, scene)))


def _named(who: Who, case: CaseView, scene: Scene) -> Iterator[str]:
    names = {number: name for name, number in scene.people.items()}
    if who.kind is Kind.SYSTEM:
        yield THE_SYSTEM
    elif who.kind is Kind.HOLDS:
        yield from (handle for handle, grant in GRANTS.items() if grant == who.name)
    elif who.kind is Kind.SUBJECT:
        yield LINE[len(LINE) - 1 - min(who.up, len(LINE) - 1)]
    elif who.up == 0:
        yield from (names[each] for each in case.people(who.name) if each in names)
