"""What the cases of onboarding carry: the plan and its tasks."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Literal

from pydantic import Field

from talenthub.sdk import Carried, Figure, PersonNumber
from talenthub.sdk import Measure as Rated
from talenthub_onboarding.templates import Owner

TOO_EARLY = "too early"

Rating = int | None
"""A rating; None: it is too early to tell."""

Outcome = Literal["on track", "at risk", "too early"]
Part = Literal[
    "compliance",
    "clarification",
    "confidence",
    "connection",
    "culture",
    "check-back",
    "gap",
    "support",
    "observation",
]


class Measure(Rated):
    """How one competency of the role is rated at the check, with its words."""

    title: str
    essential: bool = True
    text: str = ""
    """The descriptor, in the framework's language."""


class Need(Carried):
    """A gap against the role, or a competency nothing is known of."""

    competency: str
    band: str
    """minor, material, large … or unknown."""
    required: int
    current: float | None = None
    size: float | None = None


class Talk(Carried):
    """A conversation on the way: an impression in words, never a rating."""

    day: int
    """Which talk it was: 30, 60; another day for one in between."""
    held_on: date
    written_on: date
    """Since when the newcomer can read the note."""
    outcome: Outcome
    note: str = ""
    by: PersonNumber


class Reflection(Carried):
    """What the newcomer says about the own beginning."""

    on: date
    note: str
    ratings: dict[str, Rating] = Field(default_factory=dict)
    """The own view; it is shown and never counted."""


class Check(Carried):
    """The manager's ratings on the role's descriptors, and what they propose."""

    day: int
    held_on: date
    ratings: dict[str, Rating]
    notes: dict[str, str] = Field(default_factory=dict)
    by: PersonNumber
    mean: Figure | None = None
    """Exact, as text: "11/4"; over what was rated. None: nothing was."""
    proposed: bool = False
    why_not: tuple[str, ...] = ()


class Extension(Carried):
    """More time, once."""

    days: int
    until: date
    reason: str
    plan: str
    by: PersonNumber


class Ending(Carried):
    """A proposal not to go on: who proposed it, on what ground."""

    reason: str
    talk_on: date
    appeal: str
    came_from: str
    """The state it was proposed in, to return there."""
    proposed_by: PersonNumber
    signed_by: PersonNumber | None = None


class Plan(Carried):
    """The first days of one person in one role."""

    role: str
    level: str | None = None
    kind: Literal["join", "move"] = "join"
    first_day: date
    selection: dict[str, str] = Field(default_factory=dict)
    """What the interview found: competency to exact mean on the five points."""
    role_title: str = ""
    measures: tuple[Measure, ...] = ()
    needs: tuple[Need, ...] = ()
    buddy: PersonNumber | None = None
    invited: tuple[int, ...] = ()
    """The days whose talk or check was asked for."""
    talks: tuple[Talk, ...] = ()
    reflections: tuple[Reflection, ...] = ()
    checks: tuple[Check, ...] = ()
    """The last one counts; an extension brings a second."""
    extension: Extension | None = None
    ending: Ending | None = None

    def measure(self, competency: str) -> Measure | None:
        """Return how a competency is rated; None if the role does not ask it."""
        return next((each for each in self.measures if each.competency == competency), None)

    def on(self, day: int) -> date:
        """Return the date of a day counted from the first one."""
        return self.first_day + timedelta(days=day)

    def day_of(self, on: date) -> int:
        """Return which day of the plan a date is; the first is day 0."""
        return (on - self.first_day).days


class PlanTask(Carried):
    """One thing to do in somebody's first days."""

    template: str
    """The template's name, or what it is about: `gap-COM`, `observe`."""
    title: str
    part: Part
    owner: Owner
    day: int
    working: bool = False
    """Whether `day` counts working days."""
    due: date
    required: bool = False
    """Whether it must be done or waived before work starts."""
    needs_note: bool = False
    competencies: tuple[str, ...] = ()
    """What it is about; of a template: nothing."""
    descriptors: str = ""
    """Those it builds, or that are to be seen, in words."""
    band: str | None = None
    blocked_by: str = ""
    note: str = ""
    """What was done, or why it was let go."""
