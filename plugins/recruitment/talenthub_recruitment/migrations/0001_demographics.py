"""What people declared about themselves, for monitoring only."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from talenthub.sdk import UtcDateTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "recruitment_demographics",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("person_id", sa.Integer, nullable=False),
        sa.Column("attribute", sa.String(40), nullable=False),
        sa.Column("value", sa.String(80), nullable=False),
        sa.Column("declared_on", sa.Date, nullable=False),
        sa.Column("recorded_at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_recruitment_demographics"),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_recruitment_demographics_person_id_person"
        ),
        sa.UniqueConstraint("person_id", "attribute", name="uq_recruitment_demographics_person_id"),
    )


def downgrade() -> None:
    """Drop the table and what it holds."""
    op.drop_table("recruitment_demographics")
