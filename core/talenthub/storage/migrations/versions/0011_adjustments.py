"""What an organisation adjusts of a workflow; a case keeps what it began with."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from talenthub.storage.types import UtcDateTime

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "workflow_adjustment",
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("workflow_version_id", sa.Integer, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("adjustment", sa.Text, nullable=False),
        sa.Column("declaration", sa.Text, nullable=False),
        sa.Column("stored_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("hash", name="pk_workflow_adjustment"),
        sa.ForeignKeyConstraint(
            ["workflow_version_id"],
            ["workflow_version.id"],
            name="fk_workflow_adjustment_workflow_version_id_workflow_version",
        ),
        sa.UniqueConstraint(
            "workflow_version_id", "number", name="uq_workflow_adjustment_workflow_version_id"
        ),
    )
    op.add_column("workflow_case", sa.Column("adjustment", sa.String(64)))


def downgrade() -> None:
    op.drop_column("workflow_case", "adjustment")
    op.drop_table("workflow_adjustment")
