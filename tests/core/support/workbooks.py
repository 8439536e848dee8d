"""Workbooks for tests, also such as nobody should send."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime

import xlsxwriter


def book(*lines: list[object], name: str = "People", hide: bool = False, date_1904: bool = False) -> bytes:
    """Return a workbook of one sheet; a text that begins with == is a formula."""
    stream = io.BytesIO()
    made = xlsxwriter.Workbook(
        stream, {"in_memory": True, "strings_to_formulas": False, "date_1904": date_1904}
    )
    sheet = made.add_worksheet(name)
    if hide:
        made.add_worksheet("Other").activate()
        sheet.hide()
    day, moment = made.add_format({"num_format": "yyyy-mm-dd"}), made.add_format({"num_format": "dd hh:mm"})
    for row, cells in enumerate(lines):
        for column, cell in enumerate(cells):
            if isinstance(cell, str) and cell.startswith("=="):
                sheet.write_formula(row, column, cell[1:], value="x")
            elif isinstance(cell, date):
                sheet.write_datetime(row, column, cell, moment if isinstance(cell, datetime) else day)
            elif cell is not None:
                sheet.write(row, column, cell)
    made.close()
    return stream.getvalue()


def with_part(data: bytes, name: str, content: bytes) -> bytes:
    """Return an archive with one part more."""
    stream = io.BytesIO(data)
    with zipfile.ZipFile(stream, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return stream.getvalue()
