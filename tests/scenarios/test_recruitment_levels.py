"""Frameworks whose raters name levels: from the requisition to the gap.

Beside Harbourline, in one workspace: a small framework of our own in German
on both databases, and the UK GDaD framework where the test data is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from talenthub.config.writing import changed
from talenthub.errors import Refused
from talenthub.testing import World

MARIA, GRACE, DARIO, NOOR, EVA = (
    "maria.costa",
    "grace.lindqvist",
    "dario.conti",
    "noor.haddad",
    "eva.sand",
)
PANEL = ("jonas.weber", "kofi.mensah", "ana.ribeiro")
GDAD = Path(__file__).parents[2].parent / "shared" / "data" / "uk-gdad-2025-09"
APART = ((0, -1, 0), (0, 1, 0), (0, 0, 1))
"""How far each rater's level lies from the required one, by competency."""


@dataclass(frozen=True)
class Trade:
    """A role level of a framework, and what its interview rates."""

    file: Path
    framework: str
    role: str
    level: str
    rated: dict[str, int]
    """Competency to the level that the role requires."""
    label: str
    """How the kit calls the required level of the second one."""


OURS = Trade(
    Path(__file__).parent / "werkstatt" / "framework.yaml",
    "werkstatt",
    "tischler",
    "meister",
    {"hobeln": 4, "fuegen-und-leimen": 3, "zeichnen": 2},
    "Beherrscht",
)
THEIRS = Trade(
    GDAD,
    "uk-gdad",
    "data-analyst",
    "senior-data-analyst",
    {"data-visualisation": 3, "data-ethics-and-privacy": 3, "data-management": 3},
    "Practitioner",
)


def relative(level: int, required: int) -> Fraction:
    return min(Fraction(5), max(Fraction(1), Fraction(3 + 2 * (level - required))))


def mean(values: Sequence[Fraction | int]) -> Fraction:
    return sum(map(Fraction, values), Fraction(0)) / len(values)


def agreed(levels: Sequence[int]) -> Fraction:
    """Return r_wg over the four levels: a uniform panel varies by 15/12."""
    middle = mean(levels)
    varied = sum(((each - middle) ** 2 for each in levels), Fraction(0)) / (len(levels) - 1)
    return 1 - varied / Fraction(15, 12)


def publish(world: World, trade: Trade) -> None:
    world.talent("people", "grant", "give", EVA, "framework_owner", who="sami.okafor")
    world.talent("framework", "import", str(trade.file), who=NOOR)
    world.talent("framework", "publish", trade.framework, who=NOOR, code=3)  # who edited it last
    world.talent("framework", "publish", trade.framework, who=EVA)


def asked_for(world: World, trade: Trade, unit: str) -> str:
    """Open and approve a requisition, twice under one request id."""
    panel = [word for each in PANEL for word in ("--panel", each)]
    where = ("--unit", unit, "--framework", trade.framework, "--chair", DARIO, "--reason", "needed", *panel)
    again = [
        world.figures(
            *("recruitment", "open", trade.role, "--level", trade.level, *where, "--request-id", unit),
            who=MARIA,
        )["ref"]
        for _ in range(2)
    ]
    assert again[0] == again[1]
    world.steps(("tomas.lind", again[0], "approve"))
    return str(again[0])


def planned(world: World, trade: Trade) -> None:
    """Pick what is rated, because the role names no focus; read the kit."""
    refused = world.talent("do", "SEL-1", "approve_plan", who=GRACE, code=3)
    assert "the author of the plan picks them" in refused.err
    codes = [word for each in trade.rated for word in ("--competency", each.capitalize())]
    world.talent("recruitment", "plan", "SEL-1", *codes, "--reason", "the heart of it", who=MARIA)
    kit = world.talent("recruitment", "kit", "SEL-1", "--format", "md", who=DARIO).out
    assert "Name the level that you have seen" in kit
    assert f"Required level 3 {trade.label}, weight 1." in kit
    assert "Ratings of 1, 2 and 5" not in kit


def interviewed(world: World, trade: Trade) -> dict[str, tuple[int, ...]]:
    """Rate two candidates blind; the panel talks where a level lies between."""
    world.steps((GRACE, "SEL-1", "approve_plan"), (MARIA, "SEL-1", "advertise"))
    for name in ("Ada Byron", "Ada Byron", "Bo Katz"):
        words = ("recruitment", "candidate", "add", "SEL-1", name, "--request-id", name)
        world.talent(*words, who=MARIA)
    assert len(world.figures("recruitment", "candidate", "list", "SEL-1", who=MARIA)["items"]) == 2
    world.talent("recruitment", "shortlist", "SEL-1", who=MARIA)
    world.steps((MARIA, "SEL-1", "close"), (MARIA, "SEL-1", "start_assessing"))
    given = {
        code: tuple(required + each for each in apart)
        for (code, required), apart in zip(trade.rated.items(), APART, strict=True)
    }
    off = world.talent("recruitment", "score", "APP-1", *_rated({next(iter(given)): 5}), who=PANEL[0], code=3)
    assert "found 5; allowed: 1, 2, 3, 4, not observed" in off.err
    second = list(given)[1]
    mistyped = ("recruitment", "score", "APP-1", "--competency", f"{second}={trade.label[:-1]}")
    assert f"did you mean {trade.label!r}" in world.talent(*mistyped, who=PANEL[0], code=2).err
    by_name = trade.rated | {second: trade.label.upper()}
    for place, who in enumerate(PANEL):
        own = {code: levels[place] for code, levels in given.items()}
        world.talent("recruitment", "score", "APP-1", *_rated(own), "--lock", who=who)
        world.talent("recruitment", "score", "APP-2", *_rated(by_name), "--lock", who=who)
        seen = world.figures("recruitment", "compare", "SEL-1", "--rows", who=who)["items"]
        assert {row["assessor"] for row in seen} == {who}
    seen = world.figures("recruitment", "compare", "SEL-1", "--rows", who=DARIO)["items"]
    assert {row["assessor"] for row in seen} == set(PANEL)
    apart = world.talent("recruitment", "decide", "APP-1", who=DARIO, code=3).err
    for code, levels in given.items():
        told = ", ".join(map(str, levels))
        assert f"{code} {told} (range 2, r_wg {float(agreed(levels)):.3f})" in apart
    world.talent("recruitment", "discuss", "APP-1", "--note", "we talked", who=DARIO)
    for who in PANEL:
        world.talent("recruitment", "score", "APP-1", "--lock", who=who)
    return given


def _rated(levels: Mapping[str, int | str]) -> list[str]:
    return [
        word
        for code, level in levels.items()
        for word in ("--competency", f"{code.upper()}={level}", "--note", f"{code}=seen")
    ]


def decided(world: World, trade: Trade, given: dict[str, tuple[int, ...]]) -> None:
    """Hold the means against our own: on the five points, exactly."""
    world.talent("recruitment", "decide", "SEL-1", who=DARIO)
    world.steps((DARIO, "SEL-1", "start_moderation"), (GRACE, "SEL-1", "decide"))
    first, second = world.figures("recruitment", "compare", "SEL-1", who=MARIA)["items"]
    means = {
        code: mean([relative(each, trade.rated[code]) for each in levels]) for code, levels in given.items()
    }
    assert {code: Fraction(each) for code, each in first["means_exact"].items()} == means
    assert Fraction(first["overall_exact"]) == mean(list(means.values()))
    assert (first["application"], first["rank"], second["overall_exact"]) == ("APP-1", 1, "3")


def two_at_once(world: World) -> tuple[str, str]:
    """Hire both for the second requisition at once; return who was, and not."""

    def hire(ref: str) -> bool:
        with world.open() as workspace:
            actor = workspace.actor(as_handle=MARIA)
            form = {"requisition": "REQ-2"}
            try:
                workspace.run(actor, lambda tx: workspace.engine.fire(tx, ref, "hire", form))
            except Refused:
                return False
        return True

    with ThreadPoolExecutor(2) as pool:
        done = dict(zip(("APP-1", "APP-2"), pool.map(hire, ("APP-1", "APP-2")), strict=True))
    assert sorted(done.values()) == [False, True]
    return (next(ref for ref in done if done[ref]), next(ref for ref in done if not done[ref]))


def hired(world: World) -> None:
    """Fill two vacancies of two units from one merit list."""
    for ref in ("APP-1", "APP-2"):
        world.talent("recruitment", "offer", ref, who=MARIA)
        world.steps((MARIA, ref, "accept"))
    unclear = world.talent("recruitment", "hire", "APP-1", who=MARIA, code=3).err
    assert "REQ-1" in unclear
    assert "--for REQ-1" in unclear
    first, second = two_at_once(world)
    assert (world.state("REQ-1"), world.state("REQ-2")) == ("open", "filled")
    world.talent("recruitment", "hire", second, who=MARIA)
    filled = {first: "REQ-2", second: "REQ-1"}
    rows = world.figures("recruitment", "compare", "SEL-1", who=MARIA)["items"]
    assert {row["application"]: row["requisition"] for row in rows} == filled
    counted = world.figures("recruitment", "funnel", "SEL-1", who=MARIA)["items"]
    told = {ref: row["requisition"] for row in counted if row["state"] == "hired" for ref in row["rows"]}
    assert told == filled
    times = world.figures("report", "run", "time-to-fill", who=MARIA)["items"]
    assert {row["requisition"]: row["rows"] for row in times} == {"REQ-1": [second], "REQ-2": [first]}
    assert [(row["positions"], row["hired"]) for row in times] == [(1, 1), (1, 1)]
    world.steps((MARIA, "SEL-1", "complete"))
    assert (world.state("REQ-1"), world.state("REQ-2")) == ("completed", "completed")


def shown_in_ledger_and_gap(world: World, trade: Trade, given: dict[str, tuple[int, ...]]) -> None:
    """Find the mean level on the ladder, and the gap to the role level."""
    rows = world.figures("evidence", "show", "ada.byron", "--rows", who=NOOR)["items"]
    ladders = {code: float(mean(levels)) for code, levels in given.items()}
    assert {row["competency"]: row["ladder"] for row in rows} == pytest.approx(ladders)
    against = ("--role", trade.role, "--level", trade.level, "--framework", trade.framework)
    gaps = world.figures("gap", "person", "ada.byron", *against, "--for", "selection", who=NOOR)["items"]
    known = {row["competency"]: row["gap"] for row in gaps if row["band"] != "unknown"}
    wanted = {code: max(0.0, trade.rated[code] - ladder) for code, ladder in ladders.items()}
    assert known == pytest.approx(wanted)
    # Harbourline stands beside it: another framework, and nothing known in it.
    there = ("--role", "case-officer", "--framework", "hpsa-core")
    other = world.figures("gap", "person", "ada.byron", *there, "--for", "selection", who=NOOR)["items"]
    assert {row["band"] for row in other} == {"unknown"}
    assert world.ask("evidence", "verify", who="sami.okafor").code == 0


def runs(world: World, trade: Trade) -> None:
    publish(world, trade)
    harbour, quay = asked_for(world, trade, "harbour"), asked_for(world, trade, "quay")
    world.steps((MARIA, harbour, "open"))
    world.talent("recruitment", "share", "SEL-1", quay, who=MARIA)
    world.talent("do", quay, "select_again", "--reason", "our own", who=MARIA, code=3)
    world.talent("do", harbour, "cancel", "--reason", "not now", who=MARIA, code=3)
    planned(world, trade)
    world.tick(date(2026, 2, 10))
    given = interviewed(world, trade)
    decided(world, trade, given)
    hired(world)
    shown_in_ledger_and_gap(world, trade, given)


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_vacancy_in_named_levels_runs_from_requisition_to_gap(make_world: Any, kind: str) -> None:
    world = make_world(kind)
    file = world.folder / "talenthub.toml"
    file.write_text(changed(file.read_text("utf-8"), ("organisation", "language"), "de"), "utf-8")
    runs(world, OURS)
    kit = world.talent("recruitment", "kit", "REQ-2", "--format", "md", who=DARIO).out
    assert "# Interview kit: Meisterin" in kit
    # No words for level 3 of joining: the kit says so, and shows those beside it.
    assert "**At the required level: beherrscht Beherrscht**\n\n- The framework has no words" in kit
    assert "Watch for: Leim quillt aus." in kit
    assert "Masters" not in kit
    handbook = world.talent("framework", "handbook", "werkstatt", who=MARIA).out
    assert "Fügt ohne Leimfuge." in handbook
    assert "Joints without a gap." not in handbook
    tree = world.talent("framework", "tree", "werkstatt", "-o", "table", who=MARIA).out
    assert "Gesellin" in tree


def test_a_framework_without_roles_gives_no_vacancy(make_world: Any, tmp_path: Path) -> None:
    world, file = make_world(), tmp_path / "roleless.yaml"
    file.write_text(
        "framework: {id: roleless, name: Clusters, version: '1', checks: lenient, rating_mode: level}\n"
        "levels: [{id: 1, name: One}]\n"
        "competencies: [{id: pace, name: Pace, levels: {1: {watch_for: Runs late.}}}]\n"
    )
    publish(world, Trade(file, "roleless", "", "", {}, ""))
    assert "Runs late." in world.talent("framework", "handbook", "roleless", who=MARIA).out
    where = ("--unit", "harbour", "--chair", DARIO, "--reason", "needed", "--framework", "roleless")
    answer = world.talent("recruitment", "open", "clerk", *where, who=MARIA, code=4)
    assert "roleless 1 has no roles, and a vacancy is for a role; found 'clerk'" in answer.err


def test_gdad_runs_from_import_to_gap(make_world: Any) -> None:
    if not GDAD.is_dir():
        pytest.skip(f"the test data {GDAD.name} is not here; it is not part of the project")
    runs(make_world(), THEIRS)
