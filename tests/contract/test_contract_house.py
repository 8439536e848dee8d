"""The rules of the house: layers, small rooms, docstrings, clean lock files."""

from __future__ import annotations

import ast
import re
import statistics
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LONGEST_FILE = 400
LONGEST_FIRST_LINE = 72

SOURCES = sorted(
    path
    for folder in ("core", "plugins")
    for path in (ROOT / folder).rglob("*.py")
    if "migrations/versions" not in path.as_posix()
)
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
LOCKED = re.compile(r"[a-z0-9-]+==[\w.]+(?: ; [^\\]+)? \\|    --hash=sha256:[0-9a-f]{64}(?: \\)?|# .*")


@cache
def _trees() -> tuple[tuple[Path, ast.Module], ...]:
    return tuple((path.relative_to(ROOT), ast.parse(path.read_text(encoding="utf-8"))) for path in SOURCES)


def test_nothing_looks_up_and_plugins_use_public_names() -> None:
    done = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


def test_files_are_small() -> None:
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in SOURCES}
    assert {str(path): length for path, length in lengths.items() if length > LONGEST_FILE} == {}
    assert statistics.median(lengths.values()) <= 150


def test_functions_are_small() -> None:
    lengths = sorted(
        _statement_lines(node)
        for _, tree in _trees()
        for node in ast.walk(tree)
        if isinstance(node, FUNCTIONS)
    )
    assert statistics.median(lengths) < 8
    assert lengths[len(lengths) * 9 // 10] < 30


def _statement_lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    body = node.body[1:] if ast.get_docstring(node) is not None and len(node.body) > 1 else node.body
    assert body[-1].end_lineno is not None
    return body[-1].end_lineno - body[0].lineno + 1


def test_the_first_line_of_a_public_docstring_is_short() -> None:
    documented = (*FUNCTIONS, ast.ClassDef)
    faults = [
        f"{path}:{node.lineno}: {first}"
        for path, tree in _trees()
        for node in ast.walk(tree)
        if isinstance(node, documented)
        and not node.name.startswith("_")
        and (text := ast.get_docstring(node)) is not None
        for first in (text.splitlines()[0],)
        if len(first) > LONGEST_FIRST_LINE
    ]
    assert faults == []


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_a_lock_holds_names_versions_and_hashes_only(name: str) -> None:
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if LOCKED.fullmatch(line) is None] == []


def test_both_locks_agree() -> None:
    run, develop = (_locked(name) for name in ("requirements.lock", "requirements-dev.lock"))
    assert run.items() <= develop.items()


def _locked(name: str) -> dict[str, str]:
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    pins = (tuple(line.split(" ", 1)[0].split("==")) for line in lines if "==" in line)
    return dict(pins)


def test_every_dependency_is_locked() -> None:
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    extras = project["project"]["optional-dependencies"]
    named = [*project["project"]["dependencies"], *project["build-system"]["requires"], *extras["postgres"]]
    assert {_name(each) for each in named} <= _locked("requirements.lock").keys()
    assert {_name(each) for each in extras["dev"]} - {"talenthub"} <= _locked("requirements-dev.lock").keys()


def _name(requirement: str) -> str:
    found = re.match(r"[\w.-]+", requirement)
    assert found is not None
    return re.sub(r"[-_.]+", "-", found[0]).lower()
