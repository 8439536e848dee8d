"""What the cases of mentoring carry."""

from __future__ import annotations

from talenthub.sdk import Carried

PROGRAMME = "mentoring.programme"
RELATIONSHIP = "mentoring.relationship"


class Programme(Carried):
    """A programme: what it is called."""

    title: str


class Relationship(Carried):
    """A pair: what the mentor can teach, and what the two agreed on."""

    focus: tuple[str, ...] = ()
    """Competencies in which the mentor stands where the mentee has a gap."""
    goals: str = ""
    confidentiality: str = ""
