"""The forms of onboarding: what a transition asks its actor for."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from talenthub.sdk import Form, PersonNumber
from talenthub_onboarding.cases import TOO_EARLY, Outcome, Rating

Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=4000)]
"""A reason in words; an empty one is none."""

Note = Annotated[str, StringConstraints(strip_whitespace=True, max_length=4000)]
Given = dict[str, int | Literal["too early"]]


class Because(Form):
    """A step that needs its reason."""

    reason: Reason


class Release(Form):
    """Who is the buddy, by the person's number."""

    buddy: PersonNumber | None = None


class FirstDay(Form):
    """Another first day, and why."""

    first_day: date
    reason: Reason


class TalkHeld(Form):
    """How a talk went; a person at risk reads why."""

    outcome: Outcome
    note: Note = ""
    day: int | None = Field(default=None, ge=1, le=730)
    """Which talk; None: the next one that was not held."""
    held_on: date | None = None


class OwnWords(Form):
    """What the newcomer says."""

    note: Reason
    ratings: Given = Field(default_factory=dict)

    def values(self) -> dict[str, Rating]:
        """Return the ratings by competency; None for too early."""
        return _values(self.ratings)


class CheckHeld(Form):
    """The manager's ratings on the role's descriptors."""

    ratings: Given
    notes: dict[str, Note] = Field(default_factory=dict)
    held_on: date | None = None

    def values(self) -> dict[str, Rating]:
        """Return the ratings by competency; None for too early."""
        return _values(self.ratings)


class Confirmation(Form):
    """The confirmation; a reason where the rule does not propose it."""

    reason: Note = ""


class MoreTime(Form):
    """How long, why, and what is done with the time."""

    days: int = Field(ge=1)
    reason: Reason
    plan: Reason


class EndProposed(Form):
    """Why it should end, when that was talked about, and how to appeal."""

    reason: Reason
    talk_on: date
    appeal: Note = ""


class Signed(Form):
    """The second signature."""

    note: Note = ""


class Buddy(Form):
    """The buddy that a task belongs to."""

    person: PersonNumber


class Redated(Form):
    """Another day a task is due."""

    due: date


class Done(Form):
    """What was done."""

    note: Note = ""


def _values(given: Given) -> dict[str, Rating]:
    return {code: None if each == TOO_EARLY else int(each) for code, each in given.items()}
