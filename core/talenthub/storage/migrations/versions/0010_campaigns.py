"""Campaigns: one thing done for many, in chunks; what was refused, in words."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from talenthub.storage.types import UtcDateTime

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create_campaigns()
    _create_chunks()
    _create_refusals()


def _create_campaigns() -> None:
    op.create_table(
        "campaign",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("work", sa.String(120), nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("case_id", sa.Integer),
        sa.Column("form", sa.Text, nullable=False),
        sa.Column("actor_id", sa.Integer),
        sa.Column("login_id", sa.Integer),
        sa.Column("request_id", sa.String(200), nullable=False),
        sa.Column("started_at", UtcDateTime(), nullable=False),
        sa.Column("cancelled_at", UtcDateTime()),
        sa.PrimaryKeyConstraint("id", name="pk_campaign"),
        sa.ForeignKeyConstraint(["case_id"], ["workflow_case.id"], name="fk_campaign_case_id_workflow_case"),
        sa.UniqueConstraint("request_id", name="uq_campaign_request_id"),
    )
    op.create_index("ix_campaign_case", "campaign", ["case_id", "work"])


def _create_chunks() -> None:
    op.create_table(
        "campaign_chunk",
        sa.Column("campaign_id", sa.Integer, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("delivery_id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), nullable=False),
        sa.Column("items", sa.Text, nullable=False),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("refused", sa.Integer, nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("ended_at", UtcDateTime()),
        sa.PrimaryKeyConstraint("campaign_id", "number", name="pk_campaign_chunk"),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name="fk_campaign_chunk_campaign_id_campaign"
        ),
        sa.ForeignKeyConstraint(["delivery_id"], ["outbox.id"], name="fk_campaign_chunk_delivery_id_outbox"),
    )
    is_open = sa.text("status = 'open'")
    op.create_index(
        "ix_campaign_chunk_open",
        "campaign_chunk",
        ["campaign_id", "number"],
        sqlite_where=is_open,
        postgresql_where=is_open,
    )


def _create_refusals() -> None:
    op.create_table(
        "campaign_refusal",
        sa.Column("campaign_id", sa.Integer, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("place", sa.Integer, nullable=False),
        sa.Column("item", sa.String(80), nullable=False),
        sa.Column("why", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("campaign_id", "number", "place", name="pk_campaign_refusal"),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name="fk_campaign_refusal_campaign_id_campaign"
        ),
    )


def downgrade() -> None:
    op.drop_table("campaign_refusal")
    op.drop_table("campaign_chunk")
    op.drop_table("campaign")
