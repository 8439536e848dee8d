"""Answering a repeated request once: for bulk work outside of cases.

Each item of a run is remembered under the request's id, so that the same
command after a break does the rest and tells the same of what was done.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import delete, func, insert, select

from talenthub.errors import Problem, TalentError, UsageError
from talenthub.storage.transaction import Transaction
from talenthub.storage.types import canonical, digest
from talenthub.workflow.requests import KEPT
from talenthub.workflow.tables import request_answer

Answer = dict[str, Any]
"""What became of an item, as JSON knows it."""

_LONGEST_KEY = 200


def once(
    tx: Transaction,
    request_id: str | None,
    verb: str,
    wanted: Mapping[str, Any],
    act: Callable[[str], Answer],
) -> dict[str, Answer | TalentError]:
    """Do each item of `wanted` that was not done; return every answer.

    `wanted` has what is asked for each item, as JSON knows it; `act` does
    one, in a savepoint of its own. What was refused is tried again.
    UsageError if the id was used for something else.
    """
    keys = {item: _key(request_id, verb, item) for item in wanted} if request_id else {}
    bodies = {item: digest(canonical(body)) for item, body in wanted.items()}
    if request_id:
        _queue_up(tx, request_id)
    told: dict[str, Answer | TalentError] = dict(_answered(tx, keys, bodies))
    fresh = {item: _tried(tx, act, item) for item in wanted if item not in told}
    if request_id:
        _keep(tx, keys, bodies, {item: each for item, each in fresh.items() if isinstance(each, dict)})
    told |= fresh
    return {item: told[item] for item in wanted}


def _key(request_id: str | None, verb: str, item: str) -> str:
    key = f"{request_id}/{verb}/{item}"
    return key if len(key) <= _LONGEST_KEY else digest(key)


def _queue_up(tx: Transaction, request_id: str) -> None:
    # Who asks the same at the same moment waits, and then finds the answers.
    if not tx.is_sqlite:
        number = int(digest("once", tx.actor.person, request_id)[:15], 16)
        tx.connection.execute(select(func.pg_advisory_xact_lock(number)))


def _tried(tx: Transaction, act: Callable[[str], Answer], item: str) -> Answer | TalentError:
    try:
        with tx.savepoint():
            return act(item)
    except TalentError as refusal:
        return refusal


def _answered(tx: Transaction, keys: Mapping[str, str], bodies: Mapping[str, str]) -> dict[str, Answer]:
    if not keys:
        return {}
    items = {key: item for item, key in keys.items()}
    rows = tx.rows(
        select(request_answer.c.key, request_answer.c.body_hash, request_answer.c.answer).where(
            request_answer.c.actor_id == (tx.actor.person or 0), request_answer.c.key.in_(list(items))
        )
    )
    for row in rows:
        if row.body_hash != bodies[items[row.key]]:
            text, mend = "this request id was used for something else", "choose a new one for a new request"
            raise UsageError(Problem(text=text, found=items[row.key], mend=mend, code="request.reused"))
    return {items[row.key]: json.loads(row.answer) for row in rows}


def _keep(
    tx: Transaction, keys: Mapping[str, str], bodies: Mapping[str, str], done: Mapping[str, Answer]
) -> None:
    if not done:
        return
    tx.write(delete(request_answer).where(request_answer.c.at < tx.now - KEPT))
    rows = [
        {
            "actor_id": tx.actor.person or 0,
            "key": keys[item],
            "body_hash": bodies[item],
            "answer": json.dumps(answer, ensure_ascii=False),
            "at": tx.now,
        }
        for item, answer in done.items()
    ]
    tx.write(insert(request_answer), rows)
