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


def genesis(person: int) -> str:
    """Return what a person's first row is chained to."""
    return digest("evidence", person)


def row_hash(previous: str, row: Mapping[str, Any]) -> str:
    """Return the hash of a row of `evidence` after the one before it."""
    recorded = row["recorded_at"].astimezone(UTC).isoformat(timespec="microseconds")
    observed = row["observed_on"].isoformat()
    return digest(previous, observed, recorded, *(row[name] for name in _PLAIN))
