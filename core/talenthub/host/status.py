"""PluginStatus: what became of one plugin."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from talenthub.blame import line_of
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
    place: str | None = None
    """The line of the plugin that is at fault: `package/plugin.py:12`."""

    @property
    def owner(self) -> str:
        """Return the plugin with the distribution it comes from."""
        return f"{self.name} ({self.distribution} {self.version})" if self.distribution else self.name


class Fault(Exception):  # noqa: N818 - what is wrong with a plugin, as a sentence
    """Something a plugin did against its contract, and in which line."""

    def __init__(self, text: str, place: str | None = None) -> None:
        super().__init__(f"{text} at {place}" if place is not None else text)
        self.place = place


def place_of(error: BaseException) -> str | None:
    """Return the line of a plugin that an error came from, if it has one."""
    return error.place if isinstance(error, Fault) else line_of(error)


def sentence(error: BaseException) -> str:
    """Return what went wrong in a plugin, and at which line of it."""
    if isinstance(error, Fault | TalentError):
        return str(error)
    said = error.msg if isinstance(error, SyntaxError) else str(error)
    place = line_of(error)
    return f"{type(error).__name__}{f': {said}' if said else ''}{f' at {place}' if place else ''}"
