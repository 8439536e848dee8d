"""Golden histories: released workflows do for ever what they did."""

from __future__ import annotations

import copy
import json
from dataclasses import replace
from pathlib import Path

import pytest

from talenthub.hooks import GROUP
from talenthub.host import installed
from talenthub.testing.golden import Golden, GoldenHouse, replayed
from talenthub.testing.golden_reaching import steps_taken
from talenthub.workflow.catalogue import Catalogue

HERE = Path(__file__).parent / "golden"
FILES = sorted(each.name for each in HERE.glob("*.json"))
PLUGINS = ("recruitment", "onboarding", "performance", "career", "succession", "consultation")
STEPS = sorted(each.name for each in (HERE / "steps").glob("*.json"))
MEND = "python tests/contract/record_golden.py"

OUT_OF_REACH = {
    "recruitment.selection": (
        "reactivate request_reinstatement share sign_reinstatement start_assessing",
        "they need applications and requisitions beside the selection",
    ),
    "recruitment.application": (
        "collect hire rank record_consensus",
        "they follow from scorecards that were filled in and locked",
    ),
    "recruitment.appeal": (
        "uphold uphold_partly",
        "what is upheld must be a step that its application took",
    ),
    "onboarding.plan": (
        "check drop_end start",
        "they ask for checks, talks and feedback of the weeks before",
    ),
    "performance.cycle": (
        "ask_pulse",
        "it asks about conversations that were held in the cycle",
    ),
    "performance.review": (
        "look_after pass_up reveal take_answers",
        "they ask for statements, answers and missed conversations of the review",
    ),
    "performance.statement": (
        "excuse",
        "only a statement that a round asked for is excused",
    ),
    "performance.calibration": (
        "approve change propose_close start",
        "it needs reviews whose ratings are in",
    ),
    "career.placement": (
        "calibrate place prepare reveal",
        "they ask for what two raters have locked",
    ),
    "career.assessment": (
        "rate",
        "its items are those of the placement that asks",
    ),
    "career.plan": (
        "ask_colleagues choose halve map measure miss rank reassess see settle take_pulse track",
        "each phase asks for what the phases before it have written",
    ),
    "career.rating": (
        "rate",
        "its items are those of the plan that asks",
    ),
    "career.move": (
        "agree decline",
        "it needs a vacant post and the standings for it",
    ),
    "succession.post": (
        "designate review",
        "they ask for a bench whose nominations are open",
    ),
    "succession.nomination": (
        "approve call_board check discuss reject rescore revalidate",
        "they ask for a board, its votes and the ratings of who is named",
    ),
    "consultation.review": (
        "adjust ask_again decide submit",
        "they ask for a draft, its rounds and the votes on it",
    ),
    "consultation.ballot": (
        "vote",
        "what is voted on are items of the draft in consultation",
    ),
}
"""Steps for which one line of cases is not enough, and why; the tests of the plugins and
the scenarios take them."""


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


def of_steps(name: str) -> dict[str, Golden]:
    """Return the histories of single steps, each from the state that it leaves."""
    file = HERE / "steps" / name
    read = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {"histories": {}}
    head = {key: value for key, value in read.items() if key != "histories"}
    return {step: head | history for step, history in read["histories"].items()}


def test_every_step_of_every_version_stands_in_a_history(house: GoldenHouse) -> None:
    missing = {}
    for each in house.loaded():
        name = f"{each.workflow.name}-v{each.workflow.version}.json"
        steps = {transition.name for transition in each.workflow.transitions}
        missing[each.workflow.name] = steps - steps_taken([golden(name), *of_steps(name).values()])
    assert {name: steps for name, steps in missing.items() if steps} == {
        name: set(steps.split()) for name, (steps, _why) in OUT_OF_REACH.items()
    }, f"record them: {MEND}"


@pytest.mark.parametrize("name", STEPS)
@pytest.mark.parametrize("dose", [1, pytest.param(None, marks=pytest.mark.storm)])
def test_each_step_does_what_it_did(name: str, dose: int | None, house: GoldenHouse) -> None:
    for step, history in list(of_steps(name).items())[:dose]:
        assert replayed(house, history) == [], step


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
