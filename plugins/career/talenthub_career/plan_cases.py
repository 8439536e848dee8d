"""What a plan carries: targets, maps, actions, entries and results."""

from __future__ import annotations

from datetime import date, timedelta

from pydantic import Field

from talenthub.sdk import Carried, Figure
from talenthub_career.cases import Course, Share


class Row(Carried):
    """One competency as Seeing It showed it; numbers are exact, as text."""

    competency: str
    strategy: Share
    challenge: Share
    near: Share
    context: Share | None = None
    """None until it is ranked."""
    gap: Figure | None = None
    near_gap: Figure | None = None
    need: Share | None = None
    priority: Figure | None = None
    reason: str = ""


class Item(Carried):
    """Something from the learning catalogue, as it was that day."""

    code: str
    kind: str
    title: str
    hours: Figure
    heat: int
    in_flow: bool


class Result(Carried):
    """What a target came to."""

    standing: Figure
    gap: Figure
    gain: Figure
    closure: Figure | None
    days: int
    achieved: bool
    sources: tuple[str, ...] = ()
    """Those that agree."""


class Target(Carried):
    """One of the critical few: what will be different, and who sees it."""

    competency: str
    title: str
    role: str
    """The role whose gap it is: the present or the near-future one."""
    is_near: bool = False
    required: int
    standing: Figure
    measured_on: date
    gap: Figure
    aim: int
    """The level half a level up: its indicators are the behaviour."""
    indicators: tuple[str, ...]
    why: str
    sign: str
    """By what one will see that it worked."""
    restrain: str = ""
    """What to do less of, where a strength is overused."""
    reason: str = ""
    """Why it is not the first."""
    behaviour: str = ""
    work_result: str = ""
    measure: str = ""
    level: int | None = None
    """The level that the learning items are for."""
    items: tuple[Item, ...] = ()
    wanted: dict[str, Figure] = Field(default_factory=dict)
    """Hours by kind, as the strategy mixes them."""
    result: Result | None = None


class Action(Carried):
    """Something to do by a day, and what will show that it was done."""

    key: str
    title: str
    due: date
    evidence: str
    support: str = ""
    item: str = ""
    done_on: date | None = None


class Entry(Carried):
    """What somebody writes on the way: the cadence of a plan."""

    on: date
    due: date | None
    """The day it was asked for; None: written in between."""
    action: str
    reflection: str
    impact: str = ""
    intention: str = ""
    plan_change: str = ""
    confidence: int | None = None


class Pulse(Carried):
    """What colleagues said together."""

    on: date
    asked: int
    changes: tuple[int, ...]
    """Sorted, so that no order tells who said what."""


class Plan(Carried):
    """One person's Intentional Development, owned by two."""

    role: str
    level: str | None = None
    role_title: str = ""
    near_role: str | None = None
    near_level: str | None = None
    course: Course
    challenge: str = ""
    near: str = ""
    rows: tuple[Row, ...] = ()
    targets: tuple[Target, ...] = ()
    hours: int | None = None
    feedback: str = ""
    actions: tuple[Action, ...] = ()
    signed_by: tuple[int, ...] = ()
    coach: int | None = None
    started_on: date | None = None
    ends_on: date | None = None
    next_entry: date | None = None
    entries: tuple[Entry, ...] = ()
    missed: tuple[date, ...] = ()
    missed_in_a_row: int = 0
    half_way: bool = False
    """Whether the talk half-way was asked for."""
    end_told: date | None = None
    """The last day that both were told of."""
    pulses: tuple[Pulse, ...] = ()
    reassessed_on: date | None = None
    reflections: dict[int, str] = Field(default_factory=dict)
    extensions: tuple[str, ...] = ()
    ending: str = ""
    earlier: tuple[Target, ...] = ()
    """Targets from before the plan returned to Seeing It."""
    newer: str = ""
    """A framework version that came out since."""

    def row(self, competency: str) -> Row | None:
        """Return what Seeing It showed of a competency."""
        return next((each for each in self.rows if each.competency == competency), None)

    def days(self, until: date) -> int:
        """Return how long the plan has run on a day, at most to its end."""
        if self.started_on is None:
            return 0
        last = min(until, self.ends_on) if self.ends_on else until
        return max(0, (last - self.started_on).days)

    def on(self, day: int) -> date:
        """Return the date of a day of a plan that has begun."""
        assert self.started_on is not None, "the plan has begun"
        return self.started_on + timedelta(days=day)
