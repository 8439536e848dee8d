"""Raters: LC5, floors, and what no figure is made of."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from talenthub_recruitment.monitoring.raters import halo, severities
from talenthub_recruitment.monitoring.reliability import accord, alpha, intraclass

LC5 = ("3.1", "2.9", "3.2", "3.0", "3.3", "2.8", "3.9")


def of(*means: str, number: int = 9) -> dict[str, tuple[int, Fraction]]:
    return {f"r{place}": (number, Fraction(mean)) for place, mean in enumerate(means)}


def test_lc5_flags_the_one_lenient_rater() -> None:
    found = {each.rater: each for each in severities(of(*LC5))}
    assert [each.rater for each in found.values() if each.flagged] == ["r6"]
    lenient = found["r6"]
    assert lenient.z == Fraction("2.698")
    assert lenient.difference == Fraction("0.8")
    assert lenient.words == "more lenient than the others"


def test_a_small_difference_is_not_flagged_however_far_the_z() -> None:
    tight = severities(of("3.00", "3.01", "3.02", "3.01", "3.40"))
    assert tight[-1].z is not None
    assert tight[-1].z > 5
    assert not any(each.flagged for each in tight)
    exactly = severities(of("3.0", "3.1", "2.9", "3.0", "3.5"))[-1]
    assert (exactly.difference, exactly.flagged) == (Fraction(1, 2), True)


def test_who_rated_fewer_than_five_is_left_out_altogether() -> None:
    means = of("3", "3.1", "2.9")
    with_few = means | {"few": (4, Fraction(5))}
    assert severities(with_few) == severities(means)
    assert severities({"few": (4, Fraction(5))}) == []


def test_without_spread_there_is_no_z() -> None:
    found = severities(of("3", "3", "3", "5"))
    assert [each.z for each in found] == [None] * 4
    assert not any(each.flagged for each in found)


def test_a_halo_is_one_number_for_everything() -> None:
    same = [[rating] * 4 for rating in (1, 2, 3, 4, 5, 3)]
    found = halo(same)
    assert (found.number, found.within) == (6, 0)
    assert found.correlation == pytest.approx(1)
    assert halo(same[:4]).correlation is None
    assert halo([[3] * 4] * 6).correlation is None
    gaps = [[1, 2, None], [2, None, None], [3, 2, 4], [4, 5, 1], [5, 1, 2], [2, 3, 3]]
    assert halo(gaps).number == 5


def test_figures_that_ratings_do_not_define_are_none() -> None:
    nothing = intraclass([])
    assert (nothing.targets, nothing.icc_1, nothing.icc_2_1) == (0, None, None)
    flat = intraclass([[3, 3, 3], [3, 3, 3]])
    assert (flat.icc_1, flat.icc_2_1, flat.icc_2_k, flat.icc_3_1) == (None,) * 4
    assert alpha([[3, 3], [3, 3]]) is None
    assert alpha([[3], [4], []]) is None
    single = accord([[3], [None, 4]])
    assert (single.pairs, single.exact, single.within_one, single.r_wg) == (0, None, None, None)
    with pytest.raises(ValueError, match="ordinal"):
        alpha([[1, 2]], "ratio")


def test_perfect_agreement_is_one() -> None:
    table = [[1, 1, 1], [3, 3, 3], [5, 5, 5]]
    found = intraclass(table)
    assert (found.icc_1, found.icc_2_1, found.icc_2_k, found.icc_3_1) == (1, 1, 1, 1)
    assert [alpha(table, level) for level in ("nominal", "ordinal", "interval")] == [1, 1, 1]
    assert accord(table).exact == accord(table).r_wg == 1


tables = st.integers(2, 4).flatmap(
    lambda raters: st.lists(
        st.lists(st.one_of(st.none(), st.integers(1, 5)), min_size=raters, max_size=raters),
        min_size=2,
        max_size=8,
    )
)


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(tables, st.randoms(use_true_random=False))
def test_neither_the_order_of_people_nor_of_raters_matters(
    table: list[list[int | None]], chance: object
) -> None:
    def figures(rows: list[list[int | None]]) -> tuple[object, ...]:
        levels = ("nominal", "ordinal", "interval")
        return intraclass(rows), accord(rows), *(alpha(rows, level) for level in levels)

    before = figures(table)
    order = list(range(len(table[0])))
    chance.shuffle(order)  # type: ignore[attr-defined]
    shuffled = [[row[place] for place in order] for row in table]
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert figures(shuffled) == before
