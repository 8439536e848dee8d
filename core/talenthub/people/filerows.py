"""Rows of an imported file, and what is wrong with them."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from talenthub.errors import FileError, Problem, nearest
from talenthub.sheets.reading import Value

LONGEST_CELL = 300
UNQUOTED = ("name", "email", "login")
"""Columns whose cells no message repeats: logs outlive files."""
PROBLEMS = "problems"
"""The column that a copy with errors carries; reading a file ignores it."""

_MOST_GUESSED = 150
"""Words of a kind that get a nearest match: a file full of others is another file."""
_FEW = 200
"""Words that are compared one by one; of more only the likeliest are."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """Which columns a file may and must have."""

    columns: Sequence[str]
    required: Sequence[str]
    days: Collection[str] = ()
    """Columns that hold days."""
    page: str = ""
    """The sheet of a workbook that holds them; "": the only one."""
    longest: Mapping[str, int] = field(default_factory=dict)
    """How long a cell of a column may be, where LONGEST_CELL is too much."""


@dataclass(frozen=True, slots=True)
class Table:
    """A file as it was read: for a copy of it that tells what is wrong."""

    path: Path
    page: str | None
    """The sheet of a workbook; None for CSV."""
    records: Sequence[tuple[int, Sequence[Value]]]
    """Line or row number and cells as found; the first is the header."""
    delimiter: str = ","


class ImportFaults(FileError):  # noqa: N818 - what is wrong with files, all of it
    """Everything wrong with files that were to be imported."""

    tables: tuple[Table, ...] = ()


@dataclass(slots=True)
class Problems:
    """Collects what is wrong, so that all of it is told at once."""

    found: list[Problem] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    _likely: dict[str, Lookalikes] = field(default_factory=dict)

    def add(self, problem: Problem) -> None:
        """Note one problem."""
        self.found.append(problem)

    def unknown(
        self, row: FileRow, column: str, word: str, allowed: Collection[str], *, kind: str = ""
    ) -> None:
        """Note a word in `column` that is not one of `allowed`."""
        kind = kind or column
        likely = self._likely.setdefault(kind, Lookalikes())
        self.add(row.unknown_of(column, word, allowed, kind, likely.nearest(word, allowed)))

    def raise_any(self) -> None:
        """Raise ImportFaults with all problems, if there are any."""
        if self.found:
            faults = ImportFaults(self.found[0], *self.found[1:])
            faults.tables = tuple(self.tables)
            raise faults


class Lookalikes:
    """Finds the nearest match among thousands of words without a long wait."""

    def __init__(self) -> None:
        self._pairs: dict[str, list[str]] = {}
        self._told: dict[str, str | None] = {}

    def nearest(self, word: str, allowed: Collection[str]) -> str | None:
        """Return the word most like `word`, or None if none is close."""
        if word not in self._told and len(self._told) < _MOST_GUESSED:
            self._told[word] = nearest(word, self._likely(word, allowed))
        return self._told.get(word)

    def _likely(self, word: str, allowed: Collection[str]) -> Collection[str]:
        if len(allowed) <= _FEW:
            return allowed
        if not self._pairs:
            for each in allowed:
                for pair in _pairs(each):
                    self._pairs.setdefault(pair, []).append(each)
        shared = Counter(each for pair in _pairs(word) for each in self._pairs.get(pair, ()))
        return [each for each, _count in shared.most_common(40)]


def _pairs(word: str) -> set[str]:
    lowered = word.lower()
    return {lowered[at : at + 3] for at in range(max(1, len(lowered) - 2))}


@dataclass(frozen=True, slots=True)
class FileRow:
    """One row of a file: its cells by column, and where it stands."""

    file: str
    line: int
    cells: Mapping[str, str]
    page: str | None = None
    """The sheet of a workbook; None for CSV."""
    letters: Mapping[str, str] = field(default_factory=dict)
    """The letter of each column in a workbook."""

    def text(self, column: str) -> str | None:
        """Return the cell; None where it is empty or the column is absent."""
        return self.cells.get(column) or None

    @property
    def place(self) -> str:
        """Return `file:line`, or `file sheet!A14` in a workbook."""
        return self.place_of("")

    def place_of(self, column: str) -> str:
        """Return the place of a cell: `file:line` or `file sheet!C14`."""
        if self.page is None:
            return f"{self.file}:{self.line}"
        return f"{self.file} {self.page}!{self.letters.get(column, 'A')}{self.line}"

    def unknown(self, column: str, word: str, allowed: Collection[str], *, kind: str = "") -> Problem:
        """Return the problem of a word in `column` that is not known."""
        return self.unknown_of(column, word, allowed, kind or column, Lookalikes().nearest(word, allowed))

    def unknown_of(
        self, column: str, word: str, allowed: Collection[str], kind: str, close: str | None
    ) -> Problem:
        """Return the same problem, with the nearest match already found."""
        told = (", ".join(sorted(allowed)) or "none exist yet") if len(allowed) <= 20 else None
        return Problem(
            text=f"unknown {kind}",
            place=self.place_of(column),
            path=column,
            found=word,
            allowed=told,
            nearest=close,
            code=f"import.unknown-{kind.replace(' ', '-')}",
        )

    def problem(
        self,
        column: str,
        text: str,
        code: str,
        *,
        found: str | None = None,
        allowed: str | None = None,
        close: str | None = None,
        mend: str | None = None,
    ) -> Problem:
        """Return a problem of this row's cell in `column`."""
        return Problem(
            text=text,
            place=self.place_of(column),
            path=column,
            found=None if column in UNQUOTED else found or self.text(column),
            allowed=allowed,
            nearest=close,
            mend=mend,
            code=f"import.{code}",
        )


def day_in(row: FileRow, column: str, problems: Problems) -> date | None:
    """Return the day in a cell, None where it is empty or no day."""
    text = row.text(column)
    if text is None:
        return None
    try:
        if len(text) != 10 or not text.isascii():
            raise ValueError
        return date.fromisoformat(text)
    except ValueError:
        form = "a day as 2026-11-30"
        problems.add(row.problem(column, "this is no day", "day", allowed=form, close=_likely_day(text)))
        return None


def _likely_day(text: str) -> str | None:
    """Return the one day that may be meant; None where it could be several."""
    parts = text.replace("/", ".").replace("-", ".").split(".")
    if len(parts) != 3 or not all(each.isascii() and each.isdigit() for each in parts):
        return None
    first, second, third = (int(each) for each in parts)
    readings = {(first, second, third), (third, second, first), (third, first, second)}
    days = {day for each in readings if (day := _day(*each)) is not None}
    return days.pop().isoformat() if len(days) == 1 else None


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day) if 1900 <= year <= 2200 else None
    except ValueError:
        return None


def plain_cell(text: str) -> str:
    """Return the text of a cell without blanks around it, in one form.

    A blank that was pasted from a page or a letter, however wide and whether
    or not a line may break there, is a blank.
    """
    if text.isascii():
        return text.strip()
    plain = "".join(" " if unicodedata.category(each) == "Zs" else each for each in text)
    return unicodedata.normalize("NFC", plain.strip())


def fault_of(text: str, longest: int = LONGEST_CELL) -> str | None:
    """Return what is wrong with a cell whatever its column, or None."""
    if len(text) > longest:
        return f"the cell is longer than {longest} characters"
    if not text.isprintable():
        place, sign = next((at, each) for at, each in enumerate(text, 1) if not each.isprintable())
        return f"the cell holds a character that cannot be printed: the {place}. is U+{ord(sign):04X}"
    return None
