"""Measures: how a role's competencies are rated, and what a rating is worth."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from talenthub.framework.formats.yaml import read_file
from talenthub.framework.lookup import profile
from talenthub.workflow.carried import Measure
from talenthub.workflow.exact import shown
from talenthub.workflow.measuring import measured

HARBOURLINE = Path(__file__).parents[3] / "config" / "harbourline" / "framework.yaml"


class Worded(Measure):
    """A measure that keeps its words, as those of plugins do."""

    title: str
    text: str
    essential: bool


@pytest.mark.parametrize(
    ("mode", "rating", "on_ladder", "points"),
    [
        ("relative", 4, Fraction(5, 2), Fraction(4)),
        ("relative", Fraction(7, 3), Fraction(5, 3), Fraction(7, 3)),
        ("level", 3, Fraction(3), Fraction(5)),
        ("level", 1, Fraction(1), Fraction(1)),
    ],
)
def test_a_rating_is_worth_what_its_mode_says(
    mode: str, rating: int | Fraction, on_ladder: Fraction, points: Fraction
) -> None:
    measure = Measure.model_validate(
        {"competency": "COM", "required": 2, "lowest": 1, "highest": 5, "mode": mode}
    )
    assert (measure.ladder(rating), measure.as_points(rating)) == (on_ladder, points)


def test_a_role_is_measured_by_the_words_of_its_framework() -> None:
    content = read_file(HARBOURLINE).content
    found = profile(content, "case-officer")
    codes = [each.competency for each in found.requirements]
    plain = measured(Measure, content, found)
    assert [each.competency for each in plain] == codes
    for each in plain:
        words = found.anchors[each.competency].at
        assert (each.required, each.descriptor) == (found.requirement(each.competency).level, words.hash)
        assert each.allowed == (1, 2, 3, 4, 5)
    worded = measured(Worded, content, found, codes[1:2])
    assert [(each.competency, bool(each.title and each.text)) for each in worded] == [(codes[1], True)]
    assert worded[0].essential is found.requirement(codes[1]).essential


@pytest.mark.parametrize(
    ("number", "text"), [(Fraction(31, 10), "3.100"), (Fraction(2), "2"), (Fraction(0), "0"), (None, "-")]
)
def test_a_figure_is_shown_to_three_decimals(number: Fraction | None, text: str) -> None:
    assert shown(number) == text
