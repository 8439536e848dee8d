"""PluginStatus: what became of one plugin."""

from __future__ import annotations

import traceback
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from talenthub.errors import TalentError


class State(StrEnum):
    """What became of a plugin."""

    LOADED = "loaded"
    OFF = "off"
    """Installed, not enabled, and so never imported."""
    BROKEN = "broken"
    MISSING = "missing"
    """Enabled, but not installed."""


@dataclass(frozen=True, slots=True)
class PluginStatus:
    """One plugin, where it comes from and what is wrong with it."""

    name: str
    distribution: str | None
    version: str | None
    state: State
    error: str | None = None

    @property
    def owner(self) -> str:
        """Return the plugin with the distribution it comes from."""
        return f"{self.name} ({self.distribution} {self.version})" if self.distribution else self.name


class Fault(Exception):  # noqa: N818 - what is wrong with a plugin, as a sentence
    """Something a plugin did against its contract."""


def sentence(error: BaseException) -> str:
    """Return what went wrong in a plugin, and at which line of it."""
    if isinstance(error, Fault | TalentError):
        return str(error)
    frames = traceback.extract_tb(error.__traceback__)
    here = str(Path(__file__).parent)
    own = [each for each in frames if not each.filename.startswith((here, "<frozen"))]
    last = own[-1] if own else None
    place = f" at {Path(last.filename).name}:{last.lineno}" if last is not None else ""
    said = f": {error}" if str(error) else ""
    return f"{type(error).__name__}{said}{place}"
