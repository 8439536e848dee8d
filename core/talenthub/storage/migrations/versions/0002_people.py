"""Persons, units, posts, reporting lines, assignments, grants, deputies."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from talenthub.storage.types import UtcDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_TABLES = ("deputy", "grant_held", "assignment", "reporting_line", "post", "unit", "person")


def _key(table: str) -> tuple[sa.Column[int], sa.PrimaryKeyConstraint]:
    return (
        sa.Column("id", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
    )


def _points(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=f"fk_{table}_{column}_{target}")


def _open_index(name: str, table: str, column: str) -> None:
    where: dict[str, Any] = {
        "sqlite_where": sa.text("until IS NULL"),
        "postgresql_where": sa.text("until IS NULL"),
    }
    op.create_index(name, table, [column], unique=True, **where)


def upgrade() -> None:
    op.create_table(
        "person",
        *_key("person"),
        sa.Column("handle", sa.String(80), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("email", sa.String(254)),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("login", sa.String(120)),
        sa.Column("language", sa.String(35), nullable=False),
        sa.Column("site", sa.String(80)),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("closed_on", sa.Date),
        sa.UniqueConstraint("handle", name="uq_person_handle"),
        sa.UniqueConstraint("login", name="uq_person_login"),
        sa.CheckConstraint(
            "kind IN ('candidate', 'employee', 'leaver', 'external')", name=op.f("ck_person_kind")
        ),
    )
    op.create_table(
        "unit",
        *_key("unit"),
        sa.Column("code", sa.String(80), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("parent_id", sa.Integer),
        sa.Column("function", sa.String(80)),
        sa.Column("site", sa.String(80)),
        sa.UniqueConstraint("code", name="uq_unit_code"),
        _points("unit", "parent_id", "unit"),
    )
    op.create_index("ix_unit_parent_id", "unit", ["parent_id"])
    _create_posts()
    _create_assignments()
    _create_grants()


def _create_posts() -> None:
    op.create_table(
        "post",
        *_key("post"),
        sa.Column("code", sa.String(120), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("framework_code", sa.String(80), nullable=False),
        sa.Column("role_code", sa.String(120), nullable=False),
        sa.Column("level", sa.String(80)),
        sa.Column("unit_id", sa.Integer, nullable=False),
        sa.Column("critical", sa.Boolean, nullable=False),
        sa.Column("since", sa.Date, nullable=False),
        sa.Column("until", sa.Date),
        sa.UniqueConstraint("code", name="uq_post_code"),
        _points("post", "unit_id", "unit"),
    )
    op.create_index("ix_post_unit_id", "post", ["unit_id"])
    op.create_index("ix_post_role_code", "post", ["role_code"])
    op.create_table(
        "reporting_line",
        *_key("reporting_line"),
        sa.Column("post_id", sa.Integer, nullable=False),
        sa.Column("manager_post_id", sa.Integer, nullable=False),
        sa.Column("since", sa.Date, nullable=False),
        sa.Column("until", sa.Date),
        _points("reporting_line", "post_id", "post"),
        _points("reporting_line", "manager_post_id", "post"),
    )
    op.create_index("ix_reporting_line_post_id", "reporting_line", ["post_id", "since"])
    op.create_index("ix_reporting_line_manager_post_id", "reporting_line", ["manager_post_id"])
    _open_index("uq_reporting_line_open", "reporting_line", "post_id")


def _create_assignments() -> None:
    op.create_table(
        "assignment",
        *_key("assignment"),
        sa.Column("person_id", sa.Integer, nullable=False),
        sa.Column("post_id", sa.Integer, nullable=False),
        sa.Column("since", sa.Date, nullable=False),
        sa.Column("until", sa.Date),
        _points("assignment", "person_id", "person"),
        _points("assignment", "post_id", "post"),
    )
    op.create_index("ix_assignment_person_id", "assignment", ["person_id", "since"])
    op.create_index("ix_assignment_post_id", "assignment", ["post_id", "since"])
    _open_index("uq_assignment_person_open", "assignment", "person_id")
    _open_index("uq_assignment_post_open", "assignment", "post_id")


def _create_grants() -> None:
    op.create_table(
        "grant_held",
        *_key("grant_held"),
        sa.Column("person_id", sa.Integer, nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("unit_id", sa.Integer),
        sa.Column("since", sa.Date, nullable=False),
        sa.Column("until", sa.Date),
        sa.Column("granted_by", sa.Integer),
        _points("grant_held", "person_id", "person"),
        _points("grant_held", "unit_id", "unit"),
        _points("grant_held", "granted_by", "person"),
    )
    op.create_index("ix_grant_held_person_id", "grant_held", ["person_id"])
    op.create_index("ix_grant_held_name", "grant_held", ["name", "unit_id"])
    op.create_table(
        "deputy",
        *_key("deputy"),
        sa.Column("person_id", sa.Integer, nullable=False),
        sa.Column("deputy_id", sa.Integer, nullable=False),
        sa.Column("since", sa.Date, nullable=False),
        sa.Column("until", sa.Date, nullable=False),
        sa.CheckConstraint("person_id <> deputy_id", name=op.f("ck_deputy_other")),
        _points("deputy", "person_id", "person"),
        _points("deputy", "deputy_id", "person"),
    )
    op.create_index("ix_deputy_person_id", "deputy", ["person_id"])
    op.create_index("ix_deputy_deputy_id", "deputy", ["deputy_id"])


def downgrade() -> None:
    for table in _TABLES:
        op.drop_table(table)
