"""Places: where a plugin's code stands, and what it says there."""

from __future__ import annotations

import ast
import importlib.util
from collections.abc import Iterator
from pathlib import Path

from talenthub.host import Installed


def folder_of(plugin: Installed) -> Path:
    """Return the folder of the plugin's package; nothing of it is imported."""
    package = plugin.entry.module.partition(".")[0]
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(f"No module named {package!r}")
    return Path(spec.origin).parent


def files_of(plugin: Installed) -> list[Path]:
    """Return the plugin's Python files: its package, or its one module."""
    package = plugin.entry.module.partition(".")[0]
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(f"No module named {package!r}")
    if spec.submodule_search_locations is None:
        return [Path(spec.origin)]
    return sorted(Path(spec.origin).parent.rglob("*.py"))


def plugin_file(plugin: Installed) -> str:
    """Return the file of the module that the entry point names."""
    parts = plugin.entry.module.split(".")
    for file in files_of(plugin):
        if file.with_suffix("").parts[-len(parts) :] == tuple(parts) or len(parts) == 1:
            return str(file)
    return plugin.entry.value


def trees(plugin: Installed) -> Iterator[tuple[Path, ast.Module]]:
    """Yield each file of the plugin with its syntax tree."""
    for file in files_of(plugin):
        yield file, ast.parse(file.read_text(encoding="utf-8"), str(file))
