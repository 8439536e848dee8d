"""What is inside a workbook, looked at before anything reads it.

A workbook is a zip file: it can unpack to more than the machine holds, and
one cell far down makes readers lay out every cell above it.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator

from talenthub.errors import FileError, Problem
from talenthub.framework.formats.sources import SourceFile

LARGEST = 80_000_000
"""Bytes, unpacked and all together."""
MOST_PARTS = 500
MOST_ROWS = 200_000
"""The indicators of 5,000 competencies with seven levels are 105,000."""
MOST_COLUMNS = 200
MOST_CELLS = 10_000_000
"""Rows times columns: readers lay out every one of them."""

_CELL = re.compile(rb"""<(?:\w+:)?c\s[^>]*?\br=["']([A-Z]{1,3})([0-9]{1,7})["']""")
_ROW = re.compile(rb"""<(?:\w+:)?row\s[^>]*?\br=["']([0-9]{1,7})["']""")
_FORMULA = re.compile(rb"""<(?:\w+:)?c\s[^>]*?\br=["']([A-Z]{1,3}[0-9]{1,7})["'][^>]*>\s*<(?:\w+:)?f[\s>/]""")
_SHEET = re.compile(rb"""<(?:\w+:)?sheet\s([^>]*)/?>""")
_ATTRIBUTE = re.compile(rb"""([\w:]+)=["']([^"']*)["']""")
_RELATION = re.compile(rb"""<(?:\w+:)?Relationship\s([^>]*)/?>""")
MOST_NAMED = 20
"""Formulas named one by one; more of them are counted."""


def inspect(file: SourceFile) -> list[Problem]:
    """Return what makes a workbook unfit to be read; FileError if it is none."""
    parts = _unpacked(file)
    if "xl/workbook.xml" not in parts:
        raise _fault(file, "the file is no .xlsx workbook", "file.workbook", "save it as .xlsx")
    titles = _titles(parts)
    problems: list[Problem] = []
    for name, data in parts.items():
        if name.startswith("xl/worksheets/") and name.endswith(".xml"):
            place = f"{file.name}:{titles.get(name, name.rsplit('/', 1)[-1])}"
            _check_size(place, data)
            problems += _formulas(place, data)
    return problems


def _unpacked(file: SourceFile) -> dict[str, bytes]:
    if file.data.startswith(b"\xd0\xcf\x11\xe0"):
        text = "the workbook is protected by a password, or older than .xlsx"
        raise _fault(file, text, "file.password", "save it as .xlsx, without a password")
    parts: dict[str, bytes] = {}
    left = LARGEST
    try:
        with zipfile.ZipFile(io.BytesIO(file.data)) as packed:
            members = packed.infolist()
            if len(members) > MOST_PARTS:
                raise _fault(file, "the workbook has too many parts", "file.zip", None)
            for each in members:
                with packed.open(each) as stream:
                    # What the file says of its own size may be a lie: count.
                    data = stream.read(left + 1)
                left -= len(data)
                if left < 0:
                    text = f"the workbook unpacks to more than {LARGEST:,} bytes"
                    raise _fault(file, text, "file.zip", None)
                parts[each.filename] = data
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError) as error:
        if isinstance(error, RuntimeError) and "password" in str(error):
            raise _fault(
                file, "the file is encrypted", "file.password", "save it without a password"
            ) from None
        text, mend = "the workbook is damaged, or no workbook", "save it as .xlsx again"
        raise _fault(file, text, "file.workbook", mend) from None
    except (ValueError, LookupError):
        raise _fault(file, "the workbook is damaged", "file.workbook", "save it as .xlsx again") from None
    return parts


def _titles(parts: dict[str, bytes]) -> dict[str, str]:
    """Return the part of each sheet and the title people gave it."""
    targets = {}
    for found in _RELATION.finditer(parts.get("xl/_rels/workbook.xml.rels", b"")):
        entry = dict(_ATTRIBUTE.findall(found[1]))
        targets[entry.get(b"Id", b"")] = entry.get(b"Target", b"").decode("utf-8", "replace").lstrip("/")
    titles = {}
    for found in _SHEET.finditer(parts["xl/workbook.xml"]):
        entry = dict(_ATTRIBUTE.findall(found[1]))
        target = targets.get(entry.get(b"r:id", b""), "")
        path = target if target.startswith("xl/") else f"xl/{target}"
        titles[path] = entry.get(b"name", b"").decode("utf-8", "replace")
    return titles


def _check_size(place: str, data: bytes) -> None:
    rows = max((int(each) for each in _ROW.findall(data)), default=0)
    widest = 0
    for column, row in _CELL.findall(data):
        rows, widest = max(rows, int(row)), max(widest, _number(column))
    if rows > MOST_ROWS or widest > MOST_COLUMNS or rows * widest > MOST_CELLS:
        raise FileError(
            Problem(
                text="the sheet is too large",
                place=place,
                found=f"{rows:,} rows, {widest:,} columns",
                allowed=f"{MOST_ROWS:,} rows, {MOST_COLUMNS:,} columns, {MOST_CELLS:,} cells",
                mend="delete what lies outside of the table",
                code="file.too-long",
            )
        )


def _number(letters: bytes) -> int:
    number = 0
    for each in letters:
        number = number * 26 + each - 64
    return number


def _formulas(place: str, data: bytes) -> Iterator[Problem]:
    found = [each.decode() for each in _FORMULA.findall(data)]
    mend = "paste its value in its place"
    for each in found[:MOST_NAMED]:
        yield Problem(
            text="this cell holds a formula", place=f"{place}!{each}", mend=mend, code="file.formula"
        )
    if len(found) > MOST_NAMED:
        text = f"and {len(found) - MOST_NAMED} more formulas"
        yield Problem(text=text, place=place, mend=mend, code="file.formula")


def _fault(file: SourceFile, text: str, code: str, mend: str | None) -> FileError:
    return FileError(Problem(text=text, place=file.name, mend=mend, code=code))
