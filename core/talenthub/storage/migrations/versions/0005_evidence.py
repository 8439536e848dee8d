"""The evidence ledger, its narratives and the sums of standings."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from talenthub.storage.append_only import forbid_changes, permit_changes
from talenthub.storage.types import UtcDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

# A narrative may be erased but not rewritten; the head of a ledger moves on.
KEPT = {
    "evidence": ("UPDATE", "DELETE"),
    "evidence_narrative": ("UPDATE",),
    "person_ledger": ("DELETE",),
}


def upgrade() -> None:
    _create_ledger()
    _create_narratives()
    _create_standings()
    for table, operations in KEPT.items():
        forbid_changes(op.get_bind(), table, *operations)


def _create_ledger() -> None:
    op.create_table(
        "person_ledger",
        sa.Column("person_id", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("sequence", sa.Integer, nullable=False),
        sa.Column("head_hash", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("person_id", name="pk_person_ledger"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_person_ledger_person_id_person"),
    )
    op.create_table(
        "evidence",
        sa.Column("person_id", sa.Integer, nullable=False),
        sa.Column("sequence", sa.Integer, nullable=False),
        sa.Column("framework_version_id", sa.Integer, nullable=False),
        sa.Column("framework_code", sa.String(200), nullable=False),
        sa.Column("competency", sa.String(200), nullable=False),
        sa.Column("purpose", sa.String(40), nullable=False),
        sa.Column("ladder", sa.String(40), nullable=False),
        sa.Column("ladder_value", sa.Double, nullable=False),
        sa.Column("rating", sa.String(80), nullable=False),
        sa.Column("source", sa.String(40), nullable=False),
        sa.Column("weight", sa.String(40), nullable=False),
        sa.Column("observed_on", sa.Date, nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.Column("descriptor_hash", sa.String(64), nullable=False),
        sa.Column("case_id", sa.Integer),
        sa.Column("event_id", sa.Integer),
        sa.Column("author_id", sa.Integer),
        sa.Column("group_answered", sa.Integer),
        sa.Column("group_asked", sa.Integer),
        sa.Column("supersedes", sa.Integer),
        sa.Column("payload_hash", sa.String(64)),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("person_id", "sequence", name="pk_evidence"),
        sa.UniqueConstraint("person_id", "supersedes", name="uq_evidence_supersedes"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_evidence_person_id_person"),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name="fk_evidence_author_id_person"),
        sa.ForeignKeyConstraint(
            ["framework_version_id"],
            ["framework_version.id"],
            name="fk_evidence_framework_version_id_framework_version",
        ),
        sa.ForeignKeyConstraint(
            ["person_id", "supersedes"],
            ["evidence.person_id", "evidence.sequence"],
            name="fk_evidence_supersedes",
        ),
    )
    op.create_index("ix_evidence_case_id", "evidence", ["case_id"])


def _create_narratives() -> None:
    op.create_table(
        "evidence_narrative",
        sa.Column("person_id", sa.Integer, nullable=False),
        sa.Column("sequence", sa.Integer, nullable=False),
        sa.Column("salt", sa.String(32), nullable=False),
        sa.Column("payload", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("person_id", "sequence", name="pk_evidence_narrative"),
        sa.ForeignKeyConstraint(
            ["person_id", "sequence"],
            ["evidence.person_id", "evidence.sequence"],
            name="fk_evidence_narrative_evidence",
        ),
    )


def _create_standings() -> None:
    op.create_table(
        "standing_sum",
        sa.Column("person_id", sa.Integer, nullable=False),
        sa.Column("framework_code", sa.String(200), nullable=False),
        sa.Column("competency", sa.String(200), nullable=False),
        sa.Column("purpose", sa.String(40), nullable=False),
        sa.Column("weight_sum", sa.Double, nullable=False),
        sa.Column("ladder_sum", sa.Double, nullable=False),
        sa.Column("row_count", sa.Integer, nullable=False),
        sa.Column("newest_on", sa.Date, nullable=False),
        sa.Column("version", sa.String(16), nullable=False),
        sa.PrimaryKeyConstraint(
            "person_id", "framework_code", "competency", "purpose", name="pk_standing_sum"
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_standing_sum_person_id_person"),
    )


def downgrade() -> None:
    for table, operations in KEPT.items():
        permit_changes(op.get_bind(), table, *operations)
    for table in ("standing_sum", "evidence_narrative", "evidence", "person_ledger"):
        op.drop_table(table)
