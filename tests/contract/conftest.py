"""What tests of the contract share: the wheel, and a project that pages change."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sybil import Example

from talenthub.testing.golden import GoldenHouse

ROOT = Path(__file__).parents[2]
PLUGINS = ("recruitment", "onboarding", "performance", "career", "succession", "consultation")
FILE = re.compile(r"# (\S+?)( …)?\n\s*")


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GoldenHouse]:
    """Return a house with all plugins: what is played in it leaves nothing behind."""
    made = GoldenHouse(tmp_path_factory.mktemp("golden") / "house", PLUGINS)
    yield made
    made.close()


@dataclass(frozen=True)
class Bench:
    """The folders whose files a page writes and changes, the project's first."""

    folders: tuple[Path, ...]

    def write(self, example: Example) -> tuple[Path, str]:
        """Put a block of Python into the file it begins with the name of.

        Where the name ends with `…` it is added below what stands there.
        """
        found = FILE.match(example.parsed)
        assert found is not None, f"{example.path}:{example.line} does not begin with the name of a file"
        file, text = self.folders[0] / found[1], example.parsed[found.end() :]
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"{file.read_text('utf-8').rstrip()}\n\n\n{text}" if found[2] else text, "utf-8")
        return file, text

    def change(self, example: Example) -> None:
        """Change the file that a diff names, where its lines stand."""
        head, _, body = example.parsed.partition("\n")
        lines = body.splitlines(keepends=True)
        before = "".join(line[1:] for line in lines if not line.startswith("+"))
        after = "".join(line[1:] for line in lines if not line.startswith("-"))
        file = next(each for each in (folder / head[4:] for folder in self.folders) if each.is_file())
        text = file.read_text("utf-8")
        assert text.count(before) == 1, f"{example.path}:{example.line}: {head[4:]} has no such lines"
        file.write_text(text.replace(before, after), "utf-8")


@pytest.fixture
def bench() -> Callable[..., Bench]:
    """Return what makes a bench of folders."""
    return lambda *folders: Bench(folders)


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a wheel of this checkout, built without the network."""
    folder = tmp_path_factory.mktemp("wheel")
    words = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    subprocess.run(words, check=True, capture_output=True, cwd=ROOT)
    (built,) = folder.glob("talenthub-*.whl")
    return built
