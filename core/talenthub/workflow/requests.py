"""Idempotency: the same request id gives the first answer again."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, delete, insert, select

from talenthub.errors import Problem, TalentError, UsageError
from talenthub.storage.transaction import Transaction
from talenthub.storage.types import canonical, digest
from talenthub.workflow.context import CaseView
from talenthub.workflow.firing import Fired, Request, fire_requests, hold
from talenthub.workflow.tables import request_answer

if TYPE_CHECKING:
    from talenthub.workflow.engine import Engine

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


def fire_once(
    engine: Engine, tx: Transaction, request_id: str, requests: Sequence[Request]
) -> list[Fired | TalentError]:
    """Fire what was not fired under this request id; return every answer.

    UsageError if the id was used for something else.
    """
    # Whoever asks the same at the same moment waits here for the cases, and
    # then finds the answer.
    cases = hold(engine, tx, requests)
    keys = [key_of(request_id, each) for each in requests]
    bodies = {
        key: _body(engine, request, case) for key, request, case in zip(keys, requests, cases, strict=True)
    }
    found: dict[str, Fired | TalentError] = {
        key: _fired(each) for key, each in answered(tx, request_id, bodies).items()
    }
    left = {
        key: (request, case)
        for key, request, case in zip(keys, requests, cases, strict=True)
        if key not in found
    }
    asked = [request for request, _ in left.values()]
    fired = fire_requests(engine, tx, asked, [case for _, case in left.values()])
    fresh = dict(zip(left, fired, strict=True))
    keep(tx, bodies, {key: _stored(each) for key, each in fresh.items() if isinstance(each, Fired)})
    found |= fresh
    return [found[key] for key in keys]


def answered(tx: Transaction, request_id: str, bodies: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    """Return what was answered under these keys before, by key.

    `bodies` are hashes of what is asked; UsageError if it was something else.
    """
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
    return {row.key: json.loads(row.answer) for row in rows}


def keep(tx: Transaction, bodies: Mapping[str, str], answers: Mapping[str, Mapping[str, Any]]) -> None:
    """Remember what was answered, for thirty days."""
    if not answers:
        return
    tx.write(_forget, {"before": tx.now - KEPT})
    tx.write(
        _insert,
        [
            {
                "actor_id": tx.actor.person or 0,
                "key": key,
                "body_hash": bodies[key],
                "answer": canonical(answer),
                "at": tx.now,
            }
            for key, answer in answers.items()
        ],
    )


def _body(engine: Engine, request: Request, case: CaseView | None) -> str:
    """Return the hash that tells one request from another.

    Not of a sealed form: with few possible answers, trying them all would
    find the one behind a hash, beside the name of who gave it.
    """
    form = None if case is not None and _is_sealed(engine, request, case) else _plain(request.form)
    return digest(canonical({"form": form, "version": request.expected_version}))


def _is_sealed(engine: Engine, request: Request, case: CaseView) -> bool:
    loaded = engine.catalogue.find_for(case)
    edges = loaded.workflow.transitions if loaded is not None else ()
    return any(edge.sealed for edge in edges if edge.name == request.transition)


def _plain(form: Any) -> Any:
    return json.loads(json.dumps(dict(form), default=str))


def _stored(fired: Fired) -> dict[str, Any]:
    return {**dataclasses.asdict(fired), "at": fired.at.isoformat()}


def _fired(stored: dict[str, Any]) -> Fired:
    return Fired(**{**stored, "at": datetime.fromisoformat(stored["at"]), "opened": tuple(stored["opened"])})
