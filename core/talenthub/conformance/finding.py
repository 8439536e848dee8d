"""Finding: one thing a check has found about a plugin."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from talenthub.errors import Problem


class Level(StrEnum):
    """How bad a finding is."""

    ERROR = "error"
    """The plugin breaks its contract."""
    WARNING = "warning"
    """Somebody should look: it may be right."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found, where, and how to mend it."""

    check: str
    level: Level
    problem: Problem

    def as_dict(self) -> dict[str, Any]:
        """Return the finding as plain values, for another process."""
        return {"check": self.check, "level": str(self.level), "problem": asdict(self.problem)}

    @classmethod
    def of(cls, stored: dict[str, Any]) -> Finding:
        """Return the finding that `as_dict` wrote."""
        return cls(stored["check"], Level(stored["level"]), Problem(**stored["problem"]))


def fault(text: str, *, code: str, **more: str | None) -> tuple[Level, Problem]:
    """Return an error: the plugin breaks its contract."""
    return Level.ERROR, Problem(text=text, code=code, **more)


def doubt(text: str, *, code: str, **more: str | None) -> tuple[Level, Problem]:
    """Return a warning: somebody should look."""
    return Level.WARNING, Problem(text=text, code=code, **more)
