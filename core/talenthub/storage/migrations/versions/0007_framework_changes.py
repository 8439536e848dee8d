"""What succeeds what between versions, evidence carried over, and reviews."""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

MESSAGE = "a framework version that is not a draft never changes"
CARRIED = "carried_from IS NOT NULL"


def upgrade() -> None:
    op.create_table(
        "framework_mapping",
        sa.Column("version_id", sa.Integer, nullable=False),
        sa.Column("position", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("before_id", sa.Integer, nullable=False),
        sa.Column("old", sa.String(80), nullable=False),
        sa.Column("new", sa.String(80)),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("strength", sa.String(40), nullable=False),
        sa.Column("confirmed", sa.Boolean(create_constraint=False), nullable=False),
        sa.Column("why", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("version_id", "position", name="pk_framework_mapping"),
        *(
            sa.ForeignKeyConstraint(
                [each], ["framework_version.id"], name=f"fk_framework_mapping_{each}_framework_version"
            )
            for each in ("version_id", "before_id")
        ),
    )
    for statement in _protect(op.get_bind().dialect.name):
        op.execute(statement)
    # Added, not rebuilt: the triggers on these tables stay.
    op.add_column("framework_version", sa.Column("reviewed_on", sa.Date))
    op.add_column("evidence", sa.Column("carried_from", sa.Integer))
    op.add_column("evidence", sa.Column("carried_by", sa.Integer))
    op.add_column("evidence", sa.Column("carried_strength", sa.String(40)))
    op.create_index("ix_evidence_framework_version_id", "evidence", ["framework_version_id", "competency"])
    op.create_index(
        "ix_evidence_carried_from",
        "evidence",
        ["person_id", "carried_from"],
        sqlite_where=sa.text(CARRIED),
        postgresql_where=sa.text(CARRIED),
    )


def _protect(dialect: str) -> Iterator[str]:
    if dialect != "sqlite":
        yield (
            "CREATE TRIGGER frozen_framework_mapping BEFORE INSERT OR UPDATE OR DELETE ON framework_mapping "
            "FOR EACH ROW EXECUTE FUNCTION framework_content_frozen()"
        )
        yield (
            "CREATE TRIGGER whole_framework_mapping BEFORE TRUNCATE ON framework_mapping "
            "FOR EACH STATEMENT EXECUTE FUNCTION framework_kept_whole()"
        )
        return
    frozen = "(SELECT status FROM framework_version WHERE id = {row}.version_id) <> 'draft'"
    for event, rows in (("INSERT", ["NEW"]), ("UPDATE", ["OLD", "NEW"]), ("DELETE", ["OLD"])):
        when = " OR ".join(frozen.format(row=row) for row in rows)
        yield (
            f"CREATE TRIGGER frozen_framework_mapping_{event.lower()} BEFORE {event} ON framework_mapping "
            f"WHEN {when} BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
        )


def downgrade() -> None:
    op.drop_index("ix_evidence_carried_from", "evidence")
    op.drop_index("ix_evidence_framework_version_id", "evidence")
    for column in ("carried_strength", "carried_by", "carried_from"):
        op.drop_column("evidence", column)
    op.drop_column("framework_version", "reviewed_on")
    op.drop_table("framework_mapping")
