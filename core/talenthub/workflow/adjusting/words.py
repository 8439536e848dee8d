"""How a fault of an adjustment is said: one value that knows its lines."""

from __future__ import annotations

from dataclasses import dataclass

from talenthub.config.layers import Layers
from talenthub.config.lines import KeyPath
from talenthub.config.loading import dotted
from talenthub.errors import Problem


@dataclass(frozen=True, slots=True)
class Page:
    """The table of one workflow in the files of the organisation."""

    layers: Layers
    table: KeyPath

    def place(self, *path: str | int) -> str:
        """Return the file and line of what stands at `path` below it."""
        return self.layers.near((*self.table, *path)).place

    def is_set(self, *path: str | int) -> bool:
        """Return whether something stands at `path` below it."""
        return self.layers.is_set((*self.table, *path))

    def path(self, path: KeyPath) -> str:
        """Return a path as people write it."""
        return dotted((*self.table, *path))

    def problem(self, path: KeyPath, text: str, code: str, **more: str | None) -> Problem:
        """Return the fault of what stands at `path` below it."""
        return Problem(
            text=text, place=self.place(*path), path=self.path(path), code=f"adjust.{code}", **more
        )
