"""The forms of succession: what a transition asks its actor for."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from talenthub.sdk import Exact, Form, PersonNumber, exact_number
from talenthub_succession.cases import Growth

Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=4000)]
Note = Annotated[str, StringConstraints(strip_whitespace=True, max_length=4000)]


def _share(text: str) -> str:
    found = Fraction(exact_number(text.removesuffix("%"))) / (100 if text.endswith("%") else 1)
    if not 0 <= found <= 1:
        raise ValueError("a share is from 0 to 1 (or 0% to 100%)")
    return str(found)


def _level(text: str) -> str:
    # A level is a word; what begins as a number is one.
    said = text.strip()
    return exact_number(said) if said[:1] in set("0123456789+-.") and said else text


Said = Annotated[str, Field(coerce_numbers_to_str=True, max_length=40), AfterValidator(_level)]
Share = Annotated[str, Field(coerce_numbers_to_str=True), AfterValidator(_share)]


class Because(Form):
    """A step that needs its reason."""

    reason: Reason


class Designated(Form):
    """How much depends on a post, and how likely it falls vacant."""

    criticality: Share
    leaving: Share
    reason: Reason


class Submitted(Form):
    """Why somebody is nominated, and which descriptors speak for it."""

    rationale: Reason
    competencies: tuple[str, ...] = Field(min_length=1, max_length=12)
    reference: PersonNumber | None = None


class GrowthGiven(Form):
    """A development target that was closed, and what it brought."""

    competency: str
    since: date
    until: date
    gain: Exact

    @model_validator(mode="after")
    def _in_order(self) -> GrowthGiven:
        if self.until <= self.since:
            raise ValueError("it ends after it began")
        return self

    def kept(self) -> Growth:
        """Return it as the case keeps it."""
        return Growth(**self.model_dump())


class Discussed(Form):
    """What is known beside the ledger, and what people agree on.

    Performance and potential are a level or a figure; what is left out is as
    it was.
    """

    performance: Said | None = None
    performance_source: Note = ""
    potential: Said | None = None
    potential_source: Note = ""
    growth: tuple[GrowthGiven, ...] = Field(default=(), max_length=12)
    at_once: int | None = Field(default=None, ge=1, le=10)
    readiness: str | None = None
    """None: as it is computed."""
    reason: Note = ""


class Called(Form):
    """Who decides, by the persons' numbers."""

    members: tuple[PersonNumber, ...] = Field(min_length=1, max_length=20)


class Voted(Form):
    """What a member of the board says."""

    decision: Literal["yes", "no"]
    reason: Note = ""
