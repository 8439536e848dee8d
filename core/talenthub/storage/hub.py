"""Facts that belong to no case: workspace settings and hub events."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Index,
    Integer,
    String,
    Table,
    Text,
    bindparam,
    insert,
    select,
    text,
    update,
)

from talenthub.storage.transaction import Transaction
from talenthub.storage.types import UtcDateTime, canonical, metadata

workspace_setting = Table(
    "workspace_setting",
    metadata,
    Column("key", String(80), primary_key=True),
    Column("value", Text, nullable=False),
)

hub_event = Table(
    "hub_event",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("kind", String(80), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("actor_id", Integer),
    Column("login_id", Integer),
    Column("subject", String(40), nullable=False),
    Column("subject_id", Integer, nullable=False),
    Column("facts", Text, nullable=False),
    Column("delivered_at", UtcDateTime),
    Index(
        "ix_hub_event_undelivered",
        "id",
        sqlite_where=text("delivered_at IS NULL"),
        postgresql_where=text("delivered_at IS NULL"),
    ),
)

_insert = insert(hub_event)
_events = (
    select(hub_event).where(hub_event.c.id.in_(bindparam("ids", expanding=True))).order_by(hub_event.c.id)
)
_setting = select(workspace_setting.c.value).where(workspace_setting.c.key == bindparam("name"))


@dataclass(frozen=True, slots=True)
class HubEvent:
    """A fact that belongs to no case: a post fell vacant, a version came out."""

    kind: str
    """`person.left`, `post.vacated`, `framework.published` …"""
    subject: str
    """What it is about: `person`, `post`, `framework_version`."""
    subject_id: int
    facts: dict[str, Any]
    """Numbers, codes and days; never names or free text."""


def announce(tx: Transaction, *events: HubEvent) -> None:
    """Record hub events in the transaction that made them true."""
    rows = [
        {
            "kind": event.kind,
            "at": tx.now,
            "actor_id": tx.actor.person,
            "login_id": tx.actor.login,
            "subject": event.subject,
            "subject_id": event.subject_id,
            "facts": canonical(event.facts),
        }
        for event in events
    ]
    tx.write(_insert, rows)


def hub_events(tx: Transaction, ids: Collection[int]) -> dict[int, HubEvent]:
    """Return hub events by number, oldest first; one statement."""
    return {
        row.id: HubEvent(row.kind, row.subject, row.subject_id, json.loads(row.facts))
        for row in tx.rows(_events, {"ids": sorted(ids)})
    }


def read_setting(tx: Transaction, key: str) -> str | None:
    """Return a setting kept in the database itself, or None."""
    value: str | None = tx.value(_setting, {"name": key})
    return value


def write_setting(tx: Transaction, key: str, value: str) -> None:
    """Keep a setting in the database itself."""
    changed = tx.write(update(workspace_setting).where(workspace_setting.c.key == key).values(value=value))
    if not changed:
        tx.write(insert(workspace_setting).values(key=key, value=value))
