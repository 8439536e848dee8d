"""What the newest plugins bring that hears of events, for older processes too."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from talenthub.storage.types import UtcDateTime

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "event_handler",
        sa.Column("name", sa.String(160), nullable=False),
        sa.Column("hears", sa.String(200), nullable=False),
        sa.Column("version", sa.String(80), nullable=False),
        sa.Column("written_at", UtcDateTime(), nullable=False),
        sa.Column("seen_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("name", "hears", name="pk_event_handler"),
    )


def downgrade() -> None:
    op.drop_table("event_handler")
