"""Working days: when something is due at an organisation."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from talenthub.workflow.definition import Duration

SATURDAY = 5

LAST_SECOND = time(23, 59, 59, fold=1)
"""Of a day; the second one where clocks are set back at midnight."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """The free days of a site; Saturdays and Sundays are always free."""

    holidays: frozenset[date] = frozenset()

    @classmethod
    def of(cls, holidays: Iterable[date]) -> Calendar:
        """Return the calendar with these holidays."""
        return cls(frozenset(holidays))

    def is_working(self, day: date) -> bool:
        """Return whether people work on `day`."""
        return day.weekday() < SATURDAY and day not in self.holidays

    def due(self, start: datetime, duration: Duration, zone: ZoneInfo) -> datetime:
        """Return the end of the day that lies `duration` after `start`.

        Counted in days of the organisation's time zone; the result is the
        last second of that day there, in UTC.
        """
        day = start.astimezone(zone).date()
        day = (
            self.add_working(day, duration.days) if duration.working else day + timedelta(days=duration.days)
        )
        return datetime.combine(day, LAST_SECOND, zone).astimezone(UTC)

    def add_working(self, day: date, count: int) -> date:
        """Return the day `count` working days after `day`; before, if negative."""
        step = timedelta(days=1 if count > 0 else -1)
        left = abs(count)
        while left > 0:
            day += step
            left -= self.is_working(day)
        return day


@dataclass(frozen=True, slots=True)
class Workdays:
    """A calendar in its time zone, as effects are given it."""

    calendar: Calendar
    zone: ZoneInfo

    def add(self, day: date, count: int) -> date:
        """Return the day `count` working days after (or before) `day`."""
        return self.calendar.add_working(day, count)

    def on_or_before(self, day: date) -> date:
        """Return the last working day that is not after `day`."""
        return day if self.calendar.is_working(day) else self.calendar.add_working(day, -1)

    def on_or_after(self, day: date) -> date:
        """Return the first working day that is not before `day`."""
        return day if self.calendar.is_working(day) else self.calendar.add_working(day, 1)

    def start_of(self, day: date) -> datetime:
        """Return the first moment of a day there, in UTC."""
        return self.at(day, time(0))

    def end_of(self, day: date) -> datetime:
        """Return the last second of a day there, in UTC."""
        return self.at(day, LAST_SECOND)

    def at(self, day: date, clock: time) -> datetime:
        """Return when the clocks there show a time on a day, in UTC."""
        return datetime.combine(day, clock, self.zone).astimezone(UTC)

    def day_of(self, moment: datetime) -> date:
        """Return the day that it is there at a moment."""
        return moment.astimezone(self.zone).date()
