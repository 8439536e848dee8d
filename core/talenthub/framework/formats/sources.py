"""Sources: the bytes a framework is read from, each file read once.

A folder stands for the files in it. Everything is held in memory, so that a
file that changes meanwhile cannot be read half old and half new.
"""

from __future__ import annotations

import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from talenthub.errors import FileError, Problem, nearest

LARGEST = 40_000_000
"""Bytes of one file; the largest real framework met so far has 2.5 million."""
MOST_FILES = 60
DEEPEST = 3
"""How many folders lie inside each other."""


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One file: the name that places begin with, where it is, what it holds."""

    name: str
    path: Path
    data: bytes

    @property
    def suffix(self) -> str:
        """Return the end of its name, in small letters: `.csv`."""
        return self.path.suffix.lower()

    @property
    def digest(self) -> str:
        """Return the SHA-256 of its bytes."""
        return sha256(self.data).hexdigest()


Sources = tuple[SourceFile, ...]


def collect(paths: Sequence[Path]) -> Sources:
    """Return the files that `paths` name, folders opened; FileError lists all."""
    problems: list[Problem] = []
    files: list[SourceFile] = []
    for path in _listed(paths, problems):
        try:
            files.append(SourceFile(str(path), path, _bytes(path)))
        except OSError as error:
            problems.append(_unreadable(path, error))
        except FileError as error:
            problems += error.problems
    if not files and not problems:
        named = ", ".join(map(str, paths))
        problems.append(Problem(text="there is no file in it", place=named, code="file.empty-folder"))
    if problems:
        raise FileError.of(problems)
    return tuple(files)


def _listed(paths: Sequence[Path], problems: list[Problem]) -> list[Path]:
    found: list[Path] = []
    for path in paths:
        found += _inside(path, 1) if path.is_dir() else [path]
    if len(found) > MOST_FILES:
        text = "these are too many files for one framework"
        problem = Problem(text=text, found=str(len(found)), allowed=f"at most {MOST_FILES}", code="file.many")
        problems.append(problem)
        return []
    return list(dict.fromkeys(found))


def _inside(folder: Path, depth: int) -> Iterator[Path]:
    for each in sorted(folder.iterdir()):
        if each.name.startswith((".", "~$")):
            continue
        if each.is_dir():
            if depth < DEEPEST:
                yield from _inside(each, depth + 1)
        elif each.suffix.lower() not in _BESIDE:
            yield each


_BESIDE = (".md", ".txt", ".html", ".pdf")
"""What people keep beside a framework: notes and licences."""


def _bytes(path: Path) -> bytes:
    # A pipe or device would never end, or end only once.
    if not stat.S_ISREG(path.stat().st_mode):
        raise FileError(Problem(text="the file cannot be read", place=str(path), code="file.unreadable"))
    with path.open("rb") as stream:
        data = stream.read(LARGEST + 1)
    if len(data) > LARGEST:
        allowed = f"at most {LARGEST:,} bytes"
        text = "the file is too long"
        raise FileError(Problem(text=text, place=str(path), allowed=allowed, code="file.too-long"))
    return data


def _unreadable(path: Path, error: OSError) -> Problem:
    missing = isinstance(error, FileNotFoundError)
    text = "the file does not exist" if missing else "the file cannot be read"
    close = nearest(path.name, _beside(path)) if missing else None
    return Problem(text=text, place=str(path), nearest=close, code="file.unreadable")


def _beside(path: Path) -> list[str]:
    try:
        return [each.name for each in path.parent.iterdir()]
    except OSError:
        return []
