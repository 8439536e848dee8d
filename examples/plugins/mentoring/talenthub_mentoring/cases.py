"""What the cases of mentoring carry."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

PROGRAMME = "mentoring.programme"
RELATIONSHIP = "mentoring.relationship"


class Case(BaseModel):
    """The base of what a case carries: nobody changes it in place."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Programme(Case):
    """A programme: what it is called."""

    title: str


class Relationship(Case):
    """A pair: what the mentor can teach, and what the two agreed on."""

    focus: tuple[str, ...] = ()
    """Competencies in which the mentor stands where the mentee has a gap."""
    goals: str = ""
    confidentiality: str = ""
