"""Working days in both directions, and the moments of a day in its zone."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from talenthub.workflow.calendar import Calendar, Workdays

HOLIDAY = date(2026, 5, 1)
DAYS = Workdays(Calendar.of([HOLIDAY]), ZoneInfo("Europe/Lisbon"))


def test_counting_back_undoes_counting_on() -> None:
    for start in (date(2026, 4, 20) + timedelta(days=each) for each in range(30)):
        for count in range(1, 8):
            there = DAYS.add(start, count)
            between = [start + timedelta(days=each) for each in range(1, (there - start).days + 1)]
            assert sum(map(DAYS.calendar.is_working, between)) == count
            assert DAYS.calendar.is_working(there)
            if DAYS.calendar.is_working(start):
                assert DAYS.add(there, -count) == start
    assert DAYS.add(HOLIDAY, 0) == HOLIDAY


def test_a_free_day_moves_to_the_one_before_or_after() -> None:
    assert DAYS.on_or_before(HOLIDAY) == date(2026, 4, 30)
    assert DAYS.on_or_after(HOLIDAY) == date(2026, 5, 4)
    assert DAYS.on_or_before(date(2026, 4, 30)) == DAYS.on_or_after(date(2026, 4, 30)) == date(2026, 4, 30)


def test_a_day_begins_and_ends_in_its_own_zone() -> None:
    assert DAYS.start_of(date(2026, 7, 1)) == datetime(2026, 6, 30, 23, tzinfo=UTC)
    assert DAYS.end_of(date(2026, 7, 1)) == datetime(2026, 7, 1, 22, 59, 59, tzinfo=UTC)
    assert DAYS.start_of(date(2026, 1, 1)) == datetime(2026, 1, 1, tzinfo=UTC)
    assert DAYS.at(date(2026, 7, 1), time(18)) == datetime(2026, 7, 1, 17, tzinfo=UTC)
    assert DAYS.day_of(datetime(2026, 6, 30, 23, tzinfo=UTC)) == date(2026, 7, 1)
