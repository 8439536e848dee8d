"""The figures beside scipy's and beside formulas written another way."""

from __future__ import annotations

import csv
import functools
import itertools
import math
import random
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
import scipy

from talenthub_recruitment.monitoring.fisher import two_sided
from talenthub_recruitment.monitoring.impact import Group, impacts
from talenthub_recruitment.monitoring.raters import halo, pearson, severities
from talenthub_recruitment.monitoring.reliability import accord, alpha, intraclass

TABLES = 200
BOOK = Path(__file__).parents[4] / "shared" / "data" / "people-regression-book"
LEVELS = ("nominal", "ordinal", "interval")

Table = list[list[int | None]]


def ratings(seed: int, *, gaps: bool) -> Table:
    chance = random.Random(seed)
    raters, points = chance.randint(2, 6), chance.choice([2, 4, 5, 7])
    rows: Table = []
    for _ in range(chance.randint(2, 30)):
        true = chance.randint(1, points)
        row: list[int | None] = [min(points, max(1, true + chance.randint(-1, 1))) for _ in range(raters)]
        rows.append([None if gaps and chance.random() < 0.25 else each for each in row])
    return rows


def close(ours: Fraction | float | None, theirs: float | None) -> bool:
    if ours is None or theirs is None or math.isnan(theirs):
        return (theirs is None or math.isnan(theirs)) and ours is None
    return math.isclose(float(ours), theirs, rel_tol=1e-9, abs_tol=1e-9)


def test_fisher_agrees_with_scipy_on_random_tables() -> None:
    chance = random.Random(1)
    for place in range(TABLES):
        most = chance.choice([4, 12, 60, 400])
        a, b, c, d = (chance.randint(0, most) for _ in range(4))
        if place % 5 == 0:
            c, d = b, a  # mirrored: two tables exactly as likely as each other
        theirs = scipy.stats.fisher_exact([[a, b], [c, d]]).pvalue
        assert close(two_sided((a, b), (c, d)), theirs), (a, b, c, d)


def test_fisher_of_large_tables_is_quick_and_agrees() -> None:
    assert close(two_sided((300, 700), (260, 740)), scipy.stats.fisher_exact([[300, 700], [260, 740]]).pvalue)


def anova(table: Sequence[Sequence[int | None]]) -> dict[str, float]:
    """Return the correlations from sums of squares as numpy has them."""
    whole = np.array([row for row in table if None not in row], dtype=float)
    n, k = whole.shape
    grand = whole.mean()
    rows = k * ((whole.mean(axis=1) - grand) ** 2).sum() / (n - 1)
    columns = n * ((whole.mean(axis=0) - grand) ** 2).sum() / (k - 1)
    left = whole - whole.mean(axis=1, keepdims=True) - whole.mean(axis=0, keepdims=True) + grand
    error = (left**2).sum() / ((n - 1) * (k - 1))
    within = ((whole - whole.mean(axis=1, keepdims=True)) ** 2).sum() / (n * (k - 1))
    with np.errstate(all="ignore"):
        return {
            "icc_1": (rows - within) / (rows + (k - 1) * within),
            "icc_2_1": (rows - error) / (rows + (k - 1) * error + k * (columns - error) / n),
            "icc_2_k": (rows - error) / (rows + (columns - error) / n),
            "icc_3_1": (rows - error) / (rows + (k - 1) * error),
        }


def test_correlations_agree_with_an_analysis_of_variance() -> None:
    compared = 0
    for seed in range(TABLES):
        table = ratings(seed, gaps=False)
        if len({each for row in table for each in row}) == 1:
            continue
        ours, theirs = intraclass(table), anova(table)
        for name, value in theirs.items():
            assert close(getattr(ours, name), value), (seed, name)
        compared += 1
    assert compared > TABLES * 0.95


def test_one_way_agrees_with_scipy_where_ratings_are_missing() -> None:
    for seed in range(TABLES):
        rows = [[each for each in row if each is not None] for row in ratings(seed, gaps=True)]
        several = [row for row in rows if len(row) > 1]
        if len(several) < 2 or not any(np.var(row) for row in several):
            continue
        sizes = [len(row) for row in several]
        k = (sum(sizes) - sum(each**2 for each in sizes) / sum(sizes)) / (len(several) - 1)
        f = scipy.stats.f_oneway(*several).statistic
        assert close(intraclass(ratings(seed, gaps=True)).icc_1, (f - 1) / (f + k - 1)), seed


def test_the_two_way_forms_use_the_rows_without_a_gap() -> None:
    for seed in range(TABLES):
        table = ratings(seed, gaps=True)
        whole = [row for row in table if None not in row]
        ours, theirs = intraclass(table), intraclass(whole)
        if len(whole) > 1:
            names = ("icc_2_1", "icc_2_k", "icc_3_1", "complete")
            assert [getattr(ours, each) for each in names] == [getattr(theirs, each) for each in names]
        else:
            assert ours.icc_2_1 is None


def slow_alpha(table: Table, level: str) -> float | None:
    """Return alpha as the mean of distances over all pairs, one by one."""
    rows = [[each for each in row if each is not None] for row in table]
    rows = [row for row in rows if len(row) > 1]
    values = [each for row in rows for each in row]

    @functools.cache
    def distance(one: int, other: int) -> float:
        if level == "nominal":
            return float(one != other)
        if level == "interval":
            return float(one - other) ** 2
        low, high = min(one, other), max(one, other)
        between = sum(low <= each <= high for each in values)
        return (between - (values.count(one) + values.count(other)) / 2) ** 2 if one != other else 0.0

    size = len(values)
    expected = sum(distance(*pair) for pair in itertools.permutations(values, 2)) / (size * (size - 1) or 1)
    if not expected:
        return None
    inside = [
        sum(distance(*pair) for pair in itertools.permutations(row, 2)) / (len(row) - 1) for row in rows
    ]
    return 1 - sum(inside) / size / expected


@pytest.mark.parametrize("level", LEVELS)
def test_alpha_agrees_with_counting_pairs_one_by_one(level: str) -> None:
    for seed in range(TABLES):
        table = ratings(seed, gaps=seed % 2 == 0)
        assert close(alpha(table, level), slow_alpha(table, level)), (seed, level)


def test_alpha_of_krippendorffs_own_example() -> None:
    # Four observers, twelve units, five values, gaps (Krippendorff, 2011).
    observers = [
        [1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None],
        [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3],
        [None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None],
        [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None],
    ]
    table = [list(row) for row in zip(*observers, strict=True)]
    found = {level: round(float(alpha(table, level) or 0), 3) for level in LEVELS}
    assert found == {"nominal": 0.743, "ordinal": 0.815, "interval": 0.849}


def test_the_six_by_four_table_of_shrout_and_fleiss() -> None:
    table = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]
    found = intraclass(table)
    rounded = [
        round(float(each or 0), 2) for each in (found.icc_1, found.icc_2_1, found.icc_2_k, found.icc_3_1)
    ]
    assert rounded == [0.17, 0.29, 0.62, 0.71]


def test_correlation_and_robust_z_agree_with_scipy() -> None:
    for seed in range(TABLES):
        table = ratings(seed, gaps=False)
        if len(table) < 5:
            continue
        one, other = [row[0] for row in table], [row[1] for row in table]
        spread = len(set(one)) > 1 and len(set(other)) > 1
        theirs = scipy.stats.pearsonr(one, other).statistic if spread else None
        assert close(pearson(one, other), theirs), seed
        means = {f"r{place}": (5, Fraction(sum(row), len(row))) for place, row in enumerate(table)}  # type: ignore[arg-type]
        values = [float(mean) for _, mean in means.values()]
        mad = scipy.stats.median_abs_deviation(values)
        for found, value in zip(severities(means), values, strict=True):
            z = 0.6745 * (value - np.median(values)) / mad if mad > 1e-12 else None
            assert close(found.z, z), seed


def test_halo_agrees_with_numpy() -> None:
    for seed in range(TABLES):
        table = ratings(seed, gaps=False)
        found, whole = halo(table), np.array(table, dtype=float)
        if len(table) < 5:
            assert found.correlation is None
            continue
        pairs = [
            np.corrcoef(whole[:, a], whole[:, b])[0, 1]
            for a, b in itertools.combinations(range(whole.shape[1]), 2)
            if whole[:, a].std() and whole[:, b].std()
        ]
        assert close(found.correlation, float(np.mean(pairs)) if pairs else None), seed
        assert close(found.within, float(whole.var(axis=1, ddof=1).mean())), seed


def test_agreement_agrees_with_counting() -> None:
    for seed in range(TABLES):
        table = ratings(seed, gaps=True)
        found = accord(table, 7)
        apart = [
            abs(one - other)
            for row in table
            for one, other in itertools.combinations([each for each in row if each is not None], 2)
        ]
        assert found.pairs == len(apart)
        if apart:
            assert found.exact == Fraction(apart.count(0), len(apart))
            assert close(found.within_one, float(np.mean(np.array(apart) <= 1)))
        several = [[each for each in row if each is not None] for row in table]
        single = [max(0.0, 1 - np.var(row, ddof=1) / 4) for row in several if len(row) > 1]  # (7² − 1)/12
        assert close(found.r_wg, float(np.mean(single)) if single else None), seed


def recruiting() -> list[dict[str, str]]:
    file = BOOK / "recruiting.csv"
    if not file.exists():
        pytest.skip("the recruiting table of the regression book is not beside this repository")
    with file.open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened))


def test_the_recruiting_table_of_966_candidates() -> None:
    rows = recruiting()
    assert len(rows) == 966
    table: Table = [[int(row[name]) for name in ("int1", "int2", "int3")] for row in rows]
    ours, theirs = intraclass(table), anova(table)
    for name, value in theirs.items():
        assert close(getattr(ours, name), value), name
    assert round(float(ours.icc_2_1 or 0), 4) == 0.1118
    found = accord(table)
    assert round(float(found.within_one or 0), 4) == 0.9275
    assert close(
        found.exact, float(np.mean([a == b for row in table for a, b in itertools.combinations(row, 2)]))
    )
    assert close(found.r_wg, float(np.mean([max(0.0, 1 - np.var(row, ddof=1) / 2) for row in table])))
    # One by one the pairs are too many: from the counts of values instead.
    counts = np.unique(np.array(table), return_counts=True)
    for level, distances in (("nominal", lambda a, b: a != b), ("interval", lambda a, b: (a - b) ** 2)):
        expected = sum(
            x * y * distances(a, b)
            for (a, x), (b, y) in itertools.product(zip(*counts, strict=True), repeat=2)
        ) / (2898 * 2897)
        observed = np.mean([distances(a, b) for row in table for a, b in itertools.permutations(row, 2)])
        assert close(alpha(table, level), float(1 - observed / expected)), level
    totals = {int(value): int(number) for value, number in zip(*counts, strict=True)}
    ranks = {value: sum(n for v, n in totals.items() if v < value) + totals[value] / 2 for value in totals}
    as_ranks = [[ranks[each] for each in row if each is not None] for row in table]
    # The ordinal distance is the interval distance of mean ranks.
    exact = [[Fraction(each) for each in row] for row in as_ranks]
    assert close(alpha(table, "ordinal"), float(alpha(exact, "interval") or 0))


def test_the_recruiting_tables_impact() -> None:
    rows = recruiting()
    counted = {
        sex: (
            sum(row["gender"] == sex for row in rows),
            sum(row["gender"] == sex and row["hired"] == "1" for row in rows),
        )
        for sex in ("F", "M")
    }
    assert counted == {"F": (494, 78), "M": (472, 108)}
    found = next(
        each
        for each in impacts([Group(sex, *numbers) for sex, numbers in counted.items()])
        if each.group.name == "F"
    )
    theirs = scipy.stats.fisher_exact([[78, 494 - 78], [108, 472 - 108]]).pvalue
    assert close(found.p, theirs)
    assert found.ratio == Fraction(78, 494) / Fraction(108, 472)
    assert found.flag == "flagged, statistically firm"


def test_the_interviewers_of_the_recruiting_table() -> None:
    rows = recruiting()
    means = {
        name: (len(rows), Fraction(sum(int(row[name]) for row in rows), len(rows)))
        for name in ("int1", "int2", "int3")
    }
    values = [float(mean) for _, mean in means.values()]
    mad = scipy.stats.median_abs_deviation(values)
    for found, value in zip(severities(means), values, strict=True):
        assert close(found.z, 0.6745 * (value - float(np.median(values))) / mad)
        assert not found.flagged
