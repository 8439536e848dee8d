"""Chaos: commands and workers are killed, the server crashes, lines are cut.

When it calms down, every handoff, handler and timer has had its effect once,
every webhook was received, and nothing is left behind. Each worker has a
clock of its own, up to forty days ahead of the others, and all are set forward
and back as they run. Half of the workers reach the server by a line in which,
now and then, everything disappears.
"""

from __future__ import annotations

import os
import random
import signal
import time
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from chaos_check import happened, left_over, waiting
from chaos_ground import Crashing, open_chaos, prepare, receiving, step_clock
from cut_line import Line
from sqlalchemy import create_engine, text
from trial_yard import Yard

from talenthub.storage.transaction import SYSTEM
from talenthub.testing import Servers
from talenthub.workspace.doctor import examine

CUT = """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
 WHERE datname = current_database() AND pid <> pg_backend_pid()"""
CREW = {"work": 2, "serve": 1, "far": 1}
"""Commands, and workers: one at the server, and one behind the line."""
STEPS = (-3, 2, 8, 40)
"""Days that clocks are set back or forward by."""
HOLE = 3.0
"""Seconds: longer than a lease and than the server waits for a silent client."""


def disturb(
    folder: Path, url: str, executor: str, blows: list[str], seed: int, servers: Servers
) -> list[str]:
    """Let them work under blows; return what does not agree afterwards."""
    chance = random.Random(seed)
    with receiving() as receiver, Line(url) as line, Yard("chaos_worker.py") as yard:
        prepare(folder, url, executor, receiver.port)
        crew = Crew(folder, yard, line, chance, has_line=url.startswith("postgresql"))
        for blow in blows:
            crew.fill_up()
            _wait_for_events(folder, chance.randrange(10, 25))
            _strike(blow, crew, url, servers)
            yard.hear()
            assert not yard.ends, next(iter(yard.ends.values()))
        crew.end()
        step_clock(folder, 0)
        _calm_down(yard, folder)
        with closing(open_chaos(folder)) as ground, ground.transaction(SYSTEM, read_only=True) as tx:
            assert receiver.got, "nobody sent anything"
            found = left_over(ground, tx, receiver)
    return found + [f"doctor: {each.text}" for each in examine(folder) if not each.ok]


@dataclass
class Crew:
    """The commands and workers that run."""

    folder: Path
    yard: Yard
    line: Line
    chance: random.Random
    has_line: bool
    tasks: dict[int, str] = field(default_factory=dict)

    def fill_up(self) -> None:
        for task, many in CREW.items():
            for _ in range(many - list(self.tasks.values()).count(task)):
                self._start(task)

    def _start(self, task: str) -> None:
        days = self.chance.choice((0, 0, 2, 8, 40)) if task != "work" else 0
        url = self.line.url if self.has_line and task == "far" else ""
        number = self.yard.start(task, self.folder, url, seed=self.chance.random(), days=days)
        self.tasks[number] = task

    def kill_one(self) -> None:
        victim = self.chance.choice(list(self.tasks))
        self.yard.kill(victim)
        del self.tasks[victim]

    def end(self) -> None:
        for each in self.tasks:
            self.yard.kill(each)


def _wait_for_events(folder: Path, many: int) -> None:
    """Wait until so much more has happened: a blow should meet work."""
    limit, before = time.monotonic() + 20, None
    with closing(open_chaos(folder)) as ground:
        while time.monotonic() < limit:
            count = ground.run(SYSTEM, happened, read_only=True)
            before = count if before is None else before
            if count >= before + many:
                return
            time.sleep(0.05)


def _strike(blow: str, crew: Crew, url: str, servers: Servers) -> None:
    if blow == "kill":
        crew.kill_one()
    elif blow == "cut":
        _cut(url)
    elif blow == "hole":
        crew.line.hole(HOLE)
    elif blow == "reset":
        crew.line.reset()
    elif blow == "step":
        step_clock(crew.folder, crew.chance.choice(STEPS))
    else:
        Crashing(servers).crash()


def _cut(url: str) -> None:
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://", 1))
    with engine.connect() as connection:
        connection.execute(text(CUT))
    engine.dispose()


def _calm_down(yard: Yard, folder: Path) -> None:
    """Let everything be finished, then ask the workers to stop."""
    workers = [yard.start("serve", folder, "", days=days) for days in (40, 41)]
    last = [yard.start("finish", folder, "", seed=number) for number in range(2)]
    for each in last:
        assert yard.wait_gone(each, 90), "the run does not complete"
    limit = time.monotonic() + 60
    with closing(open_chaos(folder)) as ground:
        while time.monotonic() < limit and ground.run(SYSTEM, waiting, read_only=True):
            time.sleep(0.1)
    for each in workers:
        os.kill(yard.pids[each], signal.SIGTERM)
    for each in workers:
        assert yard.wait_gone(each, 30), "a worker does not end"
    assert set(yard.ends.values()) <= {"finished"}, yard.ends


@pytest.fixture
def own_servers(tmp_path_factory):
    """Return a maker of databases whose server nobody else uses: it is crashed."""
    made = Servers(tmp_path_factory.mktemp("server"), durable=True)
    yield made
    made.stop()


@pytest.mark.timeout(300)
def test_kills_cuts_steps_and_a_crash_of_the_server_with_procrastinate(tmp_path, own_servers):
    blows = ["hole", "kill", "step", "cut", "reset", "crash"]
    assert disturb(tmp_path, own_servers.fresh("postgresql"), "procrastinate", blows, 2, own_servers) == []


@pytest.mark.storm
@pytest.mark.timeout(1800)
@pytest.mark.parametrize(
    ("kind", "executor"),
    [("sqlite", "embedded"), ("postgresql", "embedded"), ("postgresql", "procrastinate")],
)
def test_a_long_storm_leaves_nothing_behind(tmp_path, own_servers, kind, executor):
    chance = random.Random(3)
    kinds = ["kill", "kill", "step"]
    kinds += [] if kind == "sqlite" else ["cut", "crash", "hole", "reset"]
    blows = [chance.choice(kinds) for _ in range(40)]
    assert disturb(tmp_path, own_servers.fresh(kind), executor, blows, 4, own_servers) == []
