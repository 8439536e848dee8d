"""The tables of the room; every `until` is the first day no longer in force."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    UniqueConstraint,
    text,
)

from talenthub.storage.types import UtcDateTime, metadata

KINDS = ("candidate", "employee", "leaver", "external")
"""What a person is to the organisation now; the person stays the same one."""


def longest(table: Table, *names: str) -> dict[str, int]:
    """Return how many characters fit into each of these columns."""
    return {name: length for name in names if (length := getattr(table.c[name].type, "length", None))}


def _one_open(name: str, column: str) -> Index:
    """Return the index that lets only one row of each have no end."""
    lasting = text("until IS NULL")
    return Index(name, column, unique=True, sqlite_where=lasting, postgresql_where=lasting)


person = Table(
    "person",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("handle", String(80), nullable=False),
    Column("name", String(200), nullable=False),
    Column("email", String(254)),
    Column("kind", String(20), nullable=False),
    Column("login", String(120)),
    Column("language", String(35), nullable=False),
    Column("site", String(80)),
    Column("created_at", UtcDateTime, nullable=False),
    Column("closed_on", Date),
    UniqueConstraint("handle"),
    UniqueConstraint("login"),
    CheckConstraint("kind IN ('candidate', 'employee', 'leaver', 'external')", name="kind"),
)

unit = Table(
    "unit",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("code", String(80), nullable=False),
    Column("name", String(200), nullable=False),
    Column("parent_id", Integer, ForeignKey("unit.id")),
    Column("function", String(80)),
    Column("site", String(80)),
    UniqueConstraint("code"),
    Index("ix_unit_parent_id", "parent_id"),
)

post = Table(
    "post",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("code", String(120), nullable=False),
    Column("title", String(200), nullable=False),
    Column("framework_code", String(80), nullable=False),
    Column("role_code", String(120), nullable=False),
    Column("level", String(80)),
    Column("unit_id", Integer, ForeignKey("unit.id"), nullable=False),
    Column("critical", Boolean, nullable=False),
    Column("since", Date, nullable=False),
    Column("until", Date),
    UniqueConstraint("code"),
    Index("ix_post_unit_id", "unit_id"),
    Index("ix_post_role_code", "role_code"),
)

reporting_line = Table(
    "reporting_line",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("post_id", Integer, ForeignKey("post.id"), nullable=False),
    Column("manager_post_id", Integer, ForeignKey("post.id"), nullable=False),
    Column("since", Date, nullable=False),
    Column("until", Date),
    Index("ix_reporting_line_post_id", "post_id", "since"),
    Index("ix_reporting_line_manager_post_id", "manager_post_id"),
    _one_open("uq_reporting_line_open", "post_id"),
)
"""Between posts, not people: who leaves takes no line along."""

assignment = Table(
    "assignment",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("person_id", Integer, ForeignKey("person.id"), nullable=False),
    Column("post_id", Integer, ForeignKey("post.id"), nullable=False),
    Column("since", Date, nullable=False),
    Column("until", Date),
    Index("ix_assignment_person_id", "person_id", "since"),
    Index("ix_assignment_post_id", "post_id", "since"),
    _one_open("uq_assignment_person_open", "person_id"),
    _one_open("uq_assignment_post_open", "post_id"),
)

grant_held = Table(
    "grant_held",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("person_id", Integer, ForeignKey("person.id"), nullable=False),
    Column("name", String(80), nullable=False),
    Column("unit_id", Integer, ForeignKey("unit.id")),
    Column("since", Date, nullable=False),
    Column("until", Date),
    Column("granted_by", Integer, ForeignKey("person.id")),
    Index("ix_grant_held_person_id", "person_id"),
    Index("ix_grant_held_name", "name", "unit_id"),
)

deputy = Table(
    "deputy",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("person_id", Integer, ForeignKey("person.id"), nullable=False),
    Column("deputy_id", Integer, ForeignKey("person.id"), nullable=False),
    Column("since", Date, nullable=False),
    Column("until", Date, nullable=False),
    CheckConstraint("person_id <> deputy_id", name="other"),
    Index("ix_deputy_person_id", "person_id"),
    Index("ix_deputy_deputy_id", "deputy_id"),
)
