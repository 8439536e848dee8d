"""The forms of recruitment: what a transition asks its actor for."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints

from talenthub.sdk import Exact, Form, PersonNumber
from talenthub_recruitment.cases import NOT_OBSERVED

Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=4000)]
"""A reason in words; an empty one is none."""

Note = Annotated[str, StringConstraints(strip_whitespace=True, max_length=4000)]


def _above_nothing(weight: str) -> str:
    if Fraction(weight) <= 0:
        raise ValueError("a weight is above 0; leave the competency out instead")
    return weight


Weight = Annotated[Exact, AfterValidator(_above_nothing)]


class Because(Form):
    """A step that needs its reason."""

    reason: Reason


class Remark(Form):
    """A step that may carry a note."""

    note: Note = ""


class PlanChange(Form):
    """What the plan rates, where it departs from the role's focus."""

    competencies: tuple[str, ...] = ()
    """Empty: as they are."""
    critical: tuple[str, ...] | None = None
    """None: as the role says."""
    weights: dict[str, Weight] = Field(default_factory=dict)
    reason: Note = ""


class Panel(Form):
    """Who joins the panel and who leaves it, by the persons' numbers."""

    chair: PersonNumber | None = None
    add: tuple[PersonNumber, ...] = ()
    remove: tuple[PersonNumber, ...] = ()


class Advert(Form):
    """When applications close; without a day somebody closes them."""

    closing_on: date | None = None


class Candidates(Form):
    """The persons to open an application for, by their numbers."""

    persons: tuple[PersonNumber, ...] = Field(min_length=1)
    source: Note = ""
    """How they found us, those aside whose own source is known."""
    sources: dict[int, Note] = Field(default_factory=dict)
    cvs: dict[int, Note] = Field(default_factory=dict)
    """Where the CV of each is kept."""


class Assessor(Form):
    """One more assessor for one candidate."""

    person: PersonNumber


class Ratings(Form):
    """Ratings of one candidate; what is left out stays as it was."""

    ratings: dict[str, int | Literal["not observed"]] = Field(default_factory=dict)
    notes: dict[str, Note] = Field(default_factory=dict)
    interviewed_on: date | None = None

    def values(self) -> dict[str, int | None]:
        """Return the ratings by competency; None for not observed."""
        return {code: None if given == NOT_OBSERVED else int(given) for code, given in self.ratings.items()}


class Discussion(Form):
    """What the panel talked about, and which competencies are rated anew."""

    note: Reason
    competencies: tuple[str, ...] = ()
    """Empty: those on which the ratings lie too far apart."""


class Reopening(Form):
    """The competencies of a scorecard that are rated anew."""

    competencies: tuple[str, ...]


class Rejection(Form):
    """Why: one sentence for each essential competency that was not met."""

    reasons: dict[str, Reason]
    """Asked for always; empty where no essential failed."""
    reason: Note = ""


class OfferMade(Form):
    """Until when the offer stands, and why if the order was left."""

    expires_on: date | None = None
    exception: Note = ""
    requisition: str = ""
    """Which one it is about, where the selection fills several."""


class Hire(Form):
    """When the work begins, on which post, for which requisition."""

    starts_on: date | None = None
    post: str | None = None
    requisition: str = ""
    """Empty: that of the offer or the post, or the only one that is left."""


class Filled(Form):
    """The post that a hire has filled."""

    post: str | None = None


class Taken(Filled):
    """The post that a hire has filled, and the requisition it was of."""

    requisition: int


class Shared(Form):
    """Further requisitions for a selection to fill, by their numbers."""

    requisitions: tuple[int, ...] = Field(min_length=1)


class Joined(Form):
    """The selection that fills a requisition from now on."""

    case: int
    ref: str


class Reserve(Form):
    """That the candidate agrees, and until when; without a day: the settings."""

    agreed: Literal[True]
    until: date | None = None


class FromReserve(Form):
    """The application on the reserve list, by its number."""

    application: int


class Plea(Form):
    """Which rejected application is taken up again, and why."""

    application: int
    reason: Reason
    appeal: str | None = None
    upheld_by: tuple[PersonNumber, ...] = ()
    """Who upheld the appeal: set by the appeal, never by hand."""


class Signature(Form):
    """Which reinstatement is signed or refused, and why."""

    application: int
    reason: Reason
