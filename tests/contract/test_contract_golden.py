"""Golden histories: released workflows do for ever what they did."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from talenthub.hooks import GROUP
from talenthub.host import installed
from talenthub.testing.golden import Golden, GoldenHouse, replayed
from talenthub.workflow.catalogue import Catalogue

HERE = Path(__file__).parent / "golden"
FILES = sorted(each.name for each in HERE.glob("*.json"))
PLUGINS = ("recruitment", "onboarding", "performance", "career", "succession", "consultation")
MEND = "python tests/contract/record_golden.py"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GoldenHouse]:
    """Return the house of all histories: each leaves nothing behind."""
    made = GoldenHouse(tmp_path_factory.mktemp("golden") / "house", PLUGINS)
    yield made
    made.close()


def golden(name: str) -> Golden:
    """Return a recorded history."""
    read: Golden = json.loads((HERE / name).read_text(encoding="utf-8"))
    return read


def test_every_version_that_is_shipped_has_its_history(house: GoldenHouse) -> None:
    shipped = {f"{each.workflow.name}-v{each.workflow.version}.json" for each in house.loaded()}
    assert shipped - set(FILES) == set(), f"record it: {MEND}"
    assert {each.split(".")[0] for each in FILES} == set(PLUGINS) <= set(installed()), GROUP


@pytest.mark.parametrize("name", FILES)
def test_a_released_version_does_what_it_did(name: str, house: GoldenHouse) -> None:
    assert replayed(house, golden(name)) == []


def test_a_history_tells_enough_to_notice_a_change() -> None:
    every = [golden(each) for each in FILES]
    assert all(each["steps"] for each in every)
    assert sum(len({step["step"] for step in each["steps"]}) for each in every) > 80
    assert sum(len(each["told"]["tasks"]) for each in every) > 40


@pytest.fixture
def changed(house: GoldenHouse, monkeypatch: pytest.MonkeyPatch):
    """Return what has one workflow of the house declared otherwise."""

    def change(name: str, **values: object) -> None:
        loaded = [
            replace(each, workflow=replace(each.workflow, **values)) if each.workflow.name == name else each
            for each in house.loaded()
        ]
        monkeypatch.setitem(house.workspace.__dict__, "catalogue", Catalogue(loaded))

    return change


def test_a_changed_declaration_needs_a_new_version(house: GoldenHouse, changed) -> None:
    changed("onboarding.task", title="Chore")
    (told,) = replayed(house, golden("onboarding.task-v1.json"))
    assert told == (
        "onboarding.task version 1 is declared otherwise than it was released: give it a new version"
    )


def test_a_released_version_may_not_disappear(house: GoldenHouse, changed) -> None:
    changed("onboarding.task", version=2)
    (told,) = replayed(house, golden("onboarding.task-v1.json"))
    assert "onboarding.task version 1 is gone: keep a released version" in told


def test_other_code_behind_the_same_declaration_is_noticed(house: GoldenHouse, changed) -> None:
    workflow = next(each.workflow for each in house.loaded() if each.workflow.name == "onboarding.task")
    silent = [
        replace(each, effects=[replace(effect, produce=lambda _context: ()) for effect in each.effects])
        for each in workflow.transitions
    ]
    changed("onboarding.task", transitions=silent)
    told = replayed(house, golden("onboarding.task-v1.json"))
    assert any("onboarding.task version 1, events: it was" in each for each in told), told


def test_a_history_is_the_same_each_time_and_leaves_nothing(house: GoldenHouse) -> None:
    history = golden("recruitment.scorecard-v1.json")
    first, second = house.played(copy.deepcopy(history)), house.played(history)
    assert first == second
    with house.scene({}) as scene:
        assert scene.tx.connection.exec_driver_sql("SELECT count(*) FROM workflow_case").scalar() == 0
