"""The digest: once a day, what waits for a person and what has happened.

What is put by for sending names nobody: only the day and how many. The text
is made when it is read, in the reader's view of that moment.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, select, text

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
from talenthub.workflow.outbox import DIGEST, MESSAGE, post
from talenthub.workflow.parking import require_current
from talenthub.workflow.resolution import authority
from talenthub.workflow.tables import outbox, task_pool
from talenthub.workflow.told import Message, Written, day_before, written, written_as, written_to_each

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
    written: tuple[int, ...] = ()
    """The numbers of these messages."""

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


def digest(tx: Transaction, catalogue: Catalogue, told: Written | None = None) -> Digest | None:
    """Return today's digest of the actor; None where there is nothing to tell.

    `told` is what was written to the actor among others, where it was read
    already.
    """
    me = tx.actor.person
    if me is None:
        return None
    tasks = tuple(inbox(tx, catalogue, limit=MOST_TASKS))
    events = recent_events(tx, catalogue, since=day_before(tx), part_of=me, limit=MOST_CHANGES)
    last = _news(events, me)
    messages = _messages_to(tx, catalogue, written(tx) if told is None else told, tasks)
    if not tasks and not last and not messages:
        return None
    days = [each.due.astimezone(tx.zone).date() for each in tasks if each.due is not None]
    late = sum(day < tx.today for day in days)
    return Digest(
        person=me,
        day=tx.today,
        tasks=tasks,
        changes=last,
        messages=tuple((each.ref, each.subject) for each in messages),
        due=days.count(tx.today),
        overdue=late,
        written=tuple(each.id for each in messages),
    )


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


def _messages_to(
    tx: Transaction, catalogue: Catalogue, told: Written, tasks: Sequence[TaskView]
) -> list[Message]:
    mine = told.to(authority(tx, [], []).pools())
    cases = cases_by_ref(tx, {each.ref for each in mine})
    seen = {each.case.ref for each in look(tx, catalogue, list(cases.values()))}
    waiting = {each.ref for each in tasks} if len(tasks) < MOST_TASKS else seen
    return [each for each in mine if each.ref in seen and (each.ref in waiting or not each.while_open)]


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
    return {row.id: row.handle for row in tx.rows_among(_handles, "ids", people)}


def begin_digests(tx: Transaction, *, request_id: str | None = None) -> int:
    """Begin to make today's digests, as a campaign; return its number."""
    wanted = Campaign(DIGESTS, "makes the digests of the day", form={"day": tx.today.isoformat()})
    told = written_to_each(tx)
    people = sorted(readers(tx) | told.keys())
    items = ({"person": each, "messages": told.get(each, [])} for each in people)
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
    told = written_as(tx, {number for each in chunk.items for number in each["messages"]})
    made = (digest(tx.by(Actor(each)), engine.catalogue, told) for each in waiting)
    put_by(tx, [each for each in made if each is not None])


def put_by(tx: Transaction, digests: Sequence[Digest]) -> None:
    """Put digests into the outbox, to wait for a way to send them."""
    rows = [
        {
            "origin": _origin(each.day),
            "handler": _handler(each.person),
            "message": canonical(
                {
                    "to": [f"person:{each.person}"],
                    "subject": each.subject,
                    "digest": True,
                    "messages": list(each.written),
                }
            ),
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
