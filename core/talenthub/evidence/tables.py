"""The tables of evidence; case and event are plain numbers here."""

from __future__ import annotations

from sqlalchemy import (
    Column,
    Date,
    Double,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from talenthub.storage.types import UtcDateTime, metadata

person_ledger = Table(
    "person_ledger",
    metadata,
    Column("person_id", Integer, ForeignKey("person.id"), primary_key=True, autoincrement=False),
    Column("sequence", Integer, nullable=False),
    Column("head_hash", String(64), nullable=False),
)
"""Length and head of each person's chain: locked before rows are added."""

evidence = Table(
    "evidence",
    metadata,
    Column("person_id", Integer, ForeignKey("person.id"), nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("framework_version_id", Integer, ForeignKey("framework_version.id"), nullable=False),
    Column("framework_code", String(200), nullable=False),
    Column("competency", String(200), nullable=False),
    Column("purpose", String(40), nullable=False),
    Column("ladder", String(40), nullable=False),
    Column("ladder_value", Double, nullable=False),
    Column("rating", String(80), nullable=False),
    Column("source", String(40), nullable=False),
    Column("weight", String(40), nullable=False),
    Column("observed_on", Date, nullable=False),
    Column("recorded_at", UtcDateTime, nullable=False),
    Column("descriptor_hash", String(64), nullable=False),
    Column("case_id", Integer),
    Column("event_id", Integer),
    Column("author_id", Integer, ForeignKey("person.id")),
    Column("group_answered", Integer),
    Column("group_asked", Integer),
    Column("supersedes", Integer),
    Column("payload_hash", String(64)),
    Column("carried_from", Integer),
    Column("carried_by", Integer),
    Column("carried_strength", String(40)),
    Column("hash", String(64), nullable=False),
    PrimaryKeyConstraint("person_id", "sequence"),
    UniqueConstraint("person_id", "supersedes", name="uq_evidence_supersedes"),
    ForeignKeyConstraint(
        ["person_id", "supersedes"],
        ["evidence.person_id", "evidence.sequence"],
        name="fk_evidence_supersedes",
    ),
    Index("ix_evidence_case_id", "case_id"),
    Index("ix_evidence_framework_version_id", "framework_version_id", "competency"),
    Index(
        "ix_evidence_carried_from",
        "person_id",
        "carried_from",
        sqlite_where=text("carried_from IS NOT NULL"),
        postgresql_where=text("carried_from IS NOT NULL"),
    ),
)
"""Append-only; triggers of both databases refuse UPDATE and DELETE."""

evidence_narrative = Table(
    "evidence_narrative",
    metadata,
    Column("person_id", Integer, nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("salt", String(32), nullable=False),
    Column("payload", Text, nullable=False),
    PrimaryKeyConstraint("person_id", "sequence"),
    ForeignKeyConstraint(
        ["person_id", "sequence"],
        ["evidence.person_id", "evidence.sequence"],
        name="fk_evidence_narrative_evidence",
    ),
)
"""Free text about a row; deleting it leaves every chain whole."""

standing_sum = Table(
    "standing_sum",
    metadata,
    Column("person_id", Integer, ForeignKey("person.id"), nullable=False),
    Column("framework_code", String(200), nullable=False),
    Column("competency", String(200), nullable=False),
    Column("purpose", String(40), nullable=False),
    Column("weight_sum", Double, nullable=False),
    Column("ladder_sum", Double, nullable=False),
    Column("row_count", Integer, nullable=False),
    Column("newest_on", Date, nullable=False),
    Column("version", String(16), nullable=False),
    PrimaryKeyConstraint("person_id", "framework_code", "competency", "purpose"),
)
"""Two sums per key, scaled to the epoch of the settings' version."""
