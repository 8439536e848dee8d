"""The line between a worker and the server is cut in the middle of its work.

The server takes back what the silent one had begun, another does it, and the
one who comes back does not do it again.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from chaos_ground import KEY, Receiver, receiving
from cut_line import Line
from sqlalchemy import text
from trial_check import findings
from trial_ground import OFFICER, START, SUBJECTS, open_ground, people, settle
from trial_yard import LONG

from talenthub.errors import StorageError
from talenthub.outbound.claims import LEASE
from talenthub.outbound.letters import Office
from talenthub.outbound.pieces import Pieces
from talenthub.storage import database
from talenthub.storage.transaction import SYSTEM, Actor, no_fault
from talenthub.workflow.opening import Opening
from talenthub.workflow.ticking import next_timer

RAN = "SELECT transition FROM case_event WHERE kind = 'reminded' OR transition = 'expire' ORDER BY version"
PATIENCE = 1.0
"""Seconds for which the server awaits a worker that is far away and silent."""


@dataclass
class Two:
    """A worker near the server, and one that is behind a line."""

    open: Callable[..., Any]
    near_url: str
    line: Line
    receiver: Receiver
    threads: ThreadPoolExecutor

    def __post_init__(self) -> None:
        before = self.open(self.near_url, now=START)
        settle(before)
        known = before.run(SYSTEM, people, read_only=True)
        circle = Opening(workflow="trial.circle", subject=known[SUBJECTS[0]], framework_version=1)
        before.run(Actor(known[OFFICER]), lambda tx: before.engine.open_many(tx, [circle]))
        self.near = self.open(self.near_url)

    def worker(self, *, is_far: bool, clock: Any = None) -> Pieces:
        return self.working(self.open(self.line.url if is_far else self.near_url), clock)

    def working(self, ground: Any, clock: Any = None) -> Pieces:
        office = Office(ground.settings, ground.folder, lambda *_told: "")
        return Pieces(ground.engine, partial(ground.run, SYSTEM), office, clock)

    def silenced(self, fault: Any) -> Pieces:
        """Return a worker behind the line, with whom the server soon loses patience."""
        # Only with that one: others may be slow on a busy machine, and are not to be cut off.
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(database, "SILENCE", PATIENCE)
            ground = self.open(self.line.url, fault=fault)
            ground.run(SYSTEM, lambda _tx: None, read_only=True)
        return self.working(ground)

    def next_timer(self) -> int:
        """Return the timer that is due, after the reminder has run."""
        engine = self.near.engine
        return self.near.run(SYSTEM, lambda tx: next_timer(engine, engine.enter(tx)))

    def values(self, sql: str) -> list[Any]:
        with self.near.transaction(SYSTEM, read_only=True) as tx:
            return list(tx.connection.execute(text(sql)).scalars())

    def wait_for(self, sql: str) -> None:
        limit = time.monotonic() + LONG
        while not self.values(sql):
            assert time.monotonic() < limit, sql
            time.sleep(0.02)

    def meanwhile(self, function: Callable[..., Any], *given: Any) -> Future[Any]:
        return self.threads.submit(function, *given)

    def agrees(self) -> bool:
        return self.near.run(SYSTEM, lambda tx: findings(self.near, tx), read_only=True) == []


@pytest.fixture
def two(servers, tmp_path: Path) -> Iterator[Two]:
    """Return two workers on PostgreSQL, with a circle whose timers are due."""
    (tmp_path / "key").write_text(KEY)
    url = servers.fresh("postgresql")
    with ExitStack() as stack:
        line, receiver = stack.enter_context(Line(url)), stack.enter_context(receiving())
        hook = {"name": "hook", "url": f"http://127.0.0.1:{receiver.port}/", "secret": {"file": "key"}}
        webhook = [hook | {"events": ["trial.circle.open"], "allow_private": True}]

        def opened(at: str, *, now: datetime = START + timedelta(days=31), fault: Any = no_fault) -> Any:
            ground = open_ground(tmp_path, at, fault=fault, now=now, webhook=webhook)
            return stack.enter_context(closing(ground))

        threads = stack.enter_context(ThreadPoolExecutor(2))
        yield Two(opened, url, line, receiver, threads)
        line.mend()


def test_what_a_silent_worker_holds_is_taken_back_and_done_by_another(two: Two) -> None:
    is_cut = threading.Event()

    def cut(point: str) -> None:
        if point == "fire.recorded":
            two.line.hole()
            is_cut.set()

    far, near = two.silenced(cut), two.worker(is_far=False)
    assert near.timer(two.next_timer()), "the reminder"
    number = two.next_timer()
    silent = two.meanwhile(far.timer, number)
    while not is_cut.wait(0.02):
        if silent.done():  # the machine stood still, and the server lost patience before
            assert isinstance(silent.exception(), StorageError)
            silent = two.meanwhile(far.timer, number)
    assert near.timer(number), "it waited until the server took it back"
    assert not silent.done()
    two.line.mend()
    with pytest.raises(StorageError):
        silent.result(LONG)
    assert two.worker(is_far=True).timer(number) is None
    assert two.values(RAN) == ["late", "expire"]
    assert two.agrees()


def test_a_commit_whose_answer_was_lost_is_not_done_again(two: Two) -> None:
    far, near = two.worker(is_far=True), two.worker(is_far=False)
    assert near.timer(two.next_timer()), "the reminder"
    number = two.next_timer()
    far.run(lambda _tx: None)  # what a process reads before its first work is another commit
    two.line.hole_after(b"COMMIT")
    silent = two.meanwhile(far.timer, number)
    two.wait_for("SELECT 1 FROM case_timer WHERE status = 'done' AND fires IS NOT NULL")
    two.line.reset()
    with pytest.raises(StorageError):
        silent.result(LONG)
    assert far.timer(number) is None
    assert two.values(RAN) == ["late", "expire"]
    assert two.agrees()


def test_what_was_sent_before_the_cut_is_sent_again_with_its_key_and_marked_once(two: Two) -> None:
    far, near = two.worker(is_far=True), two.worker(is_far=False)
    [claimed] = far.claim()
    sent = far.parcel(claimed).send()
    two.line.hole()
    silent = two.meanwhile(far.finish, claimed, sent)
    assert near.claim() == [], "its lease holds"
    later = two.worker(is_far=False, clock=lambda: datetime.now(UTC) + LEASE)
    [again] = later.claim()
    later.finish(again, later.parcel(again).send())
    two.line.mend()
    silent.result(LONG)
    [(key, bodies)] = two.receiver.got.items()
    assert (key, len(bodies), len(set(bodies))) == (f"msg_{claimed.id}", 2, 1)
    assert two.values("SELECT attempts FROM outbox WHERE handler = 'webhook:hook'") == [1]
    assert later.claim() == []
