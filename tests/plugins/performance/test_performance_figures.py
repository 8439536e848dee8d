"""Figures of reviews and sessions: exact cuts, small groups, leniency, days."""

from __future__ import annotations

import itertools
import random
import statistics
from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from talenthub.sdk import Answers, shown_groups
from talenthub_performance.cases import Measure, Objective, Review
from talenthub_performance.figures import figures_of, groups_of, mean_of, reached, surprise
from talenthub_performance.leniency import leniency
from talenthub_performance.settings import PerformanceSettings

SETTINGS = PerformanceSettings()
FIRST, LAST = date(2026, 3, 2), date(2027, 2, 26)
CODES = ("CIT", "TRU", "COM", "INI", "COL", "JDG", "DEL", "DEV")


def measures(*codes: str) -> tuple[Measure, ...]:
    return tuple(Measure(competency=code, required=2, lowest=1, highest=5) for code in codes)


def review(**data: Any) -> Review:
    return Review(role="clerk", first=FIRST, last=LAST, **data)


def test_the_performance_of_the_story_is_exact() -> None:
    ratings = dict(zip(CODES, (3, 3, 2, 3, 3, 4, 3, 3), strict=True))
    objectives = (
        Objective(key="a", title="letters", weight="4/5"),
        Objective(key="b", title="files", weight="1/5"),
    )
    data = review(measures=measures(*CODES), ratings=ratings, objectives=objectives, results={"a": 3, "b": 4})
    found = figures_of(data, SETTINGS)
    assert (found.what, found.how, found.performance) == (Fraction(16, 5), 3, Fraction(31, 10))
    assert surprise(found.performance, ["2.7", "2.9"]) == Fraction(3, 10)


def test_what_is_missing_is_not_assessed_and_never_zero() -> None:
    data = review(measures=measures("CIT", "TRU"), ratings={"CIT": 4, "TRU": None})
    found = figures_of(data, SETTINGS)
    assert (found.how, found.what, found.performance) == (4, None, None)
    assert (found.assessed, found.asked) == (1, 2)
    assert mean_of(measures("CIT"), {}) is None
    halves = (Objective(key="a", title="one", weight="1/2"), Objective(key="b", title="two", weight="1/2"))
    assert reached(halves, {"a": 5}) == 5


@pytest.mark.parametrize(("share", "expected"), [("0", 3), ("1", 4), ("0.3", Fraction(33, 10))])
def test_the_share_is_the_organisations(share: str, expected: Fraction) -> None:
    settings = PerformanceSettings(objectives_share=share)  # type: ignore[arg-type]
    one = (Objective(key="a", title="one"),)
    data = review(measures=measures("CIT"), ratings={"CIT": 3}, objectives=one, results={"a": 4})
    assert figures_of(data, settings).performance == expected


@pytest.mark.parametrize(
    ("start", "target", "current", "way"),
    [
        ("40", "20", "25", Fraction(3, 4)),
        ("40", "20", "50", Fraction(-1, 2)),
        ("0", "3", "1", Fraction(1, 3)),
        ("60", "90", "120", 2),
        ("5", "5", "5", None),
        (None, "5", "1", None),
    ],
)
def test_progress_is_honest_in_both_directions(start: Any, target: Any, current: Any, way: Any) -> None:
    each = Objective(key="a", title="one", start=start, target=target, current=current)
    assert each.progress == way


def test_leniency_of_the_specification() -> None:
    means = ["3.1", "2.9", "3.2", "3.0", "3.3", "2.8", "3.9"]
    found = leniency({number: [Fraction(each)] * 5 for number, each in enumerate(means)}, SETTINGS)
    assert [each.manager for each in found if each.flagged] == [6]
    assert float(found[0].z or 0) == pytest.approx(2.698, abs=5e-4)
    assert found[0].apart == Fraction(4, 5)


def test_few_ratees_are_not_compared_and_a_close_one_is_not_flagged() -> None:
    assert leniency({1: [Fraction(5)] * 4}, SETTINGS) == []
    close = {number: [Fraction(3)] * 5 for number in range(6)} | {9: [Fraction("3.4")] * 5}
    assert not any(each.flagged for each in leniency(close, SETTINGS))
    far = {number: [Fraction(3)] * 5 for number in range(6)} | {9: [Fraction(4)] * 5}
    assert [each.manager for each in leniency(far, SETTINGS) if each.flagged] == [9]


def test_the_planted_lenient_manager_is_found_among_honest_ones() -> None:
    found = false = 0
    for seed in range(20):
        chance = random.Random(seed)
        means: dict[int, list[Fraction]] = {}
        for manager in range(126):
            leaning = 1.2 if manager == 0 else chance.gauss(0, 0.3)
            means[manager] = [
                Fraction(
                    sum(min(5, max(1, round(3 + skill + leaning + chance.gauss(0, 0.5)))) for _ in CODES),
                    len(CODES),
                )
                for skill in (chance.gauss(0, 0.4) for _ in range(9))
            ]
        flagged = {each.manager for each in leniency(means, SETTINGS) if each.flagged}
        found += 0 in flagged
        false += len(flagged - {0})
    assert found >= 19
    assert false / 20 <= 3


def test_leniency_agrees_with_another_calculation() -> None:
    chance = random.Random(8)
    means = {number: [Fraction(chance.randint(8, 40), 8) for _ in range(6)] for number in range(30)}
    flat = {number: statistics.fmean(map(float, each)) for number, each in means.items()}
    middle = statistics.median(flat.values())
    spread = statistics.median(abs(each - middle) for each in flat.values())
    for each in leniency(means, SETTINGS):
        assert float(each.z or 0) == pytest.approx(0.6745 * (flat[each.manager] - middle) / spread)


# --- groups --------------------------------------------------------------------------------------

LC4 = [
    ({"peers": 4, "reports": 2}, {"others": 6}, {"peers": 4}),
    ({"peers": 3, "reports": 1, "customers": 5}, {"customers": 5, "others": 4}, {"peers": 3, "customers": 5}),
    ({"peers": 2, "reports": 2}, {"others": 4}, {}),
    ({"peers": 1, "reports": 1}, {}, {}),
]


def opened(sizes: dict[str, int], policy: str) -> list[Answers]:
    shown = shown_groups(sizes, minimum=3, policy=policy)
    return [
        Answers(name, sum(sizes[each] for each in members), ({"ratings": {"COM": 3}},) * sum(
            sizes[each] for each in members))
        for name, members in shown.items()
    ]  # fmt: skip


@pytest.mark.parametrize(("sizes", "merged", "omitted"), LC4)
def test_small_groups_are_pooled_or_left_out(sizes: Any, merged: Any, omitted: Any) -> None:
    for policy, expected in (("merge", merged), ("omit", omitted)):
        found = groups_of(opened(sizes, policy), {name: many + 1 for name, many in sizes.items()}, 3)
        assert {each.name: each.answered for each in found} == expected
        for each in found:
            assert each.answered <= each.asked
            assert each.means == {"COM": "3"}


def test_a_competency_that_too_few_of_a_group_rated_is_not_shown() -> None:
    for rated in range(5):
        payloads = tuple({"ratings": {"COM": 2, **({"TRU": 5} if n < rated else {})}} for n in range(5))
        found = groups_of([Answers("peers", 5, payloads)], {"peers": 5}, 3)
        assert ("TRU" in found[0].means) is (rated >= 3)
        assert found[0].counts.get("TRU", 3) >= 3


def test_no_shown_group_or_difference_of_shown_groups_is_small() -> None:
    names = ("peers", "reports", "customers")
    for sizes, policy in itertools.product(itertools.product(range(6), repeat=3), ("merge", "omit")):
        given = dict(zip(names, sizes, strict=True))
        shown = shown_groups(given, minimum=3, policy=policy)
        counted = [sum(given[each] for each in members) for members in shown.values()]
        assert all(each >= 3 for each in counted)
        used = [each for members in shown.values() for each in members]
        assert len(used) == len(set(used)), "groups that overlap could be subtracted"
