"""Chaos: commands and workers are killed, the server crashes, lines are cut.

When it calms down, every handoff, handler and timer has had its effect once,
every webhook was received, and nothing is left behind. Each worker has a
clock of its own, up to forty days ahead of the others, and all are set forward
and back as they run. Half of the workers reach the server by a line in which,
now and then, everything disappears; and now and then its disk is full.
"""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from chaos_check import busy, happened, left_over
from chaos_ground import REFUSED, open_chaos, prepare, receiving, step_clock
from cut_line import Line
from small_disk import FullDisk, mounted
from sqlalchemy import create_engine, text
from trial_yard import LONG, Yard

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
LAST = (120, 121)
"""Days that the last workers are ahead: later than all that was put off."""


@dataclass(frozen=True)
class Place:
    """A workspace, and a database that nobody else uses: its server is crashed."""

    folder: Path
    url: str
    servers: Servers
    disk: FullDisk | None


@dataclass
class Storm:
    """What blows, and the commands and workers that run."""

    place: Place
    yard: Yard
    line: Line
    chance: random.Random
    tasks: dict[int, str] = field(default_factory=dict)

    def fill_up(self) -> None:
        for task, many in CREW.items():
            for _ in range(many - list(self.tasks.values()).count(task)):
                self._start(task)

    def _start(self, task: str) -> None:
        days = self.chance.choice((0, 0, 2, 8, 40)) if task != "work" else 0
        url = self.line.url if task == "far" and self.place.url.startswith("postgresql") else ""
        number = self.yard.start(task, self.place.folder, url, seed=self.chance.random(), days=days)
        self.tasks[number] = task

    def end(self) -> None:
        for each in self.tasks:
            self.yard.kill(each)

    def kill(self) -> None:
        victim = self.chance.choice(list(self.tasks))
        self.yard.kill(victim)
        del self.tasks[victim]

    def cut(self) -> None:
        engine = create_engine(self.place.url.replace("postgresql://", "postgresql+psycopg://", 1))
        with engine.connect() as connection:
            connection.execute(text(CUT))
        engine.dispose()

    def hole(self) -> None:
        self.line.hole(HOLE)

    def reset(self) -> None:
        self.line.reset()

    def step(self) -> None:
        step_clock(self.place.folder, self.chance.choice(STEPS))

    def crash(self) -> None:
        self.place.servers.postgres.crash()

    def full(self) -> None:
        """Fill the disk until somebody is refused, and somebody dies on it."""
        disk, refused = self.place.disk, self.place.folder / REFUSED
        if disk is not None:
            refused.unlink(missing_ok=True)
            disk.leave(self.chance.randrange(8))
            wait_until(refused.exists)
            self.kill()
            disk.leave(None)


def wait_until(is_so: Callable[[], object]) -> None:
    limit = time.monotonic() + LONG
    while not is_so():
        assert time.monotonic() < limit, "it does not come to pass"
        time.sleep(0.05)


def disturb(place: Place, executor: str, blows: list[str], seed: int) -> list[str]:
    """Let them work under blows; return what does not agree afterwards."""
    folder = place.folder
    with receiving() as receiver, Line(place.url) as line, Yard("chaos_worker.py") as yard:
        prepare(folder, place.url, executor, receiver.port)
        storm = Storm(place, yard, line, random.Random(seed))
        for blow in blows:
            storm.fill_up()
            _wait_for_events(folder, storm.chance.randrange(10, 25))
            getattr(storm, blow)()
            yard.hear()
            assert not yard.ends, next(iter(yard.ends.values()))
        storm.end()
        step_clock(folder, 0)
        _calm_down(yard, folder)
        with closing(open_chaos(folder)) as ground, ground.transaction(SYSTEM, read_only=True) as tx:
            assert receiver.got, "nobody sent anything"
            found = left_over(ground, tx, receiver)
    return found + [f"doctor: {each.text}" for each in examine(folder) if not each.ok]


def _wait_for_events(folder: Path, many: int) -> None:
    """Wait until so much more has happened: a blow should meet work."""
    with closing(open_chaos(folder)) as ground:
        before = ground.run(SYSTEM, happened, read_only=True)
        wait_until(lambda: ground.run(SYSTEM, happened, read_only=True) >= before + many)


def _calm_down(yard: Yard, folder: Path) -> None:
    """Let everything be finished, then ask the workers to stop."""
    workers = [yard.start("serve", folder, "", days=days) for days in LAST]
    last = [yard.start("finish", folder, "", seed=number) for number in range(2)]
    for each in last:
        assert yard.wait_gone(each), "the run does not complete"
    with closing(open_chaos(folder)) as ground:
        wait_until(lambda: not ground.run(SYSTEM, lambda tx: busy(ground, tx), read_only=True))
    for each in workers:
        os.kill(yard.pids[each], signal.SIGTERM)
    for each in workers:
        assert yard.wait_gone(each), "a worker does not end"
    assert set(yard.ends.values()) <= {"finished"}, yard.ends


@pytest.fixture
def place(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Place]:
    """Return a workspace on a database of its own, on a small disk if one can be had."""
    servers = Servers(tmp_path, durable=True)
    with ExitStack() as stack:
        disk = stack.enter_context(mounted())
        stack.callback(servers.stop)
        url = servers.fresh(getattr(request, "param", "postgresql"))
        if disk is not None:
            url = stack.enter_context(disk.bearing(servers, url))
        yield Place(tmp_path, url, servers, disk)


def nothing_is_left(place: Place, executor: str, blows: list[str], seed: int) -> None:
    assert disturb(place, executor, blows, seed) == []
    if place.disk is None:
        pytest.skip("it held, but its disk was never full: only root may mount a small one")


@pytest.mark.timeout(900)
def test_kills_cuts_steps_and_a_crash_of_the_server_with_procrastinate(place: Place) -> None:
    blows = ["hole", "kill", "step", "cut", "full", "reset", "crash"]
    nothing_is_left(place, "procrastinate", blows, seed=2)


@pytest.mark.storm
@pytest.mark.timeout(3600)
@pytest.mark.parametrize(
    ("place", "executor"),
    [("sqlite", "embedded"), ("postgresql", "embedded"), ("postgresql", "procrastinate")],
    indirect=["place"],
)
def test_a_long_storm_leaves_nothing_behind(place: Place, executor: str) -> None:
    chance = random.Random(3)
    kinds = ["kill", "kill", "step", "full"]
    if place.url.startswith("postgresql"):
        kinds += ["cut", "crash", "hole", "reset"]
    nothing_is_left(place, executor, [chance.choice(kinds) for _ in range(40)], seed=4)


@pytest.mark.storm
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("executor", ["embedded", "procrastinate"])
def test_a_server_that_crashes_every_few_seconds_costs_nothing(place: Place, executor: str) -> None:
    nothing_is_left(place, executor, ["crash"] * 20, seed=6)
