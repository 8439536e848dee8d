"""A worker whose tables have become newer stops, and spoils nothing."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from sqlalchemy import text

from talenthub.outbound import worker as working
from talenthub.outbound.claims import LEASE
from talenthub.outbound.overtaken import WhileCurrent
from talenthub.storage.migrate import NewerTablesError, core_owner, head_of, watch_tables


def test_a_worker_stops_when_the_tables_are_newer_and_another_sends_what_it_had(
    firm: Any, receiver: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(working, "POLL", 0.01)
    made = firm(webhook=[receiver.webhook()])
    made.open()
    run, stop, said = made.run, threading.Event(), list[str]()
    made.run = older = WhileCurrent(run, watch_tables([core_owner()]), stop)
    receiver.hold = threading.Event()
    worker = working.Worker(made.executor(stopping=stop.is_set), stop, said.append)
    thread = threading.Thread(target=worker.forever)
    thread.start()
    try:
        assert receiver.is_told()
        put_version(run, "9999")  # `talent db upgrade` of a newer version
        assert stop.wait(100), "it looks before each piece of work"
    finally:
        stop.set()
        receiver.hold.set()
        thread.join()
        put_version(run, head_of(core_owner()))
    assert said == []
    with pytest.raises(NewerTablesError, match="the database is newer than this talenthub: tables of core"):
        older.tell()
    [row] = made.rows()
    assert (row.done_at, row.attempts, row.leased_by is None) == (None, 0, False)
    made.run = run
    made.clock += LEASE
    assert made.executor().round().sent == 1
    assert [headers["webhook-id"] for headers, _ in receiver.got] == [f"msg_{row.id}"] * 2


def put_version(run: Any, number: str | None) -> None:
    run(lambda tx: tx.write(text(f"UPDATE alembic_version_core SET version_num = '{number}'")))
