"""Writing a workbook: plain values, lists to choose from, faults in red.

Text stays text whatever it begins with: nothing becomes a formula or link.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from talenthub.sheets.reading import Value, column_letters

LISTS = "Lists"
"""The hidden sheet that holds what may be chosen."""
LAST_CHOICE_ROW = 20_000
"""How far down a list is offered."""

_NARROWEST, _WIDEST = 10, 40
_PLAIN = {
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "in_memory": True,
}


@dataclass(frozen=True, slots=True)
class Page:
    """One sheet to be written: a header and the rows under it."""

    name: str
    header: Sequence[str]
    rows: Sequence[Sequence[Value | None]] = ()
    notes: Mapping[str, str] = field(default_factory=dict)
    """What a column is for, shown as a comment on its header."""
    choices: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """What may be chosen in a column; other words are allowed, with a warning."""
    faults: Mapping[tuple[int, int], str] = field(default_factory=dict)
    """Sentences for cells, by row below the header and column, from 0."""
    red: Sequence[str] = ()
    """Columns whose text is red."""


def write_workbook(pages: Sequence[Page]) -> bytes:
    """Return an XLSX file with these sheets."""
    from xlsxwriter import Workbook  # type: ignore[import-untyped]

    stream = io.BytesIO()
    book = Workbook(stream, _PLAIN)
    writer = _Writer(book)
    for page in pages:
        writer.write(page)
    writer.write_lists()
    book.close()
    return stream.getvalue()


class _Writer:
    def __init__(self, book: Any) -> None:
        self.book = book
        self.bold = book.add_format({"bold": True, "bg_color": "#E8EEF4", "bottom": 1})
        self.day = book.add_format({"num_format": "yyyy-mm-dd"})
        self.moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        self.red = book.add_format({"font_color": "#C00000"})
        self.fault = book.add_format({"bg_color": "#FFC7CE", "font_color": "#9C0006"})
        self.fault_day = book.add_format({"bg_color": "#FFC7CE", "num_format": "yyyy-mm-dd"})
        self.lists: list[tuple[str, ...]] = []

    def write(self, page: Page) -> None:
        sheet = self.book.add_worksheet(page.name)
        sheet.freeze_panes(1, 1)
        for column, title in enumerate(page.header):
            sheet.write_string(0, column, title, self.bold)
            sheet.set_column(column, column, self._width(page, column))
            if title in page.notes:
                sheet.write_comment(0, column, page.notes[title], {"x_scale": 2})
            if page.choices.get(title):
                self._offer(sheet, column, page.choices[title])
        reds = {page.header.index(each) for each in page.red}
        for row, values in enumerate(page.rows):
            for column, value in enumerate(values):
                fault = page.faults.get((row, column))
                if (value is not None and value != "") or fault is not None:
                    form = self.fault if fault is not None else self.red if column in reds else None
                    self._cell(sheet, row + 1, column, value, form)
                if fault is not None:
                    sheet.write_comment(row + 1, column, fault, {"x_scale": 2})

    def _cell(self, sheet: Any, row: int, column: int, value: Value | None, form: Any) -> None:
        if value is None or value == "":
            sheet.write_blank(row, column, None, form)
        elif isinstance(value, str):
            sheet.write_string(row, column, value[:32_000], form)
        elif isinstance(value, bool):
            sheet.write_boolean(row, column, value, form)
        elif isinstance(value, date):
            plain = self.moment if isinstance(value, datetime) else self.day
            sheet.write_datetime(row, column, value, plain if form is None else self.fault_day)
        elif isinstance(value, int | float):
            sheet.write_number(row, column, value, form)
        else:
            sheet.write_string(row, column, str(value), form)

    def _offer(self, sheet: Any, column: int, words: Sequence[str]) -> None:
        kept = tuple(words)
        if kept not in self.lists:
            self.lists.append(kept)
        letters = column_letters(self.lists.index(kept))
        rule = {
            "validate": "list",
            "source": f"={LISTS}!${letters}$1:${letters}${len(kept)}",
            "error_type": "warning",
            "error_title": "Not in the list",
            "error_message": "This is none of the words known so far. Keep it?",
        }
        sheet.data_validation(1, column, LAST_CHOICE_ROW, column, rule)

    def write_lists(self) -> None:
        if not self.lists:
            return
        sheet = self.book.add_worksheet(LISTS)
        sheet.hide()
        for column, words in enumerate(self.lists):
            sheet.write_column(0, column, words)

    @staticmethod
    def _width(page: Page, column: int) -> int:
        shown = [len(str(row[column])) for row in page.rows[:200] if column < len(row)]
        return max(_NARROWEST, min(_WIDEST, max([len(page.header[column]), *shown]) + 2))
