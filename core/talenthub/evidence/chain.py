"""The hash chain of a person's rows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC
from typing import Any

from talenthub.storage.types import digest

_PLAIN = (
    "person_id",
    "sequence",
    "framework_version_id",
    "framework_code",
    "competency",
    "purpose",
    "ladder",
    "rating",
    "source",
    "weight",
    "descriptor_hash",
    "case_id",
    "event_id",
    "author_id",
    "group_answered",
    "group_asked",
    "supersedes",
    "payload_hash",
)
_CARRIED = ("carried_from", "carried_by", "carried_strength")
"""In the hash of carried rows only: the others are older than these columns."""


def genesis(person: int) -> str:
    """Return what a person's first row is chained to."""
    return digest("evidence", person)


def row_hash(previous: str, row: Mapping[str, Any]) -> str:
    """Return the hash of a row of `evidence` after the one before it."""
    recorded = row["recorded_at"].astimezone(UTC).isoformat(timespec="microseconds")
    observed = row["observed_on"].isoformat()
    carried = [row[name] for name in _CARRIED]
    more = carried if any(each is not None for each in carried) else []
    return digest(previous, observed, recorded, *(row[name] for name in _PLAIN), *more)
