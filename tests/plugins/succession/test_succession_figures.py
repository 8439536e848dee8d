"""The largest matching, the settings, and the words for a level."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from decimal import Decimal
from itertools import product
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from pydantic import ValidationError

from talenthub_succession.drawing import ladder
from talenthub_succession.growing import placement_of
from talenthub_succession.matching import largest_matching
from talenthub_succession.settings import NOT_READY, SuccessionSettings


def by_trying(ready: dict[str, list[str]]) -> int:
    """Return the most posts that can be filled, by trying every choice."""
    best = 0
    for choice in product(*([None, *people] for people in ready.values())):
        taken = [each for each in choice if each is not None]
        if len(taken) == len(set(taken)):
            best = max(best, len(taken))
    return best


@pytest.mark.parametrize("seed", range(60))
def test_no_other_filling_is_larger(seed: int) -> None:
    draw = random.Random(seed)
    people = [f"p{number}" for number in range(draw.randint(1, 5))]
    ready = {
        f"post {number}": draw.sample(people, draw.randint(0, len(people)))
        for number in range(draw.randint(0, 6))
    }
    filled = largest_matching(ready)
    assert len(filled) == by_trying(ready)
    assert len(set(filled.values())) == len(filled), "nobody twice"
    assert all(person in ready[post] for post, person in filled.items())
    assert largest_matching(ready) == filled, "the same question, the same answer"


def test_a_long_chain_is_no_deep_recursion() -> None:
    many = 3000
    ready = {number: [number, number + 1] for number in range(many)}
    ready[many] = [0]
    assert len(largest_matching(ready)) == many + 1


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"cuts": [3]}, "cuts rise"),
        ({"cuts": [3, 2]}, "cuts rise"),
        ({"tolerance": {"default": 1}}, "critical"),
        ({"band": [{"name": "soon", "strength": 1, "months": 1, "potential": "XL"}]}, "XL"),
        ({"band": [{"name": NOT_READY, "strength": 1, "months": 1}]}, "name of its own"),
        ({"bands": []}, "bands"),
    ],
)
def test_settings_that_make_no_sense_are_refused(wrong: dict[str, Any], says: str) -> None:
    with pytest.raises(ValidationError, match=says):
        SuccessionSettings.model_validate(wrong)


def test_a_tolerance_and_a_band_more_are_configuration() -> None:
    settings = SuccessionSettings.model_validate(
        {
            "tolerance": {"default": 0.5, "critical": 0.25, "DEV": 1.5},
            "band": [{"name": "soon", "strength": 0.8, "months": 6, "performance": "H"}],
        }
    )
    assert settings.tolerated("DEV", critical=True) == Decimal("1.5")
    assert settings.tolerated("COM", critical=True) == Decimal("0.25")
    assert settings.words == ("soon", NOT_READY)


@pytest.mark.parametrize(
    ("said", "level"),
    [("h", "H"), ("2.5", "M"), ("2.499", "L"), ("3.5", "H"), ("7/2", "H"), ("high", None), (None, None)],
)
def test_a_figure_on_a_cut_is_the_higher_level(said: str | None, level: str | None) -> None:
    assert SuccessionSettings().level_of(said) == level


class OtherStage:
    """An engine with placements of another plugin, as far as they are in sight."""

    def __init__(self, *data: Any) -> None:
        self.catalogue = SimpleNamespace(running=lambda *_: None)
        late = datetime(2027, 10, 14, 23, 30, tzinfo=UTC)
        self.cases = [
            SimpleNamespace(
                ref=f"PLC-{number}", data=each, closed_at=None, is_open=True, outcome=None, entered_at=late
            )
            for number, each in enumerate(data, 1)
        ]

    def of_workflow(self, _tx: Any, name: str, *, subject: int) -> list[Any]:
        assert (name, subject) == ("career.placement", 7)
        return self.cases


def test_a_placement_is_read_where_one_is_in_sight(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("talenthub_succession.growing.settings_for", lambda *_: SuccessionSettings())
    case: Any = SimpleNamespace(subject=7)
    old, hidden = {"performance": "3.1", "potential": "3.4"}, None
    new = SimpleNamespace(performance="3663/1000", potential="3.891")
    unplaced = SimpleNamespace(performance=None, potential=None)
    lisbon: Any = SimpleNamespace(zone=ZoneInfo("Europe/Lisbon"))
    found = placement_of(OtherStage(old, new, unplaced, hidden), lisbon, case)  # type: ignore[arg-type]
    assert (found["performance"], found["potential"]) == ("3663/1000", "3.891")
    assert found["performance_source"] == "PLC-2 of 2027-10-15"
    assert placement_of(OtherStage(hidden), lisbon, case) == {}  # type: ignore[arg-type]


def test_who_is_not_assessed_yet_stands_on_no_step() -> None:
    rows = [{"person": "amara.okoye", "target": "desk", "readiness": None}]
    assert "not assessed yet" in ladder(rows, ("ready now",)).svg()
