"""The wheel holds everything, and works where nothing else of ours is."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NEEDED = (
    "talenthub/py.typed",
    "talenthub/_config/talenthub.toml",
    "talenthub/_config/harbourline/framework.yaml",
    "talenthub/_config/harbourline/talenthub.toml",
    "talenthub/storage/migrations/env.py",
    "talenthub/storage/migrations/versions/0001_hub.py",
    "talenthub_recruitment/plugin.py",
)


def _pip(*words: str | Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", *map(str, words)],
        check=True,
        capture_output=True,
        cwd=ROOT,
    )


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a wheel of this checkout, built without the network."""
    folder = tmp_path_factory.mktemp("wheel")
    _pip("wheel", ROOT, "--no-deps", "--no-build-isolation", "--no-index", "-w", folder)
    (built,) = folder.glob("talenthub-*.whl")
    return built


def test_the_wheel_holds_code_migrations_and_configuration(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    revisions = {
        f"talenthub/storage/migrations/versions/{path.name}"
        for path in (ROOT / "core/talenthub/storage/migrations/versions").glob("0*.py")
    }
    assert {*NEEDED, *revisions} <= names
    tops = {name.split("/")[0] for name in names if ".dist-info" not in name}
    assert tops == {"talenthub", *(path.name for path in (ROOT / "plugins").glob("*/talenthub_*"))}
    assert not [name for name in names if "__pycache__" in name or name.endswith((".db", ".pyc"))]


def test_an_installed_wheel_makes_the_demo(wheel: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    _pip("install", "--no-deps", "--no-index", "--target", site, wheel)
    place = "import talenthub, talenthub_recruitment as r; print(talenthub.__file__, r.__file__)"
    where = _python(site, tmp_path, "-c", place).split()
    assert all(each.startswith(str(site)) for each in where)
    _python(site, tmp_path, "-m", "talenthub", "init", "--demo", "harbourline")
    listed = _python(site, tmp_path / "harbourline", "-m", "talenthub", "framework", "list")
    assert "published" in listed


def _python(site: Path, folder: Path, *words: str) -> str:
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("TALENTHUB", "PYTHON"))
    }
    done = subprocess.run(
        [sys.executable, *words],
        env={**environment, "PYTHONPATH": str(site), "TALENTHUB_AS": "noor.haddad"},
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
