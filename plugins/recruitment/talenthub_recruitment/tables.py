"""The table of recruitment: what people declared about themselves."""

from __future__ import annotations

from sqlalchemy import Column, Date, ForeignKey, Integer, String, Table, UniqueConstraint

from talenthub.sdk import UtcDateTime, metadata

LONGEST_ATTRIBUTE = 40
LONGEST_VALUE = 80

demographics = Table(
    "recruitment_demographics",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("person_id", Integer, ForeignKey("person.id"), nullable=False),
    Column("attribute", String(LONGEST_ATTRIBUTE), nullable=False),
    Column("value", String(LONGEST_VALUE), nullable=False),
    Column("declared_on", Date, nullable=False),
    Column("recorded_at", UtcDateTime, nullable=False),
    UniqueConstraint("person_id", "attribute", name="uq_recruitment_demographics_person_id"),
)
"""Self-declared, one row for a person and an attribute; nobody reads a row."""
