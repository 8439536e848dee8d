"""A handler that ends its process, or its line to the database, is tried five times."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert, text

from talenthub.outbound.claims import LEASE
from talenthub.patience import Patience, called
from talenthub.storage.database import Database, calling_off
from talenthub.storage.hub import workspace_setting
from talenthub.storage.transaction import SYSTEM, Transaction
from talenthub.workflow.deliveries import ATTEMPTS, Handler

pytestmark = pytest.mark.timeout(0)  # whose alarm would be in the way

FOREVER = 100.0
ASKING = 0.75
"""The driver of PostgreSQL hears of an alarm ten times a second, if none comes sooner."""


def ends(tx, case, event):
    os._exit(7)


def note(tx, case, event):
    tx.write(insert(workspace_setting), {"key": f"{case.ref}/{event.version}", "value": event.transition})


def hangs(tx, case, event):
    def ask() -> None:
        if tx.connection.dialect.name == "postgresql":
            tx.connection.execute(text("SELECT pg_sleep(:long)"), {"long": FOREVER})
        end = time.monotonic() + FOREVER
        while time.monotonic() < end:
            pass

    called(ask)


def live(made: Any) -> int:
    """Have a worker of its own do what is due; return how it ended."""
    child = os.fork()
    if child == 0:
        try:
            made.database = Database(made.database.url.render_as_string(hide_password=False))
            executor = made.executor()
            while executor.round().total:
                pass
        except BaseException:
            os._exit(1)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def row_of(made: Any, handler: str) -> Any:
    [row] = [each for each in made.rows() if each.handler == handler]
    return row


def test_a_handler_that_ends_each_worker_is_dead_after_five(firm: Any) -> None:
    made = firm((Handler("trial:ends", "trial.loan.granted", ends), Handler("trial:note", "*", note)))
    made.fire(made.open(), "grant")
    made.database.close()  # no line is shared with those that are forked
    ended, lives = 0, 0
    while row_of(made, "trial:ends").dead_at is None:
        made.database.close()
        code = live(made)
        assert code in (0, 7)
        ended, lives = ended + (code == 7), lives + 1
        made.clock += LEASE
        made.now += timedelta(hours=1)
        assert lives < 4 * ATTEMPTS
    row = row_of(made, "trial:ends")
    assert (ended, row.attempts, row.done_at) == (ATTEMPTS, ATTEMPTS, None)
    assert "ended in the handler ends of the plugin trial" in row.error
    assert live(made) == 0, "then it is left alone"
    assert all(each.done_at for each in made.rows() if each.handler == "trial:note")


def test_what_was_claimed_waits_for_its_lease_and_is_tried_again_at_once(firm: Any) -> None:
    made = firm((Handler("trial:ends", "trial.loan.granted", ends),))
    made.fire(made.open(), "grant")
    made.database.close()
    assert live(made) == 7
    assert row_of(made, "trial:ends").attempts == 0
    assert live(made) == 0, "somebody may be about to make the call"
    made.clock += LEASE
    assert live(made) == 7, "he was killed, perhaps: once that is nothing"
    assert row_of(made, "trial:ends").attempts == 1


def test_in_the_ordinary_case_a_call_is_one_transaction(firm: Any) -> None:
    made = firm((Handler("trial:note", "*", note),))
    run, begun = made.run, []

    def counted(function: Callable[[Transaction], Any]) -> Any:
        begun.append(function)
        return run(function)

    made.run = counted
    pieces, counts = made.executor().pieces, []
    for _ in range(3):
        made.open()
        number = made.rows()[-1].id
        begun.clear()
        assert pieces.call(number) is True
        counts.append(len(begun))
    assert counts == [2, 1, 1], "only the first in the life of a process is claimed before"


@pytest.mark.parametrize("on_thread", [False, True])
def test_one_that_hangs_in_the_database_is_ended_and_counted(firm: Any, on_thread: bool) -> None:
    made = firm((Handler("trial:hangs", "*", hangs),))
    made.open()
    patience = Patience(ASKING)

    def run(function: Callable[[Transaction], Any]) -> Any:
        with (
            patience.watching(),
            made.database.begin() as connection,
            patience.asking(calling_off(connection)),
        ):
            return function(made.engine.enter(Transaction(connection, SYSTEM, made.now)))

    made.run = run
    pieces, number = made.executor().pieces, row_of(made, "trial:hangs").id
    try:
        with ThreadPoolExecutor(1) as pool:
            made_it = pool.submit(pieces.call, number).result if on_thread else lambda: pieces.call(number)
            assert made_it() is False
    finally:
        patience.close()
    row = row_of(made, "trial:hangs")
    assert (row.attempts, row.done_at, row.leased_by) == (1, None, None)
    assert "the plugin trial failed in the handler hangs" in row.error
