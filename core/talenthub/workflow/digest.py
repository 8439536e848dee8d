"""The digest: once a day, what waits for a person and what has happened.

What is put by for sending names nobody: only the day and how many. The text
is made when it is read, in the reader's view of that moment.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, or_, select, text

from talenthub.people.days import in_force
from talenthub.people.tables import deputy, grant_held, person
from talenthub.storage.transaction import SYSTEM, Actor, Transaction
from talenthub.storage.types import canonical
from talenthub.workflow.campaigns.campaigns import Campaign, Chunk, start_campaign
from talenthub.workflow.cases import cases_by_ref
from talenthub.workflow.catalogue import Catalogue
from talenthub.workflow.history import StoredEvent
from talenthub.workflow.inbox import TaskView, inbox
from talenthub.workflow.lookups import Seen, look, recent_events
from talenthub.workflow.outbox import DIGEST, MESSAGE, URGENT, post
from talenthub.workflow.parking import require_current
from talenthub.workflow.resolution import authority
from talenthub.workflow.tables import outbox, task_pool

if TYPE_CHECKING:
    from talenthub.workflow.engine import Engine

DIGESTS = "core:digests"
"""The work that makes the digests of a day."""

TOGETHER = 50
"""So many digests are made in one transaction: each asks a dozen times."""

MOST_TASKS = 200
MOST_CHANGES = 200

_pools = select(task_pool.c.pool).where(text("is_open")).distinct()
_holders = (
    select(grant_held.c.person_id)
    .where(grant_held.c.name.in_(bindparam("names", expanding=True)), in_force(grant_held))
    .distinct()
)
_deputies = (
    select(deputy.c.deputy_id)
    .where(deputy.c.person_id.in_(bindparam("ids", expanding=True)), in_force(deputy))
    .distinct()
)
_handles = select(person.c.id, person.c.handle).where(person.c.id.in_(bindparam("ids", expanding=True)))
_standing_in = select(deputy.c.person_id, deputy.c.deputy_id).where(in_force(deputy))
_put_by = select(outbox.c.handler).where(
    outbox.c.origin == bindparam("origin"), outbox.c.handler.in_(bindparam("handlers", expanding=True))
)
_messages = (
    select(outbox.c.message)
    .where(
        or_(outbox.c.handler.like(f"{MESSAGE}:%"), outbox.c.handler.like(f"{URGENT}:%")),
        outbox.c.origin.not_like(f"{DIGEST}%"),
        outbox.c.due_at >= bindparam("since"),
        outbox.c.done_at.is_(None),
    )
    .order_by(outbox.c.id)
)


@dataclass(frozen=True, slots=True)
class Digest:
    """What one person is told on one day."""

    person: int
    day: date
    tasks: tuple[TaskView, ...]
    changes: tuple[tuple[Seen, StoredEvent], ...]
    """The last event of each case that others moved since the day before."""
    messages: tuple[tuple[str, str], ...]
    """Reference and subject of what workflows wrote to the person."""
    due: int
    overdue: int

    @property
    def subject(self) -> str:
        """Return the subject line: counts only, for a mail shows it to all."""
        count = len(self.tasks)
        parts = [f"{count} task{'' if count == 1 else 's'}"] if count else []
        parts += [f"{self.overdue} overdue"] if self.overdue else []
        parts += [f"{self.due} due today"] if self.due else []
        parts += [f"{len(self.changes)} changed"] if self.changes else []
        parts += ["messages"] if self.messages else []
        return ", ".join(parts)


@dataclass(frozen=True, slots=True)
class Written:
    """What workflows wrote to people since a moment, oldest first."""

    texts: Sequence[tuple[str, str]]
    """Reference and subject of each."""
    places: Mapping[str, Sequence[int]]
    """Pool to the places of what was written to it."""

    def to(self, pools: Iterable[str]) -> list[tuple[str, str]]:
        """Return what was written to some of the pools, each once."""
        return [
            self.texts[place] for place in sorted({at for pool in pools for at in self.places.get(pool, ())})
        ]


def written(tx: Transaction, since: datetime) -> Written:
    """Return what was written to anybody; read once for many digests."""
    rows = tx.connection.execute(_messages, {"since": since}).scalars()
    told = [json.loads(text) for text in rows]
    places: dict[str, list[int]] = defaultdict(list)
    for place, each in enumerate(told):
        for pool in dict.fromkeys(each["to"]):
            places[pool].append(place)
    return Written([(each["ref"], each["subject"]) for each in told], places)


def day_before(tx: Transaction) -> datetime:
    """Return when the day before today began: from then on digests tell."""
    return datetime.combine(tx.today - timedelta(days=1), time(), tx.zone).astimezone(UTC)


def digest(tx: Transaction, catalogue: Catalogue, told: Written | None = None) -> Digest | None:
    """Return today's digest of the actor; None where there is nothing to tell.

    `told` is what was written since the day before, where it was read already.
    """
    me = tx.actor.person
    if me is None:
        return None
    tasks = tuple(inbox(tx, catalogue, limit=MOST_TASKS))
    since = day_before(tx)
    events = recent_events(tx, catalogue, since=since, part_of=me, limit=MOST_CHANGES)
    last = _news(events, me)
    messages = _messages_to(tx, catalogue, told or written(tx, since))
    if not tasks and not last and not messages:
        return None
    days = [each.due.astimezone(tx.zone).date() for each in tasks if each.due is not None]
    late = sum(day < tx.today for day in days)
    return Digest(me, tx.today, tasks, last, messages, days.count(tx.today), late)


def _news(events: Sequence[tuple[Seen, StoredEvent]], me: int) -> tuple[tuple[Seen, StoredEvent], ...]:
    """Return the last event of each case, unless the reader brought it about.

    What closes with the case above it is no news beside that.
    """
    known = {f"{seen.case.ref}/{event.version}": event for seen, event in events}

    def is_mine(event: StoredEvent) -> bool:
        while event.cause in known:
            event = known[event.cause]
        return me in event.actor.identities

    last = {seen.case.id: (seen, event) for seen, event in events}
    return tuple(
        (seen, event)
        for seen, event in last.values()
        if not is_mine(event) and not (event.kind == "closed" and event.cause)
    )


def _messages_to(tx: Transaction, catalogue: Catalogue, told: Written) -> tuple[tuple[str, str], ...]:
    mine = told.to(authority(tx, [], []).pools())
    cases = cases_by_ref(tx, {ref for ref, _ in mine})
    seen = {each.case.ref for each in look(tx, catalogue, list(cases.values()))}
    return tuple((ref, subject) for ref, subject in mine if ref in seen)


def readers(tx: Transaction) -> set[int]:
    """Return who may have a task today.

    Persons named by a pool, holders of a grant that is, and their deputies.
    """
    people, names = _in_pools(tx.connection.execute(_pools).scalars())
    people |= set(tx.connection.execute(_holders, {"names": sorted(names), "day": tx.today}).scalars())
    standing_in = tx.rows(_standing_in, {"day": tx.today})
    return people | {row.deputy_id for row in standing_in if row.person_id in people}


def _in_pools(pools: Iterable[str]) -> tuple[set[int], set[str]]:
    """Return the persons that pools name, and the grants."""
    people: set[int] = set()
    names: set[str] = set()
    for pool in pools:
        kind, _, rest = pool.partition(":")
        if kind == "person":
            people.add(int(rest))
        elif kind == "grant":
            names.add(rest.partition("@")[0])
    return people, names


def holders(tx: Transaction, pools: Collection[str]) -> dict[int, str]:
    """Return who may belong to one of `pools` today, with their handles.

    Of a grant its holders everywhere: ask `authority` whose unit it is.
    """
    people, names = _in_pools(pools)
    people |= set(tx.connection.execute(_holders, {"names": sorted(names), "day": tx.today}).scalars())
    people |= set(tx.connection.execute(_deputies, {"ids": sorted(people), "day": tx.today}).scalars())
    return {row.id: row.handle for row in tx.rows(_handles, {"ids": sorted(people)})}


def begin_digests(tx: Transaction, *, request_id: str | None = None) -> int:
    """Begin to make today's digests, as a campaign; return its number."""
    wanted = Campaign(DIGESTS, "makes the digests of the day", form={"day": tx.today.isoformat()})
    items = ({"person": each} for each in sorted(readers(tx)))
    return start_campaign(tx.by(SYSTEM), wanted, items, request_id=request_id, size=TOGETHER)


def make_digests(engine: Engine, tx: Transaction, chunk: Chunk) -> None:
    """Make the digests of some people who have got none today yet."""
    if chunk.form["day"] != tx.today.isoformat():
        return  # that day is over
    require_current(tx, engine.catalogue)
    handlers = {_handler(each["person"]): each["person"] for each in chunk.items}
    wanted = {"origin": _origin(tx.today), "handlers": sorted(handlers)}
    done = set(tx.connection.execute(_put_by, wanted).scalars())
    waiting = [person for handler, person in handlers.items() if handler not in done]
    told = written(tx, day_before(tx))
    made = (digest(tx.by(Actor(each)), engine.catalogue, told) for each in waiting)
    put_by(tx, [each for each in made if each is not None])


def put_by(tx: Transaction, digests: Sequence[Digest]) -> None:
    """Put digests into the outbox, to wait for a way to send them."""
    rows = [
        {
            "origin": _origin(each.day),
            "handler": _handler(each.person),
            "message": canonical({"to": [f"person:{each.person}"], "subject": each.subject, "digest": True}),
            "due_at": tx.now,
            "attempts": 0,
        }
        for each in digests
    ]
    post(tx, rows)


def _origin(day: date) -> str:
    return f"{DIGEST}{day.isoformat()}"


def _handler(number: int) -> str:
    # The outbox takes an origin and a handler once: one digest a day for each person.
    return f"{MESSAGE}:{number}"
