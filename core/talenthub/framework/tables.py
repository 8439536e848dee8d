"""Tables of the framework room.

Rows of content are keyed by version and position, so that the order of the
source survives; references inside a version go by code, and their foreign
keys hold the version, so that no row can point into another one. Triggers
made by the migration refuse any change to the content of a version that is
no longer a draft.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
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
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

from talenthub.framework.text import Text as Words
from talenthub.framework.text import from_json, to_json
from talenthub.storage.types import UtcDateTime, metadata

CODE = 80
"""The longest code, here and wherever another room keeps one."""


class TextColumn(TypeDecorator[Words]):
    """A text or a map of languages to texts, stored as JSON."""

    impl = Text
    cache_ok = True

    def bind_processor(self, _dialect: Dialect) -> Callable[[Words | None], str | None]:
        """Return what stores a text as JSON."""
        return _to_text

    def result_processor(self, _dialect: Dialect, _kind: object) -> Callable[[str | None], Words | None]:
        """Return what reads the text that was stored."""
        return _from_text


def _to_text(value: Words | None) -> str | None:
    return None if value is None else to_json(value)


def _from_text(value: str | None) -> Words | None:
    return None if value is None else from_json(value)


framework = Table(
    "framework",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("code", String(CODE), nullable=False, unique=True),
)

framework_version = Table(
    "framework_version",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("framework_id", Integer, ForeignKey("framework.id"), nullable=False),
    Column("number", String(80), nullable=False),
    Column("status", String(20), nullable=False),
    Column("locked", Boolean(create_constraint=False), nullable=False),
    Column("title", TextColumn, nullable=False),
    Column("language", String(40), nullable=False),
    Column("edition", String(200)),
    Column("licence", Text),
    Column("attribution", Text),
    Column("source", Text),
    Column("organisation", Text),
    Column("rating_mode", String(20), nullable=False),
    Column("check_profile", String(20), nullable=False),
    Column("role_scale", String(CODE)),
    Column("content_hash", String(64), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("edited_at", UtcDateTime, nullable=False),
    Column("last_edited_by", Integer),
    Column("last_edited_login", Integer),
    Column("effective_from", Date),
    Column("published_at", UtcDateTime),
    Column("published_by", Integer),
    Column("published_login", Integer),
    Column("withdrawn_at", UtcDateTime),
    Column("reviewed_on", Date),
    UniqueConstraint("framework_id", "number"),
    CheckConstraint("status IN ('draft', 'published', 'superseded', 'withdrawn')", name="status"),
    CheckConstraint(
        "status IN ('draft', 'withdrawn') OR (published_at IS NOT NULL AND effective_from IS NOT NULL)",
        name="published",
    ),
    Index(
        "uq_framework_version_published",
        "framework_id",
        unique=True,
        sqlite_where=text("status = 'published'"),
        postgresql_where=text("status = 'published'"),
    ),
)


def _content(name: str, *more: Any) -> Table:
    """Return a table of content, keyed by version and position."""
    return Table(
        name,
        metadata,
        Column("version_id", Integer, ForeignKey("framework_version.id"), nullable=False),
        Column("position", Integer, autoincrement=False, nullable=False),
        *more,
        PrimaryKeyConstraint("version_id", "position"),
    )


def _points(columns: str, table: str, theirs: str, **more: Any) -> ForeignKeyConstraint:
    """Return a foreign key that stays within the version."""
    return ForeignKeyConstraint(
        ["version_id", *columns.split()],
        [f"{table}.{each}" for each in ("version_id", *theirs.split())],
        **more,
    )


LATER = {"deferrable": True, "initially": "DEFERRED"}
"""For rows that point at rows further down in the same table."""

rating_anchor = _content(
    "rating_anchor",
    Column("value", Integer, nullable=False),
    Column("label", TextColumn, nullable=False),
    Column("anchor", TextColumn, nullable=False),
    UniqueConstraint("version_id", "value"),
)

value = _content(
    "value",
    Column("code", String(CODE), nullable=False),
    Column("title", TextColumn, nullable=False),
    Column("statement", TextColumn),
    UniqueConstraint("version_id", "code"),
)

scale = _content(
    "scale",
    Column("code", String(CODE), nullable=False),
    Column("title", TextColumn),
    UniqueConstraint("version_id", "code"),
)

level = _content(
    "level",
    Column("scale", String(CODE), nullable=False),
    Column("ordinal", Integer, nullable=False),
    Column("key", String(CODE), nullable=False),
    Column("label", TextColumn, nullable=False),
    Column("anchor", TextColumn),
    UniqueConstraint("version_id", "scale", "ordinal"),
    _points("scale", "scale", "code"),
)

competency = _content(
    "competency",
    Column("code", String(CODE), nullable=False),
    Column("title", TextColumn, nullable=False),
    Column("definition", TextColumn),
    Column("scale", String(CODE)),
    Column("parent", String(CODE)),
    UniqueConstraint("version_id", "code"),
    _points("scale", "scale", "code"),
    _points("parent", "competency", "code", **LATER),
)

competency_value = _content(
    "competency_value",
    Column("competency", String(CODE), nullable=False),
    Column("value", String(CODE), nullable=False),
    UniqueConstraint("version_id", "competency", "value"),
    _points("competency", "competency", "code"),
    _points("value", "value", "code"),
)

role = _content(
    "role",
    Column("code", String(CODE), nullable=False),
    Column("title", TextColumn, nullable=False),
    Column("family", TextColumn),
    Column("track", TextColumn),
    Column("purpose", TextColumn),
    Column("headcount", Integer),
    Column("reports_to", String(CODE)),
    UniqueConstraint("version_id", "code"),
    _points("reports_to", "role", "code", **LATER),
)

role_level = _content(
    "role_level",
    Column("role", String(CODE), nullable=False),
    Column("code", String(CODE), nullable=False),
    Column("title", TextColumn, nullable=False),
    Column("organisational_level", Integer),
    Column("purpose", TextColumn),
    UniqueConstraint("version_id", "role", "code"),
    _points("role", "role", "code"),
)

requirement = _content(
    "requirement",
    Column("role", String(CODE), nullable=False),
    Column("role_level", String(CODE), nullable=False),
    Column("competency", String(CODE), nullable=False),
    Column("level", Integer, nullable=False),
    Column("essential", Boolean(create_constraint=False), nullable=False),
    Column("critical_rank", Integer),
    Column("focus_rank", Integer),
    Column("weight", String(40)),
    Column("rationale", TextColumn),
    UniqueConstraint("version_id", "role", "role_level", "competency"),
    _points("role role_level", "role_level", "role code"),
    _points("competency", "competency", "code"),
)

descriptor = _content(
    "descriptor",
    Column("competency", String(CODE), nullable=False),
    Column("level", Integer, nullable=False),
    Column("role", String(CODE)),
    Column("role_level", String(CODE)),
    Column("text", TextColumn),
    _points("competency", "competency", "code"),
    _points("role", "role", "code"),
    _points("role role_level", "role_level", "role code"),
)

indicator = _content(
    "indicator",
    Column("descriptor", Integer, nullable=False),
    Column("positive", Boolean(create_constraint=False), nullable=False),
    Column("text", TextColumn, nullable=False),
    _points("descriptor", "descriptor", "position"),
)

question = _content(
    "question",
    Column("competency", String(CODE), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("text", TextColumn, nullable=False),
    _points("competency", "competency", "code"),
)

pointer = _content(
    "pointer",
    Column("of", String(CODE)),
    Column("kind", String(CODE), nullable=False),
    Column("target", Text, nullable=False),
    Column("title", TextColumn),
)

framework_mapping = Table(
    "framework_mapping",
    metadata,
    Column("version_id", Integer, ForeignKey("framework_version.id"), nullable=False),
    Column("position", Integer, autoincrement=False, nullable=False),
    Column("before_id", Integer, ForeignKey("framework_version.id"), nullable=False),
    Column("old", String(CODE), nullable=False),
    Column("new", String(CODE)),
    Column("kind", String(20), nullable=False),
    Column("strength", String(40), nullable=False),
    Column("confirmed", Boolean(create_constraint=False), nullable=False),
    Column("why", Text, nullable=False),
    PrimaryKeyConstraint("version_id", "position"),
)
"""What succeeds what: from the version before to this one; it freezes with it."""

framework_import = Table(
    "framework_import",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("version_id", Integer, ForeignKey("framework_version.id"), nullable=False),
    Column("content_hash", String(64), nullable=False),
    Column("imported_at", UtcDateTime, nullable=False),
    Column("format", String(80), nullable=False),
    Column("files", Text, nullable=False),
    Index("ix_framework_import_version_id", "version_id"),
)
"""Each import that changed a version: the files it came from, by hash."""

import_deviation = Table(
    "import_deviation",
    metadata,
    Column("import_id", Integer, ForeignKey("framework_import.id"), nullable=False),
    Column("position", Integer, autoincrement=False, nullable=False),
    *(Column(each, Text) for each in ("place", "path", "text", "found", "allowed", "nearest", "mend")),
    Column("code", String(80), nullable=False),
    PrimaryKeyConstraint("import_id", "position"),
)
"""What the reader mended or left out, row by row."""

CONTENT = (
    rating_anchor,
    value,
    scale,
    level,
    competency,
    competency_value,
    role,
    role_level,
    requirement,
    descriptor,
    indicator,
    question,
    pointer,
)
"""The tables that freeze with a version, each after those it points to."""


def _dated(name: str, *more: Any) -> Table:
    """Return a table of records that hold from one day to another."""
    return Table(
        name,
        metadata,
        Column("id", Integer, primary_key=True, autoincrement=True),
        Column("framework_id", Integer, ForeignKey("framework.id"), nullable=False),
        Column("competency", String(CODE), nullable=False),
        Column("valid_from", Date, nullable=False),
        Column("valid_until", Date),
        *more,
    )


learning_item = _dated(
    "learning_item",
    Column("code", String(CODE), nullable=False),
    Column("position", Integer, nullable=False),
    Column("kind", String(40), nullable=False),
    Column("title", TextColumn, nullable=False),
    Column("lowest_level", Integer),
    Column("highest_level", Integer),
    Column("hours", String(40)),
    Column("heat", Integer),
    Column("in_flow", Boolean(create_constraint=False), nullable=False),
    UniqueConstraint("framework_id", "code", "valid_from"),
)

strategy_weight = _dated(
    "strategy_weight",
    Column("weight", String(40), nullable=False),
    UniqueConstraint("framework_id", "competency", "valid_from"),
)

usage = Table(
    "usage",
    metadata,
    Column("version_id", Integer, ForeignKey("framework_version.id"), nullable=False),
    Column("stage", String(20), nullable=False),
    Column("competency", String(CODE), nullable=False),
    Column("day", Date, nullable=False),
    PrimaryKeyConstraint("version_id", "stage", "competency", "day"),
)
