"""Upkeep: what the executor does now and then, whether or not rows are due."""

from __future__ import annotations

from datetime import time, timedelta

from sqlalchemy import bindparam, or_, update

from talenthub.config.settings import Mail
from talenthub.storage.hub import read_setting, write_setting
from talenthub.storage.transaction import Transaction
from talenthub.workflow.digest import begin_digests
from talenthub.workflow.engine import Engine
from talenthub.workflow.outbox import DIGEST, MESSAGE, URGENT
from talenthub.workflow.tables import outbox

LAST_DIGESTS = "digests"
"""The setting that keeps the day whose digests were made."""

TOLD_FOR = timedelta(days=3)
"""Older messages no digest tells any more: it looks back one day."""

_settle = (
    update(outbox)
    .where(
        or_(outbox.c.handler.like(f"{MESSAGE}:%"), outbox.c.handler.like(f"{URGENT}:%")),
        outbox.c.origin.not_like(f"{DIGEST}%"),
        outbox.c.done_at.is_(None),
        outbox.c.dead_at.is_(None),
        outbox.c.error.is_(None),  # what is parked waits for its plugin
        outbox.c.due_at < bindparam("since"),
    )
    .values(done_at=bindparam("moment"))
)


def keep_up(engine: Engine, tx: Transaction, mail: Mail) -> bool:
    """Begin the digests of the day when it is time; return whether it was.

    Handoffs that wait are tried again, messages that the digests have told
    are closed, and handlers that are brought here stay written down.
    """
    engine.enter(tx)
    engine.retry_handoffs(tx)
    engine.give_sign(tx)
    tx.write(_settle, {"since": tx.now - TOLD_FOR, "moment": tx.now})
    if not digests_are_due(tx, mail):
        return False
    begin_digests(tx, request_id=f"{DIGEST}{tx.today.isoformat()}")
    write_setting(tx, LAST_DIGESTS, tx.today.isoformat())
    return True


def digests_are_due(tx: Transaction, mail: Mail) -> bool:
    """Return whether it is time for digests that nobody has made today."""
    if mail.backend == "off" or mail.digests_from is None:
        return False
    local = tx.now.astimezone(tx.zone).time().replace(tzinfo=None)
    is_time = local >= time.fromisoformat(mail.digests_from)
    return is_time and read_setting(tx, LAST_DIGESTS) != tx.today.isoformat()
