"""Reading CSV as offices write it: every fault with its line and column."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from talenthub.errors import FileError, Problem, unknown

LARGEST_BYTES = 50_000_000
LONGEST_CELL = 300
DELIMITERS = ",;\t"
UNQUOTED = ("name", "email", "login")
"""Columns whose cells no message repeats: logs outlive files."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """Which columns a file may and must have."""

    columns: Sequence[str]
    required: Sequence[str]


@dataclass(slots=True)
class Problems:
    """Collects what is wrong, so that all of it is told at once."""

    found: list[Problem] = field(default_factory=list)

    def add(self, problem: Problem) -> None:
        """Note one problem."""
        self.found.append(problem)

    def raise_any(self) -> None:
        """Raise FileError with all problems, if there are any."""
        if self.found:
            raise FileError.of(self.found)


@dataclass(frozen=True, slots=True)
class CsvRow:
    """One line of a file: its cells by column, and where it stands."""

    file: str
    line: int
    cells: Mapping[str, str]

    def text(self, column: str) -> str | None:
        """Return the cell; None where it is empty or the column is absent."""
        return self.cells.get(column) or None

    @property
    def place(self) -> str:
        """Return `file:line`."""
        return f"{self.file}:{self.line}"

    def problem(
        self,
        column: str,
        text: str,
        code: str,
        *,
        allowed: str | None = None,
        mend: str | None = None,
    ) -> Problem:
        """Return a problem of this row's cell in `column`."""
        return Problem(
            text=text,
            place=self.place,
            path=column,
            found=None if column in UNQUOTED else self.text(column),
            allowed=allowed,
            mend=mend,
            code=f"import.{code}",
        )

    def unknown(self, column: str, word: str, allowed: Collection[str], *, kind: str = "") -> Problem:
        """Return the problem of a word in `column` that is not known."""
        told = unknown(kind or column, word, allowed, place=self.place)
        return Problem(
            text=told.text,
            place=told.place,
            path=column,
            found=word,
            allowed=told.allowed if len(allowed) <= 20 else None,
            nearest=told.nearest,
            code=f"import.{told.code}",
        )


def read_csv(path: Path, sheet: Sheet, problems: Problems) -> list[CsvRow]:
    """Return the rows of a file; what is wrong goes to `problems`."""
    text = _decoded(path, problems)
    if text is None:
        return []
    lines = _records(path, text, problems)
    header = next(lines, None)
    if header is None:
        _note(problems, path, None, "the file is empty", "empty", allowed=", ".join(sheet.columns))
        return []
    names = _header(path, header[0], header[1], sheet, problems)
    if names is None:
        return []
    rows = [row for line, cells in lines if (row := _row(path, line, cells, names, problems)) is not None]
    if not rows and not problems.found:
        _note(problems, path, None, "the file has a header and no rows", "empty")
    return rows


def day_in(row: CsvRow, column: str, problems: Problems) -> date | None:
    """Return the day in a cell, None where it is empty or no day."""
    text = row.text(column)
    if text is None:
        return None
    try:
        if len(text) != 10 or not text.isascii():
            raise ValueError
        return date.fromisoformat(text)
    except ValueError:
        problems.add(row.problem(column, "this is no day", "day", allowed="a day as 2026-11-30"))
        return None


def _decoded(path: Path, problems: Problems) -> str | None:
    raw = _bytes(path)
    if len(raw) > LARGEST_BYTES:
        _note(problems, path, None, "the file is too large", "large", allowed=f"{LARGEST_BYTES:,} bytes")
        return None
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        mend = "save it as CSV UTF-8"
        _note(
            problems,
            path,
            line,
            "the file is not UTF-8",
            "encoding",
            found=f"byte {raw[error.start]:#04x}",
            mend=mend,
        )
        return None
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        _note(problems, path, line, "the file holds a zero byte", "encoding", mend="save it as CSV UTF-8")
        return None
    return text


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise FileError(
            Problem(text="there is no such file", place=str(path), code="import.no-file")
        ) from None
    except OSError as error:
        why = error.strerror or "unknown reason"
        raise FileError(
            Problem(text=f"the file cannot be read: {why}", place=str(path), code="import.file")
        ) from error


def _records(path: Path, text: str, problems: Problems) -> Iterator[tuple[int, list[str]]]:
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(DELIMITERS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    while True:
        start = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            _note(problems, path, start, "a quote is open or misplaced here", "quote",
                  mend='close it, and write a quote inside a cell as ""')  # fmt: skip
            return
        if reader.line_num > start:
            _note(problems, path, start, f"a cell runs over lines {start} to {reader.line_num}", "quote",
                  mend="is a closing quote missing?")  # fmt: skip
        elif any(cell.strip() for cell in cells):
            yield start, cells


def _header(
    path: Path, line: int, cells: Sequence[str], sheet: Sheet, problems: Problems
) -> list[str] | None:
    names = [cell.strip().casefold().replace(" ", "_") for cell in cells]
    before = len(problems.found)
    for name in dict.fromkeys(names):
        if name not in sheet.columns:
            problems.add(_unknown_column(path, line, name, sheet.columns))
        elif names.count(name) > 1:
            _note(problems, path, line, "the column is there twice", "column-twice", found=name)
    for name in sheet.required:
        if name not in names:
            _note(problems, path, line, "a column is missing", "column-missing", allowed=name)
    return names if len(problems.found) == before else None


def _unknown_column(path: Path, line: int, name: str, columns: Sequence[str]) -> Problem:
    told = unknown("column", name[:80], columns)
    return Problem(
        text=told.text,
        place=f"{path}:{line}",
        found=told.found,
        allowed=", ".join(columns),
        nearest=told.nearest,
        code="import.unknown-column",
    )


def _row(
    path: Path, line: int, cells: Sequence[str], names: Sequence[str], problems: Problems
) -> CsvRow | None:
    if len(cells) != len(names):
        found, allowed = f"{len(cells)} cells", f"{len(names)}, as in the header"
        _note(
            problems,
            path,
            line,
            "the line has the wrong number of cells",
            "ragged",
            found=found,
            allowed=allowed,
        )
        return None
    row = CsvRow(str(path), line, dict(zip(names, map(_cell, cells), strict=True)))
    for column, text in row.cells.items():
        if fault := _fault(text):
            problems.add(row.problem(column, fault, "cell"))
            return None
    return row


def _cell(text: str) -> str:
    return unicodedata.normalize("NFC", text.strip())


def _fault(text: str) -> str | None:
    if len(text) > LONGEST_CELL:
        return f"the cell is longer than {LONGEST_CELL} characters"
    if not text.isprintable():
        return "the cell holds a character that cannot be printed"
    if text[:1] in ("=", "+", "@") or (text.startswith("-") and text != "-"):
        return "the cell begins like a formula"
    return None


def _note(
    problems: Problems,
    path: Path,
    line: int | None,
    text: str,
    code: str,
    *,
    found: str | None = None,
    allowed: str | None = None,
    mend: str | None = None,
) -> None:
    place = str(path) if line is None else f"{path}:{line}"
    problems.add(
        Problem(text=text, place=place, found=found, allowed=allowed, mend=mend, code=f"import.{code}")
    )
