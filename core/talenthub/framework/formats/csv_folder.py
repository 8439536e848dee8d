"""Our sheets as CSV files: a folder, one file per sheet.

Text that a spreadsheet would run as a formula gets an apostrophe in front;
reading takes exactly that apostrophe away again.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from dataclasses import replace

from talenthub.errors import FileError, Problem, nearest
from talenthub.framework.content import Document
from talenthub.framework.formats.delimited import Record, parse
from talenthub.framework.formats.fields import Notes
from talenthub.framework.formats.sheet_layout import BY_NAME, LAYOUTS
from talenthub.framework.formats.sheet_reading import read_sheets
from talenthub.framework.formats.sheet_writing import WrittenSheet, written_sheets
from talenthub.framework.formats.sheets import Sheet, sheet_of
from talenthub.framework.formats.sources import SourceFile, Sources

_LIVE = re.compile(r"'*\s*[=+\-@\t\r]")
_TAMED = re.compile(rb"(?:^|[,;\t|\r\n\"\xbf])'")
"""A cell that begins with an apostrophe; the last is the end of a byte order mark."""


def recognises(files: Sources) -> bool:
    """Return whether one of the files is named like a sheet that we need.

    `learning.csv` alone may be anybody's.
    """
    needed = {each.name for each in LAYOUTS if each.required}
    return any(_sheet_name(each) in needed for each in files if each.suffix == ".csv")


def read(files: Sources) -> Document:
    """Return the framework in the files; FileError holds all problems."""
    notes = Notes(str(files[0].path.parent))
    sheets: dict[str, Sheet] = {}
    for each in files:
        name = _sheet_name(each)
        if each.suffix != ".csv" or name not in BY_NAME:
            notes.problems.append(_unknown(each))
            continue
        try:
            records = _live(parse(each.data, each.name), each.data)
        except FileError as error:
            notes.problems += error.problems
            continue
        layout = BY_NAME[name]
        needed = [column.name for column in layout.columns if column.required]
        sheets[name] = sheet_of(
            name,
            each.name,
            records,
            layout.names,
            notes.problems,
            required=needed,
            translated=layout.translated,
        )
    if notes.problems:
        raise FileError.of(notes.problems)
    return read_sheets(sheets, notes)


def write(document: Document) -> Mapping[str, bytes]:
    """Return the files of a framework; sheets without rows are left out."""
    sheets = [each for each in written_sheets(document) if each.rows or each.layout.required]
    return {f"{each.layout.name}.csv": _file(each) for each in sheets}


def tamed(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    return "'" + text if _LIVE.match(text) else text


def untamed(text: str) -> str:
    """Return the text that `tamed` was given."""
    return text[1:] if text.startswith("'") and _LIVE.match(text) else text


def _live(records: list[Record], data: bytes) -> list[Record]:
    """Return the records with their texts as they were before `tamed`."""
    if not _TAMED.search(data):
        return records
    return [
        replace(each, cells=tuple(cell._replace(value=untamed(str(cell.value))) for cell in each.cells))
        if any(str(cell.value).startswith("'") for cell in each.cells)
        else each
        for each in records
    ]


def _file(sheet: WrittenSheet) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(sheet.columns)
    for row in sheet.rows:
        writer.writerow([tamed(each) if isinstance(each, str) else each for each in row])
    # With a byte order mark, or spreadsheets take it for another encoding.
    return text.getvalue().encode("utf-8-sig")


def _sheet_name(file: SourceFile) -> str:
    return "_".join(file.path.stem.lower().replace("-", " ").split())


def _unknown(file: SourceFile) -> Problem:
    names = [f"{each.name}.csv" for each in LAYOUTS]
    return Problem(
        text="this file is no sheet of a framework",
        place=file.name,
        found=file.path.name,
        allowed=", ".join(names),
        nearest=nearest(file.path.name, names),
        code="file.unknown-sheet",
    )
