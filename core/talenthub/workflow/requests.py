"""Idempotency: the same request id gives the first answer again."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, delete, insert, select

from talenthub.errors import Problem, UsageError
from talenthub.storage.transaction import Transaction
from talenthub.storage.types import canonical, digest
from talenthub.workflow.firing import Fired, Request
from talenthub.workflow.tables import request_answer

KEPT = timedelta(days=30)
"""How long a request id is remembered."""

_answers = select(request_answer).where(
    request_answer.c.actor_id == bindparam("actor"),
    request_answer.c.key.in_(bindparam("keys", expanding=True)),
)
_insert = insert(request_answer)
_forget = delete(request_answer).where(request_answer.c.at < bindparam("before"))


def key_of(request_id: str, request: Request) -> str:
    """Return the key of one request of a run."""
    return f"{request_id}/{request.ref}/{request.transition}"


def answered(tx: Transaction, request_id: str, requests: Sequence[Request]) -> dict[str, Fired]:
    """Return the answers already given under this request id, by key.

    UsageError if the id was used for something else.
    """
    bodies = {key_of(request_id, each): _body(each) for each in requests}
    rows = tx.rows(_answers, {"actor": tx.actor.person or 0, "keys": sorted(bodies)})
    for row in rows:
        if row.body_hash != bodies[row.key]:
            raise UsageError(
                Problem(
                    text="this request id was used for something else",
                    found=request_id,
                    mend="choose a new one for a new request",
                    code="request.reused",
                )
            )
    return {row.key: _fired(json.loads(row.answer)) for row in rows}


def keep_answers(tx: Transaction, request_id: str, answers: Sequence[tuple[Request, Fired]]) -> None:
    """Remember what was answered, for thirty days."""
    tx.write(_forget, {"before": tx.now - KEPT})
    tx.write(
        _insert,
        [
            {
                "actor_id": tx.actor.person or 0,
                "key": key_of(request_id, request),
                "body_hash": _body(request),
                "answer": canonical({**dataclasses.asdict(fired), "at": fired.at.isoformat()}),
                "at": tx.now,
            }
            for request, fired in answers
        ],
    )


def _body(request: Request) -> str:
    return digest(canonical({"form": _plain(request.form), "version": request.expected_version}))


def _plain(form: Any) -> Any:
    return json.loads(json.dumps(dict(form), default=str))


def _fired(stored: dict[str, Any]) -> Fired:
    return Fired(**{**stored, "at": datetime.fromisoformat(stored["at"]), "opened": tuple(stored["opened"])})
