"""Holidays: the calendar file of the organisation."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from talenthub.errors import ConfigurationError, Problem
from talenthub.workflow.calendar import Calendar


def read_calendar(folder: Path, name: str | None) -> Calendar:
    """Return the calendar in a file of ISO days; `#` begins a remark."""
    if name is None:
        return Calendar()
    try:
        lines = (folder / name).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        said = (error.strerror or "") if isinstance(error, OSError) else "this is not UTF-8"
        raise ConfigurationError(
            Problem(
                text=said.lower(),
                place=name,
                path="organisation.calendar",
                mend="one ISO day a line, such as 2026-12-25",
                code="config.calendar",
            )
        ) from None
    days, problems = _read(lines, name)
    if problems:
        raise ConfigurationError.of(problems)
    return Calendar.of(days)


def _read(lines: list[str], name: str) -> tuple[list[date], list[Problem]]:
    days: list[date] = []
    problems: list[Problem] = []
    for number, line in enumerate(lines, 1):
        word = line.partition("#")[0].strip()
        if not word:
            continue
        try:
            days.append(date.fromisoformat(word))
        except ValueError:
            problems.append(
                Problem(
                    text="this is no day of the calendar",
                    place=f"{name}:{number}",
                    found=word,
                    allowed="an ISO day such as 2026-12-25",
                    code="config.calendar",
                )
            )
    return days, problems
