"""What is counted and what a worker writes down: figures, and nobody's name."""

from __future__ import annotations

import io
import json
import re
import threading
from contextlib import redirect_stdout
from datetime import timedelta
from typing import Any

from talenthub.outbound.counters import counters, open_metrics
from talenthub.outbound.journal import Journal
from talenthub.outbound.worker import Worker
from talenthub.workflow.deliveries import Handler

LINE = re.compile(r'talenthub_[a-z_]+(\{([a-z]+="[a-z]+",?)+\})? \d+|# (TYPE|HELP) talenthub_.+|# EOF')


def broken(_tx: Any, case: Any, _event: Any) -> None:
    raise KeyError(f"Sam Secret, sam@firm.example, {case.ref}")


def test_counters_tell_what_is_open_and_how_late_it_is(firm: Any, receiver: Any) -> None:
    made = firm((Handler("trial:broken", "*", broken),), webhook=[receiver.webhook("*")])
    for _ in range(3):
        made.open()
    made.executor().inside()
    made.now += timedelta(minutes=1)
    found = made.run(lambda tx: counters(tx, made.engine.catalogue, made.clock))
    told = {(each.name, each.labels.get("kind"), each.labels.get("state")): each.value for each in found}
    assert told[("deliveries", "webhook", "waits")] == 3
    assert told[("deliveries", "call", "failed")] == 3
    assert told[("timers", None, "later")] == 6
    assert told[("late_seconds", "webhook", None)] == 60
    text = open_metrics(found)
    assert all(LINE.fullmatch(line) for line in text.splitlines()), text
    assert text.endswith("# EOF\n")


def test_a_journal_is_lines_of_json_in_which_nobody_is_named(firm: Any, receiver: Any) -> None:
    made = firm((Handler("trial:broken", "*", broken),), webhook=[receiver.webhook("*")])
    receiver.answers = [500, 204]
    made.fire(made.open(), "help")
    written = io.StringIO()
    journal = Journal(write=lambda line: written.write(f"{line}\n"))
    stop = threading.Event()
    with redirect_stdout(written):
        Worker(made.executor(), stop, journal.say, tally=journal).once()
    lines = [json.loads(each) for each in written.getvalue().splitlines()]
    assert journal.failed >= 3, "two calls of a handler and a webhook"
    assert sum(each.get("failed", 0) for each in lines) == journal.failed
    assert {"at", "event"} <= set(lines[0])
    assert not re.search(r"@|sam|secret|olga|LOAN", written.getvalue(), re.IGNORECASE)
