"""Which columns of this room are personal, why they are kept, and how they go.

Erasing a person keeps the row, because assignments and ledgers point to it,
and takes away what names or reaches the human being behind it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Erase(StrEnum):
    """What erasing a person does to a column."""

    BLANK = "blank"
    """The value is set to NULL."""
    PSEUDONYM = "pseudonym"
    """The value becomes `erased-<id>`, which stays unique."""
    KEEP = "keep"
    """The value stays: without a name it points to nobody."""


@dataclass(frozen=True, slots=True)
class PersonalColumn:
    """One personal column: what it is, what it is for, how it is erased."""

    category: str
    """identity, contact, access, employment or rights."""
    purpose: str
    erase: Erase


PERSONAL: Mapping[str, PersonalColumn] = {
    "person.handle": PersonalColumn("identity", "names the person in commands and records", Erase.PSEUDONYM),
    "person.name": PersonalColumn("identity", "tells colleagues who is meant", Erase.PSEUDONYM),
    "person.email": PersonalColumn("contact", "receives notices of tasks", Erase.BLANK),
    "person.login": PersonalColumn("access", "recognises who signs in", Erase.BLANK),
    "person.language": PersonalColumn("contact", "chooses the language of texts", Erase.KEEP),
    "person.site": PersonalColumn("employment", "chooses calendar and time zone", Erase.KEEP),
    "person.kind": PersonalColumn("employment", "decides which processes apply", Erase.KEEP),
    "person.created_at": PersonalColumn("employment", "starts the time limits of keeping", Erase.KEEP),
    "person.closed_on": PersonalColumn("employment", "starts the time limits of keeping", Erase.KEEP),
    "assignment.person_id": PersonalColumn("employment", "who held which post when", Erase.KEEP),
    "grant_held.person_id": PersonalColumn("rights", "who might do what when", Erase.KEEP),
    "grant_held.granted_by": PersonalColumn("rights", "who answers for a right given", Erase.KEEP),
    "deputy.person_id": PersonalColumn("rights", "whose tasks went to a deputy", Erase.KEEP),
    "deputy.deputy_id": PersonalColumn("rights", "who acted for somebody", Erase.KEEP),
}
"""`table.column` of everything personal in this room."""
