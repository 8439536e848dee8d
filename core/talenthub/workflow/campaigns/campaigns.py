"""Campaigns: one thing done for many people, in chunks that outlive a break.

A campaign is a row, and a row for each chunk of 500 with its delivery in the
outbox. A chunk is one transaction with the mark that it is done, so whoever
goes on after a break doubles nothing: the command, a worker, or several.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import accumulate, islice
from typing import Any, TypeVar

from sqlalchemy import bindparam, case, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from talenthub.storage.direct import Direct
from talenthub.storage.transaction import Actor, Transaction
from talenthub.storage.types import canonical
from talenthub.workflow.cases import CATALOGUE
from talenthub.workflow.outbox import post
from talenthub.workflow.references import reserve
from talenthub.workflow.tables import (
    OPEN,
    campaign,
    campaign_chunk,
    campaign_refusal,
    outbox,
    workflow_case,
)

CAMPAIGN = "campaign"
"""What the work of a campaign hears, and what its references begin with."""

REFERENCES = "references"
"""Where the message of a chunk says which references are its own."""

CHUNK = 500
"""So many of a campaign are done in one transaction."""

TOGETHER = 20
"""So many chunks are put by at once: their workers wait meanwhile."""

T = TypeVar("T")

Item = Mapping[str, Any]
"""One of many, as JSON knows it: `{"case": "APP-12"}` or `{"person": 7, …}`."""

_new_chunks = Direct(insert(campaign_chunk))
_deliveries = (
    select(outbox.c.id)
    .where(outbox.c.origin.in_(bindparam("origins", expanding=True)), outbox.c.handler == bindparam("by"))
    .order_by(outbox.c.id)
)
_by_request = select(campaign.c.id).where(campaign.c.request_id == bindparam("request"))
_is_open = campaign_chunk.c.status == OPEN
_counted = (
    select(
        campaign,
        workflow_case.c.ref,
        func.coalesce(func.sum(campaign_chunk.c.size), 0).label("total"),
        func.sum(case((campaign_chunk.c.status == "done", campaign_chunk.c.size), else_=0)).label("through"),
        func.coalesce(func.sum(campaign_chunk.c.refused), 0).label("refused"),
        func.sum(case((_is_open, campaign_chunk.c.size), else_=0)).label("waiting"),
        func.max(campaign_chunk.c.ended_at).label("ended_at"),
        func.max(case((_is_open, outbox.c.attempts), else_=0)).label("attempts"),
        func.count(outbox.c.dead_at).filter(_is_open).label("dead"),
        func.max(case((_is_open, outbox.c.error))).label("error"),
    )
    .join(campaign_chunk, campaign_chunk.c.campaign_id == campaign.c.id, isouter=True)
    .join(outbox, outbox.c.id == campaign_chunk.c.delivery_id, isouter=True)
    .join(workflow_case, workflow_case.c.id == campaign.c.case_id, isouter=True)
    .group_by(campaign.c.id, workflow_case.c.ref)
    .order_by(campaign.c.id)
)
_by_ids = _counted.where(campaign.c.id.in_(bindparam("ids", expanding=True)))
_live = _counted.where(
    campaign.c.id.in_(select(campaign_chunk.c.campaign_id).where(_is_open).distinct().scalar_subquery())
)
_live_of_case = _live.where(campaign.c.case_id == bindparam("case"), campaign.c.work == bindparam("work"))
_open_chunks = (
    select(campaign_chunk.c.delivery_id, campaign_chunk.c.size)
    .join(outbox, outbox.c.id == campaign_chunk.c.delivery_id)
    .where(campaign_chunk.c.campaign_id == bindparam("which"), _is_open, outbox.c.dead_at.is_(None))
    .where(outbox.c.due_at <= bindparam("moment"))
    .order_by(campaign_chunk.c.number)
)
_refusals = (
    select(campaign_refusal.c.item, campaign_refusal.c.why)
    .where(campaign_refusal.c.campaign_id == bindparam("which"))
    .order_by(campaign_refusal.c.number, campaign_refusal.c.place)
    .limit(bindparam("most"))
)
_deliveries_of = select(campaign_chunk.c.delivery_id).where(
    campaign_chunk.c.campaign_id == bindparam("which"), _is_open
)
_call_off = (
    update(campaign).where(campaign.c.id == bindparam("which")).values(cancelled_at=bindparam("moment"))
)
_close_deliveries = (
    update(outbox)
    .where(outbox.c.id.in_(_deliveries_of.scalar_subquery()), outbox.c.done_at.is_(None))
    .values(done_at=bindparam("moment"), error="cancelled by hand")
)
_close_chunks = (
    update(campaign_chunk)
    .where(campaign_chunk.c.campaign_id == bindparam("which"), _is_open)
    .values(status="cancelled", items="[]", ended_at=bindparam("moment"))
)
_try_again = (
    update(outbox)
    .where(outbox.c.id.in_(_deliveries_of.scalar_subquery()))
    .where(outbox.c.done_at.is_(None), outbox.c.attempts > 0)
    .values(attempts=0, dead_at=None, due_at=bindparam("moment"))
)


@dataclass(frozen=True, slots=True)
class Campaign:
    """What a campaign is to do, and how it is called."""

    work: str
    """The plugin and the name of its work: `performance:reviews`."""
    title: str
    """For those who look after what runs: no person is named in it."""
    case: int | None = None
    """The case it belongs to, if any."""
    form: Mapping[str, Any] = field(default_factory=dict)
    """What is the same for all."""
    opens: str = ""
    """The workflow of which a case is opened for each item, if any: their
    references are taken at the start, so that no worker waits for another."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """What the work of a campaign is given: some of the many."""

    case: int | None
    form: Mapping[str, Any]
    items: Sequence[Item]


@dataclass(frozen=True, slots=True)
class CampaignView:
    """How far a campaign has come."""

    id: int
    work: str
    title: str
    ref: str | None
    """The case it belongs to, if any: show it to those only who see it."""
    actor: Actor
    started_at: datetime
    ended_at: datetime | None
    total: int
    through: int
    """So many are done or refused."""
    refused: int
    waiting: int
    state: str
    """waits, runs, failed, dead, done or cancelled."""
    attempts: int
    error: str | None
    """Why a chunk did not go through at all, and is tried again."""

    @property
    def name(self) -> str:
        """Return what it is called: `campaign-3`."""
        return f"{CAMPAIGN}-{self.id}"

    @property
    def done(self) -> int:
        """Return for how many it is done."""
        return self.through - self.refused


def handler_of(work: str) -> str:
    """Return the handler that does a work, as the outbox names it.

    `performance:reviews` is done by `performance:campaign/reviews`.
    """
    plugin, _, name = work.partition(":")
    return f"{plugin}:{CAMPAIGN}/{name}"


def start_campaign(
    tx: Transaction,
    wanted: Campaign,
    items: Iterable[Item],
    *,
    request_id: str | None = None,
    size: int = CHUNK,
) -> int:
    """Put a campaign by, in the actor's name; return its number.

    The items are read as they come: memory does not grow with them; `size` of
    them are one transaction. The same request id gives the campaign that it
    began first.
    """
    own = f"{tx.actor.person or 0}/{request_id}" if request_id else secrets.token_hex(16)
    number = tx.value(_insert(tx), _row(tx, wanted, own))
    if number is None:
        known: int = tx.value(_by_request, {"request": own})
        return known
    for group in _chunks(enumerate(_chunks(items, size), 1), TOGETHER):
        _put_by(tx, wanted, number, dict(group))
    return int(number)


def _insert(tx: Transaction) -> Any:
    # Two may ask the same at one moment: one of them begins it.
    dialect = sqlite if tx.is_sqlite else postgresql
    return dialect.insert(campaign).on_conflict_do_nothing().returning(campaign.c.id)


def _row(tx: Transaction, wanted: Campaign, request_id: str) -> dict[str, Any]:
    return {
        "work": wanted.work,
        "title": wanted.title,
        "case_id": wanted.case,
        "form": canonical(dict(wanted.form)),
        "actor_id": tx.actor.person,
        "login_id": tx.actor.login,
        "request_id": request_id,
        "started_at": tx.now,
    }


def _put_by(tx: Transaction, wanted: Campaign, number: int, chunks: Mapping[int, Sequence[Item]]) -> None:
    """Put chunks by, given by their places; in as many statements as for one."""
    messages = _messages(tx, wanted, number, {place: len(items) for place, items in chunks.items()})
    post(tx, messages)
    which = {"origins": [each["origin"] for each in messages], "by": handler_of(wanted.work)}
    tx.write(
        _new_chunks,
        [
            {
                "campaign_id": number,
                "number": place,
                "delivery_id": delivery.id,
                "items": canonical([dict(each) for each in items]),
                "size": len(items),
                "refused": 0,
                "status": "open",
            }
            for delivery, (place, items) in zip(tx.rows(_deliveries, which), chunks.items(), strict=True)
        ],
    )


def _messages(
    tx: Transaction, wanted: Campaign, number: int, sizes: Mapping[int, int]
) -> list[dict[str, Any]]:
    """Return the deliveries of chunks, given how many each is to do."""
    return [
        {
            "origin": f"{CAMPAIGN}-{number}/{place}",
            "handler": handler_of(wanted.work),
            "message": canonical({CAMPAIGN: number, "chunk": place, **own}),
            "due_at": tx.now,
            "attempts": 0,
        }
        for place, own in zip(sizes, _references(tx, wanted.opens, list(sizes.values())), strict=True)
    ]


def _references(tx: Transaction, opens: str, sizes: Sequence[int]) -> list[dict[str, Any]]:
    """Return what tells each chunk which references are its own."""
    workflow = tx.memory[CATALOGUE].newest(opens).workflow if opens else None
    if workflow is None or workflow.confidential:
        return [{} for _ in sizes]
    firsts = accumulate(sizes, initial=reserve(tx, workflow.ref, sum(sizes)))
    return [
        {REFERENCES: {"prefix": workflow.ref, "first": first, "many": many}}
        for first, many in zip(firsts, sizes, strict=False)
    ]


def _chunks(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """Yield the items in lists of a size, as they come."""
    coming = iter(items)
    while chunk := list(islice(coming, size)):
        yield chunk


def campaigns(tx: Transaction, ids: Collection[int]) -> dict[int, CampaignView]:
    """Return how far campaigns have come, by number; one statement."""
    return {row.id: _view(row) for row in tx.rows(_by_ids, {"ids": sorted(ids)})}


def live_campaigns(tx: Transaction) -> list[CampaignView]:
    """Return the campaigns that are not through yet, oldest first."""
    return [_view(row) for row in tx.rows(_live)]


def live_campaign_of(tx: Transaction, case_id: int, work: str) -> CampaignView | None:
    """Return the campaign of a case that is not through yet, if any."""
    row = tx.row(_live_of_case, {"case": case_id, "work": work})
    return None if row is None else _view(row)


def _view(row: Any) -> CampaignView:
    return CampaignView(
        id=row.id,
        work=row.work,
        title=row.title,
        ref=row.ref,
        actor=Actor(row.actor_id, row.login_id),
        started_at=row.started_at,
        ended_at=None if row.waiting else row.ended_at,
        total=row.total,
        through=row.through,
        refused=row.refused,
        waiting=row.waiting,
        state=_state(row),
        attempts=row.attempts,
        error=row.error,
    )


def _state(row: Any) -> str:
    if not row.waiting:
        return "cancelled" if row.cancelled_at is not None else "done"
    if row.dead:
        return "dead"
    if row.attempts:
        return "failed"
    return "runs" if row.through else "waits"


def open_chunks(tx: Transaction, number: int) -> list[tuple[int, int]]:
    """Return the deliveries of chunks that can be done now, and their sizes."""
    return [(row.delivery_id, row.size) for row in tx.rows(_open_chunks, {"which": number, "moment": tx.now})]


def refusals(tx: Transaction, number: int, most: int) -> list[tuple[str, str]]:
    """Return what was refused and why, in the order of the campaign."""
    return [(row.item, row.why) for row in tx.rows(_refusals, {"which": number, "most": most})]


def cancel_campaign(tx: Transaction, number: int) -> None:
    """Let the chunks that were not begun be; what is done stays done."""
    given = {"which": number, "moment": tx.now}
    tx.write(_close_deliveries, given)
    tx.write(_close_chunks, given)
    tx.write(_call_off, given)


def retry_campaign(tx: Transaction, number: int) -> None:
    """Have the chunks that failed as a whole tried again at once."""
    tx.write(_try_again, {"which": number, "moment": tx.now})
