"""Claims: who sends which delivery, and until when it is theirs.

A guarded UPDATE takes rows for a while by a real clock, also where that of
a demo stands still; when a worker dies its lease runs out. Only
who still holds the lease writes what came of it.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, bindparam, func, or_, select, update

from talenthub.clock import system_clock
from talenthub.outbound.sending import PAUSES, Sent
from talenthub.storage.transaction import Transaction
from talenthub.workflow.outbox import DIGEST, MESSAGE, WEBHOOK
from talenthub.workflow.parking import lacks_nothing
from talenthub.workflow.tables import outbox

LEASE = timedelta(minutes=2)
"""Longer than any try to send takes."""

MAIL = "mail"
"""The handler of one mail to one person: `mail:12`."""

_open = and_(outbox.c.done_at.is_(None), outbox.c.dead_at.is_(None))


def is_mail() -> ColumnElement[bool]:
    """Return the condition of a delivery that leaves by mail."""
    is_digest = and_(outbox.c.handler.like(f"{MESSAGE}:%"), outbox.c.origin.like(f"{DIGEST}%"))
    return or_(outbox.c.handler.like(f"{MAIL}:%"), is_digest)


_leaves = or_(
    outbox.c.handler.like(f"{WEBHOOK}:%"), and_(bindparam("with_mail") == bindparam("yes"), is_mail())
)
_due = (
    select(outbox)
    .where(
        _open,
        outbox.c.due_at <= bindparam("moment"),
        or_(outbox.c.lease_until.is_(None), outbox.c.lease_until <= bindparam("clock")),
        lacks_nothing(outbox.c.error),
        _leaves,
    )
    .order_by(outbox.c.due_at, outbox.c.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)
_only = _due.where(outbox.c.id == bindparam("which"))
_letters = _due.where(outbox.c.handler.like(f"{MAIL}:%"))
_server_clock = select(func.clock_timestamp())
_wanted_now = (
    select(outbox.c.id, outbox.c.handler)
    .where(outbox.c.id.in_(bindparam("ids", expanding=True)), _open, outbox.c.due_at <= bindparam("moment"))
    .order_by(outbox.c.due_at, outbox.c.id)
)
_lease = (
    update(outbox)
    .where(outbox.c.id == bindparam("which"), _open)
    .values(lease_until=bindparam("until"), leased_by=bindparam("holder"))
)
_mine = and_(
    outbox.c.id == bindparam("which"),
    outbox.c.leased_by == bindparam("holder"),
    outbox.c.lease_until == bindparam("until"),
    _open,
)
_finish = (
    update(outbox)
    .where(_mine)
    .values(
        done_at=bindparam("done"),
        dead_at=bindparam("dead"),
        due_at=bindparam("again"),
        attempts=bindparam("tried"),
        error=bindparam("why"),
        lease_until=None,
        leased_by=None,
    )
)


@dataclass(frozen=True, slots=True)
class Claimed:
    """A delivery that this process alone may send, until its lease ends."""

    id: int
    origin: str
    handler: str
    message: str
    attempts: int
    due: datetime
    holder: str
    until: datetime


def lease_time() -> timedelta:
    """Return how long what was claimed is nobody else's."""
    return LEASE


def lease_clock(tx: Transaction) -> datetime:
    """Return the moment that leases go by: one for all machines.

    The server's, where there is one; the clock of a demo stands still.
    """
    if tx.is_sqlite:
        return system_clock()
    moment: datetime = tx.value(_server_clock)
    return moment


def wanted_now(tx: Transaction, ids: Collection[int]) -> list[tuple[int, str]]:
    """Return those of `ids` that are open and due, with their handlers."""
    return [(row.id, row.handler) for row in tx.rows(_wanted_now, {"ids": sorted(ids), "moment": tx.now})]


def claim(
    tx: Transaction,
    holder: str,
    clock: datetime,
    *,
    brought: Collection[str] = (),
    most: int,
    with_mail: bool,
    only: int | None = None,
    letters_first: bool = False,
) -> list[Claimed]:
    """Return deliveries that are due, taken for the time of a lease.

    `clock` is the moment that leases go by; what lacks anything that is not
    `brought` here is left to others; mail is left alone while none is
    set up; `only` names the one that is asked for; with `letters_first` those
    to one person go before digests and webhooks that are due longer.
    """
    wanted = {
        "moment": tx.now,
        "clock": clock,
        "brought": brought,
        "most": most,
        "with_mail": int(with_mail),
        "yes": 1,
    }
    until = clock + LEASE
    rows = tx.rows(_letters, wanted) if letters_first and with_mail else []
    if not rows:
        rows = tx.rows(_due, wanted) if only is None else tx.rows(_only, wanted | {"which": only})
    tx.write(_lease, [{"which": row.id, "until": until, "holder": holder} for row in rows])
    return [
        Claimed(row.id, row.origin, row.handler, row.message, row.attempts, row.due_at, holder, until)
        for row in rows
    ]


def finish(tx: Transaction, claimed: Claimed, sent: Sent) -> bool:
    """Write what came of it; False where the lease had run out."""
    tried = claimed.attempts + (not sent.parked)
    failed = sent.failed
    dead = failed and (sent.final or tried > len(PAUSES))
    return bool(
        tx.write(
            _finish,
            {
                "which": claimed.id,
                "holder": claimed.holder,
                "until": claimed.until,
                "done": None if failed or sent.parked else tx.now,
                "dead": tx.now if dead else None,
                "again": tx.now + PAUSES[tried - 1] if failed and not dead else claimed.due,
                "tried": tried,
                "why": sent.error,
            },
        )
    )
