"""Chunks: one piece of a campaign, done in one transaction by any executor."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, insert, select, update

from talenthub.errors import PluginError, Refused, StorageError, TalentError
from talenthub.storage.direct import Direct
from talenthub.storage.transaction import Actor, Transaction
from talenthub.workflow.campaigns.campaigns import CAMPAIGN, REFERENCES, Chunk, Item
from talenthub.workflow.parking import ParkedError, require_brought
from talenthub.workflow.references import reserved
from talenthub.workflow.tables import OPEN, campaign, campaign_chunk, campaign_refusal, workflow_case

if TYPE_CHECKING:
    from talenthub.workflow.engine import Engine

Work = Callable[["Engine", Transaction, Chunk], Sequence[object] | None]
"""Does a chunk; a TalentError among its answers is the refusal of that item.

What it raises refuses all of them: they are tried one by one.
"""

_chunk = (
    select(campaign, campaign_chunk.c["items"].label("listed"), workflow_case.c.ref)
    .join(campaign_chunk, campaign_chunk.c.campaign_id == campaign.c.id)
    .join(workflow_case, workflow_case.c.id == campaign.c.case_id, isouter=True)
    .where(campaign.c.id == bindparam("which"), campaign_chunk.c.number == bindparam("place"))
    .where(campaign_chunk.c.status == OPEN)
)
_through = (
    update(campaign_chunk)
    .where(campaign_chunk.c.campaign_id == bindparam("which"), campaign_chunk.c.number == bindparam("place"))
    .values(status="done", items="[]", refused=bindparam("many"), ended_at=bindparam("moment"))
)
_refused = Direct(insert(campaign_refusal))


def run_chunk(engine: Engine, tx: Transaction, work: Work, message: dict[str, Any]) -> None:
    """Do one chunk in the name of who began the campaign, and mark it."""
    which = {"which": message[CAMPAIGN], "place": message["chunk"]}
    row = tx.row(_chunk, which)
    if row is None:
        return
    chunk = Chunk(row.case_id, json.loads(row.form), json.loads(row.listed))
    require_brought(tx, engine.catalogue, _cases_of(row, chunk))
    with _own_references(tx, message):
        answers = _answers(engine, tx.by(Actor(row.actor_id, row.login_id)), work, chunk)
    for each in answers:
        if isinstance(each, ParkedError):
            raise each  # no rule has refused it: the chunk waits for who brings the plugin
    refused = [
        {
            "campaign_id": row.id,
            "number": message["chunk"],
            "place": place,
            "item": label(item),
            "why": public_words(answer),
        }
        for place, (item, answer) in enumerate(zip(chunk.items, answers, strict=True), 1)
        if isinstance(answer, TalentError)
    ]
    tx.write(_refused, refused)
    tx.write(_through, which | {"many": len(refused), "moment": tx.now})


def _cases_of(row: Any, chunk: Chunk) -> set[str]:
    own = {row.ref} if row.ref is not None else set()
    return own | {str(each["case"]) for each in chunk.items if "case" in each}


def _own_references(tx: Transaction, message: Mapping[str, Any]) -> AbstractContextManager[None]:
    """Return what lets the chunk's cases take the references put by for it."""
    own = message.get(REFERENCES)
    if own is None:
        return nullcontext()
    return reserved(tx, own["prefix"], range(own["first"], own["first"] + own["many"]))


def _answers(engine: Engine, tx: Transaction, work: Work, chunk: Chunk) -> Sequence[object]:
    """Return an answer for each; where the chunk fails as a whole, one by one."""
    try:
        with tx.savepoint():
            return work(engine, tx, chunk) or [None] * len(chunk.items)
    except (PluginError, StorageError):
        raise  # not a rule's answer: the chunk is tried again
    except TalentError as refusal:
        if len(chunk.items) == 1:
            return [refusal]
    alone = [Chunk(chunk.case, chunk.form, [each]) for each in chunk.items]
    return [answer for each in alone for answer in _answers(engine, tx, work, each)]


def label(item: Item) -> str:
    """Return what stands for an item where it is listed: `APP-12`, `person:7`."""
    return str(item["case"]) if "case" in item else f"person:{item['person']}"


def public_words(error: TalentError) -> str:
    """Return why not, for everybody: verdicts without their details."""
    unmet = [each.text for each in error.verdicts if not each.ok] if isinstance(error, Refused) else []
    return "; ".join(unmet) or str(error)
