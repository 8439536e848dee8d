"""Who works on a delivery, why a timer failed, which machine has the worker."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from talenthub.storage.types import UtcDateTime

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("outbox", sa.Column("leased_by", sa.String(120)))
    op.add_column("case_timer", sa.Column("attempts", sa.Integer, nullable=False, server_default="0"))
    op.add_column("case_timer", sa.Column("retry_at", UtcDateTime()))
    op.add_column("case_timer", sa.Column("error", sa.Text))
    op.create_table(
        "worker_machine",
        sa.Column("id", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("machine", sa.String(80), nullable=False),
        sa.Column("host", sa.String(120), nullable=False),
        sa.Column("until", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_worker_machine"),
    )


def downgrade() -> None:
    op.drop_table("worker_machine")
    for column in ("error", "retry_at", "attempts"):
        op.drop_column("case_timer", column)
    op.drop_column("outbox", "leased_by")
