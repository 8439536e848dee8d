"""What the cases of succession carry: critical posts and nominations."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Literal

from talenthub.sdk import Carried, Figure, PersonNumber

Purpose = Literal["successor", "advancement", "lateral", "development"]
Occasion = Literal["review", "revalidation", "post vacated"]
PURPOSES: tuple[Purpose, ...] = ("successor", "advancement", "lateral", "development")


class CriticalPost(Carried):
    """A post that may not stay empty, whoever sits there."""

    post: str
    """The post's code."""
    seat: int
    """The post itself: it stays when its code or whoever sits there changes."""
    role: str
    level: str | None = None
    criticality: Figure | None = None
    """An exact share from 0 to 1, as text; None: not said yet."""
    leaving: Figure | None = None
    """The probability that it falls vacant within 24 months."""
    reason: str = ""
    reviewed_on: date | None = None


class Growth(Carried):
    """A development target that was closed, and what it brought."""

    competency: str
    since: date
    until: date
    gain: Figure
    """Levels on the common ladder, as an exact text."""

    @property
    def yearly(self) -> Fraction:
        """Return the levels gained per year of 365 days."""
        return Fraction(self.gain) * 365 / max((self.until - self.since).days, 1)


class Measure(Carried):
    """What a role asks of one competency, and what is still missing."""

    competency: str
    required: int
    critical: bool = False
    essential: bool = True
    current: Figure | None = None
    """None: unknown."""
    tolerance: Figure = "0"
    residual: Figure | None = None
    """max(0, required − current − tolerance); None: unknown or desirable."""


class Assessment(Carried):
    """Readiness on a day: what was computed, and what people agreed on."""

    on: date
    occasion: Occasion = "review"
    performance: str | None = None
    potential: str | None = None
    performance_source: str = ""
    potential_source: str = ""
    growth: tuple[Growth, ...] = ()
    at_once: int = 1
    measures: tuple[Measure, ...] = ()
    fit: Figure | None = None
    coverage: Figure = "0"
    residual: Figure = "0"
    velocity: Figure = "1"
    months: Figure | None = None
    """None: at this pace it is never reached."""
    computed: str = ""
    agreed: str = ""
    reason: str = ""
    """Why it differs from what was computed."""
    strength: Figure = "0"
    """What it adds to a bench."""
    covers: bool = False
    by: PersonNumber | None = None
    """None: computed anew by the system; what was agreed stays."""


class Vote(Carried):
    """What a member of the board said."""

    by: PersonNumber
    decision: Literal["yes", "no"]
    reason: str = ""


class Nomination(Carried):
    """One person for one post or role, for one purpose."""

    purpose: Purpose
    role: str
    level: str | None = None
    post: str | None = None
    """The post's code; None: for the role, wherever."""
    rationale: str = ""
    competencies: tuple[str, ...] = ()
    """Whose descriptors speak for it."""
    reference: PersonNumber | None = None
    """Who knows the work; needed for advancement."""
    assessments: tuple[Assessment, ...] = ()
    """Oldest first."""
    votes: tuple[Vote, ...] = ()
    valid_until: date | None = None

    @property
    def newest(self) -> Assessment | None:
        """Return the newest assessment, of people or of the system."""
        return self.assessments[-1] if self.assessments else None

    @property
    def agreed(self) -> Assessment | None:
        """Return the newest assessment that people agreed on."""
        return next((each for each in reversed(self.assessments) if each.by is not None), None)
