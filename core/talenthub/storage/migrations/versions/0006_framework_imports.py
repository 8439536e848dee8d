"""Where a framework was read from, what deviated, and why a role has a step."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from talenthub.storage.types import UtcDateTime

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Added, not rebuilt: the triggers on the table stay.
    op.add_column("role_level", sa.Column("purpose", sa.Text))
    op.create_table(
        "framework_import",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("version_id", sa.Integer, nullable=False),
        sa.Column("content_hash", sa.String(64), nullable=False),
        sa.Column("imported_at", UtcDateTime(), nullable=False),
        sa.Column("format", sa.String(80), nullable=False),
        sa.Column("files", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_framework_import"),
        sa.ForeignKeyConstraint(
            ["version_id"], ["framework_version.id"], name="fk_framework_import_version_id_framework_version"
        ),
    )
    op.create_index("ix_framework_import_version_id", "framework_import", ["version_id"])
    op.create_table(
        "import_deviation",
        sa.Column("import_id", sa.Integer, nullable=False),
        sa.Column("position", sa.Integer, autoincrement=False, nullable=False),
        *(sa.Column(each, sa.Text) for each in ("place", "path", "text", "found", "allowed")),
        *(sa.Column(each, sa.Text) for each in ("nearest", "mend")),
        sa.Column("code", sa.String(80), nullable=False),
        sa.PrimaryKeyConstraint("import_id", "position", name="pk_import_deviation"),
        sa.ForeignKeyConstraint(
            ["import_id"], ["framework_import.id"], name="fk_import_deviation_import_id_framework_import"
        ),
    )


def downgrade() -> None:
    op.drop_table("import_deviation")
    op.drop_table("framework_import")
    op.drop_column("role_level", "purpose")
