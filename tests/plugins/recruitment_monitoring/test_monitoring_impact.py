"""Impact ratios: golden cases, edges, and what must not change them."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from talenthub_recruitment.monitoring import impact, tracks
from talenthub_recruitment.monitoring.fisher import two_sided
from talenthub_recruitment.monitoring.impact import Group, Impact, impacts
from talenthub_recruitment.monitoring.tracks import BOTTOM_LINE, End, Track, tallies


def judged(*groups: tuple[str, int, int]) -> dict[str, Impact]:
    """Return the impact of each (name, number, selected)."""
    return {each.group.name: each for each in impacts([Group(*group) for group in groups])}


def test_lc3_is_flagged_and_not_statistically_firm() -> None:
    found = judged(("F", 50, 9), ("M", 40, 12))["F"]
    assert found.ratio == Fraction(3, 5)
    assert found.p is not None
    assert round(float(found.p), 3) == 0.215
    assert found.flip == Fraction(10, 50) / Fraction(11, 40)
    assert round(float(found.flip), 3) == 0.727
    assert found.flagged
    assert found.firm is False
    assert found.flag == "flagged, not statistically firm"


def test_the_guidelines_own_example_is_one_half() -> None:
    found = judged(("white", 80, 48), ("black", 40, 12))
    assert (found["white"].group.rate, found["black"].group.rate) == (Fraction(3, 5), Fraction(3, 10))
    assert found["black"].ratio == Fraction(1, 2)
    assert found["black"].flag == "flagged, statistically firm"
    assert found["white"].flag == impact.HIGHEST


@pytest.mark.parametrize("size", [10, 15, 35, 70, 1000])
def test_exactly_four_fifths_passes(size: int) -> None:
    # 0.8 as a product of floats lies under 0.8 for some of these.
    found = judged(("a", 5 * size, 4 * size // 10 * 5), ("b", 5 * size, size // 2 * 5))["a"]
    if found.ratio == Fraction(4, 5):
        assert not found.flagged
    exact = judged(("a", 25 * size, 4 * size), ("b", 25 * size, 5 * size))["a"]
    assert exact.ratio == Fraction(4, 5)
    assert not exact.flagged
    under = judged(("a", 25 * size, 4 * size - 1), ("b", 25 * size, 5 * size))["a"]
    assert under.flagged


def test_one_person_more_would_meet_four_fifths() -> None:
    found = judged(("a", 20, 3), ("b", 20, 5))["a"]
    assert found.ratio == Fraction(3, 5)
    assert found.flip == Fraction(1)
    assert found.flag.endswith("one person more would do")


def test_edges_are_told_in_words() -> None:
    nobody = judged(("a", 0, 0), ("b", 20, 5), ("c", 20, 5))
    assert nobody["a"].flag == impact.NOBODY_CAME
    assert nobody["a"].ratio is None
    # Equal rates are both the highest, whatever their order.
    assert nobody["b"].flag == nobody["c"].flag == impact.HIGHEST
    assert judged(("a", 20, 5))["a"].flag == impact.ONE_GROUP
    assert judged(("a", 20, 0), ("b", 9, 0))["a"].flag == impact.NOBODY_SELECTED
    assert judged() == {}
    none_of_them = judged(("a", 20, 0), ("b", 20, 10))["a"]
    assert (none_of_them.ratio, none_of_them.flagged) == (0, True)


def test_a_group_under_two_percent_is_neither_judged_nor_the_measure() -> None:
    found = judged(("few", 9, 9), ("a", 300, 90), ("b", 200, 30))
    assert found["few"].flag == impact.UNDER_TWO
    assert found["few"].ratio is None
    assert found["a"].flag == impact.HIGHEST
    assert found["b"].ratio == Fraction(1, 2)
    # Exactly two percent is judged.
    assert judged(("few", 10, 9), ("a", 290, 90), ("b", 200, 30))["few"].flag == impact.HIGHEST


def test_people_who_declared_nothing_are_counted_and_not_compared() -> None:
    found = impacts([Group("a", 20, 10), Group("b", 20, 5), Group("not declared", 10, 10, judged=False)])
    assert found[2].ratio is None
    assert found[0].flag == impact.HIGHEST


groups = st.lists(
    st.tuples(st.integers(0, 60), st.integers(0, 60)).map(lambda pair: (max(pair), min(pair))),
    min_size=1,
    max_size=5,
)


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(groups, st.randoms(use_true_random=False))
def test_neither_order_nor_names_of_groups_change_a_figure(
    counts: list[tuple[int, int]], chance: object
) -> None:
    def figures(order: list[int], names: list[str]) -> list[tuple[object, ...]]:
        listed = [Group(names[place], *counts[place]) for place in order]
        found = {each.group.name: each for each in impacts(listed)}
        return [
            (each.ratio, each.p, each.flip, each.flag)
            for each in (found[names[place]] for place in range(len(counts)))
        ]

    order = list(range(len(counts)))
    before = figures(order, [f"g{place}" for place in order])
    chance.shuffle(order)  # type: ignore[attr-defined]
    assert figures(order, [f"x{9 - place}" for place in range(len(counts))]) == before


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 40), st.integers(0, 40), st.integers(0, 40), st.integers(0, 40))
def test_fisher_is_a_probability_and_symmetrical(a: int, b: int, c: int, d: int) -> None:
    p = two_sided((a, b), (c, d))
    assert 0 < p <= 1
    assert p == two_sided((c, d), (a, b)) == two_sided((b, a), (d, c)) == two_sided((a, c), (b, d))


def test_fisher_of_empty_margins_is_one_and_of_negative_counts_an_error() -> None:
    assert two_sided((0, 0), (3, 4)) == two_sided((0, 5), (0, 4)) == two_sided((0, 0), (0, 0)) == 1
    with pytest.raises(ValueError, match="negative"):
        two_sided((-1, 2), (3, 4))


def way(depth: int, end: End, group: str = "a") -> Track:
    return Track(group, depth, end)


def test_who_withdraws_is_out_of_the_step_and_of_the_bottom_line() -> None:
    listed = [
        way(4, End.SELECTED),
        way(2, End.REJECTED),
        way(1, End.LEFT),  # withdrew at the interviews
        way(0, End.REJECTED),
        way(0, End.LEFT),
        way(3, End.LEFT),  # declined the offer: was selected
        way(3, End.REJECTED),  # the offer was withdrawn
    ]
    found = {each.step: (each.came.get("a", 0), each.went_on.get("a", 0)) for each in tallies(listed)}
    assert found == {
        BOTTOM_LINE: (5, 2),
        "screening": (6, 5),
        "assessment": (4, 4),
        "offer": (4, 3),
        "hire": (2, 1),
    }


def test_who_applies_twice_counts_by_the_application_that_came_further() -> None:
    assert tracks.further((1, End.REJECTED), (2, End.LEFT)) == (2, End.LEFT)
    assert tracks.further((1, End.LEFT), (1, End.REJECTED)) == (1, End.REJECTED)
    assert tracks.further((4, End.SELECTED), (0, End.REJECTED)) == (4, End.SELECTED)
