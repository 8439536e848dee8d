"""Our sheets as a workbook, both ways.

Texts are written as texts, so that none becomes a formula; a formula in a
file that is read is refused, because only its last result could be known.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from typing import Any

from talenthub.errors import FileError, Problem, nearest
from talenthub.framework.content import Document
from talenthub.framework.formats.delimited import MOST_CELLS, Cell, Record
from talenthub.framework.formats.fields import Notes
from talenthub.framework.formats.sheet_layout import BY_NAME, LAYOUTS, READ_ME, Layout
from talenthub.framework.formats.sheet_nodes import scalar
from talenthub.framework.formats.sheet_reading import read_sheets
from talenthub.framework.formats.sheet_writing import written_sheets
from talenthub.framework.formats.sheets import Sheet, sheet_of
from talenthub.framework.formats.sources import SourceFile, Sources
from talenthub.framework.formats.workbook_parts import inspect
from talenthub.framework.formats.workbook_writing import workbook_of


def recognises(files: Sources) -> bool:
    """Return True: what is called a workbook is read as one."""
    return bool(files)


def read(files: Sources) -> Document:
    """Return the framework in a workbook; FileError holds all problems."""
    if len(files) != 1:
        text, found = "a framework is one workbook", ", ".join(each.name for each in files[1:])
        raise FileError(Problem(text=text, place=files[0].name, found=found, code="framework.one-file"))
    file = files[0]
    notes = Notes(file.name)
    notes.problems += inspect(file)
    if notes.problems:
        raise FileError.of(notes.problems)
    sheets: dict[str, Sheet] = {}
    for title, rows, merged in _opened(file):
        layout = _layout(title, file, notes)
        if layout is None:
            continue
        for where in merged:
            text, mend = "cells are merged here", "split them: each cell holds one thing"
            notes.problems.append(
                Problem(text=text, place=f"{file.name}:{title}!{where}", mend=mend, code="file.merged")
            )
        place = f"{file.name}:{title}"
        sheets[layout.name] = sheet_of(
            layout.name,
            place,
            list(_records(rows, place, layout)),
            layout.names,
            notes.problems,
            required=[each.name for each in layout.columns if each.required],
            translated=layout.translated,
        )
    if notes.problems:
        raise FileError.of(notes.problems)
    return read_sheets(sheets, notes)


def write(document: Document) -> Mapping[str, bytes]:
    """Return the one workbook that holds a framework."""
    framework = document.content.framework
    terms = [each for each in (framework.attribution, framework.licence) if each]
    return {f"{framework.code}.xlsx": workbook_of(written_sheets(document), terms)}


def opened_records(file: SourceFile) -> Iterator[tuple[str, list[Record]]]:
    """Return the sheets of any workbook: their titles and filled rows."""
    for title, rows, _ in _opened(file):
        place = f"{file.name}:{title}"
        width = _width(rows)
        records = [
            Record(
                f"{place}!{index + 1}",
                tuple(
                    Cell(_value(value), f"{place}!{address(index, column)}")
                    for column, value in enumerate(row[:width])
                ),
            )
            for index, row in enumerate(rows)
        ]
        yield title, [each for each in records if not each.is_blank]


def address(row: int, column: int) -> str:
    """Return a cell's address, counted from 0: B7."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"{letters}{row + 1}"


def _opened(file: SourceFile) -> Iterator[tuple[str, list[list[Any]], list[str]]]:
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(file.data))
        for title in book.sheet_names:
            sheet = book.get_sheet_by_name(title)
            merged = [f"{address(*first)}:{address(*last)}" for first, last in sheet.merged_cell_ranges or []]
            yield title, sheet.to_python(skip_empty_area=False), merged
    except (CalamineError, ValueError, OSError) as error:
        raise _unreadable(file, type(error).__name__) from None
    except BaseException as error:
        # Its Rust side panics with an exception that is no Exception.
        if type(error).__name__ != "PanicException":
            raise
        raise _unreadable(file, "damaged") from None


def _unreadable(file: SourceFile, found: str) -> FileError:
    text, mend = "the workbook cannot be read", "open it in a spreadsheet and save it as .xlsx again"
    return FileError(Problem(text=text, place=file.name, found=found, mend=mend, code="file.workbook"))


def _layout(title: str, file: SourceFile, notes: Notes) -> Layout | None:
    name = "_".join(title.lower().split())
    if name in BY_NAME:
        return BY_NAME[name]
    if title.lower() == READ_ME:
        return None
    names = [each.name for each in LAYOUTS]
    close = nearest(name, names)
    place = f"{file.name}:{title}"
    if close is not None:
        notes.problems.append(
            Problem(
                text="this sheet is none of a framework's",
                place=place,
                found=title,
                allowed=", ".join(names),
                nearest=close,
                code="file.unknown-sheet",
            )
        )
    else:
        node = scalar("", place)
        notes.deviates(node, "", "this sheet is none of a framework's", "sheet", "left out", found=title)
    return None


def _records(rows: list[list[Any]], place: str, layout: Layout) -> Iterator[Record]:
    width = _width(rows)
    for index, row in enumerate(rows):
        cells = tuple(
            Cell(_value(value), f"{place}!{address(index, column)}")
            for column, value in enumerate(row[:width])
        )
        record = Record(f"{place}!{index + 1}", cells)
        if not record.is_blank or (index == 0 and layout.required):
            yield record


def _width(rows: list[list[Any]]) -> int:
    filled = [column + 1 for row in rows for column, value in enumerate(row) if value != ""]
    return min(max(filled, default=0), MOST_CELLS)


def _value(value: Any) -> object:
    return "" if value is None else value
