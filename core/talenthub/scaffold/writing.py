"""Writing: a new plugin's project, wholly or not at all."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from string import Template

from talenthub.errors import FileError, Problem
from talenthub.scaffold.naming import Naming

SUFFIX = ".txt"
"""Templates end with it, so that no tool takes them for what they become."""

PACKAGE = "package"
"""The folder of templates that becomes the plugin's package."""


def write_project(folder: Path, naming: Naming, *, tables: bool = False) -> list[Path]:
    """Write the project into `folder` and return its files, sorted.

    FileError where something is there already; nothing is overwritten, and
    after a failure nothing is left behind.
    """
    _refuse_taken(folder)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".talenthub-new-", dir=folder.parent) as stage:
            made = Path(stage) / "project"
            for path, text in _files(naming, tables=tables):
                target = made / path
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_text(text, encoding="utf-8")
            if folder.is_dir():
                folder.rmdir()
            shutil.move(made, folder)
    except OSError as error:
        raise FileError(
            Problem(
                text=f"nothing can be written there: {(error.strerror or str(error)).lower()}",
                place=str(folder),
                mend="choose another folder: talent plugin new NAME --to DIR",
                code="file.no-folder",
            )
        ) from None
    return sorted(each for each in folder.rglob("*") if each.is_file())


def file_names(naming: Naming, *, tables: bool = False) -> list[Path]:
    """Return the files of a project, relative to its folder, sorted."""
    return sorted(path for path, _ in _files(naming, tables=tables))


def _files(naming: Naming, *, tables: bool) -> Iterator[tuple[Path, str]]:
    # What stands in tables/ takes the place of the same file in project/.
    found: dict[Path, Path] = {}
    for layer in ("project", "tables") if tables else ("project",):
        root = Path(__file__).parent / layer
        for file in sorted(root.rglob(f"*{SUFFIX}")):
            found[file.relative_to(root)] = file
    for relative, file in found.items():
        parts = [naming.package if part == PACKAGE else part for part in relative.parts]
        text = file.read_text(encoding="utf-8")
        yield Path(*parts).with_suffix(""), Template(text).substitute(naming.words)


def _refuse_taken(folder: Path) -> None:
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise FileError(
            Problem(
                text="something is there already, and nothing is overwritten",
                place=str(folder),
                mend="choose another folder: talent plugin new NAME --to DIR",
                code="file.taken",
            )
        )
