"""Clauses: `unit=harbour kind=employee`, as `--where` is typed."""

from __future__ import annotations

import re
import shlex
from collections.abc import Collection
from dataclasses import replace

from talenthub.errors import Problem, UsageError, unknown

PLACE = "--where"
_JOINED = re.compile(r"([;,&])\s*([a-z_]+=)")


def read_clauses(text: str, names: Collection[str]) -> dict[str, str]:
    """Return `unit=harbour kind=employee` as a mapping; UsageError explains.

    All that is wrong with it is told at once.
    """
    try:
        words = shlex.split(text)
    except ValueError as error:
        raise UsageError(wrong_clause(f"this is no condition: {error}", text, names)) from None
    found: dict[str, str] = {}
    problems: list[Problem] = []
    for word in words:
        name, mark, value = word.partition("=")
        if not mark or not value:
            problems.append(wrong_clause("a condition is a name and a value", word, names))
        elif joined := _JOINED.search(value):
            problems.append(_joined(word, joined[1], names))
        elif name not in names:
            problems.append(unknown("condition", name, names, place=PLACE))
        elif name in found:
            problems.append(wrong_clause("a condition stands twice", word, names))
        else:
            found[name] = value
    if not words:
        problems.append(wrong_clause("the condition is empty", text, names))
    if problems:
        raise UsageError.of(problems)
    return found


def _joined(word: str, mark: str, names: Collection[str]) -> Problem:
    """Return what is wrong where commas or semicolons stand between conditions."""
    told = wrong_clause(f"conditions have blanks between them, not {mark!r}", word, names)
    return replace(told, nearest=_JOINED.sub(r" \2", word))


def wrong_clause(text: str, found: str, names: Collection[str]) -> Problem:
    """Return what is wrong with a clause, and which names there are."""
    allowed = ", ".join(f"{name}=…" for name in names)
    return Problem(text=text, place=PLACE, found=found[:80], allowed=allowed, code="cli.where")
