"""Handoffs are configuration: lines in a file, plugins that come and go."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

MARIA, DARIO, SAMI = "maria.costa", "dario.conti", "sami.okafor"
PANEL = ("jonas.weber", "kofi.mensah", "ana.ribeiro")
CODES = ("CIT", "TRU", "COM", "JDG", "DEL")
HIRED = ("APP-1", "APP-2", "APP-3")
RULE = """[[handoff]]
on = "recruitment.application.hire"
open = "onboarding.plan"
"""


def accept_offers(world: Any, until_assessing: Callable[..., None]) -> None:
    """Play one selection until all three have accepted an offer."""
    until_assessing(world, ["Ada One", "Ben Two", "Cleo Three"], date(2026, 2, 10), positions=3)
    file = Path(world.folder) / "scores.csv"
    with file.open("w", encoding="utf-8", newline="") as out:
        rows = csv.writer(out)
        rows.writerow(("application", "assessor", "competency", "rating"))
        rows.writerows((ref, who, code, 3) for ref in HIRED for who in PANEL for code in CODES)
    world.talent("recruitment", "score", "--file", str(file), "--lock", who=MARIA)
    for ref in HIRED:
        world.talent("recruitment", "decide", ref, who=DARIO)
    world.steps((DARIO, "SEL-1", "start_moderation"), (MARIA, "SEL-1", "decide"))
    for ref in HIRED:
        world.talent("recruitment", "offer", ref, who=MARIA)
    world.steps(*((MARIA, ref, "accept") for ref in HIRED))
    world.tick(date(2026, 3, 2))


def hire(world: Any, ref: str) -> None:
    world.talent("recruitment", "hire", ref, who=MARIA)
    assert world.figures("show", ref, who=MARIA)["state"] == "hired"


def waiting(world: Any) -> list[str]:
    """Return the applications whose handoff waits, as the doctor says."""
    told = world.talent("doctor", who=SAMI).out
    return [ref for ref in HIRED if f"{ref} waits" in told]


def plans(world: Any) -> list[str]:
    found = world.figures("onboarding", "board", who=MARIA)["items"]
    return sorted(each["person"] for each in found)


def turn(world: Any, word: str) -> None:
    world.talent("plugin", word, "onboarding", who=SAMI)
    for _ in range(2):
        world.talent("tick", who=SAMI)


@pytest.mark.timeout(300)
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_handoffs_follow_the_configuration(kind: str, make_world: Any, until_assessing: Any) -> None:
    world = make_world(kind)
    accept_offers(world, until_assessing)

    hire(world, "APP-1")
    turn(world, "enable")
    assert plans(world) == ["ada.one"]

    turn(world, "disable")
    hire(world, "APP-2")
    assert waiting(world) == ["APP-2"]
    assert world.ask("onboarding", "board", who=MARIA).code == 2
    funnel = world.figures("recruitment", "funnel", "SEL-1", who=MARIA)["items"]
    assert {each["state"]: each["count"] for each in funnel}["hired"] == 2
    assert "planned" in world.talent("show", "ONB-1", who="noor.haddad").out  # parked, and readable

    turn(world, "enable")
    assert plans(world) == ["ada.one", "ben.two"]
    assert world.figures("onboarding", "plan", "ONB-2", who=MARIA)["items"]

    file = Path(world.folder) / "talenthub.toml"
    text = file.read_text(encoding="utf-8")
    assert RULE in text
    file.write_text(text.replace(RULE, ""), encoding="utf-8")
    hire(world, "APP-3")
    turn(world, "enable")
    assert waiting(world) == []
    assert plans(world) == ["ada.one", "ben.two"]
    world.talent("db", "check", who=SAMI)
