"""Where the things of a framework point to, beside and outside of it."""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

MESSAGE = "a framework version that is not a draft never changes"


def upgrade() -> None:
    op.create_table(
        "pointer",
        sa.Column("version_id", sa.Integer, nullable=False),
        sa.Column("position", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("of", sa.String(80)),
        sa.Column("kind", sa.String(80), nullable=False),
        sa.Column("target", sa.Text, nullable=False),
        sa.Column("title", sa.Text),
        sa.PrimaryKeyConstraint("version_id", "position", name="pk_pointer"),
        sa.ForeignKeyConstraint(
            ["version_id"], ["framework_version.id"], name="fk_pointer_version_id_framework_version"
        ),
    )
    for statement in _protect(op.get_bind().dialect.name):
        op.execute(statement)


def _protect(dialect: str) -> Iterator[str]:
    if dialect != "sqlite":
        yield (
            "CREATE TRIGGER frozen_pointer BEFORE INSERT OR UPDATE OR DELETE ON pointer "
            "FOR EACH ROW EXECUTE FUNCTION framework_content_frozen()"
        )
        yield (
            "CREATE TRIGGER whole_pointer BEFORE TRUNCATE ON pointer "
            "FOR EACH STATEMENT EXECUTE FUNCTION framework_kept_whole()"
        )
        return
    frozen = "(SELECT status FROM framework_version WHERE id = {row}.version_id) <> 'draft'"
    for event, rows in (("INSERT", ["NEW"]), ("UPDATE", ["OLD", "NEW"]), ("DELETE", ["OLD"])):
        when = " OR ".join(frozen.format(row=row) for row in rows)
        yield (
            f"CREATE TRIGGER frozen_pointer_{event.lower()} BEFORE {event} ON pointer "
            f"WHEN {when} BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
        )


def downgrade() -> None:
    op.drop_table("pointer")
