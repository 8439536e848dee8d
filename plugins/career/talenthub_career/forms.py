"""The forms of career: what a transition asks its actor for."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints

from talenthub.sdk import Exact, Form, PersonNumber

Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=4000)]
"""A reason in words; an empty one is none."""

Note = Annotated[str, StringConstraints(strip_whitespace=True, max_length=4000)]


def _share(text: str) -> str:
    if not 0 <= Fraction(text) <= 1:
        raise ValueError("how much it matters is said from 0 to 1")
    return text


def _result(pair: tuple[str, str]) -> tuple[str, str]:
    rating, weight = (Fraction(each) for each in pair)
    if not 1 <= rating <= 5 or not 0 < weight <= 1:
        raise ValueError("a rating is from 1 to 5, a weight above 0 and at most 1")
    return pair


Matters = Annotated[Exact, AfterValidator(_share)]
Attained = Annotated[tuple[Exact, Exact], AfterValidator(_result)]
Five = Annotated[int, Field(ge=1, le=5)]


class Because(Form):
    """A step that needs its reason."""

    reason: Reason


class Assessed(Form):
    """What a rater says: agility, and as the manager what was reached and how."""

    agility: dict[str, Five] = Field(default_factory=dict)
    results: tuple[Attained, ...] = ()
    ratings: dict[str, int] = Field(default_factory=dict)
    notes: dict[str, Note] = Field(default_factory=dict)
    repeated: tuple[str, ...] = ()
    rated_on: date | None = None


class Calibrated(Form):
    """What calibration changes of the manager's ratings, and why."""

    ratings: dict[str, int] = Field(default_factory=dict)
    reason: Note = ""


class Placed(Form):
    """The strategy that is agreed on; another than proposed needs a reason."""

    strategy: str | None = None
    reason: Note = ""


class Context(Form):
    """What matters now: the challenge and the role that may be next."""

    challenge: dict[str, Matters]
    near: dict[str, Matters]
    reasons: dict[str, Note] = Field(default_factory=dict)
    challenge_why: Reason
    near_why: Reason
    near_role: str | None = None
    near_level: str | None = None


class TargetGiven(Form):
    """One target as it is chosen."""

    competency: str
    why: Reason
    sign: Reason
    reason: Note = ""
    restrain: Note = ""


class Choice(Form):
    """The critical few."""

    targets: tuple[TargetGiven, ...] = Field(min_length=1, max_length=4)


class Impact(Form):
    """From a behaviour to what it changes, and how that is measured."""

    behaviour: int | Reason
    """An indicator's number, from 1, or a behaviour in words."""
    work_result: Reason
    measure: Reason


class ActionGiven(Form):
    """An action beside those that the learning items make."""

    title: Reason
    due: date
    evidence: Reason
    support: Note = ""


class Mapped(Form):
    """How the targets are reached."""

    impacts: dict[str, Impact] = Field(default_factory=dict)
    hours: int | None = Field(default=None, ge=4, le=2000)
    level: int | None = None
    """The level learning items are for; None: what the present role asks."""
    leave_out: tuple[str, ...] = ()
    feedback: Reason
    actions: tuple[ActionGiven, ...] = Field(default=(), max_length=20)
    coach: PersonNumber | None = None


class Written(Form):
    """An entry: action, reflection, impact, intention, change of plan."""

    on: date | None = None
    action: Reason
    reflection: Reason
    impact: Note = ""
    intention: Note = ""
    plan_change: Note = ""
    confidence: int | None = Field(default=None, ge=0, le=10)
    done: tuple[str, ...] = ()
    """Keys of actions that are done."""


class Asked(Form):
    """Colleagues who are asked."""

    people: tuple[PersonNumber, ...]


class Reassess(Form):
    """Who rates beside the manager."""

    coach: PersonNumber | None = None
    peers: tuple[PersonNumber, ...] = ()


class Answered(Form):
    """An answer: it is sealed, and never read alone."""

    group: Literal["peers"] = "peers"
    change: int | None = Field(default=None, ge=-3, le=3)
    ratings: dict[str, int] = Field(default_factory=dict)


class Said(Form):
    """Ratings of a reassessment, with notes."""

    ratings: dict[str, int] = Field(min_length=1)
    notes: dict[str, Note] = Field(default_factory=dict)
    rated_on: date | None = None


class Taken(Form):
    """The case whose answers are taken over."""

    case: int


class Reflection(Form):
    """What somebody takes along."""

    reflection: Reason


class MoreTime(Form):
    """How long, and what is done with the time."""

    days: int = Field(ge=7)
    reason: Reason


class LookAgain(Form):
    """Why one looks again; another role where the person has moved."""

    reason: Reason
    role: str | None = None
    level: str | None = None


class NewVersion(Form):
    """A version of the framework that is out."""

    version: str


class Hope(Form):
    """How far somebody wants to go."""

    reach: Five | None = None
    role: Note = ""
    words: Note = ""


class Sharing(Form):
    """With whom, and until when."""

    people: tuple[PersonNumber, ...] = Field(min_length=1)
    until: date


class Applying(Form):
    """The selection somebody applies for."""

    vacancy: Reason


class Agreeing(Form):
    """The post, and the first day there."""

    post: str
    starts_on: date
