"""The story replayed with other ratings, weights and half-lives.

Every figure is read back through the commands and compared with one that
this test works out by itself, in exact fractions.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

import pytest

CODES = ("CIT", "TRU", "COM", "JDG", "DEL")
REQUIRED = dict.fromkeys(CODES, 2)
CRITICAL = ("TRU", "JDG")
PANEL = ("jonas.weber", "kofi.mensah", "ana.ribeiro")

Panel = Mapping[str, tuple[int, int, int]]
"""Competency to the three ratings, in the order of PANEL."""


@dataclass(frozen=True)
class Play:
    """One candidate's ratings before and after discussion."""

    before: Panel
    after: Panel
    weights: Mapping[str, Fraction]

    @property
    def apart(self) -> list[str]:
        return [code for code in CODES if must_talk(self.before[code])]

    @property
    def final(self) -> Panel:
        return {code: self.after[code] if code in self.apart else self.before[code] for code in CODES}

    @property
    def means(self) -> dict[str, Fraction]:
        return {code: Fraction(sum(ratings), 3) for code, ratings in self.final.items()}

    @property
    def overall(self) -> Fraction:
        means = self.means
        total = sum(self.weights.values(), Fraction(0))
        return sum((self.weights[code] * means[code] for code in CODES), Fraction(0)) / total

    @property
    def appointable(self) -> bool:
        return self.overall >= 3 and all(self.means[code] >= Fraction(5, 2) for code in CRITICAL)


def must_talk(ratings: Sequence[int]) -> bool:
    mean = Fraction(sum(ratings), len(ratings))
    variance = sum(((each - mean) ** 2 for each in ratings), Fraction(0)) / (len(ratings) - 1)
    return max(ratings) - min(ratings) >= 2 or 1 - variance / 2 < Fraction(7, 10)


def rung(mean: Fraction) -> Fraction:
    return max(Fraction(0), min(Fraction(5), 2 + (mean - 3) / 2))


def standing(rows: Sequence[tuple[Fraction, date]], today: date, half_life: int) -> float:
    aged = [(2.0 ** (-(today - day).days / half_life), float(value)) for value, day in rows]
    return sum(weight * value for weight, value in aged) / sum(weight for weight, _ in aged)


EQUAL = dict.fromkeys(CODES, Fraction(1))
STORY = Play(
    before={"CIT": (4, 4, 3), "TRU": (3, 3, 3), "COM": (2, 2, 3), "JDG": (3, 4, 4), "DEL": (2, 4, 3)},
    after={**dict.fromkeys(CODES, (3, 3, 3))},
    weights=EQUAL,
)
SECOND = Play(
    before={"CIT": (4, 4, 4), "TRU": (2, 2, 3), "COM": (4, 4, 3), "JDG": (4, 4, 3), "DEL": (3, 3, 4)},
    after={**dict.fromkeys(CODES, (3, 3, 3))},
    weights=EQUAL,
)
THIRD = Play(
    before={"CIT": (3, 3, 3), "TRU": (3, 3, 3), "COM": (3, 3, 2), "JDG": (3, 3, 3), "DEL": (3, 3, 3)},
    after={**dict.fromkeys(CODES, (3, 3, 3))},
    weights=EQUAL,
)


def drawn(chance: random.Random, weights: Mapping[str, Fraction], *, good: bool) -> Play:
    """Return ratings of a candidate; a good one is appointable."""
    calm = [each for each in itertools.product(range(1, 6), repeat=3) if not must_talk(each)]
    while True:
        before = {code: tuple(chance.randint(2, 5) for _ in PANEL) for code in CODES}
        after = {code: chance.choice(calm) for code in CODES}
        play = Play(before, after, weights)  # type: ignore[arg-type]
        if not good or (play.appointable and play.apart):
            return play


def score(world: Any, ref: str, who: str, ratings: Mapping[str, int]) -> None:
    words = [word for code, value in ratings.items() for word in ("--competency", f"{code}={value}")]
    notes = [word for code in ratings for word in ("--note", f"{code}=seen and written down")]
    world.talent("recruitment", "score", ref, *words, *notes, "--lock", who=who)


def assess(world: Any, ref: str, play: Play) -> None:
    """Score blind, discuss what lies apart, score again, and decide."""
    for place, who in enumerate(PANEL):
        score(world, ref, who, {code: play.before[code][place] for code in CODES})
    if play.apart:
        answer = world.talent("recruitment", "decide", ref, who="dario.conti", code=3)
        for code in CODES:
            given = f"{code} {', '.join(map(str, play.before[code]))} (range"
            assert (given in answer.err) is (code in play.apart)
        world.talent("recruitment", "discuss", ref, "--note", "we talked", who="dario.conti")
        for place, who in enumerate(PANEL):
            score(world, ref, who, {code: play.after[code][place] for code in play.apart})
    world.talent("recruitment", "decide", ref, who="dario.conti", code=0 if play.appointable else 3)


def compare_figures(world: Any, selection: str, plays: Mapping[str, Play]) -> None:
    rows = {
        row["application"]: row
        for row in world.figures("recruitment", "compare", selection, who="dario.conti")["items"]
    }
    for ref, play in plays.items():
        row = rows[ref]
        assert Fraction(row["overall_exact"]) == play.overall
        assert row["overall"] == pytest.approx(float(play.overall), abs=1e-9)
        assert {code: Fraction(mean) for code, mean in row["means_exact"].items()} == play.means
        assert row["appointable"] is play.appointable
        better = sum(other.appointable and other.overall > play.overall for other in plays.values())
        assert row["rank"] == (better + 1 if play.appointable else None)
        low = [code for code in CRITICAL if play.means[code] < Fraction(5, 2)]
        named = " ".join(row["why_not"])
        assert all(code in named for code in low)
        assert ("overall" in named) is (play.overall < 3)
    ratings = world.figures("recruitment", "compare", selection, "--rows", who="dario.conti")["items"]
    for row in ratings:
        play = plays[row["application"]]
        place = PANEL.index(row["assessor"])
        assert row["rating"] == play.final[row["competency"]][place]
        assert row["first"] == play.before[row["competency"]][place]


def hire(world: Any, number: int, ref: str, others: Mapping[str, Play], day: date) -> None:
    selection = f"SEL-{number}"
    for other, play in others.items():
        failed = [code for code in CODES if play.means[code] < 3]
        because = [word for code in failed for word in ("--because", f"{code}=not shown")]
        if failed:
            world.talent("recruitment", "reject", other, "--reason", "no", who="maria.costa", code=3)
        world.talent("recruitment", "reject", other, "--reason", "another", *because, who="maria.costa")
    world.steps(("dario.conti", selection, "start_moderation"), ("maria.costa", selection, "decide"))
    world.talent("recruitment", "offer", ref, who="maria.costa")
    world.steps(("maria.costa", ref, "accept"))
    world.tick(day)
    world.talent("recruitment", "hire", ref, who="maria.costa")


def compare_ledger(
    world: Any, played: Sequence[tuple[Play, date]], today: date, half_life: int, weight: float
) -> None:
    shown = world.figures("evidence", "show", "amara.okoye", "--framework", "hpsa-core", who="noor.haddad")[
        "items"
    ]
    found = {row["competency"]: row for row in shown}
    gaps = {
        row["competency"]: row
        for row in world.figures("gap", "person", "amara.okoye", who="noor.haddad")["items"]
    }
    for code in CODES:
        rows = [(rung(play.means[code]), day) for play, day in played]
        expected = standing(rows, today, half_life)
        assert found[code]["standing"] == pytest.approx(expected, abs=1e-9)
        aged = sum(weight * 2.0 ** (-(today - day).days / half_life) for _, day in played)
        assert found[code]["weight"] == pytest.approx(aged, abs=1e-9)
        gap = max(0.0, REQUIRED[code] - expected)
        assert gaps[code]["gap"] == pytest.approx(gap, abs=1e-9)
        band = "large" if gap >= 1 else "material" if gap >= 0.5 else "minor" if gap >= 0.25 else "none"
        assert gaps[code]["band"] == band


FIRST_DAY, SECOND_DAY = date(2026, 2, 10), date(2026, 9, 15)
KINDS = ("sqlite", pytest.param("postgresql", marks=pytest.mark.storm))
DRAWS = [
    ("sqlite", 7),
    ("postgresql", 2026),
    *(
        pytest.param(kind, seed, marks=pytest.mark.storm)
        for seed in (1, 3)
        for kind in ("sqlite", "postgresql")
    ),
]


@pytest.mark.timeout(300)
@pytest.mark.parametrize("kind", KINDS)
def test_the_story_itself(kind: str, make_world: Any, until_assessing: Any) -> None:
    world = make_world(kind)
    until_assessing(world, ["Amara Okoye", "Bram Visser", "Chloe Martin"], FIRST_DAY)
    plays = {"APP-1": STORY, "APP-2": SECOND, "APP-3": THIRD}
    for ref, play in plays.items():
        assess(world, ref, play)
    compare_figures(world, "SEL-1", plays)
    assert [str(play.overall) for play in plays.values()] == ["47/15", "17/5", "44/15"]
    hire(world, 1, "APP-1", {"APP-2": SECOND, "APP-3": THIRD}, date(2026, 3, 2))
    compare_ledger(world, [(STORY, FIRST_DAY)], date(2026, 3, 2), 180, 0.5)


@pytest.mark.timeout(300)
@pytest.mark.parametrize(("kind", "seed"), DRAWS)
def test_other_ratings_weights_and_half_lives(
    kind: str, seed: int, make_world: Any, until_assessing: Any
) -> None:
    chance = random.Random(seed)
    half_life, weight = chance.choice([30, 90, 365]), chance.choice([0.25, 0.75, 1.0])
    settings = {("evidence", "half_life_days"): half_life, ("evidence", "weights", "interview"): weight}
    world = make_world(kind, settings)
    weights = {code: Fraction(chance.randint(1, 7), chance.randint(1, 3)) for code in CODES}
    plan = {"weights": {code: str(each) for code, each in weights.items()}, "reason": "the branch's backlog"}
    until_assessing(world, ["Amara Okoye", "Bram Visser"], FIRST_DAY, plan=plan)
    plays = {"APP-1": drawn(chance, weights, good=True), "APP-2": drawn(chance, weights, good=False)}
    for ref, play in plays.items():
        assess(world, ref, play)
    compare_figures(world, "SEL-1", plays)
    hire(world, 1, "APP-1", {"APP-2": plays["APP-2"]}, date(2026, 3, 2))
    compare_ledger(world, [(plays["APP-1"], FIRST_DAY)], date(2026, 3, 2), half_life, weight)

    again = drawn(chance, EQUAL, good=True)
    until_assessing(world, ["amara.okoye"], SECOND_DAY, number=2)
    assess(world, "APP-3", again)
    hire(world, 2, "APP-3", {}, date(2026, 9, 28))
    both = [(plays["APP-1"], FIRST_DAY), (again, SECOND_DAY)]
    compare_ledger(world, both, date(2026, 9, 28), half_life, weight)
