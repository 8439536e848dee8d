"""The forms of consultation: what a transition asks its actor for."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field, StringConstraints, model_validator

from talenthub.sdk import Form
from talenthub_consultation.cases import Choice, Need, Sorting

Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=4000)]
Words = Annotated[str, StringConstraints(strip_whitespace=True, max_length=4000)]
Code = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]


class Because(Form):
    """A step that needs its reason."""

    reason: Reason


class VoteGiven(Form):
    """What is said of one item or indicator."""

    item: Code
    choice: Choice | None = None
    need: Need | None = None
    edit: Words = ""

    @model_validator(mode="after")
    def _says_something(self) -> VoteGiven:
        if self.choice is None and self.need is None:
            raise ValueError(f"{self.item}: neither a vote nor a need is given")
        if (self.choice == "edit") != bool(self.edit):
            raise ValueError(f"{self.item}: who votes edit says the words, and nobody else does")
        return self


class Voted(Form):
    """What one voter says, all at once or item by item."""

    votes: tuple[VoteGiven, ...] = Field(default=(), max_length=20_000)
    sortings: tuple[Sorting, ...] = Field(default=(), max_length=20_000)

    @model_validator(mode="after")
    def _once_each(self) -> Voted:
        codes = [each.item for each in self.votes]
        if twice := sorted({each for each in codes if codes.count(each) > 1}) if _repeats(codes) else []:
            raise ValueError(f"said twice: {', '.join(twice[:8])}")
        if not self.votes and not self.sortings:
            raise ValueError("nothing is said")
        return self


def _repeats(codes: list[str]) -> bool:
    return len(set(codes)) < len(codes)


class Asked(Form):
    """Which round begins, and its last day."""

    round: int
    until: date


class Noted(Form):
    """Why an item was revised, or stays as it is."""

    item: Code
    reason: Reason


class Adjusted(Form):
    """What was done about the items that were not accepted."""

    notes: tuple[Noted, ...] = Field(min_length=1, max_length=20_000)


class Decided(Form):
    """What the sponsors decide about items that stay contested."""

    notes: tuple[Noted, ...] = Field(min_length=1, max_length=20_000)


class Signed(Form):
    """From when the sponsors want it in force."""

    effective: date
