"""Reading a table of people, units or posts: from CSV or from a workbook."""

from __future__ import annotations

import stat
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path

from talenthub.errors import FileError, Problem, nearest, unknown
from talenthub.people.csvrecords import csv_cell, csv_records, note
from talenthub.people.filerows import (
    LONGEST_CELL,
    PROBLEMS,
    FileRow,
    Problems,
    Sheet,
    Table,
    fault_of,
    plain_cell,
)
from talenthub.sheets.reading import ERROR, FORMULA, SheetCells, Value, address, column_letters, read_workbook

LARGEST_BYTES = 50_000_000
STANDARD_INPUT = Path("-")
MOST_COLUMNS = 60
WORKBOOK = ".xlsx"


def is_workbook(path: Path) -> bool:
    """Return whether a file is named as a workbook."""
    return path.suffix.lower() in (WORKBOOK, ".xlsm", ".xltx", ".xls", ".ods")


@dataclass(frozen=True, slots=True)
class Source:
    """A file that was read, or standard input."""

    path: Path
    """As messages name it."""
    raw: bytes
    is_workbook: bool


def read_source(path: Path) -> Source:
    """Return what a file holds, or standard input where it is `-`.

    A file is a workbook by its name; what comes by a pipe, by its first bytes.
    """
    if path != STANDARD_INPUT:
        return Source(path, file_bytes(path), is_workbook(path))
    named = Path("standard input")
    if sys.stdin is None or sys.stdin.closed:
        raise FileError(Problem(text="standard input is closed", place="-", code="import.file"))
    raw = sys.stdin.buffer.read(LARGEST_BYTES + 1)
    return Source(named, _not_too_large(named, raw), raw.startswith(b"PK\x03\x04"))


def read_rows(path: Path, kind: Sheet, problems: Problems) -> list[FileRow]:
    """Return the rows of a CSV file or workbook, or of standard input (`-`).

    What is wrong with it goes to `problems`.
    """
    source = read_source(path)
    if source.is_workbook:
        return _pages(source, [kind], problems).get(kind.page, [])
    return _csv_rows(source.path, source.raw, kind, problems)


def _csv_rows(path: Path, raw: bytes, kind: Sheet, problems: Problems) -> list[FileRow]:
    before = len(problems.found)
    delimiter, records = csv_records(path, raw, problems)
    if not records:
        if len(problems.found) == before:
            note(problems, path, None, "the file is empty", "empty", allowed=", ".join(kind.columns))
        return []
    problems.tables.append(Table(path, None, records, delimiter))
    lines = [_Line(number, cells) for number, cells in records]
    return _Reader(path, None, kind, problems).rows(lines)


def read_pages(path: Path, kinds: Sequence[Sheet], problems: Problems) -> dict[str, list[FileRow]]:
    """Return the rows of a workbook's sheets, by the page they are for.

    A workbook with one visible sheet is about people, whatever its name.
    """
    return _pages(Source(path, file_bytes(path), True), kinds, problems)


def _pages(source: Source, kinds: Sequence[Sheet], problems: Problems) -> dict[str, list[FileRow]]:
    try:
        sheets = read_workbook(source.raw, str(source.path))
    except FileError as error:
        for each in error.problems:
            problems.add(each)
        return {}
    chosen = _chosen(source.path, sheets, kinds, problems)
    return {kind.page: _sheet_rows(source.path, sheet, kind, problems) for kind, sheet in chosen}


def file_bytes(path: Path) -> bytes:
    """Return what a file holds, read once; FileError if it cannot be."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise FileError(Problem(text="this is no file", place=str(path), code="import.file"))
        with path.open("rb") as stream:
            raw = stream.read(LARGEST_BYTES + 1)
    except FileNotFoundError:
        text = "there is no such file"
        problem = Problem(text=text, place=str(path), nearest=_likely_file(path), code="import.no-file")
        raise FileError(problem) from None
    except OSError as error:
        text = f"the file cannot be read: {error.strerror or 'unknown reason'}"
        raise FileError(Problem(text=text, place=str(path), code="import.file")) from error
    return _not_too_large(path, raw)


def _likely_file(path: Path) -> str | None:
    try:
        return nearest(path.name, (each.name for each in path.parent.iterdir()))
    except OSError:
        return None


def _not_too_large(path: Path, raw: bytes) -> bytes:
    if len(raw) > LARGEST_BYTES:
        allowed = f"{LARGEST_BYTES:,} bytes"
        text = "the file is too large"
        raise FileError(Problem(text=text, place=str(path), allowed=allowed, code="import.large"))
    return raw


@dataclass(frozen=True, slots=True)
class _Line:
    number: int
    cells: Sequence[Value]
    sheet: SheetCells | None = None

    @property
    def is_blank(self) -> bool:
        return all(isinstance(each, str) and not each.strip() for each in self.cells)


def _chosen(
    path: Path, sheets: Sequence[SheetCells], kinds: Sequence[Sheet], problems: Problems
) -> list[tuple[Sheet, SheetCells]]:
    by_name = {each.name.strip().casefold(): each for each in sheets}
    found = [(each, by_name[each.page.casefold()]) for each in kinds if each.page.casefold() in by_name]
    visible = [each for each in sheets if not each.hidden and each.rows]
    if not found and not visible:
        found = [(kinds[0], each) for each in sheets if each.hidden][:1]
    if not found and len(visible) == 1:
        return [(kinds[0], visible[0])]
    pages = ", ".join(each.page for each in kinds)
    if not found:
        told = ", ".join(each.name for each in visible) or "no filled sheet"
        note(
            problems,
            path,
            None,
            "it is not clear which sheet is meant",
            "sheet",
            found=told[:200],
            allowed=pages,
        )
    for _kind, sheet in found:
        if sheet.hidden:
            mend = "show it, or take it out"
            note(problems, path, None, "the sheet is hidden", "sheet-hidden", found=sheet.name, mend=mend)
    return [(kind, sheet) for kind, sheet in found if not sheet.hidden]


def _sheet_rows(path: Path, sheet: SheetCells, kind: Sheet, problems: Problems) -> list[FileRow]:
    lines = [_Line(number, cells, sheet) for number, cells in enumerate(sheet.rows, 1)]
    filled = [each for each in lines if not each.is_blank]
    if not filled:
        found, allowed = sheet.name, ", ".join(kind.columns)
        note(problems, path, None, "the sheet is empty", "empty", found=found, allowed=allowed)
        return []
    problems.tables.append(Table(path, sheet.name, [(each.number, each.cells) for each in filled]))
    return _Reader(path, sheet.name, kind, problems).rows(filled)


@dataclass(frozen=True, slots=True)
class _Reader:
    """Turns lines under a header into rows."""

    path: Path
    page: str | None
    kind: Sheet
    problems: Problems

    def rows(self, lines: Sequence[_Line]) -> list[FileRow]:
        head, *body = lines
        names = self._header(head)
        if names is None:
            return []
        letters = {name: column_letters(column) for column, name in enumerate(names) if self.page}
        rows = [row for line in body if (row := self._row(line, names, letters)) is not None]
        if not rows and not self.problems.found:
            note(self.problems, self.path, None, "there is a header and no rows", "empty", found=self.page)
        return rows

    def _place(self, line: _Line, column: int = 0) -> str:
        if self.page is None:
            return f"{self.path}:{line.number}"
        return f"{self.path} {self.page}!{address(line.number - 1, column)}"

    def _note(self, line: _Line, column: int, text: str, code: str, **more: str | None) -> None:
        place = self._place(line, column)
        self.problems.add(Problem(text=text, place=place, code=f"import.{code}", **more))

    def _header(self, line: _Line) -> list[str] | None:
        names = _names_of(line.cells)
        names = [PROBLEMS if each.startswith(f"{PROBLEMS}:") else each for each in names]
        while names and not names[-1]:
            names.pop()
        allowed = ", ".join(self.kind.columns)
        if len(names) > MOST_COLUMNS:
            self._note(line, MOST_COLUMNS, "there are too many columns", "columns", allowed=allowed)
            return None
        known = {*self.kind.columns, PROBLEMS}
        if known.isdisjoint(names):
            mend = "the first line names the columns"
            if self.kind.page:
                mend += "; talent people template makes one"
            self._note(line, 0, "this line is no header", "no-header", allowed=allowed, mend=mend)
            self._missing(line, names)
            return None
        before = len(self.problems.found)
        for column, name in enumerate(names):
            if name not in known:
                self._unknown_column(line, column, name)
            elif name in names[:column]:
                self._note(line, column, "the column is there twice", "column-twice", found=name)
        self._missing(line, names)
        return names if len(self.problems.found) == before else None

    def _is_header(self, cells: Sequence[Value], names: Sequence[str]) -> bool:
        """Return whether a line names the columns, as where files were joined."""
        return len(cells) == len(names) > 1 and _names_of(cells) == list(names)

    def _unknown_column(self, line: _Line, column: int, name: str) -> None:
        told = unknown("column", name[:80], self.kind.columns)
        text = told.text if name else "a column has no name"
        allowed = ", ".join(self.kind.columns)
        self._note(
            line, column, text, "unknown-column", found=told.found, allowed=allowed, nearest=told.nearest
        )

    def _missing(self, line: _Line, names: Sequence[str]) -> None:
        for name in self.kind.required:
            if name not in names:
                self._note(line, 0, "a column is missing", "column-missing", allowed=name)

    def _row(self, line: _Line, names: Sequence[str], letters: Mapping[str, str]) -> FileRow | None:
        cells = list(line.cells)
        while len(cells) > len(names) and cells[-1] == "":
            cells.pop()
        if line.is_blank:
            return None
        if self._is_header(cells, names):
            self._note(line, 0, "the header stands here again", "header-twice", mend="delete this line")
            return None
        if len(cells) != len(names) and (self.page is None or len(cells) > len(names)):
            found, allowed = f"{len(cells)} cells", f"{len(names)}, as in the header"
            text = "the line has the wrong number of cells"
            self._note(line, len(names), text, "ragged", found=found, allowed=allowed)
            return None
        bare = FileRow(str(self.path), line.number, {}, self.page, letters)
        faults: list[Problem] = []
        read = {
            name: self._text(line, column, name, bare, faults)
            for column, name in enumerate(names[: len(cells)])
            if name != PROBLEMS
        }
        for fault in faults:
            self.problems.add(fault)
        return None if faults else FileRow(str(self.path), line.number, read, self.page, letters)

    def _text(self, line: _Line, column: int, name: str, bare: FileRow, faults: list[Problem]) -> str:
        value = line.cells[column]
        if line.sheet is None:
            text, wrong = csv_cell(str(value))
        else:
            mark = line.sheet.mark(line.number - 1, column)
            text, wrong = sheet_cell(value, mark, is_day=name in self.kind.days)
        code = "cell"
        if wrong is None:
            wrong = fault_of(text, self.kind.longest.get(name, LONGEST_CELL))
        elif line.sheet is not None:
            code = "value"
        if wrong is not None:
            mend = _MENDS.get(wrong)
            faults.append(bare.problem(name, wrong, code, found=text[:80] or None, mend=mend))
        return text


def _names_of(cells: Sequence[Value]) -> list[str]:
    return [str(cell).strip().casefold().replace(" ", "_") for cell in cells]


_FORMULA = "the cell holds a formula"
_DATE = "the spreadsheet made a date of this cell"
_NUMBER = "here stands a number, not a day"
_MENDS = {
    _FORMULA: "copy the column, and paste it as values",
    _DATE: "format the column as text, and enter it again",
    _NUMBER: "format the column as date",
}


def sheet_cell(value: Value, mark: str | None, *, is_day: bool) -> tuple[str, str | None]:
    """Return what a cell of a sheet says, and what is wrong with it."""
    if mark == FORMULA:
        return "", _FORMULA
    if mark == ERROR:
        return "", "the cell shows an error of the spreadsheet"
    if isinstance(value, str):
        return plain_cell(value), None
    if isinstance(value, bool):
        return ("yes" if value else "no"), None
    if isinstance(value, int | float):
        return _number(value), _NUMBER if is_day else None
    return _dated(value, is_day=is_day)


def _dated(value: date | datetime | time | timedelta, *, is_day: bool) -> tuple[str, str | None]:
    if isinstance(value, datetime) and value.time() == time(0):
        value = value.date()
    if not is_day:
        return str(value), _DATE
    whole = isinstance(value, date) and not isinstance(value, datetime)
    return str(value), None if whole else "the cell holds a time of day beside the day"


def _number(value: float) -> str:
    return str(int(value)) if value == int(value) and abs(value) < 1e15 else repr(value)
