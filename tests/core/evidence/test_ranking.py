"""Ranking: arrays and one by one say what fit() says, ties and gaps included."""

from __future__ import annotations

import random
from array import array
from dataclasses import dataclass
from datetime import date
from math import isnan, nan
from typing import Any

import pytest

from talenthub.evidence.fit import fit
from talenthub.evidence.ledger import record
from talenthub.evidence.levels import Levels, levels_of
from talenthub.evidence.ranking import best_fits, best_one_by_one
from talenthub.evidence.ranking_arrays import best_of_arrays
from talenthub.evidence.settings import EvidenceSettings
from talenthub.evidence.standing import Standing, standings

CODES = tuple(f"C{number}" for number in range(9))


@dataclass(frozen=True)
class Asked:
    competency: str
    level: int
    critical: bool
    essential: bool = True


def make(
    seed: int, people: int, roles: int, *, coarse: bool, gaps: float
) -> tuple[dict[str, list[Asked]], Levels]:
    """Return roles and people; coarse levels make many ties."""
    draw = random.Random(seed)

    def level() -> float:
        if draw.random() < gaps:
            return nan
        return float(draw.randint(0, 5)) if coarse else round(draw.uniform(0, 5), 9)

    columns = {code: array("d", [level() for _ in range(people)]) for code in CODES[:-1]}
    wanted = {
        f"role {number}": [
            Asked(code, draw.randint(0, 5), draw.random() < 0.2)
            for code in draw.sample(CODES, draw.randint(1, len(CODES)))
        ]
        for number in range(roles)
    }
    return wanted, Levels([3 * place + 7 for place in range(people)], columns)


def by_hand(demands: list[Asked], levels: Levels, most: int, least: float) -> list[tuple[int, float, float]]:
    """Return the ranking that fit() gives, person by person."""
    found = []
    for place, person in enumerate(levels.people):
        known = {
            code: Standing(column[place], 1.0, False, 1, date(2027, 1, 1))
            for code, column in levels.columns.items()
            if not isnan(column[place])
        }
        made = fit(demands, known)
        if made.value is not None and made.coverage >= least:
            found.append((person, made.value, made.coverage))
    return sorted(found, key=lambda each: (-each[1], each[0]))[:most]


@pytest.mark.parametrize("coarse", [True, False])
@pytest.mark.parametrize(
    ("people", "gaps", "least"), [(0, 0.2, 0.0), (5, 0.2, 0.0), (400, 0.15, 0.6), (400, 0.0, 0.0)]
)
def test_both_ways_say_what_fit_says(
    coarse: bool, people: int, gaps: float, least: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("talenthub.evidence.ranking_arrays.BLOCK", 64)
    roles, levels = make(people, people, 12, coarse=coarse, gaps=gaps)
    expected = {role: by_hand(demands, levels, 20, least) for role, demands in roles.items()}
    for way in (best_one_by_one, best_of_arrays):
        found = way(roles, levels, 20, least)
        said = {
            role: [(each.person, each.fit, each.coverage) for each in some] for role, some in found.items()
        }
        assert said == expected, way.__name__


def test_without_numpy_the_plain_way_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    roles, levels = make(1, 30, 3, coarse=True, gaps=0.1)
    with_arrays = best_fits(roles, levels)
    monkeypatch.setattr("talenthub.evidence.ranking.find_spec", lambda _name: None)
    assert best_fits(roles, levels) == with_arrays


def test_columns_are_the_standings_of_today(world: Any, entry: Any) -> None:
    settings = EvidenceSettings()
    with world.begin() as tx:
        rows = [
            entry(person=2, ladder="3"),
            entry(person=2, ladder="1", source="peers", observed_on=date(2025, 11, 1)),
            entry(person=4, competency="TRU", ladder="5/2", purpose="appraisal"),
            entry(person=5, ladder="4", purpose="succession"),
        ]
        record(tx, rows, settings)
        found = levels_of(tx, [5, 2, 4, 3], "core", "development", settings)
        known = standings(tx, [2, 3, 4, 5], "core", "development", settings)
    assert list(found.people) == [2, 3, 4, 5]
    told = {
        (person, code): column[place]
        for code, column in found.columns.items()
        for place, person in enumerate(found.people)
        if not isnan(column[place])
    }
    assert told == {key: each.value for key, each in known.items()}
    assert set(told) == {(2, "COM"), (4, "TRU")}, "what was given for succession is not for development"
