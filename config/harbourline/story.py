"""Harbourline's story through the real commands, chapter by chapter.

    talent init --demo DIR && python story.py DIR [CHAPTER…]

A chapter is a file of `story/`: headings, and commands as people type them.
Each is printed with all it answers. What should be refused is refused with
the exit code that stands before it, or the story stops.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import sys
from collections.abc import Iterator
from contextlib import redirect_stderr
from dataclasses import dataclass
from pathlib import Path

from talenthub.cli import talent

CHAPTERS = Path(__file__).with_name("story")
_STEP = re.compile(r"^(?:refused (\d+): )?(talent .*)$")


@dataclass(frozen=True, slots=True)
class Step:
    """One command of the story, and how it should end."""

    words: str
    code: int = 0


def chapters() -> list[Path]:
    """Return the chapters, in the order they are played."""
    return sorted(CHAPTERS.glob("*.txt"))


def lines_of(chapter: Path) -> Iterator[Step | str]:
    """Yield the steps and the headings of a chapter."""
    for line in chapter.read_text(encoding="utf-8").splitlines():
        if found := _STEP.match(line):
            yield Step(found[2], int(found[1] or 0))
        elif line.startswith("# "):
            yield line
        elif line:
            raise ValueError(f"{chapter.name}: neither a heading nor a command: {line}")


def run(words: str) -> int:
    """Run a command as `talent` does and return its exit code."""
    with redirect_stderr(sys.stdout):
        try:
            talent.main(shlex.split(words)[1:])
        except SystemExit as left:
            return int(left.code or 0)
    return 0


def play(folder: Path, names: list[str]) -> None:
    """Play the chapters whose names begin so; without names all."""
    for table in CHAPTERS.glob("*.csv"):
        shutil.copy(table, folder)
    os.chdir(folder)
    for chapter in chapters():
        if names and not chapter.name.startswith(tuple(names)):
            continue
        for line in lines_of(chapter):
            if isinstance(line, str):
                print(f"\n{line}")
                continue
            print(f"\n$ {line.words}", flush=True)
            if (code := run(line.words)) != line.code:
                sys.exit(f"The story expected exit code {line.code} here and got {code}.")


if __name__ == "__main__":
    play(Path(sys.argv[1] if len(sys.argv) > 1 else "."), sys.argv[2:])
