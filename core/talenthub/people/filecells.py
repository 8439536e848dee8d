"""Reading a list whose columns nobody knows beforehand: lines of cells."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from talenthub.people.csvrecords import csv_cell, csv_records, note
from talenthub.people.filerows import Problems
from talenthub.people.filetables import Source, read_source, sheet_cell
from talenthub.sheets.reading import SheetCells, address, read_workbook


@dataclass(frozen=True, slots=True)
class CellLine:
    """One filled line of a CSV file, or row of a workbook's sheet."""

    file: str
    number: int
    texts: tuple[str, ...]
    page: str | None = None
    """The sheet of a workbook; None for CSV."""

    def place(self, column: int = 0) -> str:
        """Return `file:line`, or `file sheet!C14` in a workbook."""
        if self.page is None:
            return f"{self.file}:{self.number}"
        return f"{self.file} {self.page}!{address(self.number - 1, column)}"


def read_cell_lines(path: Path) -> list[CellLine]:
    """Return the filled lines of a CSV file or workbook, the header first.

    `-` is standard input. FileError tells all that is wrong with the cells.
    """
    problems = Problems()
    source = read_source(path)
    lines = list(_sheet_lines(source, problems) if source.is_workbook else _csv_lines(source, problems))
    problems.raise_any()
    return lines


def _csv_lines(source: Source, problems: Problems) -> Iterator[CellLine]:
    _, records = csv_records(source.path, source.raw, problems, may_run_on=True)
    for number, cells in records:
        # Only what a spreadsheet was kept from calculating is undone: a form reads the rest.
        yield CellLine(str(source.path), number, tuple(csv_cell(cell)[0] for cell in cells))


def _sheet_lines(source: Source, problems: Problems) -> Iterator[CellLine]:
    filled = [each for each in read_workbook(source.raw, str(source.path)) if not each.hidden and each.rows]
    if len(filled) > 1:
        names = ", ".join(each.name for each in filled)[:200]
        mend = "leave one sheet, or hide the others"
        note(
            problems,
            source.path,
            None,
            "it is not clear which sheet is meant",
            "sheet",
            found=names,
            mend=mend,
        )
        return
    for sheet in filled:
        width = max((index + 1 for index, cell in enumerate(sheet.rows[0]) if cell != ""), default=0)
        for number in range(len(sheet.rows)):
            line = _row(source, sheet, number, width, problems)
            if any(line.texts):
                yield line


def _row(source: Source, sheet: SheetCells, row: int, width: int, problems: Problems) -> CellLine:
    texts: list[str] = []
    cells = sheet.rows[row]
    for column, value in enumerate(cells):
        text, wrong = sheet_cell(value, sheet.mark(row, column), is_day=isinstance(value, date))
        if wrong is not None:
            place = Path(f"{source.path} {sheet.name}!{address(row, column)}")
            note(problems, place, None, wrong, "value", found=text[:80] or None)
        texts.append(text)
    while len(texts) > width and not texts[-1]:
        texts.pop()
    return CellLine(str(source.path), row + 1, tuple(texts), sheet.name)
