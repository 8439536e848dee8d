"""Making a plan: days over weekends and holidays, gaps into tasks."""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest

from talenthub.sdk import Calendar, LearningItem, Workdays
from talenthub_onboarding.accepting import accept
from talenthub_onboarding.cases import Measure, Need, Plan
from talenthub_onboarding.making import Days, tasks_of
from talenthub_onboarding.settings import OnboardingSettings

FIRST = date(2026, 3, 2)
HOLIDAYS = Calendar.of([date(2026, 4, 3), date(2026, 5, 1)])
WORKDAYS = Workdays(HOLIDAYS, ZoneInfo("Europe/Lisbon"))
SETTINGS = OnboardingSettings()


def days(today: date = date(2026, 2, 1), first: date = FIRST) -> Days:
    return Days(first, today, WORKDAYS, late=3)


def test_a_due_day_is_a_working_day_and_keeps_its_promise() -> None:
    for day in range(-20, 120):
        due = days().due(day)
        meant = FIRST + timedelta(days=day)
        assert HOLIDAYS.is_working(due)
        assert due <= meant or due == FIRST
        assert not any(
            HOLIDAYS.is_working(due + timedelta(days=each)) for each in range(1, (meant - due).days + 1)
        )
    assert days().due(60) == date(2026, 4, 30)
    assert days().due(30) == date(2026, 4, 1)


def test_what_is_for_the_first_days_is_never_before_them() -> None:
    sunday = date(2026, 3, 1)
    assert days(first=sunday).due(0) == date(2026, 3, 2)
    assert days(first=sunday).due(-1) == date(2026, 2, 27)


def test_working_days_leave_out_weekends_and_holidays() -> None:
    assert days().due(5, working=True) == date(2026, 3, 9)
    assert days().due(-2, working=True) == date(2026, 2, 26)
    assert days(first=date(2026, 4, 2)).due(1, working=True) == date(2026, 4, 6)


def test_a_plan_that_is_made_late_leaves_time() -> None:
    assert days(today=FIRST).due(-10) == date(2026, 3, 5)


def measure(code: str) -> Measure:
    return Measure(competency=code, title=f"The {code}", required=2, lowest=1, highest=5, text="words")


def made(band: str) -> dict[str, tuple[str, int, str]]:
    need = Need(competency="COM", band=band, required=2, current=1.5, size=0.5)
    plan = Plan(role="clerk", first_day=FIRST, measures=(measure("COM"),), needs=(need,))
    item = LearningItem(
        code="L1",
        competency="COM",
        kind="assignment",
        title="Rewrite a letter",
        lowest_level=2,
        highest_level=3,
    )
    found = tasks_of(plan, SETTINGS, days(), [item], "en")
    assert [each.due for each in found] == sorted(each.due for each in found)
    return {each.part: (each.owner, each.day, each.title) for each in found if each.competencies == ("COM",)}


def test_a_minor_gap_is_worked_on_by_day_sixty() -> None:
    assert made("minor") == {"gap": ("newcomer", 60, "Work on «The COM»: Rewrite a letter")}


@pytest.mark.parametrize("band", ["material", "large"])
def test_a_bigger_gap_by_day_thirty_and_with_support(band: str) -> None:
    found = made(band)
    assert found["gap"][:2] == ("newcomer", 30)
    assert found["support"][:2] == ("manager", 10)


def test_the_unknown_is_observed_and_is_no_gap() -> None:
    assert {part: each[:2] for part, each in made("unknown").items()} == {"observation": ("manager", 45)}


def test_all_that_is_unknown_is_one_task() -> None:
    codes = ("COM", "INI", "COL")
    needs = tuple(Need(competency=code, band="unknown", required=2) for code in codes)
    plan = Plan(role="clerk", first_day=FIRST, measures=tuple(map(measure, codes)), needs=needs)
    (task,) = [each for each in tasks_of(plan, SETTINGS, days(), [], "en") if each.competencies]
    assert task.competencies == codes
    assert "«The INI»" in task.title


def test_templates_fit_kind_and_role() -> None:
    joins = {each.name for each in SETTINGS.templates("join", "clerk")}
    moves = {each.name for each in SETTINGS.templates("move", "clerk")}
    assert "papers" in joins - moves
    assert "handover" in moves - joins
    only = SETTINGS.tasks[0].model_copy(update={"roles": ("judge",)})
    assert OnboardingSettings(tasks=(only,)).templates("join", "clerk") == ()
    assert OnboardingSettings(tasks=(only,)).templates("join", "judge") == (only,)


def test_a_hire_hands_over_also_as_plain_values() -> None:
    plain = {
        "role": "clerk",
        "level": None,
        "starts_on": "2026-03-02",
        "consensus": {"findings": [{"competency": "COM", "mean": "7/3"}]},
    }
    model = SimpleNamespace(
        role="clerk",
        level=None,
        starts_on="2026-03-02",
        consensus=SimpleNamespace(findings=(SimpleNamespace(competency="COM", mean="7/3"),)),
    )
    for data in (plain, model):
        assert accept(SimpleNamespace(data=data)) == {  # type: ignore[arg-type]
            "role": "clerk",
            "level": None,
            "kind": "join",
            "first_day": "2026-03-02",
            "selection": {"COM": "7/3"},
        }
