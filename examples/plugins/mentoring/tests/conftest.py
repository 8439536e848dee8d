"""Worlds with mentoring enabled, and a programme that is ready to match."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from talenthub.testing import World

pytest_plugins = ["talenthub.testing"]

OFFICER = "noor.haddad"


@pytest.fixture(scope="session")
def enabled_plugins() -> Sequence[str]:
    """Return the plugins that a world of these tests has."""
    return ["mentoring"]


@pytest.fixture
def programme(world: World) -> World:
    """Return a world with the programme MPR-1, two mentors and a mentee."""
    # Here, so that pytest itself imports it first and its assertions explain themselves.
    from talenthub.testing import give_standing

    give_standing(world, "jonas.weber", {"CIT": 2, "TRU": 1, "COM": 0})
    give_standing(world, "lin.zhao", {"TRU": 3, "COM": 1})
    give_standing(world, "kofi.mensah", {"TRU": 2, "COM": "5/2"})
    world.talent("mentoring", "plan", "Writing for readers", who=OFFICER)
    for step in ("confirm", "ask_mentors"):
        world.fire(OFFICER, "MPR-1", step)
    world.talent("mentoring", "join", "MPR-1", "lin.zhao", "kofi.mensah", "--role", "mentor", who=OFFICER)
    world.fire(OFFICER, "MPR-1", "ask_mentees")
    world.talent("mentoring", "join", "MPR-1", "jonas.weber", "--role", "mentee", who=OFFICER)
    world.fire(OFFICER, "MPR-1", "match")
    return world
