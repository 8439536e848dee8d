"""Told: what workflows wrote to people, for the digests of a day.

It is read once when the digests of a day are begun; from then on each digest
names its own by number, so that none reads what was written to others.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any

from sqlalchemy import Row, bindparam, or_, select

from talenthub.people.days import in_force
from talenthub.people.tables import deputy, grant_held
from talenthub.storage.transaction import Transaction
from talenthub.workflow.outbox import DIGEST, MESSAGE, URGENT
from talenthub.workflow.resolution import grant_pool
from talenthub.workflow.tables import outbox

MOST = 200
"""So many a digest tells, the newest of them."""

WHILE_OPEN = "while_open"
"""Where a message says that it is for those only who still have a task there."""

_messages = (
    select(outbox.c.id, outbox.c.message)
    .where(
        or_(outbox.c.handler.like(f"{MESSAGE}:%"), outbox.c.handler.like(f"{URGENT}:%")),
        outbox.c.origin.not_like(f"{DIGEST}%"),
        outbox.c.done_at.is_(None),
    )
    .order_by(outbox.c.id)
)
_since = _messages.where(outbox.c.due_at >= bindparam("since"))
_numbered = _messages.where(outbox.c.id.in_(bindparam("ids", expanding=True)))
_held = select(grant_held.c.person_id, grant_held.c.name, grant_held.c.unit_id).where(in_force(grant_held))
_standing_in = select(deputy.c.person_id, deputy.c.deputy_id).where(in_force(deputy))


@dataclass(frozen=True, slots=True)
class Message:
    """What a workflow wrote to some pools."""

    id: int
    to: tuple[str, ...]
    ref: str
    subject: str
    while_open: bool
    """Whether it is for those only who still have a task on the case."""


@dataclass(frozen=True, slots=True)
class Written:
    """What workflows wrote to people, oldest first."""

    messages: Sequence[Message]
    places: Mapping[str, Sequence[int]]
    """Pool to the places of what was written to it."""

    def to(self, pools: Iterable[str]) -> list[Message]:
        """Return what was written to some of the pools, each once, the newest."""
        found = {at for pool in pools for at in self.places.get(pool, ())}
        return [self.messages[place] for place in sorted(found)[-MOST:]]


def written(tx: Transaction) -> Written:
    """Return all that was written to anybody since yesterday began."""
    return _written(tx.rows(_since, {"since": day_before(tx)}))


def written_as(tx: Transaction, ids: Collection[int]) -> Written:
    """Return what was written under these numbers and is still to be told."""
    return _written(tx.rows(_numbered, {"ids": sorted(ids)}) if ids else [])


def _written(rows: Iterable[Row[Any]]) -> Written:
    messages = [_message(row.id, json.loads(row.message)) for row in rows]
    places: dict[str, list[int]] = defaultdict(list)
    for place, each in enumerate(messages):
        for pool in each.to:
            places[pool].append(place)
    return Written(messages, places)


def _message(number: int, told: Mapping[str, Any]) -> Message:
    to = tuple(dict.fromkeys(told["to"]))
    return Message(number, to, told["ref"], told["subject"], bool(told.get(WHILE_OPEN)))


def day_before(tx: Transaction) -> datetime:
    """Return when the day before today began: from then on digests tell."""
    return datetime.combine(tx.today - timedelta(days=1), time(), tx.zone).astimezone(UTC)


def written_to_each(tx: Transaction) -> dict[int, list[int]]:
    """Return the numbers of what was written since yesterday began, by reader.

    Who stands in for a reader is one, too; three statements for all.
    """
    told = written(tx)
    readers = _readers(tx)
    found: dict[int, dict[int, None]] = defaultdict(dict)
    for each in told.messages:
        for person in {reader for pool in each.to for reader in readers(pool)}:
            found[person][each.id] = None
    return {person: list(numbers)[-MOST:] for person, numbers in found.items()}


def _readers(tx: Transaction) -> Callable[[str], Sequence[int]]:
    deputies: dict[int, list[int]] = defaultdict(list)
    for row in tx.rows(_standing_in, {"day": tx.today}):
        deputies[row.person_id].append(row.deputy_id)
    holders: dict[str, list[int]] = defaultdict(list)
    for row in tx.rows(_held, {"day": tx.today}):
        holders[grant_pool(row.name, row.unit_id)] += (row.person_id, *deputies[row.person_id])

    def readers(pool: str) -> Sequence[int]:
        kind, _, person = pool.partition(":")
        if kind != "person":
            return holders.get(pool, ())
        return (int(person), *deputies.get(int(person), ()))

    return readers
