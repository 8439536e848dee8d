"""Agreement and bands: every cut exactly on its edge."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from itertools import product

import pytest

from talenthub.errors import ConfigurationError, UsageError
from talenthub.evidence.agreement import agreement, mean, must_discuss
from talenthub.evidence.settings import EvidenceSettings


@pytest.mark.parametrize("levels", [2, 3, 4, 5, 6, 8])
def test_all_panels_of_three_against_whole_numbers(levels):
    for panel in product(range(1, levels + 1), repeat=3):
        first, second, third = panel
        # Six times the sample variance of three whole numbers is whole.
        sixfold = (first - second) ** 2 + (second - third) ** 2 + (first - third) ** 2
        # s² = sixfold/6 and σ² = (A²−1)/12, so 1 − s²/σ² = 1 − 2·sixfold/(A²−1).
        below = levels**2 - 1
        found = agreement(panel, levels)
        assert found.mean == Fraction(first + second + third, 3)
        assert found.variance == Fraction(sixfold, 6)
        assert found.r_wg == max(Fraction(0), Fraction(below - 2 * sixfold, below))
        spread = max(panel) - min(panel)
        too_low = 10 * max(0, below - 2 * sixfold) < 7 * below
        assert must_discuss(panel, levels) == (spread >= 2 or too_low)


@pytest.mark.parametrize(
    ("panel", "average", "r_wg", "discuss"),
    [
        ((4, 4, 3), "11/3", "5/6", False),
        ((3, 3, 3), "3", "1", False),
        ((2, 2, 3), "7/3", "5/6", False),
        ((2, 4, 3), "3", "1/2", True),
        ((1, 5, 1), "7/3", "0", True),
    ],
)
def test_panels_of_the_story(panel, average, r_wg, discuss):
    found = agreement(panel)
    assert (found.mean, found.r_wg, found.must_discuss) == (Fraction(average), Fraction(r_wg), discuss)


def test_agreement_of_exactly_seventy_is_enough_and_anything_below_is_not():
    # Four raters at 3 ± a and 3 ± b: s² = 2(a² + b²)/3, and .70 needs s² = 3/5.
    def panel(a, b=Fraction(3, 10)):
        return [3 + a, 3 - a, 3 + b, 3 - b]

    on_the_cut = panel(Fraction(9, 10))
    assert agreement(on_the_cut).r_wg == Fraction(7, 10)
    assert not must_discuss(on_the_cut)
    assert must_discuss(panel(Fraction(9, 10) + Fraction(1, 10**12)))


def test_a_range_of_exactly_two_is_discussed():
    assert must_discuss([3, 3, 3, 3, 3, 3, 3, 3, 2, 4])
    assert agreement([3, 3, 3, 3, 3, 3, 3, 3, 2, 4]).r_wg > Fraction(7, 10)
    assert not must_discuss([3] * 9 + ["1.001"] + ["3"] * 30)


def test_one_rating_agrees_with_itself_and_none_is_refused():
    alone = agreement([4])
    assert (alone.variance, alone.r_wg, alone.must_discuss) == (None, None, False)
    with pytest.raises(UsageError):
        agreement([])


def test_means_are_exact_where_floats_are_not():
    ratings = [Decimal("2.9"), Decimal("3.0"), Decimal("3.1")]
    assert mean(ratings) == 3
    assert mean([0.1] * 3) == Fraction(1, 10)


def test_one_level_leaves_nothing_to_disagree_about():
    assert agreement([1, 1, 1], levels=1).r_wg == 1


@pytest.mark.parametrize(
    ("size", "band"),
    [
        (0.0, "none"),
        (0.249999999, "none"),
        (0.25, "minor"),
        (0.499999999, "minor"),
        (0.5, "material"),
        (0.999999999, "material"),
        (1.0, "large"),
        (5.0, "large"),
    ],
)
def test_a_gap_on_a_cut_belongs_to_the_upper_band(size, band):
    assert EvidenceSettings().band_of(size) == band


@pytest.mark.parametrize("cut", ["0.1", "0.3", "0.6", "0.7", "1.1"])
def test_a_cut_that_no_float_holds_exactly_is_a_cut_all_the_same(cut):
    settings = EvidenceSettings(bands={"open": cut}, strength=cut, sure_weight=cut)
    at, below = float(cut), float(cut) - 1e-9
    assert (settings.band_of(at), settings.band_of(below)) == ("open", "none")
    assert settings.is_strength(2 + at - 2)
    assert not settings.is_strength(below)
    assert (settings.is_provisional(at), settings.is_provisional(below)) == (False, True)


def test_absurd_settings_are_named_all_at_once():
    with pytest.raises(ConfigurationError) as caught:
        EvidenceSettings(
            half_life_days=0, weights={"manager": "-1", "peers": "much"}, minimum_people=2, strength="x"
        )
    assert [each.path for each in caught.value.problems] == [
        "evidence.half_life_days",
        "evidence.weights.manager",
        "evidence.weights.peers",
        "evidence.strength",
        "evidence.minimum_people",
    ]
