"""The forms: what a transition asks its actor for."""

from __future__ import annotations

from pydantic import Field

from talenthub.sdk import Form, PersonNumber


class Joining(Form):
    """Who joins a programme."""

    person: PersonNumber


class Pair(Form):
    """A mentor, a mentee, and what the one can teach the other."""

    mentor: PersonNumber
    mentee: PersonNumber
    focus: tuple[str, ...] = ()


class Pairs(Form):
    """The pairs that are proposed."""

    pairs: tuple[Pair, ...] = Field(min_length=1)


class Contract(Form):
    """What the two work on, and what stays between them."""

    goals: str = Field(min_length=10, max_length=2000)
    confidentiality: str = Field(min_length=10, max_length=2000)


class Note(Form):
    """A note for the pair alone."""

    note: str = Field(min_length=1, max_length=4000)


class Reflection(Form):
    """What was learned."""

    learned: str = Field(min_length=10, max_length=4000)


class Because(Form):
    """A step that needs its reason."""

    reason: str = Field(min_length=3, max_length=400)
