"""The author's path: the page about a first plugin, line by line.

From the wheel, in an environment that sees the libraries talenthub needs and
nothing else of this checkout.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "first-plugin.md"
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```", re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an environment with talenthub from its wheel."""
    folder = tmp_path_factory.mktemp("author")
    wheels = folder / "wheels"
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    _run(
        [*pip, "wheel", str(ROOT), "--no-deps", "--no-build-isolation", "--no-index", "-w", str(wheels)], ROOT
    )
    made = folder / "environment"
    _run([sys.executable, "-m", "venv", "--without-pip", str(made)], folder)
    (site,) = made.glob("lib/python*/site-packages")
    # Libraries come from here; talenthub itself is not among them: its
    # editable install is a line in a .pth file, which is not read this way.
    (site / "libraries.pth").write_text(sysconfig.get_path("purelib") + "\n")
    (wheel,) = wheels.glob("talenthub-*.whl")
    python = str(made / "bin" / "python")
    _run(
        [
            python,
            "-m",
            "pip",
            "--quiet",
            "install",
            "--no-deps",
            "--no-index",
            "--force-reinstall",
            str(wheel),
        ],
        folder,
    )
    for name in ("pip", "pytest"):
        script = made / "bin" / name
        script.write_text(f'#!/bin/sh\nexec "{python}" -m {name} "$@"\n')
        script.chmod(0o755)
    return made


@pytest.mark.timeout(400)
def test_the_page_about_a_first_plugin_is_true(environment: Path, tmp_path: Path) -> None:
    folder = tmp_path
    for kind, text in BLOCK.findall(PAGE.read_text(encoding="utf-8")):
        if kind == "python":
            _put(tmp_path / "talenthub-coffee", text)
            continue
        for line in text.splitlines():
            command = line.removeprefix("$ ")
            if command.startswith("cd "):
                folder = (folder / command.removeprefix("cd ")).resolve()
            else:
                _run(["sh", "-c", command], folder, environment)
    seen = _run(
        ["talent", "show", "COF-1", "--as", "jonas.weber"], tmp_path / "talenthub-coffee/trial", environment
    )
    assert "We read three letters together" in seen


@pytest.mark.storm
@pytest.mark.timeout(400)
def test_the_example_is_a_distribution_like_any_other(environment: Path, tmp_path: Path) -> None:
    project = tmp_path / "mentoring"
    shutil.copytree(ROOT / "examples" / "plugins" / "mentoring", project)
    _run(["pip", "wheel", "-q", ".", "--no-deps", "-w", "wheels"], project, environment)
    (wheel,) = (project / "wheels").glob("talenthub_mentoring-*.whl")
    _run(["pip", "install", "-q", "--no-deps", str(wheel)], project, environment)
    shutil.rmtree(project / "talenthub_mentoring")
    # The page above is played on both databases; here one is enough.
    _run(["pytest", "-k", "sqlite"], project, environment)
    _run(["talent", "plugin", "check", "mentoring", "--strict"], project, environment)


def _put(project: Path, text: str) -> None:
    """Add what the page shows to the file it belongs in."""
    forms, workflows = (project / "talenthub_coffee" / name for name in ("forms.py", "workflows.py"))
    if text.startswith("class Later"):
        forms.write_text(forms.read_text() + "\n\n" + text)
    elif text.startswith("Transition("):
        found = workflows.read_text().replace("Because, Summary", "Because, Later, Summary")
        head, tail = found.rsplit("    ],\n", 1)
        workflows.write_text(f"{head}        {text.rstrip()},\n    ],\n{tail}")
    else:
        tests = project / "tests" / "test_workflow.py"
        tests.write_text(tests.read_text() + "\n\n" + text)


def _run(words: list[str], folder: Path, environment: Path | None = None) -> str:
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("TALENTHUB", "PYTHON", "PYTEST"))
    }
    if environment is not None:
        kept["PATH"] = f"{environment / 'bin'}{os.pathsep}{kept['PATH']}"
        # Its tests run on both databases; once from the wheel is enough here.
        kept["PYTEST_ADDOPTS"] = "-k 'not postgresql'"
        kept |= {"PIP_NO_INDEX": "1", "PIP_NO_BUILD_ISOLATION": "0", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    done = subprocess.run(words, cwd=folder, env=kept, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{words[-1]}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
    return done.stdout
