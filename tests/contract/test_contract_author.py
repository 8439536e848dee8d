"""The author's path: the page about a first plugin, line by line.

From the wheel, in an environment that sees the libraries talenthub needs and
nothing else of this checkout.
"""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sybil import Example, Sybil
from sybil.parsers.markdown import CodeBlockParser

from talenthub.testing import Servers

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "first-plugin.md"
ALONE = {"PIP_NO_INDEX": "1", "PIP_NO_BUILD_ISOLATION": "0", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}

Type = Callable[[str, Path], str]
"""Types a command in a folder, and returns what it printed."""


@pytest.fixture(scope="module")
def environment(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an environment with talenthub from its wheel."""
    made = tmp_path_factory.mktemp("author") / "environment"
    _done([sys.executable, "-m", "venv", "--without-pip", str(made)])
    (site,) = made.glob("lib/python*/site-packages")
    # Libraries come from here; talenthub itself is not among them: its
    # editable install is a line in a .pth file, which is not read this way.
    (site / "libraries.pth").write_text(sysconfig.get_path("purelib") + "\n")
    install = ["-m", "pip", "install", "-q", "--no-compile", "--no-deps", "--force-reinstall", str(wheel)]
    _done([str(made / "bin" / "python"), *install])
    return made


@pytest.fixture(scope="module")
def type_(environment: Path) -> Iterator[Type]:
    """Return what types commands in the environment."""
    typist = subprocess.Popen(
        [str(environment / "bin" / "python"), str(Path(__file__).with_name("typist.py"))],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=_variables() | {"PATH": f"{environment / 'bin'}{os.pathsep}{os.environ['PATH']}"},
    )
    assert typist.stdin is not None
    assert typist.stdout is not None

    def type_one(command: str, folder: Path) -> str:
        print(
            json.dumps({"words": shlex.split(command), "folder": str(folder)}), file=typist.stdin, flush=True
        )
        code, printed = json.loads(typist.stdout.readline())
        assert code == 0, f"{command}\n{printed[-3000:]}"
        return str(printed)

    yield type_one
    typist.stdin.close()
    typist.wait(60)
    typist.stdout.close()


@dataclass
class Author:
    """Somebody who follows the page: from folder to folder."""

    folder: Path
    type: Type
    postgres: str | None = None
    """The URL of a database to do it all on, in place of SQLite."""

    def follow(self, example: Example) -> None:
        """Type the commands of a block."""
        for line in example.parsed.splitlines():
            command = line.removeprefix("$ ")
            if command.startswith("cd "):
                self.folder = (self.folder / command.removeprefix("cd ")).resolve()
            else:
                self.type(self._on_database(command), self.folder)

    def _on_database(self, command: str) -> str:
        if self.postgres is not None and command.startswith("talent init"):
            return f"{command} --database {shlex.quote(self.postgres)}"
        if self.postgres is not None and command.startswith("pytest"):
            asked = command.removeprefix("pytest").removeprefix(" -k ")
            return f"pytest -k {shlex.quote(f'{asked} and postgresql' if asked else 'postgresql')}"
        return command


@pytest.mark.timeout(900)
@pytest.mark.parametrize("kind", ["sqlite", pytest.param("postgresql", marks=pytest.mark.storm)])
def test_the_page_about_a_first_plugin_is_true(
    kind: str, type_: Type, environment: Path, bench: Any, tmp_path: Path, servers: Servers
) -> None:
    postgres = servers.empty(kind, tmp_path) if kind == "postgresql" else None
    author, project = Author(tmp_path, type_, postgres), bench(tmp_path / "talenthub-coffee")
    evaluators = {"console": author.follow, "python": project.write, "diff": project.change}
    parsers = [
        CodeBlockParser(kind, lambda example, done=done: done(example) and None)
        for kind, done in evaluators.items()
    ]
    for example in Sybil(parsers).parse(PAGE).examples():
        example.evaluate()
    trial = tmp_path / "talenthub-coffee" / "trial"
    assert (trial / "talenthub.db").exists() == (kind == "sqlite")
    seen = type_("talent show COF-1 --as jonas.weber", trial)
    assert "We read three letters together" in seen
    where = _done([str(environment / "bin" / "python"), "-c", "import talenthub; print(talenthub.__file__)"])
    assert where.startswith(str(environment))


@pytest.mark.storm
@pytest.mark.timeout(400)
def test_the_example_is_a_distribution_like_any_other(type_: Type, tmp_path: Path) -> None:
    project = tmp_path / "mentoring"
    shutil.copytree(ROOT / "examples" / "plugins" / "mentoring", project)
    type_("pip wheel -q . --no-deps -w wheels", project)
    (built,) = (project / "wheels").glob("talenthub_mentoring-*.whl")
    type_(f"pip install -q --no-deps {built}", project)
    shutil.rmtree(project / "talenthub_mentoring")
    type_("pytest", project)
    type_("talent plugin check mentoring --strict", project)


def _variables() -> dict[str, str]:
    ours = ("TALENTHUB", "PYTHON", "PYTEST")
    return {name: value for name, value in os.environ.items() if not name.startswith(ours)} | ALONE


def _done(words: list[str]) -> str:
    done = subprocess.run(words, env=_variables(), capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{words[-1]}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
    return done.stdout
