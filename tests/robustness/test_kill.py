"""Kill -9 at any moment: nothing is half done, and the run completes.

Three processes at least fire and open on one database. Half of the kills
come at named points between BEGIN and COMMIT, half at random moments.
"""

from __future__ import annotations

import random
import time
from pathlib import Path

import pytest
from trial_check import findings
from trial_ground import open_ground, settle
from trial_work import POINTS
from trial_yard import Yard

from talenthub.storage.transaction import SYSTEM

WORKERS = 3


def kill_about(folder: Path, url: str, kills: int, seed: int, *, broken: bool = False) -> list[str]:
    """Let workers work and die; return what does not agree, while and after."""
    chance = random.Random(seed)
    with open_ground_of(folder, url) as ground:
        settle(ground)
    found: list[str] = []
    with Yard() as yard:
        crew: list[int] = []
        for number in range(kills):
            planned = number % 2 == 0
            point = ("between" if broken else POINTS[number // 2 % len(POINTS)]) if planned else None
            while len(crew) < WORKERS - 1:
                crew.append(yard.start("storm", folder, url, seed=chance.random(), broken=broken))
            victim = yard.start(
                "storm",
                folder,
                url,
                seed=chance.random(),
                broken=broken,
                point=point,
                passes=chance.randint(1, 3),
            )
            if planned:
                assert yard.wait_gone(victim), f"nobody came by {point}"
            else:
                time.sleep(chance.uniform(0.01, 0.12))
                crew.append(victim)
                yard.kill(crew.pop(chance.randrange(len(crew))))
            yard.hear()
            assert not yard.ends, next(iter(yard.ends.values()))
            if broken and (found := look(folder, url, crew, yard)):
                return found
        for each in crew:
            yard.kill(each)
        found += look(folder, url, [], yard)
        last = [yard.start("finish", folder, url, seed=chance.random()) for _ in range(WORKERS)]
        for each in last:
            assert yard.wait_gone(each), "the run does not complete"
        assert [yard.ends.get(each) for each in last] == ["finished"] * WORKERS, yard.ends
    return found + look(folder, url, [], None, finished=True)


def open_ground_of(folder: Path, url: str):
    from contextlib import closing

    return closing(open_ground(folder, url))


def look(folder: Path, url: str, crew: list[int], yard: Yard | None, *, finished: bool = False) -> list[str]:
    """Return the findings on the database while nobody writes."""
    for each in crew:
        yard.kill(each)
    crew.clear()
    with open_ground_of(folder, url) as ground, ground.transaction(SYSTEM, read_only=True) as tx:
        found = findings(ground, tx)
        left = tx.connection.exec_driver_sql("SELECT count(*) FROM workflow_case WHERE closed_at IS NULL")
        if finished and left.scalar():
            found.append("cases were left open")
        undone = tx.connection.exec_driver_sql(
            "SELECT count(*) FROM outbox WHERE done_at IS NULL AND handler = 'trial:count'"
        )
        if finished and undone.scalar():
            found.append("deliveries were left undone")
    return found


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


@pytest.mark.timeout(900)
def test_twenty_kills_leave_nothing_half_done(folder, database_url):
    assert kill_about(folder, database_url, 20, seed=1) == []


@pytest.mark.storm
@pytest.mark.timeout(3600)
def test_two_hundred_kills_leave_nothing_half_done(folder, database_url):
    assert kill_about(folder, database_url, 200, seed=2) == []


@pytest.mark.timeout(900)
def test_an_event_in_a_second_transaction_is_caught(folder, database_url):
    """The checker is worth something: a seeded fault does not pass it."""
    found = kill_about(folder, database_url, 6, seed=3, broken=True)
    assert any("with the events" in each for each in found)
