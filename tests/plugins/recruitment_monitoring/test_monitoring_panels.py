"""Figures of raters come from revealed ratings, and go to whom they may."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

import pytest

from talenthub.sdk import CaseView
from talenthub_recruitment.cases import Measure, Scorecard
from talenthub_recruitment.monitoring.panels import agreement_rows, rater_rows, revealed

NOW = datetime(2026, 2, 10, tzinfo=UTC)
MEASURES = tuple(Measure(competency=code, required=2, lowest=1, highest=5) for code in ("CIT", "TRU"))


def case(number: int, workflow: str, state: str, **more: Any) -> CaseView:
    view = CaseView(
        id=number,
        ref=f"{workflow[:3].upper()}-{number}",
        workflow=f"recruitment.{workflow}",
        workflow_version=1,
        state=state,
        version=1,
        subject=None,
        parent=None,
        framework_version=None,
        unit=None,
        about="",
        data=None,
        participants={},
        opened_at=NOW,
        entered_at=NOW,
        closed_at=None,
        outcome=None,
    )
    return replace(view, **more)


@dataclass
class Shown:
    """An engine that shows one selection to everybody."""

    selection: CaseView
    applications: dict[int, CaseView] = field(default_factory=dict)
    cards: dict[int, list[CaseView]] = field(default_factory=dict)

    def case(self, _tx: Any, _ref: str) -> CaseView:
        return self.selection

    def cases(self, _tx: Any, refs: Sequence[str]) -> dict[str, CaseView]:
        return dict.fromkeys(refs, self.selection)

    def children(self, _tx: Any, _case: int, _workflow: str) -> tuple[CaseView, ...]:
        return tuple(self.applications.values())

    def children_of(self, _tx: Any, cases: Sequence[int], _workflow: str) -> dict[int, tuple[CaseView, ...]]:
        return {each: tuple(self.cards[each]) for each in cases}


RATERS = ("jo", "kim", "lee")


@pytest.fixture
def panel(world: Any) -> Shown:
    """Return a panel of three that rated six candidates; kim is lenient."""
    for each in (*RATERS, "chair"):
        world.add(each)
    world.add("rex", "recruiter")
    ids = [world.people[each] for each in RATERS]
    shown = Shown(case(1, "selection", "assessing", participants={"chair": (world.people["chair"],)}))
    for number in range(6):
        shown.applications[10 + number] = case(10 + number, "application", "awaiting_consensus")
        shown.cards[10 + number] = [
            case(
                100 + 10 * number + place,
                "scorecard",
                "revealed",
                participants={"assessor": (rater,)},
                data=Scorecard(
                    measures=MEASURES,
                    ratings={"CIT": 2 + (number + place) % 3, "TRU": 3 + (place == 1)},
                ),
            )
            for place, rater in enumerate(ids)
        ]
    return shown


def rows(world: Any, panel: Shown, who: str, make: Any = rater_rows) -> list[dict[str, Any]]:
    with world.acting(who) as tx:
        found: list[dict[str, Any]] = make(panel, tx, ["SEL-1"])
        return found


def test_every_revealed_rating_counts(world: Any, panel: Shown) -> None:
    found = rows(world, panel, "rex")
    assert {each["rater"]: each["people"] for each in found} == dict.fromkeys(RATERS, 6)
    assert [each["rater"] for each in found if each["difference"] > 0] == ["kim"]
    assert all(each["rules"] for each in found)
    agreed = rows(world, panel, "rex", agreement_rows)
    assert [each["competency"] for each in agreed] == ["CIT", "TRU", "all"]
    assert {each["candidates"] for each in agreed} == {6}
    assert agreed[0]["r_wg"] == pytest.approx(0.5)


@pytest.mark.parametrize("state", ["assigned", "in_progress", "locked", "reopened"])
def test_an_application_with_a_scorecard_not_revealed_counts_for_nothing(
    world: Any, panel: Shown, state: str
) -> None:
    panel.cards[10][0] = replace(panel.cards[10][0], state=state)
    with world.acting("rex") as tx:
        assert {each.candidate for each in revealed(panel, tx, ["SEL-1"])} == set(range(11, 16))  # type: ignore[arg-type]
    # One more, and the panel has rated four: nothing is shown at all.
    panel.cards[11][2] = replace(panel.cards[11][2], state=state)
    assert rows(world, panel, "rex") == []
    assert rows(world, panel, "rex", agreement_rows) == []


def test_a_scorecard_out_of_sight_counts_for_nothing(world: Any, panel: Shown) -> None:
    for number in range(10, 16):
        panel.cards[number][0] = replace(panel.cards[number][0], data=None)
    assert rows(world, panel, "rex") == []


def test_an_excused_assessor_is_no_gap(world: Any, panel: Shown) -> None:
    for number in range(10, 16):
        panel.cards[number][2] = replace(panel.cards[number][2], state="excused", data=None)
    assert [each["rater"] for each in rows(world, panel, "rex")] == ["jo", "kim"]


def test_an_assessor_sees_the_own_row_only(world: Any, panel: Shown) -> None:
    assert [each["rater"] for each in rows(world, panel, "kim")] == ["kim"]
    assert [each["rater"] for each in rows(world, panel, "chair")] == list(RATERS)
    assert rows(world, panel, "mona") == []
