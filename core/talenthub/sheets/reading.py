"""Reading a workbook: its visible sheets as rows of plain values."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from talenthub.errors import FileError
from talenthub.sheets.archive import broken, sheet_parts, unpacked

Value = str | float | bool | date | datetime | time | timedelta
"""What stands in a cell; "" for nothing."""

FORMULA = "formula"
ERROR = "error"

_MARKED = re.compile(
    rb"<(?:\w+:)?c\s(?=[^>]*?\br\s*=\s*[\"']([A-Za-z]{1,3})(\d{1,7})[\"'])"
    rb"(?:[^>]*?\bt\s*=\s*[\"'](e)[\"'])?[^>]*>(?:<(?:\w+:)?(f)[\s/>])?"
)


@dataclass(frozen=True, slots=True)
class SheetCells:
    """One sheet: the values from A1 on, and the cells that are not values."""

    name: str
    hidden: bool
    """A hidden sheet is named, and not read."""
    rows: tuple[tuple[Value, ...], ...] = ()
    marks: dict[str, str] | None = None
    """FORMULA or ERROR by address: `C14`."""

    def mark(self, row: int, column: int) -> str | None:
        """Return FORMULA or ERROR for what is no plain value; from 0."""
        return self.marks.get(address(row, column)) if self.marks else None


def read_workbook(data: bytes, name: str) -> tuple[SheetCells, ...]:
    """Return the sheets of an XLSX file; FileError if it is not one.

    Formulas are never worked out: their cells hold what was last shown, and
    carry the mark FORMULA. Days come as dates, whichever calendar is used.
    """
    parts = unpacked(data, name)
    xml = sheet_parts(parts)
    try:
        return tuple(_sheets(data, xml))
    except FileError:
        raise
    except (KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException as error:
        # The reader is not Python: a fault in it may come as a bare BaseException.
        raise broken(name) from error


def _sheets(data: bytes, xml: dict[str, bytes]) -> Iterator[SheetCells]:
    from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    for each in book.sheets_metadata:
        if each.typ != SheetTypeEnum.WorkSheet:
            continue
        if each.visible != SheetVisibleEnum.Visible:
            yield SheetCells(each.name, hidden=True)
            continue
        rows = book.get_sheet_by_name(each.name).to_python(skip_empty_area=False)
        marks = dict(_marks(xml.get(each.name, b"")))
        yield SheetCells(each.name, False, tuple(tuple(row) for row in rows), marks)


def _marks(part: bytes) -> Iterator[tuple[str, str]]:
    if b"<f" not in part and b":f" not in part and b'"e"' not in part and b"'e'" not in part:
        return
    for found in _MARKED.finditer(part):
        if found[4] or found[3]:
            yield (found[1] + found[2]).decode().upper(), FORMULA if found[4] else ERROR


def address(row: int, column: int) -> str:
    """Return the address of a cell, both counted from 0: (13, 2) is `C14`."""
    return f"{column_letters(column)}{row + 1}"


def column_letters(column: int) -> str:
    """Return what a column is called, counted from 0: 27 is `AB`."""
    letters, rest = "", column + 1
    while rest:
        rest, digit = divmod(rest - 1, 26)
        letters = chr(ord("A") + digit) + letters
    return letters
