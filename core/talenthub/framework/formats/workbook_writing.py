"""Writing the workbook: headers with notes, lists to choose from, no formulas."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from talenthub.errors import FileError, Problem
from talenthub.framework.formats.sheet_layout import LAYOUTS, READ_ME, Column
from talenthub.framework.formats.sheet_writing import WrittenSheet

PREPARED = 2_000
"""Rows below the header that offer their lists."""

_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_ABOUT = (
    "One sheet holds one kind of thing; a column's note (in its first cell) tells what belongs into it.",
    "Bold columns must be filled. Ids never change later: they tell that it is the same thing.",
    "A text in several languages stands in columns of its own: name [en], name [fr].",
    "Read it with: talent framework check FILE, then talent framework import FILE.",
)


def workbook_of(sheets: Sequence[WrittenSheet], terms: Sequence[str] = ()) -> bytes:
    """Return a workbook with these sheets, and one that explains them."""
    from xlsxwriter import Workbook  # type: ignore[import-untyped]

    stream = io.BytesIO()
    book = Workbook(stream, _OPTIONS)
    # The same framework gives the same bytes: no clock in the file.
    book.set_properties({"created": _NO_DAY})
    writer = _Writer(book)
    for each in sheets:
        writer.sheet(each)
    writer.read_me(terms)
    book.close()
    return stream.getvalue()


_NO_DAY = datetime(2000, 1, 1)


class _Writer:
    def __init__(self, book: Any) -> None:
        self.book = book
        self.plain = book.add_format({"valign": "top", "text_wrap": True, "num_format": "@"})
        self.number = book.add_format({"valign": "top"})
        self.head = book.add_format({"bg_color": "#E7EEF2", "bottom": 1, "valign": "top"})
        self.needed = book.add_format({"bg_color": "#E7EEF2", "bottom": 1, "valign": "top", "bold": True})

    def sheet(self, sheet: WrittenSheet) -> None:
        """Write one sheet: header, notes, cells, lists."""
        page = self.book.add_worksheet(sheet.layout.name)
        page.freeze_panes(1, 0)
        by_name = {each.name: each for each in sheet.layout.columns}
        for index, title in enumerate(sheet.columns):
            column = by_name[title.split(" [")[0]]
            self._column(page, index, title, column)
        for row, cells in enumerate(sheet.rows, start=1):
            for index, value in enumerate(cells):
                self._cell(page, row, index, value)
        if sheet.rows:
            page.autofilter(0, 0, len(sheet.rows), len(sheet.columns) - 1)

    def _column(self, page: Any, index: int, title: str, column: Column) -> None:
        page.set_column(index, index, column.width, self.number if column.kind == "whole" else self.plain)
        page.write_string(0, index, title, self.needed if column.required else self.head)
        page.write_comment(0, index, column.note, {"x_scale": 1.4, "y_scale": 0.6})
        rule = _rule(column)
        if rule is not None:
            page.data_validation(1, index, PREPARED, index, rule)

    def _cell(self, page: Any, row: int, index: int, value: str | int) -> None:
        if isinstance(value, int):
            page.write_number(row, index, value, self.number)
        elif value and page.write_string(row, index, value, self.plain):
            problem = Problem(
                text="a workbook cannot hold a text as long as this",
                place=f"{page.name}, row {row + 1}",
                found=f"{len(value):,} characters",
                mend="export it as yaml or csv",
                code="file.too-long",
            )
            raise FileError(problem)

    def read_me(self, terms: Sequence[str]) -> None:
        """Write the sheet that explains the others."""
        page = self.book.add_worksheet(READ_ME)
        page.set_column(0, 0, 18, self.plain)
        page.set_column(1, 1, 100, self.plain)
        row = 0
        for line in (*_ABOUT, *terms):
            page.write_string(row, 1, line, self.plain)
            row += 1
        for layout in LAYOUTS:
            row += 1
            page.write_string(row, 0, layout.name, self.needed if layout.required else self.head)
            page.write_string(row, 1, layout.note, self.plain)


def _rule(column: Column) -> dict[str, Any] | None:
    if column.choices:
        title, message = "Not in the list", f"Choose one of: {', '.join(column.choices)}"[:255]
        return {
            "validate": "list",
            "source": list(column.choices),
            "error_title": title,
            "error_message": message,
        }
    if column.refers_to:
        # Other words are warned of, not barred: the list may grow later.
        return {
            "validate": "list",
            "source": f"={column.refers_to}!$A$2:$A${PREPARED}",
            "error_type": "warning",
            "error_title": "Not in the list",
            "error_message": f"No line of the sheet {column.refers_to} has this id.",
        }
    if column.kind == "whole":
        return {
            "validate": "integer",
            "criteria": ">=",
            "value": 0,
            "error_title": "A whole number",
            "error_message": column.note[:255],
        }
    return None
