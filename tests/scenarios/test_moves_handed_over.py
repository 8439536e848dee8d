"""A move inside: from interest to an application, or to the first day there."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from talenthub.config.writing import changed
from talenthub.people.posts import add_post
from talenthub.people.units import unit
from talenthub.storage.transaction import SYSTEM

RECRUITER, MOVER, BOSS, HEAD = "maria.costa", "jonas.weber", "dario.conti", "noor.haddad"
POST = "harbour-field-inspector"


@pytest.fixture
def inside(make_world: Any) -> Any:
    """Return the demo with the three plugins that a move goes through."""
    world = make_world("sqlite")
    file = Path(world.folder) / "talenthub.toml"
    enabled = ["recruitment", "onboarding", "career"]
    file.write_text(changed(file.read_text("utf-8"), ("plugins", "enabled"), enabled), "utf-8")
    world.talent("plugin", "list", who=RECRUITER)
    world.talent("config", "check", who=RECRUITER)
    return world


def advertise(world: Any) -> None:
    """Open a selection of a team leader, up to its advert."""
    named = [word for each in ("kofi.mensah", "ana.ribeiro", "lin.zhao") for word in ("--panel", each)]
    where = ("--unit", "harbour", "--positions", "1", "--chair", BOSS, "--reason", "needed")
    world.talent("recruitment", "open", "service-team-leader", *where, *named, who=RECRUITER)
    world.steps(("tomas.lind", "REQ-1", "approve"), (RECRUITER, "REQ-1", "open"))
    world.steps(("grace.lindqvist", "SEL-1", "approve_plan"), (RECRUITER, "SEL-1", "advertise"))


def look(world: Any, role: str) -> str:
    world.talent("career", "interest", role, "--why", "a next step", who=MOVER)
    ref: str = world.figures("career", "move", "list", who=MOVER)["items"][-1]["ref"]
    world.talent("career", "move", "view", ref, who=MOVER)
    return ref


def add_seat(world: Any) -> None:
    """Add a vacant post of a field inspector to the branch."""
    with world.open() as workspace:
        workspace.run(SYSTEM, _add_seat)


def _add_seat(tx: Any) -> None:
    there = unit(tx, "harbour").id
    add_post(
        tx, POST, "Field inspector", framework_code="hpsa-core", role_code="field-inspector",
        unit_id=there, since=date(2026, 1, 1),
    )  # fmt: skip


def waiting(world: Any) -> list[str]:
    found = world.figures("doctor", who="sami.okafor")["items"]
    return [each["finding"] for each in found if each["what"] == "handoffs" and " waits: " in each["finding"]]


def test_who_applies_from_inside_has_an_application_below_the_selection(inside: Any) -> None:
    advertise(inside)
    ref = look(inside, "service-team-leader")
    for wrong in ("SEL-99", "REQ-1"):
        for words in (("career", "move", "apply", ref, "--to"), ("do", ref, "apply", "--set")):
            given = f"vacancy={wrong}" if words[0] == "do" else wrong
            told = inside.ask(*words, given, who=MOVER)
            assert (told.code, f"no open vacancy {wrong}" in told.err) == (3, True), (words, wrong)
    inside.talent("career", "move", "apply", ref, "--to", "SEL-1", who=MOVER)
    application = inside.figures("show", "APP-1", who=RECRUITER)
    assert (application["subject"], application["state"]) == (MOVER, "received")
    assert "receive" in inside.talent("log", "SEL-1", who=RECRUITER).out
    assert waiting(inside) == []

    again = look(inside, "service-team-leader")
    inside.talent("do", again, "apply", "--set", "vacancy=sel-1", who=MOVER)
    [told] = waiting(inside)
    assert told.startswith(f"{again} waits")
    assert "Each candidate is new to this vacancy" in told
    assert "APP-" not in told, "whom it is about is not everybody's"


def test_who_moves_is_brought_in_on_the_new_post(inside: Any) -> None:
    ref = look(inside, "field-inspector")
    inside.talent("career", "move", "propose", ref, who=MOVER)
    inside.talent("career", "move", "release", ref, who=BOSS)
    add_seat(inside)
    inside.talent("career", "move", "agree", ref, "--post", POST, "--from", "2026-03-02", who=HEAD)
    [plan] = inside.figures("onboarding", "board", who=HEAD)["items"]
    assert (plan["person"], plan["state"]) == (MOVER, "planned")
    assert waiting(inside) == []
