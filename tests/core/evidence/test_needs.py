"""What there is to learn: people-gaps × strategy weight, nothing of too few."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from talenthub.cli.gap.plan import plan_of
from talenthub.evidence import needs
from talenthub.evidence.figures import Figure
from talenthub.evidence.gap import Gaps
from talenthub.evidence.needs import covered, training_needs
from talenthub.evidence.settings import EvidenceSettings
from talenthub.evidence.viewing import GroupView
from talenthub.framework.model import LearningItem

GAPS = {"COM": (140, "0.9"), "INI": (95, "0.4"), "DEV": (62, "0.5"), "CIT": (88, None), "DEL": (35, "1")}
"""People-gaps and strategy weight of each competency."""


@pytest.fixture
def plan(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return a function that lists the needs of an invented organisation."""
    made = [
        Figure(code, 300, 300, 0.4, {"none": 300 - many, "minor": many - 5, "large": 5})
        for code, (many, _) in GAPS.items()
    ]
    made.append(Figure("TRU", 4, None, None, {}))
    view = GroupView("Organisation", 300, tuple(made), Gaps(None, "development", {}, (), (), ()), {})  # type: ignore[arg-type]
    items = [
        LearningItem(code="COM-1", competency="COM", kind=kind, title=kind)
        for kind in ("formal", "formal", "people")
    ]
    weights = {code: Fraction(weight) for code, (_, weight) in GAPS.items() if weight}
    monkeypatch.setattr(needs, "view_organisation", lambda *_, **__: view)
    monkeypatch.setattr(needs, "learning_items", lambda *_: tuple(items))
    monkeypatch.setattr(needs, "strategy_weights", lambda *_: {**weights, "TRU": Fraction(1)})
    return lambda framework="hpsa-core": training_needs(
        None,
        framework,
        None,
        "development",
        EvidenceSettings(),  # type: ignore[arg-type]
    )


def test_what_matters_and_is_lacking_comes_first(plan: Any) -> None:
    found = plan()
    by_hand = sorted(
        (code for code, (_, weight) in GAPS.items() if weight),
        key=lambda code: -GAPS[code][0] * float(GAPS[code][1] or 0),
    )
    assert [each.figure.competency for each in found] == [*by_hand, "CIT", "TRU"]
    assert found[0].priority == Fraction(9, 10) * 140
    assert found[0].share == Fraction(140, 420)
    assert (found[-1].people_gaps, found[-1].share, found[-1].priority) == (None, None, None), "too few"


def test_a_programme_covers_its_share_of_people_gaps(plan: Any) -> None:
    found = plan()
    assert float(covered(found, ["COM", "INI", "DEV", "COM"]) or 0) == pytest.approx(297 / 420)
    assert covered(found[-1:], ["TRU"]) is None


def test_rows_count_what_the_catalogue_has_and_are_drawn(plan: Any) -> None:
    made = plan_of("What there is to learn", plan(), people=False)
    first = made.rows[0]
    assert (first["competency"], first["people"], first["people_gaps"]) == ("COM", 300, 140)
    assert (first["learning"], first["formal_items"], first["assignment_items"]) == (3, 2, 0)
    picture = made.picture()
    assert picture is not None
    assert "3 to learn from" in picture.svg()
