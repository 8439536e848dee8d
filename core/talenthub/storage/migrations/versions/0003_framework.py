"""Frameworks, their versions and content, the records beside them, usage."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from talenthub.storage.frozen_versions import CONTENT, protect
from talenthub.storage.types import UtcDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

BESIDE = ("learning_item", "strategy_weight", "usage")


def _code(name: str, *, needed: bool = True) -> sa.Column[str]:
    return sa.Column(name, sa.String(80), nullable=not needed)


def _text(name: str, *, needed: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=not needed)


def _number(name: str, *, needed: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.Integer, nullable=not needed)


def _flag(name: str) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean, nullable=False)


def _points(table: str, columns: str, target: str, theirs: str, **more: Any) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["version_id", *columns.split()],
        [f"{target}.{each}" for each in ("version_id", *theirs.split())],
        name=f"fk_{table}_version_id_{target}",
        **more,
    )


def _later(table: str, column: str) -> sa.ForeignKeyConstraint:
    return _points(table, column, table, "code", deferrable=True, initially="DEFERRED")


def _unique(table: str, *columns: str) -> sa.UniqueConstraint:
    return sa.UniqueConstraint(*columns, name=f"uq_{table}_{columns[0]}")


def _content(name: str, *more: Any, unique: str = "") -> None:
    extra = (_unique(name, "version_id", *unique.split()),) if unique else ()
    op.create_table(
        name,
        sa.Column("version_id", sa.Integer, nullable=False),
        sa.Column("position", sa.Integer, autoincrement=False, nullable=False),
        *more,
        sa.PrimaryKeyConstraint("version_id", "position", name=f"pk_{name}"),
        sa.ForeignKeyConstraint(
            ["version_id"], ["framework_version.id"], name=f"fk_{name}_version_id_framework_version"
        ),
        *extra,
    )


def upgrade() -> None:
    _create_frameworks()
    _create_versions()
    _create_hub()
    _create_roles()
    _create_words()
    _create_records()
    for statement in protect(op.get_bind().dialect.name):
        op.execute(statement)


def _create_frameworks() -> None:
    op.create_table(
        "framework",
        sa.Column("id", sa.Integer, nullable=False),
        _code("code"),
        sa.PrimaryKeyConstraint("id", name="pk_framework"),
        sa.UniqueConstraint("code", name="uq_framework_code"),
    )


def _create_versions() -> None:
    op.create_table(
        "framework_version",
        sa.Column("id", sa.Integer, nullable=False),
        _number("framework_id", needed=True),
        sa.Column("number", sa.String(80), nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        _flag("locked"),
        _text("title", needed=True),
        sa.Column("language", sa.String(40), nullable=False),
        sa.Column("edition", sa.String(200)),
        _text("licence"),
        _text("attribution"),
        _text("source"),
        _text("organisation"),
        sa.Column("rating_mode", sa.String(20), nullable=False),
        sa.Column("check_profile", sa.String(20), nullable=False),
        _code("role_scale", needed=False),
        sa.Column("content_hash", sa.String(64), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("edited_at", UtcDateTime(), nullable=False),
        _number("last_edited_by"),
        _number("last_edited_login"),
        sa.Column("effective_from", sa.Date),
        sa.Column("published_at", UtcDateTime()),
        _number("published_by"),
        _number("published_login"),
        sa.Column("withdrawn_at", UtcDateTime()),
        sa.PrimaryKeyConstraint("id", name="pk_framework_version"),
        sa.ForeignKeyConstraint(
            ["framework_id"], ["framework.id"], name="fk_framework_version_framework_id_framework"
        ),
        sa.UniqueConstraint("framework_id", "number", name="uq_framework_version_framework_id"),
        sa.CheckConstraint(
            "status IN ('draft', 'published', 'superseded', 'withdrawn')",
            name=op.f("ck_framework_version_status"),
        ),
        sa.CheckConstraint(
            "status IN ('draft', 'withdrawn') OR (published_at IS NOT NULL AND effective_from IS NOT NULL)",
            name=op.f("ck_framework_version_published"),
        ),
    )
    op.create_index(
        "uq_framework_version_published",
        "framework_version",
        ["framework_id"],
        unique=True,
        sqlite_where=sa.text("status = 'published'"),
        postgresql_where=sa.text("status = 'published'"),
    )


def _create_hub() -> None:
    _content(
        "rating_anchor",
        _number("value", needed=True),
        _text("label", needed=True),
        _text("anchor", needed=True),
        unique="value",
    )
    _content("value", _code("code"), _text("title", needed=True), _text("statement"), unique="code")
    _content("scale", _code("code"), _text("title"), unique="code")
    _content(
        "level",
        _code("scale"),
        _number("ordinal", needed=True),
        _code("key"),
        _text("label", needed=True),
        _text("anchor"),
        _points("level", "scale", "scale", "code"),
        unique="scale ordinal",
    )
    _content(
        "competency",
        _code("code"),
        _text("title", needed=True),
        _text("definition"),
        _code("scale", needed=False),
        _code("parent", needed=False),
        _points("competency", "scale", "scale", "code"),
        _later("competency", "parent"),
        unique="code",
    )
    _content(
        "competency_value",
        _code("competency"),
        _code("value"),
        _points("competency_value", "competency", "competency", "code"),
        _points("competency_value", "value", "value", "code"),
        unique="competency value",
    )


def _create_roles() -> None:
    _content(
        "role",
        _code("code"),
        _text("title", needed=True),
        _text("family"),
        _text("track"),
        _text("purpose"),
        _number("headcount"),
        _code("reports_to", needed=False),
        _later("role", "reports_to"),
        unique="code",
    )
    _content(
        "role_level",
        _code("role"),
        _code("code"),
        _text("title", needed=True),
        _number("organisational_level"),
        _points("role_level", "role", "role", "code"),
        unique="role code",
    )
    _content(
        "requirement",
        _code("role"),
        _code("role_level"),
        _code("competency"),
        _number("level", needed=True),
        _flag("essential"),
        _number("critical_rank"),
        _number("focus_rank"),
        sa.Column("weight", sa.String(40)),
        _text("rationale"),
        _points("requirement", "role role_level", "role_level", "role code"),
        _points("requirement", "competency", "competency", "code"),
        unique="role role_level competency",
    )


def _create_words() -> None:
    _content(
        "descriptor",
        _code("competency"),
        _number("level", needed=True),
        _code("role", needed=False),
        _code("role_level", needed=False),
        _text("text"),
        _points("descriptor", "competency", "competency", "code"),
        _points("descriptor", "role", "role", "code"),
        _points("descriptor", "role role_level", "role_level", "role code"),
    )
    _content(
        "indicator",
        _number("descriptor", needed=True),
        _flag("positive"),
        _text("text", needed=True),
        _points("indicator", "descriptor", "descriptor", "position"),
    )
    _content(
        "question",
        _code("competency"),
        sa.Column("kind", sa.String(20), nullable=False),
        _text("text", needed=True),
        _points("question", "competency", "competency", "code"),
    )


def _dated(name: str, *more: Any, unique: str) -> None:
    op.create_table(
        name,
        sa.Column("id", sa.Integer, nullable=False),
        _number("framework_id", needed=True),
        _code("competency"),
        sa.Column("valid_from", sa.Date, nullable=False),
        sa.Column("valid_until", sa.Date),
        *more,
        sa.PrimaryKeyConstraint("id", name=f"pk_{name}"),
        sa.ForeignKeyConstraint(["framework_id"], ["framework.id"], name=f"fk_{name}_framework_id_framework"),
        _unique(name, "framework_id", unique, "valid_from"),
    )


def _create_records() -> None:
    _dated(
        "learning_item",
        _code("code"),
        _number("position", needed=True),
        sa.Column("kind", sa.String(40), nullable=False),
        _text("title", needed=True),
        _number("lowest_level"),
        _number("highest_level"),
        sa.Column("hours", sa.String(40)),
        _number("heat"),
        _flag("in_flow"),
        unique="code",
    )
    _dated("strategy_weight", sa.Column("weight", sa.String(40), nullable=False), unique="competency")
    op.create_table(
        "usage",
        sa.Column("version_id", sa.Integer, nullable=False),
        sa.Column("stage", sa.String(20), nullable=False),
        _code("competency"),
        sa.Column("day", sa.Date, nullable=False),
        sa.PrimaryKeyConstraint("version_id", "stage", "competency", "day", name="pk_usage"),
        sa.ForeignKeyConstraint(
            ["version_id"], ["framework_version.id"], name="fk_usage_version_id_framework_version"
        ),
    )


def downgrade() -> None:
    for table in (*BESIDE, *reversed(CONTENT), "framework_version", "framework"):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        for function in ("content_frozen", "version_frozen", "kept_whole"):
            op.execute(f"DROP FUNCTION framework_{function}()")
