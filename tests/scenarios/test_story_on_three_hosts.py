"""The story with its commands on one host and workers on two others.

The hosts are processes with folders of their own that share nothing but the
database and a copy of the settings. Where the story lets time pass, the test
only moves the clock: what falls due, the workers do.
"""

from __future__ import annotations

import json
import os
import runpy
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import text

from talenthub.cli.parameters import DAY
from talenthub.outbound.claims import lease_clock
from talenthub.outbound.sweeping import due_work
from talenthub.storage.transaction import SYSTEM
from talenthub.workspace import Workspace
from talenthub.workspace.clock import move_demo_clock

STORY = SimpleNamespace(**runpy.run_path(str(Path(__file__).with_name("test_story.py"))))
SETTINGS = ("talenthub.toml", "calendar.txt")
DONE = ("fired", "delivered", "sent")
"""What a line of a worker's log counts."""
UNTOLD = "SELECT (SELECT count(*) FROM hub_event WHERE delivered_at IS NULL)"
LIVE = " + (SELECT count(*) FROM procrastinate_jobs WHERE task_name LIKE 'talenthub.%s')"


class Hosts:
    """Two worker machines: folders with a copy of the settings, and a process each."""

    def __init__(self, home: Path, folders: list[Path]) -> None:
        self.home, self.folders = home, folders
        self.running: list[subprocess.Popen[str]] = []
        self.done = 0

    def start(self) -> None:
        for folder in self.folders:
            folder.mkdir(exist_ok=True)
            for name in SETTINGS:
                shutil.copy(self.home / name, folder)
            words = ["worker", "--concurrency", "2", "--workspace", str(folder), "--as", "sami.okafor"]
            self.running.append(
                subprocess.Popen(
                    [sys.executable, "-m", "talenthub.cli", *words],
                    cwd=folder,
                    env=os.environ | {"TALENTHUB__LOG__FORMAT": "json"},
                    stderr=subprocess.PIPE,
                    text=True,
                )
            )

    def stop(self) -> None:
        """Ask the workers to end; count what they did."""
        for each in self.running:
            each.terminate()
        for each in self.running:
            _, said = each.communicate(timeout=120)
            assert each.returncode == 0, said
            told = [json.loads(line) for line in said.splitlines()]
            assert told[-1]["text"].endswith("done, 0 failed"), said
            self.done += sum(each.get(what, 0) for each in told for what in DONE)
        self.running.clear()


@contextmanager
def hosts(home: Path, tmp_path: Path) -> Iterator[Hosts]:
    made = Hosts(home, [tmp_path / "second", tmp_path / "third"])
    made.start()
    try:
        yield made
        made.stop()
    finally:
        for each in made.running:
            each.kill()


def let_time_pass(home: Path, words: list[str]) -> None:
    """Move the clock as `tick --to` would, and wait for the workers."""
    with closing(Workspace.open(home)) as workspace:
        if "--to" in words:
            given = DAY.convert(words[words.index("--to") + 1], None, None)
            workspace.run(SYSTEM, lambda tx: move_demo_clock(tx, _moment(tx, given)))
        limit = time.monotonic() + 120
        while still := workspace.run(SYSTEM, lambda tx: _waiting(workspace, tx)):
            assert time.monotonic() < limit, still
            time.sleep(0.2)


def _moment(tx: Any, given: Any) -> datetime:
    local = tx.now.astimezone(tx.zone)
    return datetime.combine(given.on(local.date()), local.time(), tx.zone).astimezone(UTC)


def _waiting(workspace: Workspace, tx: Any) -> Any:
    engine = workspace.engine
    due = due_work(engine, engine.enter(tx), lease_clock(tx), with_mail=False)
    sql = UNTOLD + LIVE % "deliveries" + LIVE % "timers"
    return due or tx.value(text(sql))


@pytest.mark.storm
@pytest.mark.timeout(1800)
def test_the_story_has_the_same_figures_with_workers_on_two_other_hosts(
    make_world: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    home: Path = make_world("postgresql", {("jobs", "executor"): "procrastinate"}).folder
    for table in STORY.DEMO.glob("story/*.csv"):
        shutil.copy(table, home)
    monkeypatch.chdir(home)
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    teller = runpy.run_path(str(STORY.DEMO / "story.py"), run_name="story")
    steps = [
        each
        for chapter in teller["chapters"]()[:-1]
        for each in teller["lines_of"](chapter)
        if not isinstance(each, str)
    ]
    code, printed = STORY.ask("talent db upgrade --as sami.okafor")
    assert code == 0, printed
    told = []
    with hosts(home, tmp_path) as others:
        for step in steps:
            if step.words.startswith("talent tick"):
                let_time_pass(home, shlex.split(step.words))
            code, printed = STORY.ask(step.words)
            assert code == step.code, (step.words, code, printed)
            told.append((step.words, STORY.spoken(printed)))
            if step.words.startswith("talent plugin enable"):
                others.stop()
                others.start()
    assert others.done > 10, "the workers did the work, not the commands"
    for words, figures in STORY.FIGURES:
        shown = "\n".join(next(lines for said, lines in told if said == words))
        assert all(each in shown for each in figures), (words, shown)
    STORY._compare_ledger(told, whole=True)
