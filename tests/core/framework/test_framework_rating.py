"""From a rating to the ladder, exactly."""

from __future__ import annotations

from fractions import Fraction

import pytest

from talenthub.framework.model import RatingMode
from talenthub.framework.rating import as_relative, ladder, ladder_of_level, place, relative_view


@pytest.mark.parametrize(
    ("required", "rating", "highest", "expected"),
    [
        (2, 3, 5, Fraction(2)),
        (2, 1, 5, Fraction(1)),
        (2, 5, 5, Fraction(3)),
        (2, Fraction(11, 3), 5, Fraction(7, 3)),
        (2, Fraction(7, 3), 5, Fraction(5, 3)),
        (5, 5, 5, Fraction(5)),
        (4, 5, 4, Fraction(4)),
        (0, 1, 5, Fraction(0)),
        (1, 1, 1, Fraction(0)),
        (1, 5, 1, Fraction(1)),
        (8, 4, 8, Fraction(8)),
        (7, 4, 8, Fraction(15, 2)),
    ],
)
def test_a_relative_rating_moves_half_a_level_a_point(
    required: int, rating: int | Fraction, highest: int, expected: Fraction
) -> None:
    assert ladder(required, rating, highest) == expected


def test_means_of_a_panel_land_exactly() -> None:
    panels = {"CIT": (4, 4, 3), "TRU": (3, 3, 3), "COM": (2, 2, 3), "JDG": (3, 4, 4), "DEL": (3, 3, 3)}
    found = {code: ladder(2, Fraction(sum(each), 3), 5) for code, each in panels.items()}
    assert found == {
        "CIT": Fraction(7, 3),
        "TRU": Fraction(2),
        "COM": Fraction(5, 3),
        "JDG": Fraction(7, 3),
        "DEL": Fraction(2),
    }


@pytest.mark.parametrize(
    ("level", "required", "expected"),
    [(2, 2, 3), (3, 2, 5), (4, 2, 5), (1, 2, 1), (0, 2, 1), (Fraction(5, 2), 2, 4), (Fraction(3, 2), 2, 2)],
)
def test_a_named_level_has_a_relative_view(level: int | Fraction, required: int, expected: int) -> None:
    assert relative_view(level, required) == expected


@pytest.mark.parametrize("highest", [1, 4, 8])
def test_level_mode_is_the_level_itself(highest: int) -> None:
    assert ladder_of_level(highest, highest) == highest
    assert ladder_of_level(highest + 1, highest) == highest
    assert place(RatingMode.LEVEL, 1, highest, highest) == highest
    assert place(RatingMode.RELATIVE, 1, 3, highest) == 1


def test_both_modes_meet_at_the_requirement() -> None:
    assert as_relative(RatingMode.LEVEL, 3, 3) == as_relative(RatingMode.RELATIVE, 3, 3) == 3
