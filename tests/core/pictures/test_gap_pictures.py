"""The map of gaps: each unit as the command for it, nothing small worked out."""

from __future__ import annotations

import random
from datetime import date
from xml.etree import ElementTree

import pytest

from talenthub.cli.gap.rows import draw_map, draw_radar, map_rows
from talenthub.evidence.figures import Figure, counted, unit_figures, unit_map
from talenthub.evidence.gap import Gap, Gaps, Seat, Unknown
from talenthub.evidence.settings import EvidenceSettings
from talenthub.evidence.standing import Standing
from talenthub.people.units import Unit

SETTINGS = EvidenceSettings()
DAY = date(2027, 1, 4)
PATHS = {1: (1,), 2: (2, 1), 3: (3, 1), 4: (4, 1), 5: (5, 2, 1), 6: (6, 2, 1)}
CODES = ("COM", "TRU")


def organisation(seed: int) -> Gaps:
    """Return gaps of people in units of all sizes, some of them tiny."""
    chance = random.Random(seed)
    seats: dict[int, Seat] = {}
    gaps: list[Gap] = []
    unknown: list[Unknown] = []
    for unit in PATHS:
        for _ in range(chance.choice((0, 1, 3, 4, 5, 6, 9))):
            person = len(seats) + 1
            seats[person] = Seat(person, "post", "clerk", None, unit, "core", 1)
            for code in CODES:
                if chance.random() < 0.2:
                    unknown.append(Unknown(person, code, 2, True, False))
                    continue
                size = chance.choice((0.0, 0.3, 0.6, 1.2))
                standing = Standing(2 - size, 1.0, False, 2, DAY)
                band = SETTINGS.band_of(size)
                gaps.append(Gap(person, code, 2, 2 - size, size, band, True, False, standing))
    return Gaps(DAY, "development", seats, tuple(gaps), tuple(unknown), ())


@pytest.mark.parametrize("seed", range(40))
def test_the_map_shows_of_each_unit_what_its_own_figures_show(seed: int) -> None:
    gaps = organisation(seed)
    found = unit_map(counted(gaps), list(PATHS), PATHS, SETTINGS)
    assert found == {unit: unit_figures(counted(gaps), unit, PATHS, SETTINGS) for unit in PATHS}
    for code in CODES:
        # Sisters beside their whole: what is left of it is nobody, or five and more.
        shown = {
            unit: each.known
            for unit in PATHS
            for each in found[unit]
            if each.competency == code and each.known
        }
        if 1 in shown:
            left = shown[1] - sum(shown.get(unit, 0) for unit in (2, 3, 4))
            assert left == 0 or left >= SETTINGS.minimum_unit, (seed, code, shown)
        assert all(known >= SETTINGS.minimum_unit for known in shown.values())


def test_what_is_withheld_is_a_dash_in_the_picture_and_empty_in_the_rows() -> None:
    unit = Unit(2, "east", "East branch", 1, None, None)
    figures = (Figure("COM", 9, 7, 0.61, {}), Figure("TRU", 4, None, None, {}))
    rows = map_rows([(unit, figures)], SETTINGS)
    assert [(row["mean_gap"], row["known"], row["band"]) for row in rows] == [
        (0.61, 7, "material"),
        (None, None, None),
    ]
    picture = draw_map("Gaps", rows, SETTINGS)
    assert picture.says == "East branch: COM 0.61 (7 of 9), TRU withheld"
    words = [
        each.text for each in ElementTree.fromstring(picture.svg()).iter("{http://www.w3.org/2000/svg}text")
    ]
    assert {"0.61", "7 of 9", "–"} <= set(words)


def test_the_radar_is_drawn_from_its_rows() -> None:
    rows = [
        {"competency": "COM", "current": 1.463, "required": 2},
        {"competency": "TRU", "required": 2},
        {"competency": "CIT", "current": 2.5, "required": 2},
    ]
    assert draw_radar("Amara", rows).says == (
        "COM: 1.463, asked for 2. TRU: unknown, asked for 2. CIT: 2.500, asked for 2"
    )
