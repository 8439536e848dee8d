"""Places: where a plugin's code stands, and what it says there."""

from __future__ import annotations

import ast
import importlib.util
from collections.abc import Iterator
from pathlib import Path

from talenthub.host import Found


def folder_of(found: Found) -> Path:
    """Return the folder of the plugin's package; nothing of it is imported."""
    package = found.entry.module.partition(".")[0]
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(f"No module named {package!r}")
    return Path(spec.origin).parent


def files_of(found: Found) -> list[Path]:
    """Return the plugin's Python files: its package, or its one module."""
    package = found.entry.module.partition(".")[0]
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(f"No module named {package!r}")
    if spec.submodule_search_locations is None:
        return [Path(spec.origin)]
    return sorted(Path(spec.origin).parent.rglob("*.py"))


def plugin_file(found: Found) -> str:
    """Return the file of the module that the entry point names."""
    parts = found.entry.module.split(".")
    for file in files_of(found):
        if file.with_suffix("").parts[-len(parts) :] == tuple(parts) or len(parts) == 1:
            return str(file)
    return found.entry.value


def trees(found: Found) -> Iterator[tuple[Path, ast.Module]]:
    """Yield each file of the plugin with its syntax tree."""
    for file in files_of(found):
        yield file, ast.parse(file.read_text(encoding="utf-8"), str(file))
