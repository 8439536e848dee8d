"""Help, version and completion import nothing heavy and no plugin."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from talenthub.cli import COMMANDS

HEAVY = {"sqlalchemy", "pydantic", "transitions", "alembic", "rich", "ruamel", "tomlkit", "pluggy"}

PROBE = """
import json, sys
from talenthub.cli import main
try:
    main()
except SystemExit as end:
    code = end.code
sys.stderr.write(json.dumps([code, sorted(sys.modules)]))
"""


def _modules(folder: Path, *words: str, **environment: str) -> tuple[int, set[str], str]:
    done = subprocess.run(
        [sys.executable, "-c", PROBE, *words],
        capture_output=True,
        text=True,
        cwd=folder,
        env=os.environ | environment,
        check=False,
    )
    code, modules = json.loads(done.stderr.splitlines()[-1])
    return code, set(modules), done.stdout


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """Return a workspace with recruitment on, known from the manifest."""
    (tmp_path / "talenthub.toml").write_text("[plugins]\nenabled = ['recruitment', 'sick']\n")
    (tmp_path / ".talenthub").mkdir()
    command = {
        "name": "recruitment",
        "help": "Vacancies.",
        "target": "talenthub_recruitment.commands:recruitment",
    }
    manifest = {
        "plugins": {
            "recruitment": {"version": "1", "error": None, "commands": [command]},
            "sick": {"version": "1", "error": "RuntimeError: no luck", "commands": []},
        }
    }
    (tmp_path / ".talenthub" / "plugins.json").write_text(json.dumps(manifest))
    return tmp_path


@pytest.mark.parametrize("words", [["-h"], ["--help"], ["--version"], []])
def test_help_and_version_are_light(workspace: Path, words: list[str]) -> None:
    _, modules, out = _modules(workspace, *words)
    assert HEAVY & modules == set()
    assert not any(each.startswith("talenthub_") for each in modules)
    if words in (["-h"], ["--help"]):
        assert "recruitment  Vacancies." in out
        assert "off: RuntimeError: no luck" in " ".join(out.split())


def test_completion_is_light(workspace: Path) -> None:
    _, modules, out = _modules(
        workspace, _TALENT_COMPLETE="bash_complete", COMP_WORDS="talent re", COMP_CWORD="1"
    )
    assert HEAVY & modules == set()
    assert not any(each.startswith("talenthub_") for each in modules)
    assert "recruitment" in out


@pytest.mark.parametrize(
    "damage", ["", "{", "[]", '{"plugins": {"recruitment": {"commands": [{}]}}}', "\x00\xff"]
)
def test_a_damaged_manifest_never_takes_help_down(workspace: Path, damage: str) -> None:
    (workspace / ".talenthub" / "plugins.json").write_text(damage)
    code, _, out = _modules(workspace, "-h")
    assert code == 0
    assert "inbox" in out


@pytest.mark.parametrize("damage", ["[plugins\n", "plugins = 3\n", "[plugins]\nenabled = 'x'\n"])
def test_a_damaged_configuration_never_takes_help_down(workspace: Path, damage: str) -> None:
    (workspace / "talenthub.toml").write_text(damage)
    code, _, out = _modules(workspace, "-h")
    assert code == 0
    assert "inbox" in out


def test_every_line_of_help_fits() -> None:
    assert all(entry.help.endswith(".") and len(entry.help) <= 60 for entry in COMMANDS.values())
