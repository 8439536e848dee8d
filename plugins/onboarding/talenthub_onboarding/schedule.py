"""The days of a plan: its talks, its check, and when each is asked for."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from talenthub.sdk import SetTimer, Workdays
from talenthub_onboarding.cases import Plan
from talenthub_onboarding.settings import OnboardingSettings


def check_number(data: Plan, settings: OnboardingSettings) -> int:
    """Return the day of the check: 90, or the last one of an extension."""
    return settings.check_day if data.extension is None else data.day_of(data.extension.until)


def opens_on(data: Plan, day: int, settings: OnboardingSettings) -> date:
    """Return from when on the talk or check of a day is asked for."""
    return data.on(day) - timedelta(days=settings.notice_days)


def outstanding(data: Plan, settings: OnboardingSettings) -> list[int]:
    """Return the days whose talk or check was not held yet."""
    held = {each.day for each in data.talks}
    check = check_number(data, settings)
    before = [day for day in settings.talks if day not in held and day < check]
    return [*before, *([] if any(each.day == check for each in data.checks) else [check])]


def due_days(data: Plan, settings: OnboardingSettings, today: date) -> list[int]:
    """Return the days that are near and whose talk was not asked for yet."""
    return [
        day
        for day in outstanding(data, settings)
        if day not in data.invited and opens_on(data, day, settings) <= today
    ]


def next_talk(data: Plan, settings: OnboardingSettings, held_on: date) -> int:
    """Return which talk one was that was held on a day: 30, 60, or between.

    The first one that is near and outstanding; else simply the day.
    """
    held = {each.day for each in data.talks}
    near = [day for day in settings.talks if day not in held and opens_on(data, day, settings) <= held_on]
    return near[0] if near else max(data.day_of(held_on), 1)


def timers(data: Plan, settings: OnboardingSettings, workdays: Workdays) -> Iterator[SetTimer]:
    """Return the timers of a running plan: one a talk, and that of the check."""
    for day in outstanding(data, settings):
        if day not in data.invited:
            yield SetTimer(timer_of(day), workdays.start_of(opens_on(data, day, settings)), "invite")
    late = data.on(check_number(data, settings) + settings.grace_days)
    yield SetTimer("check_late", workdays.end_of(late), "press")


def timer_of(day: int) -> str:
    """Return the name of the timer, and of the task, of a day."""
    return f"day_{day}"
