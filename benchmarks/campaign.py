"""Measure a campaign on two workers beside COPY of the very same rows.

python benchmarks/campaign.py                 5,000 people
python benchmarks/campaign.py --people 100000

PostgreSQL only: COPY is its own. The workers are processes of their own, as
`talent worker` is; what COPY writes was read from what they had made.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, func, select
from trial import NOW, House, build

from talenthub.sdk import Campaign, Chunk, Engine, Opening, Transaction, start_campaign
from talenthub.storage.database import Database
from talenthub.storage.transaction import SYSTEM
from talenthub.testing import Servers
from talenthub.workflow.campaigns.campaigns import CAMPAIGN, handler_of, live_campaigns
from talenthub.workflow.catalogue import Catalogue, Loaded
from talenthub.workflow.deliveries import Handler
from talenthub.workflow.tables import workflow_case

WORK = "trial:loans"
WORKERS = 2
TABLES = (
    "pinned_settings",
    "workflow_case",
    "case_event",
    "case_payload",
    "case_task",
    "task_pool",
    "case_timer",
)
"""What opening a case writes, in the order of their keys."""


@dataclass(frozen=True, slots=True)
class Ran:
    """One campaign, and the same rows written by COPY."""

    people: int
    seconds: float
    bare: float
    memory: Sequence[int]
    """Of each worker at its peak, in MB."""

    @property
    def times(self) -> float:
        """Return how many times as long as COPY the campaign took."""
        return self.seconds / self.bare


def open_loans(engine: Engine, tx: Transaction, chunk: Chunk) -> None:
    """Open a loan for each person of a chunk."""
    data = {"amount": 50, "purpose": "a bicycle"}
    engine.open_many(
        tx, [Opening("trial.loan", each["person"], data, about="A loan") for each in chunk.items]
    )


def measure(servers: Servers, people: int) -> Ran:
    """Return what a campaign for so many people took, and COPY of its rows."""
    url, other = servers.fresh("postgresql"), servers.fresh("postgresql")
    house, bare = build(url), build(other)
    with house.transaction() as tx:
        items = ({"person": house.subject} for _ in range(people))
        start_campaign(tx, Campaign(WORK, "opens loans", opens="trial.loan"), items)
    seconds, memory = _run(url)
    _check(house, people)
    rows = _copied_out(house)
    took = _copied_in(bare, rows)
    _check(bare, people)
    for each in (house, bare):
        each.database.close()
    return Ran(people, seconds, took, memory)


def measure_all(servers: Servers, people: int, *, million: bool = False) -> list[Ran]:
    """Return one campaign, and one of a million if asked; print each."""
    found = []
    for many in (people, *((1_000_000,) if million else ())):
        found.append(measure(servers, many))
        print(f"PostgreSQL {line(found[-1])}", flush=True)
    return found


def section(ran: Sequence[Ran]) -> str:
    """Return the part of the page that tells of campaigns."""
    rows = [
        f"| {each.people:,} | {each.seconds:.1f} s | {each.bare:.1f} s | {each.times:.1f} | ≤ 1.5 |"
        f" {max(each.memory)} MB |"
        for each in ran
    ]
    return "\n".join(
        [
            "",
            "## Campaigns, PostgreSQL",
            "",
            f"Opening a case for each person in chunks of 500, by {WORKERS} workers, beside COPY of",
            "the very same rows from one connection. Ours judges rights, draws numbers, chains",
            "hashes and commits each chunk; COPY only writes what is there already.",
            "",
            "| people | ours | COPY | times | aim | memory of a worker |",
            "|---|---|---|---|---|---|",
            *rows,
            "",
        ]
    )


def line(ran: Ran) -> str:
    """Return a measurement as one line."""
    return (
        f"campaign of {ran.people:,} on {WORKERS} workers: {ran.seconds:.2f} s; COPY of the same rows"
        f" {ran.bare:.2f} s; {ran.times:.1f} times; at most {max(ran.memory)} MB a worker"
    )


def _run(url: str) -> tuple[float, list[int]]:
    words = [sys.executable, __file__, "--work", url]
    workers = [
        subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(WORKERS)
    ]
    for each in workers:
        assert each.stdout is not None
        assert each.stdout.readline() == "ready\n"
    begun = time.perf_counter()
    for each in workers:
        assert each.stdin is not None
        each.stdin.write("go\n")
        each.stdin.flush()
    told = [each.communicate()[0] for each in workers]
    seconds = time.perf_counter() - begun
    return seconds, [int(each) for each in told]


def work(url: str) -> None:
    """Do the chunks that wait, as one of the workers."""
    from trial import LOAN

    handlers = (Handler(handler_of(WORK), CAMPAIGN, open_loans),)
    engine = Engine(Catalogue([Loaded(LOAN, "trial")]), handlers=handlers)
    database = Database(url)
    memory: dict[Hashable, Any] = {}

    def run(function: Any) -> Any:
        with database.begin() as connection:
            tx = engine.enter(Transaction(connection, SYSTEM, NOW, memory=dict(memory)))
            found = function(tx)
        memory.update(tx.memory)
        return found

    run(live_campaigns)
    print("ready", flush=True)
    sys.stdin.readline()
    while run(live_campaigns):
        for number in run(engine.due_deliveries):
            run(lambda tx, number=number: engine.deliver(tx, number))
    database.close()
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)


def _check(house: House, people: int) -> None:
    with house.transaction(system=True, read_only=True) as tx:
        assert tx.value(select(func.count()).select_from(workflow_case)) == people


def _driver(connection: Connection) -> Any:
    return connection.connection.dbapi_connection


def _copied_out(house: House) -> dict[str, list[bytes]]:
    found = {}
    with house.database.begin(read_only=True) as connection:
        for name in TABLES:
            with (
                _driver(connection).cursor() as cursor,
                cursor.copy(f"COPY {name} TO STDOUT (FORMAT binary)") as rows,
            ):
                found[name] = [bytes(each) for each in rows]
    return found


def _copied_in(house: House, rows: dict[str, list[bytes]]) -> float:
    begun = time.perf_counter()
    with house.database.begin() as connection:
        for name in TABLES:
            with (
                _driver(connection).cursor() as cursor,
                cursor.copy(f"COPY {name} FROM STDIN (FORMAT binary)") as into,
            ):
                for each in rows[name]:
                    into.write(each)
    return time.perf_counter() - begun


def main() -> None:
    """Measure one campaign, or be one of its workers."""
    parser = argparse.ArgumentParser(description="Measure a campaign beside COPY.")
    parser.add_argument("--people", type=int, default=5_000)
    parser.add_argument("--work", metavar="URL", help="be a worker")
    given = parser.parse_args()
    if given.work:
        work(given.work)
        return
    with tempfile.TemporaryDirectory() as folder:
        servers = Servers(Path(folder))
        try:
            print(line(measure(servers, given.people)))
        finally:
            servers.stop()


if __name__ == "__main__":
    main()
