"""What can go wrong, as one tree; the number is the exit code of `talent`.

    TalentError                1   something we did not expect
    ├── UsageError             2   the command's words are off
    ├── Refused                3   a rule says no (verdicts tell which)
    ├── NotFound               4   it is not there, or not yours to see
    ├── NotPermitted           5   your rights are the only thing in the way
    ├── Conflict               6   somebody changed it meanwhile
    ├── ConfigurationError     7   talenthub.toml
    ├── PluginError            8   a plugin, named
    ├── FileError              9   a file that was to be read or written
    └── StorageError          10   the database
        └── IntegrityError    10   stored data that does not verify

Every error carries one or more `Problem`s: where, what was found, what is
allowed, the nearest match and how to mend it.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from talenthub.verdict import Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing that is wrong, said so that a person can mend it."""

    text: str
    """A sentence without names of people: what is wrong."""
    place: str | None = None
    """`file:line:column`, or the option or reference it was found in."""
    path: str | None = None
    """Where inside the file: `competencies[2].levels.3`."""
    found: str | None = None
    allowed: str | None = None
    nearest: str | None = None
    mend: str | None = None
    """What to do; a command where there is one."""
    code: str = ""
    """A stable name for programs: `framework.unknown-competency`."""

    def __str__(self) -> str:
        """Return the problem as one line."""
        head = " ".join(part for part in (self.place, self.path) if part)
        parts = [f"{head}: {self.text}" if head else self.text]
        if self.found is not None:
            parts.append(f"found {self.found!r}")
        if self.allowed is not None:
            parts.append(f"allowed: {self.allowed}")
        if self.nearest is not None:
            parts.append(f"did you mean {self.nearest!r}?")
        if self.mend is not None:
            parts.append(self.mend)
        return "; ".join(parts)


class TalentError(Exception):
    """Any failure that talenthub explains; the base of the tree."""

    exit_code: ClassVar[int] = 1

    def __init__(self, problem: Problem | str, *more: Problem) -> None:
        first = Problem(text=problem) if isinstance(problem, str) else problem
        self.problems: tuple[Problem, ...] = (first, *more)
        super().__init__("\n".join(str(each) for each in self.problems))

    @classmethod
    def of(cls, problems: Sequence[Problem]) -> TalentError:
        """Return one error that carries all of `problems` (at least one)."""
        return cls(problems[0], *problems[1:])


class UsageError(TalentError):
    """The words of a command are off."""

    exit_code = 2


class Refused(TalentError):  # noqa: N818 - a rule's answer, not a fault
    """A rule says no; `verdicts` holds every condition, met or not."""

    exit_code = 3

    def __init__(self, problem: Problem | str, verdicts: Sequence[Verdict] = ()) -> None:
        super().__init__(problem)
        self.verdicts = tuple(verdicts)


class NotFound(TalentError):  # noqa: N818 - an answer, not a fault
    """It does not exist, or the actor may not know that it does."""

    exit_code = 4


class NotPermitted(TalentError):  # noqa: N818 - an answer, not a fault
    """The actor's rights are the only thing in the way."""

    exit_code = 5

    def __init__(self, problem: Problem | str, verdicts: Sequence[Verdict] = ()) -> None:
        super().__init__(problem)
        self.verdicts = tuple(verdicts)


class Conflict(TalentError):  # noqa: N818 - somebody was faster
    """Somebody changed the record between the look and the write."""

    exit_code = 6


class ConfigurationError(TalentError):
    """talenthub.toml or a layer over it."""

    exit_code = 7


class PluginError(TalentError):
    """A plugin that could not be loaded or broke its contract."""

    exit_code = 8


class FileError(TalentError):
    """A file that could not be read, understood or written."""

    exit_code = 9


class StorageError(TalentError):
    """The database is missing, busy, full or of another version."""

    exit_code = 10


class IntegrityError(StorageError):
    """Stored data does not agree with itself."""


_HALF = 3
"""So many letters are half a word; fewer begin too much."""


def nearest(word: str, allowed: Iterable[str]) -> str | None:
    """Return the allowed word most like `word`, or None if none is close.

    Who typed half a word meant one that begins so, the shortest of them.
    """
    lowered = {each.lower(): each for each in allowed}
    begun = [each for each in lowered if len(word) >= _HALF and each.startswith(word.lower())]
    if begun:
        return lowered[min(begun, key=len)]
    matches = difflib.get_close_matches(word.lower(), lowered, n=1, cutoff=0.6)
    return lowered[matches[0]] if matches else None


def unknown(
    kind: str, word: str, allowed: Iterable[str], *, place: str | None = None, mend: str | None = None
) -> Problem:
    """Return the problem of a name that is not one of `allowed`."""
    known = sorted(allowed)
    listed = ", ".join(known[:12]) + (f" and {len(known) - 12} more" if len(known) > 12 else "")
    return Problem(
        text=f"unknown {kind}",
        place=place,
        found=word,
        allowed=listed or "none exist yet",
        nearest=nearest(word, known),
        mend=mend,
        code=f"unknown-{kind.replace(' ', '-')}",
    )
