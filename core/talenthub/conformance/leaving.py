"""Leaving: a plugin goes while its cases stand everywhere, and comes back."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from talenthub.conformance.finding import Level, fault
from talenthub.errors import Problem, TalentError
from talenthub.host import Installed
from talenthub.testing.golden import GoldenHouse, Scene
from talenthub.testing.golden_recording import family_of, opened, versions_beside, walked
from talenthub.workflow.cases import cases_by_id
from talenthub.workflow.catalogue import Catalogue, Loaded
from talenthub.workflow.parking import version_named
from talenthub.workflow.tables import case_event, case_task, case_timer, workflow_case
from talenthub.workflow.versions.parked import parked

TABLES = (workflow_case, case_event, case_task, case_timer)

WALKS = 2
"""Cases of each workflow that went their way before it leaves: some of them to the end."""


def gone_and_back(plugin: Installed, folder: Path) -> Iterator[tuple[Level, Problem]]:
    """Yield what cases of any state lose as it goes and returns."""
    house = GoldenHouse(folder, [plugin.name])
    try:
        for loaded in list(house.loaded()):
            if loaded.plugin == plugin.name:
                yield from _gone_and_back(house, loaded)
    finally:
        house.close()


def _gone_and_back(house: GoldenHouse, loaded: Loaded) -> Iterator[tuple[Level, Problem]]:
    histories = list(_histories(house, loaded))
    with house.scene(versions_beside(house, loaded)) as scene:
        _stand_everywhere(scene, loaded, histories)
        before = _stored(scene)
        open_ones = {row.workflow for row in before[0] if row.closed_at is None}
        gone = {each.found for each in parked(scene.tx, Catalogue([]))}
        if loaded.workflow.name in open_ones and _named(loaded) not in gone:
            yield _fault(loaded, f"nobody is told that cases of {_named(loaded)} are parked while it is away")
        if _named(loaded) in {each.found for each in parked(scene.tx, scene.engine.catalogue)}:
            yield _fault(loaded, f"cases of {_named(loaded)} stay parked though it is back")
        scene.engine.enter(scene.tx)
        cases = cases_by_id(scene.tx, [row.id for row in before[0]])
        unread = sorted(each.ref for each in cases.values() if isinstance(each.data, dict))
        if unread or _stored(scene) != before:
            yield _fault(loaded, f"cases of {_named(loaded)} are not what they were when it is back")


def _histories(house: GoldenHouse, loaded: Loaded) -> Iterator[dict[str, Any]]:
    for seed in range(WALKS):
        try:
            yield walked(house, loaded, seed)
        except (TalentError, IntegrityError):
            continue  # told by the check of walks


def _stand_everywhere(scene: Scene, loaded: Loaded, histories: list[dict[str, Any]]) -> None:
    """Open a case in each state that is none of the last ones, and play the histories."""
    for state in (each.name for each in loaded.workflow.states if each.outcome is None):
        try:
            with scene.tx.savepoint():
                for each in family_of(scene, loaded.workflow):
                    stands = state if each is loaded.workflow else None
                    opened(scene, each, {}, random.Random(state), stands)
        except (TalentError, IntegrityError):
            continue
    for history in histories:
        for opening in history["open"]:
            scene.open(opening)
        for number, step in enumerate(history["steps"], 1):
            scene.fire(step, number)


def _stored(scene: Scene) -> list[list[Any]]:
    return [list(scene.tx.rows(select(each).order_by(*each.primary_key))) for each in TABLES]


def _named(loaded: Loaded) -> str:
    return version_named(loaded.workflow.name, loaded.workflow.version)


def _fault(loaded: Loaded, said: str) -> tuple[Level, Problem]:
    return fault(said, place=loaded.workflow.declared_at, code="plugin.life")
