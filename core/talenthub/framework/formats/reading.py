"""Reading a framework from a file, whatever its format."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from talenthub.errors import FileError, unknown
from talenthub.framework.content import Document
from talenthub.framework.formats import yaml

Reader = Callable[[Path], Document]

YAML = (".yaml", ".yml", "")
"""The names that our own format goes by; no suffix is taken for it too."""


def read_framework(path: Path, more: Callable[[], Mapping[str, Reader]] = dict) -> Document:
    """Return the framework in a file, read by the format of its suffix.

    `more` tells the readers of plugins by suffix; it is asked only for a
    suffix that isn't ours. FileError if nobody reads it.
    """
    suffix = path.suffix.lower()
    if suffix in YAML:
        return yaml.read_file(path)
    readers = more()
    if suffix not in readers:
        known = [*(each for each in YAML if each), *readers]
        raise FileError(unknown("framework format", suffix, known, place=str(path)))
    return readers[suffix](path)
