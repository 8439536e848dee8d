"""Workers killed in the middle of a campaign: what is left is done, nothing twice."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from talenthub.sdk import Campaign, start_campaign
from talenthub.workflow.campaigns.campaigns import campaigns
from talenthub.workflow.tables import workflow_case

VICTIM = Path(__file__).with_name("campaign_victim.py")


def worker(made: Any, url: str) -> subprocess.Popen[str]:
    """Return a worker that has begun."""
    words = [sys.executable, str(VICTIM), url, made.now.isoformat()]
    begun = subprocess.Popen(words, stdout=subprocess.PIPE, text=True, cwd=VICTIM.parent)
    assert begun.stdout is not None
    with begun.stdout as told:
        assert told.readline() == "ready\n"
    return begun


@pytest.fixture
def workers(database_url: str) -> Iterator[Callable[[Any], subprocess.Popen[str]]]:
    """Return what begins a worker; none is left at the end."""
    begun: list[subprocess.Popen[str]] = []

    def begin(made: Any) -> subprocess.Popen[str]:
        begun.append(worker(made, database_url))
        return begun[-1]

    yield begin
    for each in begun:
        each.kill()
        each.wait()


def survive(made: Any, workers: Any, kills: int, chunks: int, *, beside: int = 0) -> None:
    """Kill workers at random moments; then let the last one come to the end."""
    chance = random.Random(8)
    size, firm = 4, made()
    items = [{"person": firm.people["sam"], "label": each} for each in range(chunks * size)]
    with firm.acting("olga") as tx:
        number = start_campaign(tx, Campaign("trial:loans", "opens loans"), items, size=size)
    for _ in range(kills):
        victims = [workers(firm) for _ in range(1 + beside)]
        time.sleep(chance.random() * 0.2)
        for each in victims:
            each.kill()
            each.wait()
    last = workers(firm)
    assert last.wait(120) == 0
    found = firm.run(lambda tx: campaigns(tx, [number])[number])
    assert (found.state, found.done, found.refused) == ("done", len(items), 0)
    kept = firm.run(lambda tx: [row[0] for row in tx.rows(select(workflow_case.c.about))])
    assert Counter(kept) == {str(each["label"]): 1 for each in items}
    firm.run(lambda tx: firm.engine.verify(tx))
    assert all(json.loads(row.message) and row.done_at for row in firm.rows())


@pytest.mark.timeout(600)
def test_a_killed_worker_leaves_the_rest_to_the_next(firm: Any, workers: Any) -> None:
    survive(firm, workers, kills=1, chunks=8)


@pytest.mark.storm
@pytest.mark.timeout(1800)
def test_many_killed_workers_double_and_lose_nothing(firm: Any, workers: Any) -> None:
    survive(firm, workers, kills=20, chunks=300, beside=1)
