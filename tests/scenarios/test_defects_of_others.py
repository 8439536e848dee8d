"""Defects of other systems, each tried here once; the story in a line.

Tried elsewhere, or not at all, and why:

| defect | why |
|---|---|
| D6 | evidence is chained and superseded: tests/core/evidence |
| D14 | readiness is one list of bands in the settings of succession; the workflow and reports read it |
| D15 | no session waits for a rater: rounds and pulses close by a timer, HR may excuse |
| D16 | a sentence on tests, not on behaviour: this folder is the answer |
| D17 | there is no REST interface yet; commands and steps come from one registry |
"""

from __future__ import annotations

import importlib
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime
from fractions import Fraction
from typing import Any

import pytest
from pydantic import ValidationError

from talenthub.evidence.fit import score
from talenthub.host import Host
from talenthub.people.grants import give
from talenthub.people.persons import add_person
from talenthub.storage.database import Database
from talenthub.storage.transaction import SYSTEM, Actor, Transaction
from talenthub.storage.types import metadata
from talenthub.workflow.catalogue import Catalogue, Loaded
from talenthub.workflow.engine import Engine
from talenthub.workflow.sealing import shown_groups
from talenthub.workflow.tables import sealed_answer, sealed_box
from talenthub_onboarding.forms import Because
from talenthub_onboarding.settings import OnboardingSettings
from talenthub_onboarding.workflows import plan, task
from talenthub_performance.cases import Measure, Objective, Review
from talenthub_performance.figures import figures_of
from talenthub_performance.settings import PerformanceSettings

PLUGINS = ("recruitment", "onboarding", "performance", "career", "succession", "consultation")


@pytest.fixture(scope="module")
def workflows() -> dict[str, Any]:
    """Return the workflows of all built-in plugins, by name."""
    return {each.value.name: each.value for each in Host(list(PLUGINS)).workflows()}


def test_d1_missing_feedback_is_no_zero() -> None:
    """D1: feedback that was not given scored 0 and dragged the score down."""
    measures = tuple(
        Measure(competency=code, required=2, lowest=1, highest=5) for code in ("COM", "CIT", "TEA")
    )
    review = Review(
        role="clerk",
        first=date(2026, 1, 1),
        last=date(2026, 12, 31),
        measures=measures,
        ratings={"COM": 4, "CIT": 3, "TEA": None},
    )
    found = figures_of(review, PerformanceSettings())
    assert found.how == Fraction(4 + 3, 2)
    assert found.performance is None, "what was reached is unknown, not 0"
    assert (found.assessed, found.asked) == (2, 3)


def test_d2_a_cancelled_plan_keeps_its_tasks(database: Database) -> None:
    """D2: cancelling an onboarding deleted its tasks for good."""
    settings = OnboardingSettings()
    # Opened without what makes its tasks: a role would be needed for that.
    engine = Engine(
        Catalogue(
            [
                Loaded(each, "onboarding", OnboardingSettings, settings)
                for each in (replace(plan, opening=()), task)
            ]
        )
    )
    with database.begin() as connection:
        tx = engine.enter(Transaction(connection, SYSTEM, datetime(2026, 3, 2, 9, tzinfo=UTC)))
        engine.store_versions(tx)
        hr, new = (add_person(tx, each, handle=each, kind="employee").id for each in ("hr", "ada"))
        give(tx, hr, "hr_head")
        first = engine.open(
            tx, "onboarding.plan", subject=new, data={"role": "clerk", "first_day": "2026-03-20"}
        )
        data = {
            "template": "t",
            "title": "Read",
            "part": "culture",
            "owner": "hr",
            "day": 1,
            "due": "2026-03-21",
        }
        child = engine.open(tx, "onboarding.task", subject=new, data=data, parent=first.id)
        before = len(engine.log(tx, child.ref))
        engine.fire(tx.by(Actor(hr)), first.ref, "cancel", {"reason": "came never"})
        now = engine.case(tx, child.ref)
        assert (now.is_open, now.data.title) == (False, "Read")
        assert len(engine.log(tx, child.ref)) == before + 1


def test_d3_letting_a_task_go_has_a_reason_and_is_not_done() -> None:
    """D3: one button marked every task done, without a word."""
    letting_go = [each for each in task.transitions if each.name == "waive"]
    assert {each.target for each in letting_go} == {"waived"} != {"done"}
    assert all(each.form is Because for each in letting_go)
    for nothing in ({}, {"reason": ""}, {"reason": "  "}):
        with pytest.raises(ValidationError):
            Because.model_validate(nothing)


def test_d4_a_plan_ends_only_from_where_it_may(workflows: dict[str, Any]) -> None:
    """D4: a plan could be completed as a draft, or in the middle of its review."""
    confirmed = {each.source for each in plan.transitions if each.target == "confirmed"}
    assert confirmed == {"deciding"}
    review = workflows["performance.review"]
    closing = [each.source for each in review.transitions if each.target == "closed"]
    assert closing == [["released", "acknowledged"]]


@pytest.mark.parametrize("defect", ["D5", "D8"])
def test_d5_d8_what_has_ended_stays_as_it_is(workflows: dict[str, Any], defect: str) -> None:
    """D5: reopening a plan deleted its ratings. D8: any state led to any other."""
    for name, each in workflows.items():
        ended = {state.name for state in each.states if state.outcome is not None}
        edges = {
            (source, edge.target)
            for edge in each.transitions
            for source in ([edge.source] if isinstance(edge.source, str) else edge.source)
        }
        assert not ended & {source for source, _ in edges}, (defect, name)
        assert len(edges) < len(each.states) ** 2, (defect, name)


def test_d7_nobody_stands_beside_a_sealed_answer() -> None:
    """D7: an anonymous answer was stored with the number of who gave it."""
    assert set(sealed_answer.columns.keys()) == {"id", "box", "grouping", "payload"}
    assert set(sealed_box.columns.keys()) == {"token", "case_id"}


@pytest.mark.parametrize(
    ("start", "target", "now", "way"),
    [
        ("40", "20", "30", "1/2"),
        ("50", "100", "50", "0"),
        ("50", "100", "25", "-1/2"),
        ("0", "4", "5", "5/4"),
    ],
)
def test_d9_progress_counts_from_where_it_began(start: str, target: str, now: str, way: str) -> None:
    """D9: progress was current by target, whatever the start; less was never better."""
    found = Objective(key="a", title="letters", start=start, target=target, current=now)
    assert found.progress == Fraction(way)


def test_d10_nothing_that_is_referred_to_goes_with_something_else(workflows: dict[str, Any]) -> None:
    """D10: deleting a type of skill deleted people's history with it."""
    importlib.import_module("talenthub_recruitment.tables")
    assert workflows
    cascades = [
        f"{table.name}.{key.parent.name}"
        for table in metadata.sorted_tables
        for key in table.foreign_keys
        if key.ondelete or key.onupdate
    ]
    assert cascades == []


def test_d11_more_than_enough_makes_up_for_nothing() -> None:
    """D11: A at 100 and no B was a match of 100 %; both at 100, of 200 %."""
    assert score([(1, 4.0, 2), (1, 0.0, 2)]) == 50
    assert score([(1, 4.0, 2), (1, 4.0, 2)]) == 100


LOOKS = """
import sys
sys.addaudithook(lambda name, _: name in ("sqlite3.connect", "socket.connect") and sys.exit("looked"))
for name in {names!r}:
    __import__("talenthub_" + name + ".plugin")
    __import__("talenthub_" + name + ".workflows")
"""


def test_d12_an_import_asks_no_database() -> None:
    """D12: importing the models ran a query."""
    done = subprocess.run(
        [sys.executable, "-c", LOOKS.format(names=PLUGINS)], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("least", [3, 4, 7])
def test_d13_enough_is_enough(least: int) -> None:
    """D13: n signers were asked for, and n + 1 needed."""
    shown = [shown_groups({"peers": many}, minimum=least, policy="omit") for many in (least - 1, least)]
    assert [list(each) for each in shown] == [[], ["peers"]]
