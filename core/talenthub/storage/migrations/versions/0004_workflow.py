"""Cases, their history, tasks, timers and deliveries."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from talenthub.storage.append_only import forbid_changes, permit_changes
from talenthub.storage.types import UtcDateTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")
_OPEN_STATUS = sa.text("status = 'open'")
_IS_OPEN = sa.text("is_open")
_DUE_OUTBOX = sa.text("done_at IS NULL AND dead_at IS NULL")
_PENDING = sa.text("status = 'pending'")


def upgrade() -> None:
    _create_versions()
    _create_cases()
    _create_participants()
    _create_history()
    _create_tasks()
    _create_timers()
    _create_deliveries()
    _create_answers()
    _create_sealed_answers()
    forbid_changes(op.get_bind(), "case_event", "UPDATE", "DELETE")
    forbid_changes(op.get_bind(), "case_payload", "UPDATE")


def _create_versions() -> None:
    op.create_table(
        "workflow_version",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("plugin", sa.String(80), nullable=False),
        sa.Column("declaration", sa.Text, nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("stored_at", UtcDateTime(), nullable=False),
        sa.UniqueConstraint("name", "version", name="uq_workflow_version_name"),
        sa.PrimaryKeyConstraint("id", name="pk_workflow_version"),
    )
    op.create_table(
        "pinned_settings",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("plugin", sa.String(80), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("settings", sa.Text, nullable=False),
        sa.UniqueConstraint("plugin", "hash", name="uq_pinned_settings_plugin"),
        sa.PrimaryKeyConstraint("id", name="pk_pinned_settings"),
    )
    op.create_table(
        "reference_counter",
        sa.Column("prefix", sa.String(20), nullable=False),
        sa.Column("next", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("prefix", name="pk_reference_counter"),
    )


def _create_cases() -> None:
    op.create_table(
        "workflow_case",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("ref", sa.String(40), nullable=False),
        sa.Column("workflow", sa.String(80), nullable=False),
        sa.Column("workflow_version_id", sa.Integer, nullable=False),
        sa.Column("settings_id", sa.Integer, nullable=False),
        sa.Column("framework_version_id", sa.Integer),
        sa.Column("subject_id", sa.Integer),
        sa.Column("parent_id", sa.Integer),
        sa.Column("unit_id", sa.Integer),
        sa.Column("about", sa.Text, nullable=False),
        sa.Column("state", sa.String(80), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("data", sa.Text, nullable=False),
        sa.Column("head_hash", sa.String(64), nullable=False),
        sa.Column("opened_at", UtcDateTime(), nullable=False),
        sa.Column("entered_at", UtcDateTime(), nullable=False),
        sa.Column("closed_at", UtcDateTime()),
        sa.Column("outcome", sa.String(20)),
        sa.UniqueConstraint("ref", name="uq_workflow_case_ref"),
        sa.PrimaryKeyConstraint("id", name="pk_workflow_case"),
        sa.ForeignKeyConstraint(
            ["workflow_version_id"],
            ["workflow_version.id"],
            name="fk_workflow_case_workflow_version_id_workflow_version",
        ),
        sa.ForeignKeyConstraint(
            ["settings_id"], ["pinned_settings.id"], name="fk_workflow_case_settings_id_pinned_settings"
        ),
        sa.ForeignKeyConstraint(
            ["framework_version_id"],
            ["framework_version.id"],
            name="fk_workflow_case_framework_version_id_framework_version",
        ),
        sa.ForeignKeyConstraint(["subject_id"], ["person.id"], name="fk_workflow_case_subject_id_person"),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["workflow_case.id"], name="fk_workflow_case_parent_id_workflow_case"
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name="fk_workflow_case_unit_id_unit"),
    )
    op.create_index("ix_workflow_case_parent", "workflow_case", ["parent_id", "workflow"])
    op.create_index("ix_workflow_case_subject", "workflow_case", ["subject_id", "workflow"])
    op.create_index("ix_workflow_case_state", "workflow_case", ["workflow", "state"])


def _create_participants() -> None:
    op.create_table(
        "case_participant",
        sa.Column("case_id", sa.Integer, nullable=False),
        sa.Column("role", sa.String(40), nullable=False),
        sa.Column("person_id", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("case_id", "role", "person_id", name="pk_case_participant"),
        sa.ForeignKeyConstraint(
            ["case_id"], ["workflow_case.id"], name="fk_case_participant_case_id_workflow_case"
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_case_participant_person_id_person"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_case_participant_person", "case_participant", ["person_id", "role", "case_id"])


def _create_history() -> None:
    op.create_table(
        "case_event",
        sa.Column("case_id", sa.Integer, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("transition", sa.String(80), nullable=False),
        sa.Column("source", sa.String(80)),
        sa.Column("target", sa.String(80), nullable=False),
        sa.Column("actor_id", sa.Integer),
        sa.Column("login_id", sa.Integer),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("cause", sa.String(60)),
        sa.Column("payload_hash", sa.String(64), nullable=False),
        sa.Column("previous_hash", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("case_id", "version", name="pk_case_event"),
        sa.ForeignKeyConstraint(
            ["case_id"], ["workflow_case.id"], name="fk_case_event_case_id_workflow_case"
        ),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_case_event_at", "case_event", ["at"])
    op.create_index("ix_case_event_actor", "case_event", ["actor_id", "at"])
    op.create_table(
        "case_payload",
        sa.Column("case_id", sa.Integer, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("salt", sa.String(32), nullable=False),
        sa.Column("payload", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("case_id", "version", name="pk_case_payload"),
        sa.ForeignKeyConstraint(
            ["case_id"], ["workflow_case.id"], name="fk_case_payload_case_id_workflow_case"
        ),
        sqlite_with_rowid=False,
    )


def _create_tasks() -> None:
    op.create_table(
        "case_task",
        sa.Column("id", _ID, nullable=False),
        sa.Column("case_id", sa.Integer, nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("relation", sa.Text, nullable=False),
        sa.Column("holder_id", sa.Integer),
        sa.Column("due_at", UtcDateTime()),
        sa.Column("opened_at", UtcDateTime(), nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("closed_at", UtcDateTime()),
        sa.PrimaryKeyConstraint("id", name="pk_case_task"),
        sa.ForeignKeyConstraint(["case_id"], ["workflow_case.id"], name="fk_case_task_case_id_workflow_case"),
        sa.ForeignKeyConstraint(["holder_id"], ["person.id"], name="fk_case_task_holder_id_person"),
    )
    op.create_index(
        "ix_case_task_open",
        "case_task",
        ["case_id"],
        sqlite_where=_OPEN_STATUS,
        postgresql_where=_OPEN_STATUS,
    )
    op.create_table(
        "task_pool",
        sa.Column("pool", sa.String(120), nullable=False),
        sa.Column("task_id", _ID, nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.Column("is_open", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("task_id", "pool", name="pk_task_pool"),
        sa.ForeignKeyConstraint(["task_id"], ["case_task.id"], name="fk_task_pool_task_id_case_task"),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_task_pool_open",
        "task_pool",
        ["pool", "due_at", "task_id"],
        sqlite_where=_IS_OPEN,
        postgresql_where=_IS_OPEN,
    )


def _create_timers() -> None:
    op.create_table(
        "case_timer",
        sa.Column("id", _ID, nullable=False),
        sa.Column("case_id", sa.Integer, nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("fires", sa.String(80)),
        sa.Column("escalates", sa.Boolean, nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_case_timer"),
        sa.ForeignKeyConstraint(
            ["case_id"], ["workflow_case.id"], name="fk_case_timer_case_id_workflow_case"
        ),
    )
    op.create_index(
        "ix_case_timer_due",
        "case_timer",
        ["due_at", "id"],
        sqlite_where=_OPEN_STATUS,
        postgresql_where=_OPEN_STATUS,
    )
    op.create_index(
        "ix_case_timer_case",
        "case_timer",
        ["case_id"],
        sqlite_where=_OPEN_STATUS,
        postgresql_where=_OPEN_STATUS,
    )


def _create_deliveries() -> None:
    op.create_table(
        "handoff",
        sa.Column("id", _ID, nullable=False),
        sa.Column("case_id", sa.Integer, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("rule", sa.String(200), nullable=False),
        sa.Column("opens", sa.String(80), nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("opened_case_id", sa.Integer),
        sa.Column("error", sa.Text),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("tried_at", UtcDateTime()),
        sa.UniqueConstraint("case_id", "version", "rule", name="uq_handoff_case_id"),
        sa.PrimaryKeyConstraint("id", name="pk_handoff"),
        sa.ForeignKeyConstraint(["case_id"], ["workflow_case.id"], name="fk_handoff_case_id_workflow_case"),
        sa.ForeignKeyConstraint(
            ["opened_case_id"], ["workflow_case.id"], name="fk_handoff_opened_case_id_workflow_case"
        ),
    )
    op.create_index("ix_handoff_pending", "handoff", ["id"], sqlite_where=_PENDING, postgresql_where=_PENDING)
    op.create_table(
        "outbox",
        sa.Column("id", _ID, nullable=False),
        sa.Column("origin", sa.String(60), nullable=False),
        sa.Column("handler", sa.String(160), nullable=False),
        sa.Column("message", sa.Text, nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.Column("lease_until", UtcDateTime()),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("error", sa.Text),
        sa.Column("done_at", UtcDateTime()),
        sa.Column("dead_at", UtcDateTime()),
        sa.UniqueConstraint("origin", "handler", name="uq_outbox_origin"),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
    )
    op.create_index(
        "ix_outbox_due", "outbox", ["due_at", "id"], sqlite_where=_DUE_OUTBOX, postgresql_where=_DUE_OUTBOX
    )


def _create_answers() -> None:
    op.create_table(
        "request_answer",
        sa.Column("actor_id", sa.Integer, nullable=False),
        sa.Column("key", sa.String(200), nullable=False),
        sa.Column("body_hash", sa.String(64), nullable=False),
        sa.Column("answer", sa.Text, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("actor_id", "key", name="pk_request_answer"),
    )
    op.create_index("ix_request_answer_at", "request_answer", ["at"])


def _create_sealed_answers() -> None:
    op.create_table(
        "sealed_box",
        sa.Column("token", sa.String(32), nullable=False),
        sa.Column("case_id", sa.Integer, nullable=False),
        sa.UniqueConstraint("case_id", name="uq_sealed_box_case_id"),
        sa.PrimaryKeyConstraint("token", name="pk_sealed_box"),
        sa.ForeignKeyConstraint(
            ["case_id"], ["workflow_case.id"], name="fk_sealed_box_case_id_workflow_case"
        ),
    )
    op.create_table(
        "sealed_answer",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("box", sa.String(32), nullable=False),
        sa.Column("grouping", sa.String(40), nullable=False),
        sa.Column("payload", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sealed_answer"),
        sa.ForeignKeyConstraint(["box"], ["sealed_box.token"], name="fk_sealed_answer_box_sealed_box"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_sealed_answer_box", "sealed_answer", ["box"])


def downgrade() -> None:
    permit_changes(op.get_bind(), "case_event", "UPDATE", "DELETE")
    permit_changes(op.get_bind(), "case_payload", "UPDATE")
    op.drop_table("sealed_answer")
    op.drop_table("sealed_box")
    op.drop_table("request_answer")
    op.drop_table("outbox")
    op.drop_table("handoff")
    op.drop_table("case_timer")
    op.drop_table("task_pool")
    op.drop_table("case_task")
    op.drop_table("case_payload")
    op.drop_table("case_event")
    op.drop_table("case_participant")
    op.drop_table("workflow_case")
    op.drop_table("reference_counter")
    op.drop_table("pinned_settings")
    op.drop_table("workflow_version")
