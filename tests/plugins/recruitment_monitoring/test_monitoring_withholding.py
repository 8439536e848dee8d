"""Withholding: LC4, and a solver that tries to find what was withheld."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator, Mapping

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from talenthub_recruitment.monitoring.blocks import (
    LARGE,
    NOT_DECLARED,
    OTHERS,
    Block,
    block_of,
    blocks_of,
    summed,
)
from talenthub_recruitment.monitoring.tracks import BOTTOM_LINE, STEPS, End, Track, tallies
from talenthub_recruitment.monitoring.withholding import MINIMUM, is_small, merge, omit, protected

SIZES = [1, 2, 3, 4, 5, 6, 7, 8, 9, 12]


@pytest.mark.parametrize(
    ("sizes", "merged", "left"),
    [
        ({"peers": 4, "reports": 2}, {"others": 6}, {"peers": 4}),
        (
            {"peers": 3, "reports": 1, "customers": 5},
            {"customers": 5, "others": 4},
            {"peers": 3, "customers": 5},
        ),
        ({"peers": 2, "reports": 2}, {"others": 4}, {}),
        ({"peers": 1, "reports": 1}, {}, {}),
    ],
)
def test_lc4_merges_and_omits(sizes: dict[str, int], merged: dict[str, int], left: dict[str, int]) -> None:
    pooling = merge(sizes, 3)
    shown = {each: sizes[each] for each in pooling.shown}
    if pooling.pooled:
        shown["others"] = sum(sizes[each] for each in pooling.pooled)
    assert shown == merged
    assert {each: sizes[each] for each in omit(sizes, 3).shown} == left


def solutions(sizes: Mapping[str, int], undeclared: int) -> Iterator[dict[str, int]]:
    """Yield every world that looks the same from outside.

    Whoever solves knows which groups exist, which are shown and how large,
    how many people there are in all, that a pooled group has somebody in it,
    which of them are small, and that the pool took in the smallest first.
    """
    pooling = protected(sizes, undeclared)
    total = sum(sizes[each] for each in pooling.pooled) + undeclared
    largest = min((sizes[each] for each in pooling.shown), default=total)
    ranges = [
        range(1, MINIMUM) if sizes[each] < MINIMUM else range(MINIMUM, largest + 1) for each in pooling.pooled
    ]
    for guess in itertools.product(*ranges):
        rest = total - sum(guess)
        if rest == 0 or (undeclared and rest > 0):
            yield dict(zip(pooling.pooled, guess, strict=True))


@pytest.mark.parametrize("count", [1, 2, 3])
def test_no_small_group_can_be_solved_for(count: int) -> None:
    for numbers in itertools.combinations_with_replacement(SIZES, count):
        for undeclared in (0, 1, 3, 6):
            sizes = {f"g{place}": number for place, number in enumerate(numbers)}
            pooling = protected(sizes, undeclared)
            assert all(sizes[each] >= MINIMUM for each in pooling.shown)
            if not pooling.pooled:
                # Nothing small, or nothing at all is shown.
                assert not pooling.shown or set(pooling.shown) == set(sizes)
                continue
            worlds = list(solutions(sizes, undeclared))
            for each in pooling.pooled:
                if sizes[each] < MINIMUM:
                    assert len({world[each] for world in worlds}) > 1, (sizes, undeclared, each)


def test_the_plain_merge_would_have_been_solved() -> None:
    sizes = {"a": 50, "b": 4, "c": 4}
    assert set(merge(sizes).pooled) == {"b", "c"}  # 8 of two small groups: 4 and 4
    assert set(protected(sizes).pooled) == {"a", "b", "c"}
    alone = {"a": 50, "b": 5, "c": 1}
    assert set(merge(alone).pooled) == {"b", "c"}  # 6, one of them small: 5 and 1
    assert protected(alone).shown == ()


def test_people_who_declared_nothing_are_cover() -> None:
    pooling = protected({"F": 40, "M": 50, "X": 3}, undeclared=10)
    assert pooling.shown == ("F", "M")
    assert pooling.pooled == ("X",)


# --- blocks ------------------------------------------------------------------


def vacancy(chance: random.Random, groups: str, people: int) -> list[Track]:
    """Return candidates; a group that is rarer the later its letter."""
    weights = [3.0**-place for place in range(len(groups))]
    found = []
    for _ in range(people):
        group = chance.choices(groups, weights)[0]
        depth = min(chance.randrange(6), 4)
        end = End.SELECTED if depth == 4 else chance.choice([End.REJECTED] * 4 + [End.LEFT])
        found.append(Track(group if chance.random() < 0.95 else None, depth, end))
    return found


Key = tuple[int, str | None]


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("step", [BOTTOM_LINE, *STEPS])
def test_all_answers_and_all_totals_together_give_no_small_group_away(seed: int, step: str) -> None:
    chance = random.Random(seed)
    vacancies = [(number, vacancy(chance, "ABC", chance.randrange(3, 60))) for number in range(14)]
    unknown: list[Key] = [(number, group) for number, _ in vacancies for group in ("A", "B", "C", None)]
    truth: dict[Key, int] = dict.fromkeys(unknown, 0) | {
        (number, group): count
        for number, tracks in vacancies
        for tally in tallies(tracks)
        if tally.step == step
        for group, count in tally.came.items()
    }
    # What everybody may know: how many came to the step in each vacancy.
    known = [[float(key[0] == number) for key in unknown] for number, _ in vacancies]
    for chosen in _periods(blocks_of(vacancies)):
        known += _equations(chosen, step, unknown, truth)
    rank = np.linalg.matrix_rank(np.array(known))
    for place, key in enumerate(unknown):
        if key[1] is not None and is_small(truth[key]):
            alone = [float(place == each) for each in range(len(unknown))]
            assert np.linalg.matrix_rank(np.array([*known, alone])) > rank, key


def _periods(blocks: list[Block]) -> Iterator[list[Block]]:
    for start in range(len(blocks)):
        for end in range(start + 1, len(blocks) + 1):
            yield blocks[start:end]


def _equations(
    chosen: list[Block], step: str, unknown: list[Key], truth: Mapping[Key, int]
) -> list[list[float]]:
    """Return one equation for each number that an answer shows at a step."""
    (answer,) = [each for each in summed(chosen) if each.step == step]
    counted = {number for block in chosen if step in block.tallies for number in block.requisitions}
    alone = {group.name for group in answer.groups}
    found = []
    for group in answer.groups:
        names = {group.name} if group.name not in (OTHERS, NOT_DECLARED) else {"A", "B", "C", None} - alone
        row = [float(number in counted and name in names) for number, name in unknown]
        assert sum(truth[key] for key, used in zip(unknown, row, strict=True) if used) == group.number
        found.append(row)
    return found


def test_the_solver_does_solve_what_is_not_withheld() -> None:
    unknown: list[Key] = [(1, "A"), (1, "B")]
    known = [[1.0, 1.0], [1.0, 0.0]]  # the total and the larger group: 4 + 2 beside 4
    rank = np.linalg.matrix_rank(np.array(known))
    assert np.linalg.matrix_rank(np.array([*known, [0.0, 1.0]])) == rank
    assert len(unknown) == rank


def test_blocks_never_change_by_what_closes_later() -> None:
    chance = random.Random(5)
    vacancies = [(number, vacancy(chance, "AB", chance.randrange(3, 40))) for number in range(30)]
    whole = blocks_of(vacancies)
    for end in range(len(vacancies)):
        assert blocks_of(vacancies[:end]) == whole[: len(blocks_of(vacancies[:end]))]


def test_a_rare_group_is_pooled_once_it_is_under_two_percent() -> None:
    ways = [(4, End.SELECTED), (0, End.REJECTED)]
    common = [Track(group, *ways[place % 2]) for group in "AB" for place in range(150)]
    rare = [Track("C", 0, End.REJECTED)] * 3
    undeclared = [Track(None, 0, End.REJECTED)] * 9
    (block,) = blocks_of([(1, [*common, *rare, *undeclared])])
    assert block.people >= LARGE
    assert block.pooled == {"C"}
    names = {group.name: group.number for group in summed([block])[0].groups}
    assert names == {"A": 150, "B": 150, OTHERS: 12}
    assert blocks_of([(1, [*common[:100], *rare])]) == []


def test_too_few_selected_withhold_the_step() -> None:
    listed = [Track(group, 0, End.REJECTED) for group in "AB" for _ in range(10)]
    one_hired = [*listed, Track("A", 4, End.SELECTED)]
    assert block_of([], one_hired).tallies == {}
    five_hired = [*listed, *[Track(group, 4, End.SELECTED) for group in "AAABB"]]
    found = block_of([], five_hired).tallies
    # The bottom line is shown; steps that fewer than five of a group came to are not.
    assert set(found) == {BOTTOM_LINE}
    many = [*listed, *[Track(group, 4, End.SELECTED) for group in "AB" * 6]]
    assert set(block_of([], many).tallies) == {BOTTOM_LINE, *STEPS}


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.sampled_from("AABBC"), min_size=0, max_size=40), st.randoms(use_true_random=False))
def test_rows_may_come_in_any_order(letters: list[str], chance: object) -> None:
    listed = [
        Track(each, place % 5, End.SELECTED if place % 5 == 4 else End.REJECTED)
        for place, each in enumerate(letters)
    ]
    before = summed([block_of([1], listed)])
    chance.shuffle(listed)  # type: ignore[attr-defined]
    assert summed([block_of([1], listed)]) == before
