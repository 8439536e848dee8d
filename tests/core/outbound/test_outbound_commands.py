"""`talent worker` and `talent jobs` as they are typed, on one workspace."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import insert

from talenthub.cli import talent
from talenthub.people.persons import add_person
from talenthub.storage.transaction import SYSTEM
from talenthub.workflow.tables import outbox
from talenthub.workspace import Workspace
from talenthub.workspace.clock import set_demo_clock
from talenthub.workspace.making import make

START = datetime(2026, 1, 5, 9, tzinfo=UTC)
WAITING = {"message": '{"hub_event":1}', "due_at": START, "attempts": 0}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("outbound")
    make(folder, {("plugins", "enabled"): [], ("demo", "enabled"): True})
    workspace = Workspace.open(folder)

    def fill(tx) -> None:
        set_demo_clock(tx, START)
        add_person(tx, "Ada", kind="employee", handle="ada")
        tx.write(insert(outbox), [WAITING | {"origin": "hub.1", "handler": "webhook:gone"}])

    workspace.run(SYSTEM, fill)
    workspace.close()
    return folder


@pytest.fixture
def run(made: Path, tmp_path: Path):
    """Return what runs `talent` on a copy of the workspace, as Ada."""
    folder = tmp_path / "copy"
    shutil.copytree(made, folder)

    def words(*given: str, code: int = 0) -> str:
        result = CliRunner().invoke(talent, [*given, "--workspace", str(folder), "--as", "ada"])
        assert result.exit_code == code, result.output
        return result.output

    return words


def test_a_dead_letter_is_seen_by_the_doctor_retried_and_cancelled(run) -> None:
    assert "delivery-1\twaits\twebhook gone" in run("worker", "--once", "--dry-run")
    assert "What was due is done, 1 failed" in run("worker", "--once")
    assert "no [[webhook]] is called gone any more" in run("jobs", "list")
    told = run("doctor", code=1)
    assert "talent jobs retry delivery-1" in told
    assert "waits" in run("jobs", "retry", "--dead")
    shown = run("jobs", "list", "-o", "table")
    assert "2026-01-05 0" in shown, "a moment as people write it, at the organisation"
    assert "Progress" not in shown, "no column in which nothing stands"
    assert "Progress" not in run("jobs", "show", "delivery-1", "-o", "table")
    assert json.loads(run("jobs", "show", "delivery-1", "-o", "json"))["tries"] == 0
    assert "cancelled by hand" in run("jobs", "cancel", "delivery-1")
    run("doctor")


def test_dry_runs_change_nothing_and_wrong_names_are_told_together(run) -> None:
    run("jobs", "cancel", "delivery-1", "--dry-run")
    assert "waits" in run("jobs", "list")
    told = run("jobs", "retry", "delivery-8", "timer-9", code=4)
    assert "delivery-8" in told
    assert "timer-9" in told
    assert "timer-7 or campaign-3" in run("jobs", "show", "LOAN-1", code=2)
    assert "which jobs" in run("jobs", "retry", code=2)


@pytest.mark.skipif(os.name != "posix", reason="asks by a signal")
def test_a_worker_that_is_asked_to_stop_ends_in_order(made: Path) -> None:
    words = [sys.executable, "-m", "talenthub.cli", "worker", "--workspace", str(made)]
    worker = subprocess.Popen(words, stderr=subprocess.PIPE, text=True)
    try:
        assert worker.stderr is not None
        assert "Working" in worker.stderr.readline()
        worker.send_signal(signal.SIGTERM)
        _, told = worker.communicate(timeout=100)
    finally:
        worker.kill()
    assert worker.returncode == 0
    assert "failed" in told
