"""Reports of performance: drawn from their rows; shares of managers by days."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from talenthub.sdk import Member
from talenthub_performance import drawing
from talenthub_performance.cases import Cycle
from talenthub_performance.checking import check
from talenthub_performance.facts import Population
from talenthub_performance.settings import PerformanceSettings
from talenthub_performance.sharing import shared_row

FIRST, LAST = date(2026, 1, 1), date(2026, 12, 31)
CYCLE = Cycle(title="2026", first=FIRST, last=LAST, framework="core")
HANDLES = {7: "kim", 8: "lee", 9: "max"}


def member(number: int, handle: str) -> Member:
    return Member(number, handle, FIRST, 1, "core", "clerk", None)


def test_who_had_several_managers_is_listed_with_the_days_of_each() -> None:
    days = {1: {7: 165, 8: 200}, 2: {7: 365}, 3: {8: 100, 9: 100}}
    members = (member(1, "ada"), member(2, "bob"), member(3, "cleo"))
    found = check("CYC-1", CYCLE, Population(members, {1: 8, 2: 7, 3: 9}, days, None), PerformanceSettings())
    rows = [shared_row(each, HANDLES) for each in found.shared]
    assert [row["what"] for row in rows] == [
        "managed by lee 200 days (55 %), kim 165 days (45 %); lee rates",
        "managed by lee 100 days (50 %), max 100 days (50 %); max rates",
    ]
    assert rows[0]["days"] == {"lee": 200, "kim": 165}


def test_nobody_who_is_left_out_is_listed() -> None:
    cycle = CYCLE.model_copy(update={"left_out": {1: "on leave"}})
    population = Population((member(1, "ada"),), {1: 8}, {1: {7: 1, 8: 2}}, None)
    assert check("CYC-1", cycle, population, PerformanceSettings()).shared == ()


def test_the_distribution_is_drawn_before_and_after() -> None:
    rows = [
        {"cycle": "CYC-1", "rating": point, "before": before, "after": after}
        for point, before, after in ((3, 5, 6), (4, 4, 3), (5, 1, 1))
    ]
    assert drawing.ratings(rows).says == (
        "3: before calibration 5, after 6. 4: before calibration 4, after 3. 5: before calibration 1, after 1"
    )


def test_the_flagged_are_named_and_the_others_are_dots() -> None:
    means = {"a.a": "3.1", "b.b": "2.9", "c.c": "3.2", "lenient.one": "3.9"}
    rows = [
        {"cycle": "CYC-1", "manager": name, "mean": Fraction(mean), "flagged": name == "lenient.one"}
        for name, mean in means.items()
    ]
    picture = drawing.leniency(rows)
    text = picture.svg()
    assert "lenient.one 3.900" in text
    assert "median 3.150" in text
    assert "a.a 3.100" not in text
    assert "lenient.one: 3.900, stands apart" in picture.says


def test_reports_without_rows_are_drawn_empty() -> None:
    assert drawing.ratings([]).svg()
    assert drawing.leniency([]).svg()
