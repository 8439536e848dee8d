"""The outbox: deliveries are put by, and whoever has them run hears of it.

Its rows are the truth. Where an executor runs them on other machines, it is
told their ids in the very transaction that writes them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert

from talenthub.storage.direct import Direct, next_ids
from talenthub.storage.transaction import Transaction
from talenthub.workflow.tables import outbox

MESSAGE = "message"
"""The handler of texts to people; a digest tells them."""

URGENT = "urgent"
"""The handler of texts to people that are mailed at once, if mail is set up."""

WEBHOOK = "webhook"
"""The handler of what another system is told: `webhook:NAME`."""

OUTSIDE = (MESSAGE, URGENT, "mail", WEBHOOK)
"""What handlers begin with that no plugin brings: these leave the house."""

DIGEST = "digest/"
"""What the origin of a digest begins with; the day follows."""

DELIVERIES, TIMERS = "deliveries", "timers"

TOGETHER = 20
"""So many calls of handlers one process does one after another."""

DEFER = "workflow.defer"
"""Where the engine leaves in `tx.memory` what tells the executor, if any."""

_insert = Direct(insert(outbox))


@dataclass(frozen=True, slots=True)
class Work:
    """What one process does, piece after piece: nothing but ids."""

    kind: str
    """`deliveries`: rows of the outbox; `timers`: cases whose timers are due."""
    ids: tuple[int, ...]
    patient: bool = False
    """Whether others go first: a campaign's chunk, a digest."""


Defer = Callable[[Transaction, Sequence[Work]], None]
"""Tells an executor of work, in the transaction that it belongs to."""


def post(tx: Transaction, rows: Sequence[Mapping[str, Any]]) -> None:
    """Put deliveries into the outbox; the executor hears of them."""
    if DEFER not in tx.memory or not rows:
        tx.write(_insert, rows)
        return
    ids = next_ids(tx.connection, outbox, len(rows))
    tx.write(_insert, [{**row, "id": number} for row, number in zip(rows, ids, strict=True)])
    tell(tx, [(number, row["handler"]) for row, number in zip(rows, ids, strict=True) if _is_work(row)])


def tell(tx: Transaction, posted: Iterable[tuple[int, str]]) -> None:
    """Tell the executor of deliveries by number and handler, if it must hear."""
    defer: Defer | None = tx.memory.get(DEFER)
    if defer is not None and (work := as_work(posted)):
        defer(tx, work)


def as_work(posted: Iterable[tuple[int, str]]) -> list[Work]:
    """Return deliveries, by number and handler, in pieces for one process.

    Calls of handlers are short and go together. A campaign's chunk is long,
    and what leaves the house may wait for others: each goes alone.
    """
    alone: list[Work] = []
    calls: list[int] = []
    for number, handler in posted:
        plugin, _, name = handler.partition(":")
        if plugin in OUTSIDE or "/" in name:
            alone.append(Work(DELIVERIES, (number,), patient=plugin == MESSAGE or "/" in name))
        else:
            calls.append(number)
    parts = [tuple(calls[first : first + TOGETHER]) for first in range(0, len(calls), TOGETHER)]
    return [*(Work(DELIVERIES, each) for each in parts), *alone]


def _is_work(row: Mapping[str, Any]) -> bool:
    # Other messages wait for a digest to tell them.
    return not row["handler"].startswith(f"{MESSAGE}:") or row["origin"].startswith(DIGEST)
