"""Pictures of the quality of hire: intervals, and nothing for the few."""

from __future__ import annotations

import math
from fractions import Fraction
from xml.etree import ElementTree

from talenthub_onboarding.drawing import quality_of_hire
from talenthub_onboarding.quality import Pair, quality, quality_rows

PANEL = (2, 3, 3, 4, 4, 5, 3, 2, 5, 4, 3, 4)
CHECK = (3, 3, 2, 4, 5, 5, 3, 2, 4, 4, 2, 5)


def pairs(code: str, many: int) -> list[Pair]:
    return [
        Pair(f"ONB-{at}", code, Fraction(panel), Fraction(check))
        for at, (panel, check) in enumerate(zip(PANEL, CHECK, strict=True))
        if at < many
    ]


def test_ten_people_have_an_interval_and_nine_have_nothing() -> None:
    rows = quality_rows(quality([*pairs("COM", 12), *pairs("TRU", 10), *pairs("CIT", 9)], 10))
    by_code = {row["competency"]: row for row in rows}
    assert by_code["CIT"]["r"] is by_code["CIT"]["low"] is None
    assert by_code["CIT"]["rows"] == []
    count, x, y = 12, PANEL, CHECK
    mean_x, mean_y = sum(x) / count, sum(y) / count
    common = sum((a - mean_x) * (b - mean_y) for a, b in zip(x, y, strict=True))
    r = common / math.sqrt(sum((a - mean_x) ** 2 for a in x) * sum((b - mean_y) ** 2 for b in y))
    half = 1.959963984540054 / math.sqrt(count - 3)
    assert abs(by_code["COM"]["r"] - r) < 1e-12
    assert abs(by_code["COM"]["low"] - math.tanh(math.atanh(r) - half)) < 1e-12
    assert abs(by_code["COM"]["high"] - math.tanh(math.atanh(r) + half)) < 1e-12


def test_the_withheld_has_no_span_and_says_how_many_there_are() -> None:
    picture = quality_of_hire(quality_rows(quality([*pairs("COM", 12), *pairs("CIT", 9)], 10)))
    spans = [
        each
        for each in ElementTree.fromstring(picture.svg()).iter("{http://www.w3.org/2000/svg}rect")
        if each.get("class") == "edge"
    ]
    assert len(spans) == 1
    assert picture.says.startswith("CIT: unknown, 9 people. COM: from 0.")
