"""What the cases of performance carry: cycle, review and what hangs on it."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Literal

from pydantic import Field

from talenthub.sdk import Carried, Figure, PersonNumber
from talenthub.sdk import Measure as Rated

NOT_ASSESSED = "not assessed"
GROUPS = ("peers", "reports", "customers")
"""The groups of a round; small ones are pooled as `others`."""

Rating = int | None
"""A rating; None: not assessed."""


class Measure(Rated):
    """How one competency of the role is rated."""


class Objective(Carried):
    """Something to be reached, and how far it is."""

    key: str
    title: str
    weight: Figure = "1"
    """An exact share as text; the shares of a review make one whole."""
    start: Figure | None = None
    target: Figure | None = None
    """Below `start` where less is better."""
    current: Figure | None = None
    unit: str = ""

    @property
    def progress(self) -> Fraction | None:
        """Return the way made from start to target; 1 is all, below 0 is backward.

        None where it is not measured. Nothing is cut off at 0 or 1.
        """
        if self.start is None or self.target is None or self.current is None:
            return None
        start, target = Fraction(self.start), Fraction(self.target)
        return None if start == target else (Fraction(self.current) - start) / (target - start)


class Cycle(Carried):
    """A period over a population: who is reviewed, and how."""

    title: str
    first: date
    last: date
    units: tuple[int, ...] | None = None
    """The units it covers; None: all."""
    rated: bool = True
    """False: conversations first, nobody is asked for a rating."""
    framework: str = ""
    left_out: dict[PersonNumber, str] = Field(default_factory=dict)
    """Persons who are not reviewed, and why."""


class Group(Carried):
    """What a group of raters said, never fewer than the smallest group."""

    name: str
    answered: int
    asked: int
    means: dict[str, Figure]
    """Competency to exact mean; only where enough of the group rated it."""
    counts: dict[str, int] = Field(default_factory=dict)


class Change(Carried):
    """A rating that was changed after the manager gave it: both are kept."""

    competency: str
    before: Rating
    after: Rating
    code: str
    reason: str
    evidence: str = ""
    by: PersonNumber
    ref: str
    """The session or appeal that changed it."""


class Review(Carried):
    """One person in one cycle: what was reached, and how."""

    role: str
    level: str | None = None
    rated: bool = True
    first: date
    last: date
    measures: tuple[Measure, ...] = ()
    manager_days: dict[PersonNumber, int] = Field(default_factory=dict)
    """Who managed the person in the period, and for how many days."""
    objectives: tuple[Objective, ...] = ()
    agreed_by: tuple[PersonNumber, ...] = ()
    ratings: dict[str, Rating] = Field(default_factory=dict)
    """The manager's, as they stand now."""
    notes: dict[str, str] = Field(default_factory=dict)
    results: dict[str, Rating] = Field(default_factory=dict)
    """Objective to rating."""
    texts: dict[str, str] = Field(default_factory=dict)
    """What self and manager wrote."""
    rated_on: date | None = None
    rated_by: PersonNumber | None = None
    groups: tuple[Group, ...] = ()
    groups_on: date | None = None
    changes: tuple[Change, ...] = ()
    signed_by: PersonNumber | None = None
    explanation: str = ""
    """Why the rating is far from what the conversations said."""
    talked_on: date | None = None
    released_on: date | None = None
    released_by: PersonNumber | None = None
    statement: str = ""
    """What the person said when acknowledging: seen is not agreed."""

    @property
    def deciders(self) -> frozenset[int]:
        """Return everybody who had a part in the decision."""
        found = {self.rated_by, self.signed_by, self.released_by, *(each.by for each in self.changes)}
        return frozenset(each for each in found if each is not None)


class Statement(Carried):
    """What the person or the manager says, hidden until both have."""

    kind: Literal["self", "manager"]
    ratings: dict[str, Rating] = Field(default_factory=dict)
    notes: dict[str, str] = Field(default_factory=dict)
    results: dict[str, Rating] = Field(default_factory=dict)
    text: str = ""
    rated_on: date | None = None


class Action(Carried):
    """Something agreed in a conversation."""

    key: str
    """`CON-3.1`: the first of that conversation."""
    title: str
    owner: Literal["employee", "manager"] = "employee"
    done: bool = False


class Conversation(Carried):
    """One conversation of person and manager, about half an hour."""

    on: date
    prepared_by: tuple[PersonNumber, ...] = ()
    agenda: dict[PersonNumber, str] = Field(default_factory=dict)
    """What each brings, by person."""
    held_on: date | None = None
    topics: dict[str, str] = Field(default_factory=dict)
    actions: tuple[Action, ...] = ()
    """Open ones of earlier conversations are among them."""
    rating: Figure | None = None
    """An overall rating in tenths, where somebody wants one."""
    agreed_by: tuple[PersonNumber, ...] = ()
    missed: str = ""


class Round(Carried):
    """A round of answers from around one person."""

    raters: dict[str, tuple[PersonNumber, ...]]
    measures: tuple[Measure, ...] = ()
    """What is rated, and on which points."""
    minimum: int = Field(default=3, ge=3)
    policy: Literal["merge", "omit"] = "merge"


class Answering(Carried):
    """One person's part in a round; the answer itself is never here."""

    group: str
    measures: tuple[Measure, ...] = ()
    """What is rated, and on which points."""


class Pulse(Carried):
    """How a manager's people find the conversations, in all."""

    people: tuple[PersonNumber, ...]
    """Who was asked."""
    minimum: int = Field(default=3, ge=3)


class Feedback(Carried):
    """A few words on something that was seen."""

    competency: str
    indicator: str = ""
    text: str = ""
    seen_on: date | None = None
    question: str = ""


class SessionChange(Carried):
    """A change that a session made."""

    review: str
    competency: str
    before: Rating
    after: Rating
    code: str
    reason: str
    evidence: str = ""
    by: PersonNumber


class Calibration(Carried):
    """A session that looks at ratings across managers."""

    title: str
    reviews: tuple[int, ...] = ()
    seen: tuple[str, ...] = ()
    """References of those that were talked about."""
    changes: tuple[SessionChange, ...] = ()


class Appeal(Carried):
    """What somebody holds against a review."""

    reason: str
    wanted: str = ""
    finding: str = ""
    changes: dict[str, int] = Field(default_factory=dict)
