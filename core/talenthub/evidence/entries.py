"""What is to be written into a ledger: new, or made of a row that is there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from sqlalchemy import Row

from talenthub.evidence.exact import stored
from talenthub.evidence.rows import Carried


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEvidence:
    """A rating that is to be added to a person's ledger."""

    person: int
    framework_version: int
    framework_code: str
    competency: str
    purpose: str
    ladder: Fraction
    """Where the rating stands on the common ladder, exactly."""
    rating: Fraction | str
    """The rating as it was given."""
    source: str
    observed_on: date
    descriptor_hash: str
    """Of the exact text that was rated."""
    case: int | None
    event: int | None
    author: int | None = None
    group: tuple[int, int] | None = None
    """(answered, asked) instead of an author: nobody is named."""
    narrative: str | None = None
    supersedes: int | None = None
    """The sequence of the person's row that this one corrects."""
    reason: str | None = None
    weight: Fraction | None = None
    """None: what the settings say of the source."""
    carried: Carried | None = None
    """How it came over from an earlier version; None: it was rated."""


def copy_of(row: Row[Any], **changed: Any) -> NewEvidence:
    """Return a row of `evidence` to be written once more, but for some fields.

    Weight, narrative, reason and what it supersedes are never taken over.
    """
    is_group = row.group_asked is not None
    copied: dict[str, Any] = {
        "person": row.person_id,
        "framework_version": row.framework_version_id,
        "framework_code": row.framework_code,
        "competency": row.competency,
        "purpose": row.purpose,
        "ladder": stored(row.ladder),
        "rating": row.rating,
        "source": row.source,
        "observed_on": row.observed_on,
        "descriptor_hash": row.descriptor_hash,
        "case": row.case_id,
        "event": row.event_id,
        "author": row.author_id,
        "group": (row.group_answered, row.group_asked) if is_group else None,
    }
    return NewEvidence(**copied | changed)
