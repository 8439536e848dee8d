"""Measure campaigns on two workers beside the same work by hand.

python benchmarks/campaign.py                 5,000 people
python benchmarks/campaign.py --people 100000

PostgreSQL only: beside the opening stands COPY of the very same rows, read from
what the workers had made, and beside a step the bare driver in chunks as long.
The workers are processes of their own, as `talent worker` is. The clock stops
when both have committed their last chunk.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from statistics import fmean
from typing import Any

from bare import Bare
from sqlalchemy import Connection, select
from trial import LOAN, NAME, NOW, House, build

from talenthub.cli import NEW_OBJECTS
from talenthub.sdk import Campaign, Chunk, Engine, Opening, Transaction, start_campaign
from talenthub.storage.database import Database
from talenthub.storage.transaction import SYSTEM
from talenthub.testing import Servers
from talenthub.workflow.campaigns.campaigns import CAMPAIGN, CHUNK, handler_of, live_campaigns
from talenthub.workflow.campaigns.fire_chunks import FIRE, fire_chunk
from talenthub.workflow.catalogue import Catalogue, Loaded
from talenthub.workflow.deliveries import Handler
from talenthub.workflow.tables import workflow_case

WORK = "trial:loans"
WORKERS = 2
PAUSE = 0.02
MILLION = 1_000_000
LOG = "4GB"
"""Of the server, as docs/operations.md advises: with 1 GB, its default, it writes
every page anew each few hundred thousand cases, for COPY as for ours."""
STEP = "check"
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
NUMBERED = ("workflow_case", "case_task", "case_timer")
GO_ON = "SELECT setval(pg_get_serial_sequence(?, 'id'), (SELECT max(id) FROM {table}))"
"""Copied rows bring their numbers along: new ones must follow them."""
_STATUS = Path("/proc/self/status")
PEOPLE = """INSERT INTO person (id, handle, name, kind, language, created_at)
 SELECT ? + n, 'p' || n, 'P ' || n, 'employee', 'en', now() FROM generate_series(1, ?) AS n"""


@dataclass(frozen=True, slots=True)
class Ran:
    """One campaign, and the same by hand."""

    title: str
    beside: str
    aim: str
    people: int
    seconds: float
    bare: float
    worked: float
    """Seconds of the processor: of the workers and of their servers."""
    bare_worked: float
    memory: Sequence[int]
    """Of each worker at its peak, in MB."""

    @property
    def times(self) -> float:
        """Return how many times as long as by hand the campaign took."""
        return self.seconds / self.bare


def open_loans(engine: Engine, tx: Transaction, chunk: Chunk) -> None:
    """Open a loan for each person of a chunk."""
    data = {"amount": 50, "purpose": "a bicycle"}
    engine.open_many(
        tx, [Opening("trial.loan", each["person"], data, about="A loan") for each in chunk.items]
    )


def measure(servers: Servers, people: int, *, steps: bool = True) -> list[Ran]:
    """Return what opening a case for so many people took, and a step on each."""
    url, other = servers.fresh("postgresql"), servers.fresh("postgresql")
    house, bare = build(url), build(other)
    hands = [Bare(each_url, each.officer, each.subject) for each_url, each in ((url, house), (other, bare))]
    for hand in hands:
        hand.run(PEOPLE, (hand.subject, people))
    own = range(house.subject + 1, house.subject + 1 + people)
    opening = Campaign(WORK, "opens loans", opens=NAME)
    ran = [_opened(house, bare, opening, [{"person": each} for each in own])]
    if steps:
        ran.append(_stepped(house, bare, hands[1]))
    for hand in hands:
        hand.close()
    for each in (house, bare):
        each.database.close()
    return ran


def _opened(house: House, bare: House, wanted: Campaign, items: Sequence[Any]) -> Ran:
    seconds, worked, memory = _run(house, wanted, items)
    assert len(_refs(house, "asked")) == len(items)
    took = _copied_in(bare, _copied_out(house))
    assert len(_refs(bare, "asked")) == len(items)
    return Ran("open a case for each", "COPY", "≤ 1.5", len(items), seconds, took[0], worked, took[1], memory)


def _stepped(house: House, bare: House, hand: Bare) -> Ran:
    for table in NUMBERED:
        hand.run(GO_ON.format(table=table), (table,))
    refs = _refs(house, "asked")
    wanted = Campaign(FIRE, "takes the step check", form={"step": STEP})
    seconds, worked, memory = _run(house, wanted, [{"case": each} for each in refs])
    assert len(_refs(house, "checking")) == len(refs)
    watch = Watch(hand.connection)
    for first in range(0, len(refs), CHUNK):
        hand.fire_many(refs[first : first + CHUNK], STEP)
    took = watch.read()
    assert len(_refs(bare, "checking")) == len(refs)
    return Ran("a step on each", "bare", "≤ 2", len(refs), seconds, took[0], worked, took[1], memory)


def measure_all(servers: Servers, people: int, *, million: bool = False) -> list[Ran]:
    """Return campaigns for a tenth of the people and for all; print each.

    And one for a million if asked: an opening ten times as large again. The
    opening for all is measured before it and after it: two alike may differ by
    a tenth, which is all that the aim leaves.
    """
    servers.postgres.administer(f"ALTER SYSTEM SET max_wal_size = '{LOG}'", "SELECT pg_reload_conf()")
    found = measure(servers, people // 10) + measure(servers, people, steps=False)
    if million:
        found += measure(servers, MILLION, steps=False) + measure(servers, people, steps=False)
    for each in found:
        print(f"PostgreSQL {line(each)}", flush=True)
    return found


def section(ran: Sequence[Ran]) -> str:
    """Return the part of the page that tells of campaigns."""
    rows = [
        f"| {each.title} | {each.people:,} | {each.seconds:.1f} s | {each.beside}: {each.bare:.1f} s |"
        f" **{each.times:.1f}** | {each.aim} | {each.worked:.1f} s | {each.bare_worked:.1f} s |"
        f" {max(each.memory)} MB |"
        for each in ran
    ]
    return "\n".join(
        [
            "",
            "## Campaigns, PostgreSQL",
            "",
            f"Something done for many people in chunks of {CHUNK}, by {WORKERS} workers. Beside the",
            "opening stands COPY of the very same rows from one connection: it only writes what is",
            "there already, where ours judges rights, chains hashes and commits each chunk. Beside",
            "a step stands the bare driver, which does the same in chunks as long from one",
            "connection. The processor's seconds are those of the clients and of the server's",
            "processes for them: where other work waits for the same cores they tell more than",
            f"the clock, for what sends many statements then waits once for each. `max_wal_size` is {LOG}.",
            "",
            "| what | people | ours | by hand | times | aim | processor, ours | by hand | memory |",
            "|---|---|---|---|---|---|---|---|---|",
            *rows,
            *_growth(ran),
            "",
        ]
    )


def _growth(ran: Sequence[Ran]) -> Iterable[str]:
    """Yield how much longer each opening took than those a size smaller."""
    seconds: dict[int, list[float]] = {}
    for each in ran:
        if each.beside == "COPY":
            seconds.setdefault(each.people, []).append(each.seconds)
    for small, large in pairwise(sorted(seconds)):
        times = fmean(seconds[large]) / fmean(seconds[small])
        measured = " on the mean of both" if len(seconds[small]) == 2 else ""
        yield ""
        yield (
            f"The opening for {large:,} took **{times:.1f}** times as long"
            f" as that for {small:,}{measured} (aim: ≤ {1.1 * large / small:.0f})."
        )


def line(ran: Ran) -> str:
    """Return a measurement as one line."""
    return (
        f"{ran.title}, {ran.people:,} on {WORKERS} workers: {ran.seconds:.2f} s; {ran.beside}"
        f" {ran.bare:.2f} s; {ran.times:.1f} times; of the processor {ran.worked:.2f} and"
        f" {ran.bare_worked:.2f} s; at most {max(ran.memory)} MB a worker"
    )


class Watch:
    """Counts seconds by the clock, and of the processor for one connection."""

    def __init__(self, connection: Any) -> None:
        self.server = Path(f"/proc/{connection.info.backend_pid}/stat")
        self.begun, self.worked = time.perf_counter(), self._processor()

    def read(self) -> tuple[float, float]:
        """Return both since it was made."""
        return time.perf_counter() - self.begun, self._processor() - self.worked

    def _processor(self) -> float:
        ticks = self.server.read_text().rpartition(")")[2].split()[11:13]
        return time.process_time() + sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK")


def _run(house: House, wanted: Campaign, items: Iterable[Any]) -> tuple[float, float, list[int]]:
    """Return what a campaign took from its start, and the memory of its workers."""
    url = house.database.url.render_as_string(hide_password=False)
    words = [sys.executable, __file__, "--work", url]
    workers = [
        subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(WORKERS)
    ]
    for each in workers:
        assert each.stdout is not None
        assert each.stdout.readline() == "ready\n"
    begun = time.perf_counter()
    with house.transaction() as tx:
        start_campaign(tx, wanted, items)
    for each in workers:
        assert each.stdin is not None
        each.stdin.write("go\n")
        each.stdin.flush()
    told = [json.loads(each.stdout.readline()) for each in workers if each.stdout is not None]
    seconds = time.perf_counter() - begun
    for each in workers:
        each.communicate()
    return seconds, sum(worked for worked, _ in told), [memory for _, memory in told]


def work(url: str) -> None:
    """Do the chunks that wait, as one of the workers."""
    gc.set_threshold(NEW_OBJECTS)  # as every command does
    works = {WORK: open_loans, FIRE: fire_chunk}
    handlers = tuple(Handler(handler_of(name), CAMPAIGN, run) for name, run in works.items())
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
    with database.begin() as connection:
        watch = Watch(_driver(connection))
    while run(live_campaigns):
        done = [run(lambda tx, each=each: engine.deliver(tx, each)) for each in run(engine.due_deliveries)]
        if not any(done):
            time.sleep(PAUSE)  # the other one is at the last chunk
    _, worked = watch.read()
    print(json.dumps([worked, _peak()]), flush=True)
    database.close()


def _peak() -> int:
    """Return the most memory this process held, in MB.

    `resource` would count what the process held that began this one.
    """
    [line] = [each for each in _STATUS.read_text().splitlines() if each.startswith("VmHWM:")]
    return int(line.split()[1]) // 1024


def _refs(house: House, state: str) -> list[str]:
    """Return the references of the cases in a state, oldest first."""
    wanted = select(workflow_case.c.ref).where(workflow_case.c.state == state).order_by(workflow_case.c.id)
    with house.transaction(system=True, read_only=True) as tx:
        return list(tx.connection.execute(wanted).scalars())


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


def _copied_in(house: House, rows: dict[str, list[bytes]]) -> tuple[float, float]:
    with house.database.begin() as connection:
        watch = Watch(_driver(connection))
        for name in TABLES:
            with (
                _driver(connection).cursor() as cursor,
                cursor.copy(f"COPY {name} FROM STDIN (FORMAT binary)") as into,
            ):
                for each in rows[name]:
                    into.write(each)
    # After the commit: its server's process waits for the next one in the pool.
    return watch.read()


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
        servers = Servers(Path(folder), durable=True)
        try:
            measure_all(servers, given.people)
        finally:
            servers.stop()


if __name__ == "__main__":
    main()
