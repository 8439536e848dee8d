"""A large campaign lets others have their turn, and is itself never put off."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import count
from threading import Event
from typing import Any

import pytest
from sqlalchemy import insert

from talenthub.outbound import executor, pieces, worker
from talenthub.outbound.claims import Claimed
from talenthub.outbound.port import Shift
from talenthub.outbound.sending import Sent, Settled
from talenthub.sdk import Campaign, start_campaign
from talenthub.workflow.campaigns.campaigns import CAMPAIGN, handler_of
from talenthub.workflow.deliveries import Handler
from talenthub.workflow.tables import outbox


def test_a_call_goes_before_the_chunks_that_wait_longer(firm: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []

    def do_chunk(engine: Any, tx: Any, chunk: Any) -> None:
        done.append("chunk")
        if done.count("chunk") == 1:  # somebody opens a case while the first one is being done
            engine.open(tx, "trial.loan", subject=made.people["sam"])

    def called(tx: Any, case: Any, event: Any) -> None:
        done.append("call")

    work = "trial:slowly"
    made = firm((Handler(handler_of(work), CAMPAIGN, do_chunk), Handler("trial:call", "*", called)))
    monkeypatch.setattr(executor, "LONG", 0)
    with made.acting("olga") as tx:
        start_campaign(tx, Campaign(work, "takes long"), [{"person": made.people["sam"]}] * 4, size=1)
    made.now += timedelta(hours=1)
    made.open()
    made.executor().round()
    assert done == ["call", "chunk", "call", "chunk", "chunk", "chunk"]


def test_letters_to_one_person_do_not_wait_for_all_digests(firm: Any, monkeypatch: Any) -> None:
    made = firm(mail={"backend": "console", "sender": "hr@firm.example"})
    sent: list[str] = []

    def note(_office: Any, _engine: Any, _tx: Any, claimed: Claimed, _clock: Any) -> Settled:
        sent.append(claimed.handler.partition(":")[0])
        return Settled(Sent())

    monkeypatch.setattr(pieces, "mail_parcel", note)
    rows = [(f"digest/{made.now:%F}", f"message:{number}", 1) for number in range(10)]
    rows += [("case/1", f"mail:{number}", 0) for number in range(2)]
    with made.acting() as tx:
        for origin, handler, earlier in rows:
            due = made.now - timedelta(hours=earlier)
            tx.write(insert(outbox), row(origin, handler, due))
    made.executor().outgoing()
    assert [place for place, kind in enumerate(sent) if kind == "mail"] == [0, 4]
    assert len(sent) == 12


def row(origin: str, handler: str, due: datetime) -> dict[str, Any]:
    return {"origin": origin, "handler": handler, "message": "{}", "due_at": due, "attempts": 0}


def test_a_campaign_longer_than_a_turn_keeps_it_and_the_upkeep(firm: Any, monkeypatch: Any) -> None:
    done: list[str] = []
    seconds, turns, kept = count(0.0, 30.0), set(), set()
    work = Handler(handler_of("trial:slowly"), CAMPAIGN, lambda *_: done.append("chunk"))
    made = firm((work,))
    monkeypatch.setattr(worker, "monotonic", lambda: next(seconds))
    monkeypatch.setattr(worker, "take_turn", lambda *_: turns.add(len(done)))
    monkeypatch.setattr(worker, "keep_up", lambda *_: kept.add(len(done)))
    with made.acting() as tx:
        start_campaign(tx, Campaign("trial:slowly", "takes long"), [{"case": "-"}] * 4, size=1)
    worker.serve_here(Shift(made.executor().pieces, Event(), print), once=True)
    assert turns >= {0, 1, 2, 3}, "else a worker on another machine would begin beside it"
    assert kept & {1, 2, 3}, "digests do not wait for the end of the campaign"
