"""Walks: cases are opened and moved at random, so that guards and effects run."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy.exc import IntegrityError

from talenthub.conformance.finding import Level, doubt
from talenthub.errors import PluginError, Problem, TalentError
from talenthub.host import Installed
from talenthub.testing.golden import GoldenHouse
from talenthub.testing.golden_recording import walked
from talenthub.workflow.catalogue import Loaded

WALKS = 3
"""Walks of each version of each workflow, a case each."""


def problems(plugin: Installed) -> Iterator[tuple[Level, Problem]]:
    """Yield each part of a workflow that goes wrong as its cases move.

    Chance also makes data that the plugin itself never would: so it is a doubt.
    """
    with tempfile.TemporaryDirectory(prefix="talenthub-check-") as folder:
        house = GoldenHouse(Path(folder) / "house", [plugin.name])
        try:
            wrong = [
                each
                for loaded in house.loaded()
                if loaded.plugin == plugin.name
                for each in _met(house, loaded)
            ]
        finally:
            house.close()
    # The same fault met on several walks is told once.
    told = {(each.text, each.place): each for each in reversed(wrong)}
    for each in reversed(told.values()):
        yield doubt(
            f"as cases moved at random, {each.text}",
            place=each.place,
            found=each.found,
            mend="have the model refuse such a value, or the guard answer it with refuse(…)",
            code="plugin.walk",
        )


def _met(house: GoldenHouse, loaded: Loaded) -> Iterator[Problem]:
    for seed in range(WALKS):
        try:
            walked(house, loaded, seed)
        except PluginError as error:
            yield from error.problems
        except (TalentError, IntegrityError):
            continue  # chance found nothing that its cases can be opened with
