"""Quality of hire: Pearson with Fisher's interval, against scipy's own."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest

from talenthub_onboarding.quality import Pair, correlation, interval, quality


def pairs(count: int, seed: int = 1) -> list[Pair]:
    chance = random.Random(seed)
    return [
        Pair(f"ONB-{each}", "COM", Fraction(chance.randint(3, 15), 3), Fraction(chance.randint(1, 5)))
        for each in range(count)
    ]


def test_nine_people_are_too_few_and_ten_are_enough() -> None:
    (few,) = quality(pairs(9), 10)
    assert (few.r, few.low, few.high, few.plans) == (None, None, None, ())
    assert "9 of at least 10" in few.said
    (enough,) = quality(pairs(10), 10)
    assert enough.r is not None
    assert len(enough.plans) == 10


@pytest.mark.parametrize("seed", range(20))
def test_figures_are_those_of_scipy(seed: int) -> None:
    stats = pytest.importorskip("scipy.stats")
    given = pairs(10 + seed, seed)
    (found,) = quality(given, 10)
    asked = stats.pearsonr([float(each.interview) for each in given], [float(each.check) for each in given])
    assert found.r == pytest.approx(asked.statistic, abs=1e-12)
    low, high = asked.confidence_interval(0.95)
    assert (found.low, found.high) == pytest.approx((low, high), abs=1e-9)


def test_a_known_value_by_hand() -> None:
    points = [(Fraction(x), Fraction(y)) for x, y in ((1, 2), (2, 1), (3, 4), (4, 3), (5, 5))]
    assert correlation(points) == pytest.approx(0.8, abs=1e-15)
    low, high = interval(0.5, 28)
    assert (low, high) == pytest.approx((0.156, 0.736), abs=5e-4)


def test_a_straight_line_is_exactly_one_and_its_interval_a_point() -> None:
    line = [(Fraction(each, 3), Fraction(each, 7)) for each in range(10)]
    assert correlation(line) == 1.0
    assert correlation([(x, -y) for x, y in line]) == -1.0
    assert interval(1.0, 10) == (1.0, 1.0)


def test_without_spread_there_is_no_figure() -> None:
    alike = [Pair(f"ONB-{each}", "COM", Fraction(3), Fraction(each % 5)) for each in range(12)]
    (found,) = quality(alike, 10)
    assert (found.r, found.said) == (None, "everybody was rated alike")
