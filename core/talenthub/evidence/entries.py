"""What is to be written into a ledger."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

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
