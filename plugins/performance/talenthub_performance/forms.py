"""The forms of performance: what a transition asks its actor for."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, StringConstraints

from talenthub.sdk import Exact, Form, PersonNumber, exact_number
from talenthub_performance.cases import NOT_ASSESSED, Change

Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=4000)]
Note = Annotated[str, StringConstraints(strip_whitespace=True, max_length=4000)]
Given = int | Literal["not assessed"]


def _share(text: str) -> str:
    found = Fraction(exact_number(text.removesuffix("%"))) / (100 if text.endswith("%") else 1)
    if not 0 < found <= 1:
        raise ValueError("a weight is above 0 and at most 1 (or 100%)")
    return str(found)


def _tenths(number: Decimal) -> Decimal:
    if number != round(number, 1):
        raise ValueError("an overall rating is in tenths, such as 2.7")
    # `3E+0` is 3, and is kept so.
    return Decimal(f"{number:f}")


Share = Annotated[str, Field(coerce_numbers_to_str=True), AfterValidator(_share)]
Tenths = Annotated[Decimal, Field(ge=1, le=5), AfterValidator(_tenths)]


class Because(Form):
    """A step that needs its reason."""

    reason: Reason


class Remark(Form):
    """A step that may carry a note."""

    note: Note = ""


class LeaveOut(Form):
    """Persons who are not reviewed in this cycle, by their numbers."""

    persons: tuple[PersonNumber, ...] = Field(min_length=1)
    reason: Reason


class Launch(Form):
    """Whether to begin although the data check found faults."""

    leave_out_faulty: bool = False


class ObjectiveGiven(Form):
    """One objective as it is agreed."""

    key: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$", max_length=40)
    title: Reason
    weight: Share = "1"
    start: Exact | None = None
    target: Exact | None = None
    current: Exact | None = None
    unit: Note = ""


class Objectives(Form):
    """The objectives of a review, in place of those it had."""

    objectives: tuple[ObjectiveGiven, ...] = Field(min_length=1, max_length=12)


class Progress(Form):
    """Where objectives stand now, by key."""

    current: dict[str, Exact]


class NewManager(Form):
    """Who rates from now on, by the person's number."""

    person: PersonNumber
    reason: Reason


class Said(Form):
    """What somebody says of the year; what is left out stays as it was."""

    ratings: dict[str, Given] = Field(default_factory=dict)
    notes: dict[str, Note] = Field(default_factory=dict)
    results: dict[str, Given] = Field(default_factory=dict)
    text: Note = ""
    rated_on: date | None = None

    def values(self) -> dict[str, int | None]:
        """Return the ratings by competency; None for not assessed."""
        return _values(self.ratings)

    def reached(self) -> dict[str, int | None]:
        """Return the ratings by objective; None for not assessed."""
        return _values(self.results)


def _values(given: dict[str, Any]) -> dict[str, int | None]:
    return {code: None if value == NOT_ASSESSED else int(value) for code, value in given.items()}


class Taken(Form):
    """The case whose findings are taken over."""

    case: int


class Changes(Form):
    """Ratings that change, each with its reason."""

    changes: tuple[Change, ...]


class Release(Form):
    """The talk that was held, and what the surprise was about."""

    talked_on: date | None = None
    explanation: Note = ""


class Acknowledged(Form):
    """What the person says: seen is not agreed."""

    statement: Note = ""


class Lodged(Form):
    """Why somebody appeals, and what should change."""

    reason: Reason
    wanted: Note = ""


class Scheduled(Form):
    """The day of a conversation."""

    on: date


class LookedAfter(Form):
    """What the manager above does about missed conversations."""

    note: Reason


class Agenda(Form):
    """What somebody brings to the conversation."""

    note: Reason


class ActionGiven(Form):
    """Something that is agreed to be done."""

    title: Reason
    owner: Literal["employee", "manager"] = "employee"


class Held(Form):
    """What was talked about: going well, in the way, growth, next."""

    held_on: date | None = None
    going_well: Note = ""
    in_the_way: Note = ""
    growth: Note = ""
    next: Note = ""
    actions: tuple[ActionGiven, ...] = Field(default=(), max_length=12)
    done: tuple[str, ...] = ()
    """Keys of earlier actions that are done."""
    rating: Tenths | None = None


class Nomination(Form):
    """Who is asked, by group, and what about."""

    raters: dict[str, tuple[PersonNumber, ...]] = Field(min_length=1)
    competencies: tuple[str, ...] = ()


class Answered(Form):
    """One answer of a round: it is sealed, and never read alone."""

    group: str
    ratings: dict[str, int] = Field(min_length=1)


class Pulsed(Form):
    """How the conversations are, from 1 to 5; sealed, and never read alone."""

    useful: Annotated[int, Field(ge=1, le=5)]
    heard: Annotated[int, Field(ge=1, le=5)]
    clear: Annotated[int, Field(ge=1, le=5)]


class FeedbackGiven(Form):
    """What was seen, and when."""

    text: Reason
    seen_on: date
    indicator: Note = ""


class Members(Form):
    """Reviews that join a session or leave it, by their numbers."""

    add: tuple[int, ...] = ()
    remove: tuple[int, ...] = ()


class Seats(Form):
    """Who joins a session and who leaves it, by the persons' numbers."""

    add: tuple[PersonNumber, ...] = ()
    remove: tuple[PersonNumber, ...] = ()


class Recalibrated(Form):
    """One rating that the session changes, and why."""

    review: str
    competency: str
    rating: int
    code: Literal["evidence", "anchor", "scope", "error"]
    reason: Reason
    evidence: Reason


class Discussed(Form):
    """Reviews that the session has talked about."""

    reviews: tuple[str, ...] = Field(min_length=1)


class Upheld(Form):
    """What is changed after an appeal, and why."""

    finding: Reason
    changes: dict[str, int] = Field(default_factory=dict)
