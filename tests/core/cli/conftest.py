"""A runner of `talent`, and workspaces to run it in."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner

from talenthub.cli import talent
from talenthub.workspace.making import make


@dataclass(frozen=True)
class Outcome:
    code: int
    out: str
    err: str


Run = Callable[..., Outcome]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return a function that runs `talent` with words."""
    for name in ("TALENTHUB_WORKSPACE", "TALENTHUB_AS"):
        monkeypatch.delenv(name, raising=False)

    def run_words(*words: str, **more: object) -> Outcome:
        result = CliRunner().invoke(talent, list(words), **more)
        return Outcome(result.exit_code, result.stdout, result.stderr)

    return run_words


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made")
    make(folder, {("plugins", "enabled"): []})
    return folder


@pytest.fixture
def folder(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder of a new workspace, which is also the current one."""
    target = tmp_path / "workspace"
    shutil.copytree(made, target)
    monkeypatch.chdir(target)
    return target
