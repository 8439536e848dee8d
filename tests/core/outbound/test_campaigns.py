"""Campaigns: chunks that outlive a break, refusals in words, nothing twice."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import event, func, select

from talenthub.errors import Refused
from talenthub.outbound.jobs import cancel, dead_jobs, jobs_named, retry, waiting_jobs
from talenthub.sdk import Campaign, Chunk, Opening, Verdict, start_campaign
from talenthub.storage.transaction import SYSTEM
from talenthub.verdict import Detail
from talenthub.workflow.campaigns.campaigns import (
    CAMPAIGN,
    REFERENCES,
    TOGETHER,
    CampaignView,
    campaigns,
    handler_of,
    open_chunks,
    refusals,
)
from talenthub.workflow.deliveries import Handler
from talenthub.workflow.digest import begin_digests
from talenthub.workflow.outbox import DIGEST
from talenthub.workflow.tables import campaign_chunk, outbox, workflow_case

WORK = "trial:loans"
WANTED = Campaign(WORK, "opens loans")
broken: list[bool] = []


def open_loans(engine: Any, tx: Any, chunk: Chunk) -> None:
    """Open a loan for each; a secret person gets none, with a reason."""
    if broken:
        raise KeyError("Sam Secret")
    for each in chunk.items:
        if each.get("secret"):
            detail = Detail("Sam Secret has a pact", 1)
            raise Refused("refused", [Verdict(False, "no pact is open", (detail,)), Verdict(True, "asks")])
    engine.open_many(
        tx,
        [
            Opening("trial.loan", subject=each["person"], about=str(each.get("label", "")))
            for each in chunk.items
        ],
    )


HANDLERS = (Handler(handler_of(WORK), CAMPAIGN, open_loans),)


@pytest.fixture
def made(firm: Any) -> Iterator[Any]:
    broken.clear()
    yield firm(HANDLERS)
    broken.clear()


def begin(made: Any, many: int = 7, secret: int | None = None, **more: Any) -> int:
    """Begin a campaign of chunks of three in Olga's name; return its number."""
    items = [{"person": made.people["sam"], "secret": each == secret} for each in range(many)]
    with made.acting("olga") as tx:
        return start_campaign(tx, WANTED, items, **{"size": 3} | more)


def look(made: Any, number: int) -> CampaignView:
    return made.run(lambda tx: campaigns(tx, [number])[number])


def work(made: Any, number: int, most: int = 99) -> list[bool]:
    waiting = made.run(lambda tx: open_chunks(tx, number))[:most]
    return [made.run(lambda tx, which=which: made.engine.deliver(tx, which)) for which, _ in waiting]


def count(made: Any) -> int:
    return int(made.run(lambda tx: tx.value(select(func.count()).select_from(workflow_case))))


def test_a_campaign_is_done_in_chunks_by_whoever_comes_and_nothing_twice(made) -> None:
    number = begin(made)
    assert (look(made, number).state, look(made, number).total) == ("waits", 7)
    first = made.run(lambda tx: open_chunks(tx, number))[0][0]

    def killed(tx: Any) -> None:
        assert made.engine.deliver(tx, first)
        raise RuntimeError("before the commit")

    with pytest.raises(RuntimeError):
        made.run(killed)
    assert count(made) == 0
    assert work(made, number, most=1) == [True]
    assert (look(made, number).state, look(made, number).through) == ("runs", 3)
    made.executor().round()  # a worker goes on
    found = look(made, number)
    assert (found.state, found.done, found.refused, found.waiting) == ("done", 7, 0, 0)
    assert not made.run(lambda tx: made.engine.deliver(tx, first))
    assert count(made) == 7
    with made.acting("olga") as tx:
        events = {event.actor.person for each in made.engine.of_workflow(tx, "trial.loan")
                  for event in made.engine.log(tx, each.ref)}  # fmt: skip
    assert events == {made.people["olga"]}
    kept = made.run(lambda tx: [row[0] for row in tx.rows(select(campaign_chunk.c["items"]))])
    assert set(kept) == {"[]"}, "what was asked for whom does not stay"


def test_who_is_refused_stops_no_other_and_only_public_words_are_kept(made) -> None:
    number = begin(made, secret=4)
    assert work(made, number) == [True, True, True]
    found = look(made, number)
    assert (found.state, found.done, found.refused) == ("done", 6, 1)
    told = made.run(lambda tx: refusals(tx, number, 10))
    assert told == [(f"person:{made.people['sam']}", "no pact is open")]
    assert count(made) == 6


def test_a_campaign_called_off_leaves_what_is_done_and_does_no_more(made) -> None:
    number = begin(made)
    work(made, number, most=1)
    name = f"campaign-{number}"
    [job] = made.run(lambda tx: cancel(tx, jobs_named(tx, [name], made.clock)))
    assert job.progress == "3 of 7"
    assert look(made, number).state == "cancelled"
    made.executor().round()
    assert count(made) == 3
    with pytest.raises(Refused):
        made.run(lambda tx: cancel(tx, jobs_named(tx, [name], made.clock)))


def test_a_work_that_fails_is_tried_again_and_at_last_waits_for_somebody(made) -> None:
    number = begin(made, many=2)
    broken.append(True)
    assert work(made, number) == [False]
    [job] = made.run(lambda tx: waiting_jobs(tx, made.clock))
    assert (job.name, job.state, job.progress) == (f"campaign-{number}", "failed", "0 of 2")
    assert "KeyError" in (job.error or "")
    assert "Secret" not in (job.error or "")
    for row in range(4):
        made.now = made.rows()[-1].due_at
        assert work(made, number) == [False], row
    assert [each.name for each in made.run(dead_jobs)] == [f"campaign-{number}"]
    broken.clear()
    made.run(lambda tx: retry(tx, dead_jobs(tx)))
    assert work(made, number) == [True]
    assert (look(made, number).state, count(made)) == ("done", 2)


def test_the_same_request_begins_one_campaign(made) -> None:
    assert begin(made, request_id="spring") == begin(made, request_id="spring")
    with made.acting("otto") as tx:
        assert start_campaign(tx, WANTED, [], request_id="spring") != 1
    assert Counter(row.handler for row in made.rows()) == {"trial:campaign/loans": 3}


def test_the_items_are_read_as_they_come(made) -> None:
    written = []

    def items(tx: Any) -> Iterator[dict[str, int]]:
        for _ in range(2 * TOGETHER + 5):
            written.append(tx.value(select(func.count()).select_from(campaign_chunk)))
            yield {"person": made.people["sam"]}

    with made.acting() as tx:
        start_campaign(tx.by(SYSTEM), WANTED, items(tx), size=2)
    assert written == [0] * 2 * TOGETHER + [TOGETHER] * 5


def test_each_chunk_has_a_delivery_and_references_of_its_own(made) -> None:
    items = [{"person": made.people["sam"], "label": each} for each in range(2 * TOGETHER + 3)]
    wanted = Campaign(WORK, "opens loans", opens="trial.loan")
    with made.acting("olga") as tx:
        number = start_campaign(tx, wanted, items, size=2)
    columns = (campaign_chunk.c.number, campaign_chunk.c["items"], outbox.c.origin, outbox.c.message)
    chunks = select(*columns).join(outbox, outbox.c.id == campaign_chunk.c.delivery_id)
    rows = made.run(lambda tx: tx.rows(chunks.order_by(campaign_chunk.c.number)))
    listed, taken = [], []
    for place, row in enumerate(rows, 1):
        assert (row.number, row.origin) == (place, f"{CAMPAIGN}-{number}/{place}")
        own = json.loads(row.message)[REFERENCES]
        listed += json.loads(row.items)
        taken += range(own["first"], own["first"] + own["many"])
    assert listed == items
    assert taken == list(range(1, len(items) + 1))


def test_among_many_the_one_about_oneself_is_refused_alone(made) -> None:
    about = [made.people[name] for name in ("sam", "olga", "lea", "sam")]
    with made.acting("olga") as tx:
        number = start_campaign(tx, WANTED, [{"person": each} for each in about], size=4)
    assert work(made, number) == [True]
    told = made.run(lambda tx: refusals(tx, number, 10))
    assert told == [(f"person:{about[1]}", "only hr officer may open a loan")]
    assert count(made) == 3


def refs(made: Any) -> list[str]:
    return made.run(
        lambda tx: list(
            tx.connection.execute(select(workflow_case.c.ref).order_by(workflow_case.c.id)).scalars()
        )
    )


def test_the_references_of_a_campaign_are_its_own_from_the_start(made) -> None:
    items = [{"person": made.people["sam"], "secret": each == 4} for each in range(7)]
    with made.acting("olga") as tx:
        number = start_campaign(tx, Campaign(WORK, "opens loans", opens="trial.loan"), items, size=3)
    assert made.open() == "LOAN-8", "seven are taken before any is opened"
    assert work(made, number) == [True] * 3
    # The second chunk is tried again one by one, without the fifth item.
    assert refs(made) == ["LOAN-8", "LOAN-1", "LOAN-2", "LOAN-3", "LOAN-4", "LOAN-5", "LOAN-7"]
    assert made.open() == "LOAN-9"
    made.run(made.engine.verify)


def test_what_was_written_is_read_once_for_all_digests_of_a_chunk(made) -> None:
    made.fire(made.open(), "help")
    number = made.run(begin_digests)
    read: list[str] = []
    event.listen(made.database.engine, "before_cursor_execute", lambda *given: read.append(given[2]))
    assert work(made, number) == [True]
    assert sum(each.startswith("SELECT outbox.id, outbox.message") for each in read) == 1
    told = [row.message for row in made.rows() if row.origin.startswith(DIGEST)]
    assert sum("messages" in each for each in told) == 3, "olga, otto and lea are told of what was written"
