"""Background work, and firing by many clients, on PostgreSQL.

A job is a call of a handler that writes one row. Beside the embedded executor
stands a bare loop that claims the same rows; beside ours on Procrastinate, bare
Procrastinate with jobs that write the row and nothing else.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from multiprocessing.connection import Connection as Pipe
from pathlib import Path
from typing import Any

import psycopg
from bare import Bare
from measuring import ROUNDS, Measured, alternate
from procrastinate import App, PsycopgConnector
from sqlalchemy import insert, make_url, select, update
from trial import NOW, House, build

from talenthub.config.settings import Settings
from talenthub.outbound.executor import Embedded
from talenthub.outbound.letters import Office
from talenthub.outbound.on_procrastinate import OnProcrastinate, owner
from talenthub.outbound.pieces import Pieces
from talenthub.outbound.port import Place, Shift
from talenthub.storage.database import Database
from talenthub.storage.hub import workspace_setting
from talenthub.storage.migrate import upgrade
from talenthub.storage.transaction import SYSTEM, Transaction
from talenthub.testing import Servers
from talenthub.workflow.deliveries import Handler
from talenthub.workflow.outbox import DELIVERIES, Work
from talenthub.workflow.tables import outbox

CLIENTS = (1, 2, 4, 8)
WAYS = ("check", "ask_again")
SLOTS = 4
"""Jobs that a worker of Procrastinate runs at a time, on both sides."""

CLAIM = """SELECT id, origin FROM outbox WHERE done_at IS NULL AND due_at <= %s
 ORDER BY due_at, id LIMIT 1 FOR UPDATE SKIP LOCKED"""
NOTE = "INSERT INTO workspace_setting (key, value) VALUES (%s, 'told')"
DONE = "UPDATE outbox SET done_at = %s WHERE id = %s"


def measure(servers: Servers, jobs: int, fires: int) -> list[Measured]:
    """Return the cost of a job on both executors, and of firing side by side."""
    found = [_embedded(servers, jobs), _procrastinate(servers, jobs)]
    return found + [_side_by_side(servers, clients, fires) for clients in CLIENTS]


def note(tx: Transaction, case: Any, event: Any) -> None:
    """Write one row: what a handler does here."""
    tx.write(insert(workspace_setting), {"key": f"{case.ref}/{event.version}", "value": "told"})


@dataclass
class Yard:
    """A house whose calls fall due in parts, one part for each round."""

    house: House
    url: str
    parts: list[list[int]]
    now: Any = NOW

    def run(self, function: Callable[[Transaction], Any]) -> Any:
        with self.house.database.begin() as connection:
            tx = Transaction(connection, SYSTEM, self.now, memory=dict(self.house.memory))
            return function(self.house.engine.enter(tx))

    @property
    def pieces(self) -> Pieces:
        office = Office(Settings(), Path(), lambda *_told: "")
        return Pieces(self.house.engine, self.run, office)


def _yard(servers: Servers, jobs: int) -> Yard:
    url = servers.fresh("postgresql")
    house = build(url)
    house.engine = replace(house.engine, handlers=(Handler("trial:note", "*", note),))
    many = jobs * (ROUNDS + 1)
    with house.transaction() as tx:
        for first in range(0, many, 500):
            house.engine.open_many(tx, [house.opening() for _ in range(min(500, many - first))])
    with house.transaction(system=True) as tx:
        ids = list(tx.connection.execute(select(outbox.c.id).order_by(outbox.c.id)).scalars())
        parts = [ids[first : first + jobs] for first in range(0, many, jobs)]
        for number, part in enumerate(parts):
            due = NOW + timedelta(minutes=number)
            tx.write(update(outbox).where(outbox.c.id.in_(part)).values(due_at=due))
    return Yard(house, url, parts)


def _libpq(url: str) -> str:
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


def _embedded(servers: Servers, jobs: int) -> Measured:
    yard, other = _yard(servers, jobs), _yard(servers, jobs)
    bare = psycopg.connect(_libpq(other.url), autocommit=True)

    def ours(number: int) -> None:
        yard.now = NOW + timedelta(minutes=number)
        done = Embedded(yard.pieces).round()
        assert (done.delivered, done.failed) == (jobs, 0)

    def by_hand(number: int) -> None:
        moment, done = NOW + timedelta(minutes=number), 0
        while True:
            with bare.transaction():
                row = bare.execute(CLAIM, (moment,)).fetchone()
                if row is None:
                    break
                bare.execute(NOTE, (row[1],))
                bare.execute(DONE, (moment, row[0]))
                done += 1
        assert done == jobs

    return alternate("job, embedded", "job", "≥ 25 %", jobs, ours, by_hand)


def _procrastinate(servers: Servers, jobs: int) -> Measured:
    yard, other = _yard(servers, jobs), servers.fresh("postgresql")
    executor = OnProcrastinate(Place(yard.url, 30))
    for url in (yard.url, other):
        database = Database(url)
        upgrade(database, [owner()])
        database.close()
    bare = _BareQueue(other)

    def ours(number: int) -> None:
        yard.now = NOW + timedelta(minutes=number)
        work = [Work(DELIVERIES, (each,)) for each in yard.parts[number]]
        yard.run(lambda tx: executor.defer(tx, work))
        shift = Shift(yard.pieces, threading.Event(), print, SLOTS)
        executor.serve(shift, once=True)
        assert (shift.tally.delivered, shift.tally.failed) == (jobs, 0)

    return alternate("job, Procrastinate", "job", "≥ 50 %", jobs, ours, lambda number: bare.go(number, jobs))


class _BareQueue:
    """Procrastinate with one task that writes a row and commits."""

    def __init__(self, url: str) -> None:
        self.app = App(connector=PsycopgConnector(conninfo=_libpq(url)))
        self.own = threading.local()
        self.url = url
        self.task = self.app.task(name="note", queue="bare")(self.note)

    def note(self, key: str) -> None:
        if not hasattr(self.own, "connection"):
            self.own.connection = psycopg.connect(_libpq(self.url), autocommit=True)
        self.own.connection.execute(NOTE, (key,))

    def go(self, number: int, jobs: int) -> None:
        asyncio.run(self._go(number, jobs))

    async def _go(self, number: int, jobs: int) -> None:
        async with self.app.open_async():
            await self.task.batch_defer_async(*({"key": f"{number}/{each}"} for each in range(jobs)))
            await self.app.run_worker_async(
                wait=False, concurrency=SLOTS, delete_jobs="always", install_signal_handlers=False
            )


def _side_by_side(servers: Servers, clients: int, fires: int) -> Measured:
    """Return firing by many processes at once, each on cases of its own."""
    our_url, bare_url = servers.fresh("postgresql"), servers.fresh("postgresql")
    shares = []
    for url in (our_url, bare_url):
        house = build(url)
        with house.transaction() as tx:
            refs = [
                each.ref
                for each in house.engine.open_many(tx, [house.opening() for _ in range(clients * fires)])
            ]
        house.database.close()
        shares.append([refs[first::clients] for first in range(clients)])
    ours = _Crew([(_fire_ours, house, our_url, share) for share in shares[0]])
    bare = _Crew([(_fire_bare, house, bare_url, share) for share in shares[1]])
    try:
        title = f"fire, {clients} client{'s' if clients > 1 else ''}"
        return alternate(title, "transition", "≥ 40 %", clients * fires, ours.go, bare.go)
    finally:
        ours.end()
        bare.end()


class _Crew:
    """Processes that wait for a number, do their share and say so."""

    def __init__(self, members: Sequence[tuple[Callable[..., None], House, str, list[str]]]) -> None:
        context = multiprocessing.get_context("fork")
        self.pipes: list[Pipe] = []
        self.processes = []
        for work, house, url, share in members:
            here, there = context.Pipe()
            process = context.Process(target=work, args=(there, house, url, share), daemon=True)
            process.start()
            self.pipes.append(here)
            self.processes.append(process)

    def go(self, number: int) -> None:
        for each in self.pipes:
            each.send(number)
        for each in self.pipes:
            each.recv()

    def end(self) -> None:
        for each in self.pipes:
            each.send(None)
        for process in self.processes:
            process.join(10)


def _fire_ours(pipe: Pipe, house: House, url: str, refs: list[str]) -> None:
    own = House(Database(url), house.engine, house.officer, house.subject)
    while (number := pipe.recv()) is not None:
        for ref in refs:
            with own.transaction() as tx:
                own.engine.fire(tx, ref, WAYS[number % 2])
        pipe.send(number)


def _fire_bare(pipe: Pipe, house: House, url: str, refs: list[str]) -> None:
    own = Bare(url, house.officer, house.subject)
    while (number := pipe.recv()) is not None:
        for ref in refs:
            own.fire(ref, WAYS[number % 2])
        pipe.send(number)
