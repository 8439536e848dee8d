"""Webhooks: what another system is told: a reference, an event, a moment."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, NoReturn

from talenthub.config.secrets import secret_at
from talenthub.config.settings import Webhook
from talenthub.errors import Problem
from talenthub.outbound.claims import Claimed
from talenthub.outbound.posting import Post
from talenthub.outbound.sending import Parcel, unsendable
from talenthub.outbound.signing import key_of, signed
from talenthub.storage.hub import hub_events
from talenthub.storage.transaction import Transaction
from talenthub.storage.types import canonical
from talenthub.workflow.cases import cases_by_id
from talenthub.workflow.deliveries import HUB, Handler
from talenthub.workflow.history import histories
from talenthub.workflow.outbox import WEBHOOK
from talenthub.workflow.parking import ParkedError, handler_named


def handlers_of(webhooks: Sequence[Webhook]) -> tuple[Handler, ...]:
    """Return what puts the events that webhooks hear into the outbox."""
    return tuple(
        Handler(f"{WEBHOOK}:{each.name}", event, _never) for each in webhooks for event in each.events
    )


def _never(*_told: object) -> NoReturn:
    raise AssertionError("a webhook is sent, not run: outbound.executor does it")


def webhook_parcel(
    tx: Transaction,
    claimed: Claimed,
    webhooks: Sequence[Webhook],
    folder: Path,
    clock: datetime,
    *,
    written: Collection[str] = (),
) -> Parcel:
    """Return the signed request of one delivery.

    Its id is that of the outbox row, so the same at each try. ParkedError
    where it is not set up here, but one of those `written` down elsewhere.
    """
    name = claimed.handler.partition(":")[2]
    settings = next((each for each in webhooks if each.name == name), None)
    if settings is None and claimed.handler in written:
        raise ParkedError(Problem(text="it is set up elsewhere", found=handler_named(claimed.handler)))
    if settings is None:
        return unsendable(f"no [[webhook]] is called {name} any more")
    body = canonical(_told(tx, json.loads(claimed.message))).encode()
    places = [each for each in (settings.secret, settings.previous_secret) if each is not None]
    keys = [key_of(secret_at(each, folder)) for each in places]
    number = f"msg_{claimed.id}"
    headers = signed(number, int(clock.timestamp()), body, keys)
    headers = dict(headers) | {
        "content-type": "application/json",
        "idempotency-key": number,
        "user-agent": "talenthub",
    }
    return Post(settings.url, headers, body, settings.allow_private)


def _told(tx: Transaction, message: dict[str, Any]) -> dict[str, Any]:
    # References and events only: who is meant, a receiver asks with its own rights.
    if "hub_event" in message:
        event = hub_events(tx, [message["hub_event"]])[message["hub_event"]]
        return {"type": f"{HUB}{event.kind}", "data": {"ref": f"{event.subject}/{event.subject_id}"}}
    case = cases_by_id(tx, [message["case"]])[message["case"]]
    seen = histories(tx, [case.id])[case.id][message["version"] - 1]
    return {
        "type": f"{case.workflow}.{seen.transition or 'open'}",
        "timestamp": seen.at.isoformat(),
        "data": {"ref": case.ref, "version": seen.version, "state": seen.target},
    }
