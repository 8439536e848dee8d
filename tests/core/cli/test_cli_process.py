"""`talent` as a process: closed streams, full disks, signals, small locales."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

TALENT = [sys.executable, "-m", "talenthub"]


def _run(folder: Path, shell: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = shell.replace("talent", " ".join(TALENT), 1)
    return subprocess.run(
        ["bash", "-c", command],
        capture_output=True,
        text=True,
        cwd=folder,
        env=os.environ | environment,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize(
    ("shell", "code"),
    [
        ("talent config show | true", 0),
        ("talent config schema | head -c 10 > /dev/null; exit ${PIPESTATUS[0]}", 0),
        ("talent config show >&-", 0),
        ("talent config show <&-", 0),
        ("talent config nonsense 2>&-", 2),
        ("talent config schema > /dev/full", 9),
    ],
)
def test_streams_that_close_or_fill_leave_no_traceback(folder: Path, shell: str, code: int) -> None:
    done = _run(folder, shell)
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    assert "Exception ignored" not in done.stderr


@pytest.mark.parametrize(
    "environment",
    [
        {"LC_ALL": "C"},
        {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        {"PYTHONIOENCODING": "ascii"},
    ],
)
def test_a_small_locale_prints_what_it_can(folder: Path, environment: dict[str, str]) -> None:
    done = _run(folder, "talent doctor", **environment)
    assert done.returncode == 0, done.stderr
    assert "settings" in done.stdout


def test_a_wish_for_a_stop_is_heard(folder: Path) -> None:
    # A shell lets what it starts in the background ignore it, and so do its children.
    code = """
import signal, sys, time
import talenthub.workspace.doctor as doctor
from talenthub.cli import main

signal.signal(signal.SIGINT, signal.default_int_handler)

def examine(folder):
    print("at work", flush=True)
    time.sleep(600)

doctor.examine = examine
sys.argv = ["talent", "doctor"]
main()
"""
    process = subprocess.Popen(
        [sys.executable, "-c", code], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "at work\n"
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "Traceback" not in err
    assert "Interrupted" in err


def test_the_module_is_the_command(folder: Path) -> None:
    assert _run(folder, "talent --version").stdout.startswith("talent, version ")
