"""The figures of career against calculations of their own, without a database."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from itertools import combinations
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from talenthub.sdk import LearningItem
from talenthub_career.accepting import accept_review
from talenthub_career.mapping import best_subset, learning_map
from talenthub_career.measuring import adherence, closure, heard, light, observed_velocity, velocity
from talenthub_career.placing import agility_of, figures_of, weighted
from talenthub_career.seeing import Lack, Weights, look
from talenthub_career.settings import CareerSettings
from talenthub_career.strategies import STRATEGIES

SETTINGS = CareerSettings()
BROADEN = next(each for each in STRATEGIES if each.name == "broaden")


def item(code: str, hours: int, kind: str = "assignment", **more: Any) -> LearningItem:
    given: dict[str, Any] = {
        "competency": "COM",
        "lowest_level": 1,
        "highest_level": 3,
        "heat": 2,
        "in_flow": True,
    } | more
    return LearningItem(code=code, kind=kind, title=code, hours=Fraction(hours), **given)


@pytest.mark.parametrize(
    ("performance", "potential", "name"),
    [
        ("7/2", "7/2", "accelerate"),
        ("3499999999/1000000000", "7/2", "ignite"),
        ("5/2", "5/2", "broaden"),
        ("2499999999/1000000000", "5/2", "rebuild"),
        ("5/2", "2499999999/1000000000", "sharpen"),
        ("1", "1", "stabilise"),
        ("5", "1", "master"),
        ("7/2", "3", "extend"),
        ("1", "5", "reseat"),
    ],
)
def test_a_value_on_a_cut_is_in_the_higher_band(performance: str, potential: str, name: str) -> None:
    assert SETTINGS.strategy_of(Fraction(performance), Fraction(potential)).name == name


def test_the_figures_of_two_reviews_are_exact() -> None:
    first = figures_of(
        weighted([(Fraction(3), Fraction("0.8")), (Fraction(4), Fraction("0.2"))]),
        Fraction(3),
        agility_of([{"a": 3, "b": 3}, {"a": 3, "b": 3}]),
        4,
        61.5,
        SETTINGS,
    )
    assert (first.performance, first.potential) == (Fraction("3.1"), Fraction("3.411"))
    second = figures_of(Fraction("3.7"), Fraction(29, 8), Fraction(4), 4, 67.2, SETTINGS)
    assert second.performance == Fraction("3.6625")
    assert float(second.potential or 0) == pytest.approx(3.891, abs=5e-4)
    unknown = figures_of(Fraction(3), Fraction(3), Fraction(3), None, 61.5, SETTINGS)
    assert (unknown.performance, unknown.potential) == (Fraction(3), None)


def test_ties_go_to_the_higher_context_and_then_to_the_code() -> None:
    half, none = Weights(Fraction(1, 2), Fraction(1, 2), Fraction(1, 2)), Weights(*[Fraction(0)] * 3)
    lacks = {
        "B": Lack(Fraction(1, 2), None),
        "A": Lack(Fraction(1, 2), None),
        "C": Lack(Fraction(1, 2) + Fraction(3, 4), None),
        "D": Lack(Fraction(0), Fraction(0)),
    }
    found = look({"B": half, "A": half, "C": none, "D": half, "E": half}, lacks, SETTINGS)
    # 0.6·0.5 + 0.4·0.5 = 0.5; C has no context and at most 0.4.
    assert [each.competency for each in found] == ["A", "B", "C", "D", "E"]
    assert [each.priority for each in found] == [Fraction(1, 2), Fraction(1, 2), Fraction(2, 5), None, None]
    assert found[4].need is None, "nothing is known of it"
    assert found[3].need == 0


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(st.tuples(st.integers(1, 12), st.booleans()), max_size=8),
    st.integers(0, 40),
)
def test_the_best_subset_is_the_best_of_all(rows: list[tuple[int, bool]], most: int) -> None:
    items = [item(f"I{at}", hours, in_flow=flow) for at, (hours, flow) in enumerate(rows)]
    every = [
        chosen
        for size in range(len(items) + 1)
        for chosen in combinations(items, size)
        if sum(int(each.hours or 0) for each in chosen) <= most
    ]
    best = min(
        every,
        key=lambda chosen: (
            -sum(int(each.hours or 0) for each in chosen),
            -sum(int(each.hours or 0) for each in chosen if each.in_flow),
            len(chosen),
            sorted(each.code for each in chosen),
        ),
    )
    assert [each.code for each in best_subset(items, Fraction(most))] == [each.code for each in best]


def test_a_map_leaves_out_what_is_hot_done_unknown_or_of_another_level() -> None:
    catalogue = [
        item("A1", 40),
        item("A2", 30, heat=4),
        item("A3", 20, lowest_level=3),
        item("A4", 10, heat=None),
        item("A5", 5),
        item("P1", 8, "people"),
        item("X1", 9, competency="DEV"),
    ]
    found = learning_map(catalogue, "COM", 2, Fraction(100), BROADEN, SETTINGS, done=["A5"])
    assert [each.code for each in found.items] == ["A1", "P1"]
    assert set(found.left_out) == {"A2", "A3", "A4", "A5"}
    assert found.left_out["A3"] == "is for levels 3 to 3"
    ended = [
        item("A6", 5, highest_level=1, lowest_level=None),
        item("A7", 5, lowest_level=3, highest_level=None),
    ]
    open_ended = learning_map(ended, "COM", 2, Fraction(100), BROADEN, SETTINGS).left_out
    assert list(open_ended.values()) == ["is for levels up to 1", "is for levels from 3 on"]
    assert {each.kind: each.short for each in found.kinds} == {"assignment": 30, "people": 12, "formal": 10}
    assert found.is_thin(BROADEN, SETTINGS)


def test_cadence_pulse_closure_and_velocity() -> None:
    assert adherence(7, 182, 21) == Fraction(7, 8)
    assert adherence(0, 20, 21) is None
    assert adherence(9, 182, 21) == 1
    said = heard((1, 2, 2, 3, 0), 3)
    assert said is not None
    assert (said.mean, said.share) == (Fraction(8, 5), Fraction(4, 5))
    assert heard((3, 3), 3) is None
    assert closure(Fraction(1, 2), Fraction(1, 8)) == Fraction(3, 4)
    assert closure(Fraction(0), Fraction(0)) is None
    observed = observed_velocity(Fraction("0.5495"), 196)
    assert observed is not None
    assert float(velocity([observed], SETTINGS)) == pytest.approx(1.008, abs=5e-4)
    assert velocity([], SETTINGS) == 1
    assert observed_velocity(Fraction(1), 0) is None


@pytest.mark.parametrize(
    ("kept", "on_time", "missed", "pulse", "expected"),
    [
        (None, None, 0, None, "green"),
        ("4/5", "4/5", 1, "0", "green"),
        ("79/100", None, 0, None, "amber"),
        ("1", "1/2", 0, None, "amber"),
        ("1", "1", 2, None, "red"),
        ("1", "1", 0, "-1/5", "red"),
    ],
)
def test_the_light_of_a_plan(
    kept: str | None, on_time: str | None, missed: int, pulse: str | None, expected: str
) -> None:
    numbers = [None if each is None else Fraction(each) for each in (kept, on_time, pulse)]
    assert light(numbers[0], numbers[1], missed, numbers[2], SETTINGS) == expected


def test_a_review_hands_over_results_and_the_mean_of_its_ratings() -> None:
    data = {
        "objectives": [{"key": "a", "weight": "4/5"}, {"key": "b", "weight": "1/5"}],
        "results": {"a": 3, "b": None},
        "measures": [
            {"competency": "COM", "mode": "relative", "required": 2},
            {"competency": "DEV", "mode": "level", "required": 2},
            {"competency": "TRU", "mode": "relative", "required": 2},
        ],
        "ratings": {"COM": 2, "DEV": 3, "TRU": None},
    }
    case: Any = SimpleNamespace(data=data, about="Year 2026", ref="REV-7")
    found = accept_review(case)
    assert found["results"] == [("3", "4/5")]
    # Level 3 where 2 is asked is two points above: 5.
    assert found["competencies"] == "7/2"
    assert found["source"] == "REV-7"


@pytest.mark.parametrize(
    "given_",
    [
        {"middle": Decimal(4)},
        {"agility_weight": Decimal("0.5")},
        {"near_share": Decimal("0.3")},
        {"strategies": STRATEGIES[:8]},
        {"strategies": (*STRATEGIES, STRATEGIES[0])},
        {"without_placement": "nothing"},
        {"pulse_people": (2, 5)},
    ],
)
def test_settings_that_do_not_fit_together_are_refused(given_: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        CareerSettings(**given_)
