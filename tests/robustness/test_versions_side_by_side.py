"""An older version works beside a newer one, each installed for itself.

They share one PostgreSQL while it is upgraded: nothing is lost, nothing done
twice, and whoever cannot go on says so in one line.
"""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from chaos_ground import Receiver, open_chaos, prepare, receiving
from installs import Install, this_one, with_newer_core, with_newer_handler, with_newer_plugin
from sqlalchemy import text

from talenthub.people.grants import give
from talenthub.people.persons import add_person
from talenthub.storage.transaction import SYSTEM
from talenthub.workspace.identity import login_name

pytestmark = [pytest.mark.storm, pytest.mark.timeout(900)]
OPEN = Path(__file__).parent / "support" / "open_circles.py"
RAN = """SELECT v.version, count(*) FROM case_event AS e JOIN workflow_case AS c ON c.id = e.case_id
 JOIN workflow_version AS v ON v.id = c.workflow_version_id
 WHERE e.transition = 'expire' GROUP BY v.version ORDER BY v.version"""
PARKED = "SELECT count(*), sum(attempts) FROM outbox WHERE handler = 'trial:tally' AND error IS NOT NULL"
WAITS = "SELECT count(*) FROM outbox WHERE done_at IS NULL AND handler NOT LIKE 'message:%'"
TALLIED = "SELECT count(*) FROM workspace_setting WHERE key LIKE 'trial.tallied.%'"


@dataclass
class Site:
    """A workspace of which the admin is whoever runs this test."""

    folder: Path
    receiver: Receiver
    workers: list[subprocess.Popen[str]]

    def work(self, install: Install) -> subprocess.Popen[str]:
        """Start a worker of this install; return once it works."""
        self.workers.append(install.start(self.folder, "worker"))
        told = self.workers[-1].stderr
        assert told is not None
        assert "Working" in told.readline()
        return self.workers[-1]

    def ask(self, sql: str) -> list[Any]:
        with closing(open_chaos(self.folder)) as ground, ground.transaction(SYSTEM) as tx:
            found = tx.connection.execute(text(sql))
            return [tuple(row) for row in found] if found.returns_rows else []

    def wait_for(self, sql: str, wanted: list[Any]) -> None:
        limit = time.monotonic() + 300
        while (found := self.ask(sql)) != wanted:
            assert time.monotonic() < limit, found
            time.sleep(0.3)


@pytest.fixture(params=["embedded", "procrastinate"])
def site(request, servers, tmp_path: Path) -> Iterator[Site]:
    """Return a workspace on PostgreSQL, with either executor."""
    with receiving() as receiver:
        prepare(tmp_path, servers.fresh("postgresql"), request.param, receiver.port)
        with closing(open_chaos(tmp_path)) as ground, ground.transaction(SYSTEM) as tx:
            admin = add_person(tx, "Ada", kind="employee", handle="ada", login=login_name())
            give(tx, admin.id, "admin", since=date(2020, 1, 1))
        made = Site(tmp_path, receiver, [])
        yield made
        for each in made.workers:
            each.kill()
            each.communicate()


def test_an_upgrade_in_between_ends_the_older_one_in_one_line(site: Site, tmp_path_factory) -> None:
    older, newer = this_one(), with_newer_core(tmp_path_factory.mktemp("newer"))
    worker = site.work(older)
    code, said = newer.run(site.folder, "worker", "--once")
    assert (code, said.count("\n")) == (10, 1), said
    assert "talent db upgrade" in said
    assert newer.run(site.folder, "db", "upgrade")[0] == 0
    _, told = worker.communicate(timeout=120)
    assert worker.returncode == 10, told
    [line] = [each for each in told.splitlines() if each.startswith("error")]
    assert "the database is newer than this talenthub: tables of core" in line
    assert "next try" not in told
    code, said = newer.run(site.folder, "3", script=OPEN)
    assert code == 0, said
    code, said = newer.run(site.folder, "worker", "--once")
    assert code == 0, said
    assert "0 failed" in said
    assert len(site.receiver.got) == 3


def test_what_the_older_one_does_not_know_it_names_and_leaves_to_the_newer(
    site: Site, tmp_path_factory
) -> None:
    older, newer = this_one(), with_newer_plugin(tmp_path_factory.mktemp("newer") / "plugin")
    for install in (older, newer):
        code, said = install.run(site.folder, "4", script=OPEN)
        assert code == 0, said
    old = site.work(older)
    site.wait_for(RAN, [(1, 4)])
    site.wait_for(PARKED, [(4, 0)])
    said = older.run(site.folder, "doctor")[1]
    assert "trial:tally: calls wait: trial 1.0 does not bring it" in said
    new = site.work(newer)
    site.wait_for(RAN, [(1, 4), (2, 4)])
    site.wait_for(WAITS, [(0,)])
    for each in (old, new):
        each.terminate()
        _, told = each.communicate(timeout=120)
        assert each.returncode == 0, told
        assert told.splitlines()[-1].endswith("0 failed"), told
    assert site.ask(TALLIED) == [(4,)]
    assert site.ask("SELECT count(*) FROM outbox WHERE dead_at IS NOT NULL OR attempts > 1") == [(0,)]
    assert len(site.receiver.got) == 8
    assert newer.run(site.folder, "doctor")[0] == 0


def test_what_the_older_one_does_is_heard_by_a_handler_of_the_newer(site: Site, tmp_path_factory) -> None:
    older, newer = this_one(), with_newer_handler(tmp_path_factory.mktemp("newer") / "plugin")
    assert older.run(site.folder, "2", script=OPEN)[0] == 0
    old = site.work(older)
    site.wait_for(RAN, [(1, 2)])
    code, said = newer.run(site.folder, "db", "upgrade")
    assert code == 0, said
    code, said = older.run(site.folder, "3", script=OPEN)
    assert code == 0, said
    site.wait_for(RAN, [(1, 5)])
    site.wait_for(PARKED, [(3, 0)])
    said = older.run(site.folder, "doctor")[1]
    assert "trial:tally: calls wait: trial 1.1 brings it, and here is 1.0" in said
    assert "left by one that lacks the handler trial:tally" in newer.run(site.folder, "jobs", "list")[1]
    new = site.work(newer)
    site.wait_for(WAITS, [(0,)])
    for each in (old, new):
        each.terminate()
        _, told = each.communicate(timeout=120)
        assert each.returncode == 0, told
    assert site.ask(TALLIED) == [(3,)], "it hears from the upgrade on"
    assert newer.run(site.folder, "doctor")[0] == 0
