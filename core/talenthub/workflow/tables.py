"""Tables of cases, their history, tasks, timers and deliveries."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    UniqueConstraint,
    literal_column,
    text,
)

from talenthub.storage.types import UtcDateTime, metadata

OPEN = literal_column("'open'", String)
"""Said as the partial indexes say it: SQLite takes no parameter for the same."""

PENDING = literal_column("'pending'", String)

_ID = BigInteger().with_variant(Integer, "sqlite")
_OPEN_STATUS = text("status = 'open'")
_IS_OPEN = text("is_open")
_DUE_OUTBOX = text("done_at IS NULL AND dead_at IS NULL")
_PENDING = text("status = 'pending'")

workflow_version = Table(
    "workflow_version",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(80), nullable=False),
    Column("version", Integer, nullable=False),
    Column("plugin", String(80), nullable=False),
    Column("declaration", Text, nullable=False),
    Column("hash", String(64), nullable=False),
    Column("stored_at", UtcDateTime, nullable=False),
    UniqueConstraint("name", "version", name="uq_workflow_version_name"),
)

workflow_adjustment = Table(
    "workflow_adjustment",
    metadata,
    Column("hash", String(64), primary_key=True),
    Column("workflow_version_id", Integer, ForeignKey("workflow_version.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("adjustment", Text, nullable=False),
    Column("declaration", Text, nullable=False),
    Column("stored_at", UtcDateTime, nullable=False),
    UniqueConstraint("workflow_version_id", "number", name="uq_workflow_adjustment_workflow_version_id"),
)
"""What an organisation changes of a version, as data, by its own hash."""

pinned_settings = Table(
    "pinned_settings",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("plugin", String(80), nullable=False),
    Column("hash", String(64), nullable=False),
    Column("settings", Text, nullable=False),
    UniqueConstraint("plugin", "hash", name="uq_pinned_settings_plugin"),
)

reference_counter = Table(
    "reference_counter",
    metadata,
    Column("prefix", String(20), primary_key=True),
    Column("next", Integer, nullable=False),
)

workflow_case = Table(
    "workflow_case",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("ref", String(40), nullable=False),
    Column("workflow", String(80), nullable=False),
    Column("workflow_version_id", Integer, ForeignKey("workflow_version.id"), nullable=False),
    Column("settings_id", Integer, ForeignKey("pinned_settings.id"), nullable=False),
    Column("framework_version_id", Integer, ForeignKey("framework_version.id")),
    Column("subject_id", Integer, ForeignKey("person.id")),
    Column("parent_id", Integer, ForeignKey("workflow_case.id")),
    Column("unit_id", Integer, ForeignKey("unit.id")),
    Column("about", Text, nullable=False),
    Column("state", String(80), nullable=False),
    Column("version", Integer, nullable=False),
    Column("data", Text, nullable=False),
    Column("head_hash", String(64), nullable=False),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("entered_at", UtcDateTime, nullable=False),
    Column("closed_at", UtcDateTime),
    Column("outcome", String(20)),
    Column("adjustment", String(64)),
    UniqueConstraint("ref", name="uq_workflow_case_ref"),
    Index("ix_workflow_case_parent", "parent_id", "workflow"),
    Index("ix_workflow_case_subject", "subject_id", "workflow"),
    Index("ix_workflow_case_state", "workflow", "state"),
)

case_participant = Table(
    "case_participant",
    metadata,
    Column("case_id", Integer, ForeignKey("workflow_case.id"), nullable=False),
    Column("role", String(40), nullable=False),
    Column("person_id", Integer, ForeignKey("person.id"), nullable=False),
    PrimaryKeyConstraint("case_id", "role", "person_id", name="pk_case_participant"),
    Index("ix_case_participant_person", "person_id", "role", "case_id"),
    sqlite_with_rowid=False,
)

case_event = Table(
    "case_event",
    metadata,
    Column("case_id", Integer, ForeignKey("workflow_case.id"), nullable=False),
    Column("version", Integer, nullable=False),
    Column("kind", String(20), nullable=False),
    Column("transition", String(80), nullable=False),
    Column("source", String(80)),
    Column("target", String(80), nullable=False),
    Column("actor_id", Integer),
    Column("login_id", Integer),
    Column("at", UtcDateTime, nullable=False),
    Column("cause", String(60)),
    Column("payload_hash", String(64), nullable=False),
    Column("previous_hash", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
    PrimaryKeyConstraint("case_id", "version", name="pk_case_event"),
    Index("ix_case_event_at", "at"),
    Index("ix_case_event_actor", "actor_id", "at"),
    sqlite_with_rowid=False,
)

case_payload = Table(
    "case_payload",
    metadata,
    Column("case_id", Integer, ForeignKey("workflow_case.id"), nullable=False),
    Column("version", Integer, nullable=False),
    Column("salt", String(32), nullable=False),
    Column("payload", Text, nullable=False),
    PrimaryKeyConstraint("case_id", "version", name="pk_case_payload"),
    sqlite_with_rowid=False,
)

case_task = Table(
    "case_task",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("case_id", Integer, ForeignKey("workflow_case.id"), nullable=False),
    Column("name", String(80), nullable=False),
    Column("title", Text, nullable=False),
    Column("relation", Text, nullable=False),
    Column("holder_id", Integer, ForeignKey("person.id")),
    Column("due_at", UtcDateTime),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("status", String(20), nullable=False),
    Column("closed_at", UtcDateTime),
    Index("ix_case_task_open", "case_id", sqlite_where=_OPEN_STATUS, postgresql_where=_OPEN_STATUS),
)

task_pool = Table(
    "task_pool",
    metadata,
    Column("pool", String(120), nullable=False),
    Column("task_id", _ID, ForeignKey("case_task.id"), nullable=False),
    Column("due_at", UtcDateTime, nullable=False),
    Column("is_open", Boolean, nullable=False),
    PrimaryKeyConstraint("task_id", "pool", name="pk_task_pool"),
    Index("ix_task_pool_open", "pool", "due_at", "task_id", sqlite_where=_IS_OPEN, postgresql_where=_IS_OPEN),
    sqlite_with_rowid=False,
)

case_timer = Table(
    "case_timer",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("case_id", Integer, ForeignKey("workflow_case.id"), nullable=False),
    Column("name", String(80), nullable=False),
    Column("fires", String(80)),
    Column("escalates", Boolean, nullable=False),
    Column("due_at", UtcDateTime, nullable=False),
    Column("status", String(20), nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("retry_at", UtcDateTime),
    Column("error", Text),
    Index("ix_case_timer_due", "due_at", "id", sqlite_where=_OPEN_STATUS, postgresql_where=_OPEN_STATUS),
    Index("ix_case_timer_case", "case_id", sqlite_where=_OPEN_STATUS, postgresql_where=_OPEN_STATUS),
)

handoff = Table(
    "handoff",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("case_id", Integer, ForeignKey("workflow_case.id"), nullable=False),
    Column("version", Integer, nullable=False),
    Column("rule", String(200), nullable=False),
    Column("opens", String(80), nullable=False),
    Column("status", String(20), nullable=False),
    Column("opened_case_id", Integer, ForeignKey("workflow_case.id")),
    Column("error", Text),
    Column("attempts", Integer, nullable=False),
    Column("tried_at", UtcDateTime),
    UniqueConstraint("case_id", "version", "rule", name="uq_handoff_case_id"),
    Index("ix_handoff_pending", "id", sqlite_where=_PENDING, postgresql_where=_PENDING),
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("origin", String(60), nullable=False),
    Column("handler", String(160), nullable=False),
    Column("message", Text, nullable=False),
    Column("due_at", UtcDateTime, nullable=False),
    Column("lease_until", UtcDateTime),
    Column("attempts", Integer, nullable=False),
    Column("error", Text),
    Column("done_at", UtcDateTime),
    Column("dead_at", UtcDateTime),
    Column("leased_by", String(120)),
    UniqueConstraint("origin", "handler", name="uq_outbox_origin"),
    Index("ix_outbox_due", "due_at", "id", sqlite_where=_DUE_OUTBOX, postgresql_where=_DUE_OUTBOX),
)

worker_machine = Table(
    "worker_machine",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("machine", String(80), nullable=False),
    Column("host", String(120), nullable=False),
    Column("until", UtcDateTime, nullable=False),
)

request_answer = Table(
    "request_answer",
    metadata,
    Column("actor_id", Integer, nullable=False),
    Column("key", String(200), nullable=False),
    Column("body_hash", String(64), nullable=False),
    Column("answer", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    PrimaryKeyConstraint("actor_id", "key", name="pk_request_answer"),
    Index("ix_request_answer_at", "at"),
)

sealed_box = Table(
    "sealed_box",
    metadata,
    Column("token", String(32), primary_key=True),
    Column("case_id", Integer, ForeignKey("workflow_case.id"), nullable=False),
    UniqueConstraint("case_id", name="uq_sealed_box_case_id"),
)

sealed_answer = Table(
    "sealed_answer",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("box", String(32), ForeignKey("sealed_box.token"), nullable=False),
    Column("grouping", String(40), nullable=False),
    Column("payload", Text, nullable=False),
    Index("ix_sealed_answer_box", "box"),
    sqlite_with_rowid=False,
)
"""No case, actor, time or growing number: nothing tells who answered."""

campaign = Table(
    "campaign",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("work", String(120), nullable=False),
    Column("title", Text, nullable=False),
    Column("case_id", Integer, ForeignKey("workflow_case.id")),
    Column("form", Text, nullable=False),
    Column("actor_id", Integer),
    Column("login_id", Integer),
    Column("request_id", String(200), nullable=False),
    Column("started_at", UtcDateTime, nullable=False),
    Column("cancelled_at", UtcDateTime),
    UniqueConstraint("request_id", name="uq_campaign_request_id"),
    Index("ix_campaign_case", "case_id", "work"),
)

campaign_chunk = Table(
    "campaign_chunk",
    metadata,
    Column("campaign_id", Integer, ForeignKey("campaign.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("delivery_id", _ID, ForeignKey("outbox.id"), nullable=False),
    Column("items", Text, nullable=False),
    Column("size", Integer, nullable=False),
    Column("refused", Integer, nullable=False),
    Column("status", String(20), nullable=False),
    Column("ended_at", UtcDateTime),
    PrimaryKeyConstraint("campaign_id", "number", name="pk_campaign_chunk"),
    Index(
        "ix_campaign_chunk_open",
        "campaign_id",
        "number",
        sqlite_where=_OPEN_STATUS,
        postgresql_where=_OPEN_STATUS,
    ),
)
"""What is to be done for whom stands here only until it is done."""

campaign_refusal = Table(
    "campaign_refusal",
    metadata,
    Column("campaign_id", Integer, ForeignKey("campaign.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("place", Integer, nullable=False),
    Column("item", String(80), nullable=False),
    Column("why", Text, nullable=False),
    PrimaryKeyConstraint("campaign_id", "number", "place", name="pk_campaign_refusal"),
)
