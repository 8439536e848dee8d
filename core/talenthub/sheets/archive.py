"""The outside of a workbook: is it one, and is it safe to open?

An XLSX file is a ZIP archive of XML. What could exhaust the machine is
found before the archive is handed to the reader: parts that unpack to
gigabytes, and a single cell so far away that the sheet between would be.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from xml.etree import ElementTree

from talenthub.errors import FileError, Problem

LARGEST_UNPACKED = 200_000_000
MOST_PARTS = 2_000
MOST_ROWS = 200_000
MOST_COLUMNS = 300
MOST_CELLS = 6_000_000
"""Rows times columns of one sheet."""

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_FILLED_CELL = re.compile(rb"<(?:\w+:)?c\s[^>]*?\br\s*=\s*[\"']([A-Za-z]{1,3})(\d{1,7})[\"'](?:[^>]*[^>/])?>")
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_DAMAGED = (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, ValueError, OSError)


def unpacked(data: bytes, name: str) -> dict[str, bytes]:
    """Return the parts of the workbook in `data`; FileError says why not."""
    _refuse_other_kinds(data, name)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _refuse_bombs(archive, name)
            parts = {each.filename: archive.read(each) for each in archive.infolist()}
    except _DAMAGED as error:
        raise broken(name) from error
    if "xl/vbaProject.bin" in parts:
        raise _fault(name, "the workbook holds macros", "workbook.macros", "save it as .xlsx, without macros")
    if "xl/workbook.xml" not in parts:
        mend = "save it as Excel workbook (.xlsx)"
        raise _fault(name, "the file is another kind of archive, not a workbook", "workbook.kind", mend)
    for part in parts.values():
        _refuse_far_cells(part, name)
    return parts


def broken(name: str) -> FileError:
    """Return the error of a workbook that cannot be read."""
    mend = "open it in a spreadsheet, and save it anew as .xlsx"
    return _fault(name, "the workbook is damaged or cut off", "workbook.damaged", mend)


def sheet_parts(parts: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the XML of each sheet by the sheet's name, as far as known."""
    try:
        targets = {each.get("Id"): each.get("Target", "") for each in _elements(parts, _RELATIONS)}
        named = [each for each in _elements(parts, "xl/workbook.xml") if each.tag.endswith("}sheet")]
    except (ElementTree.ParseError, LookupError, ValueError):  # the last two: its encoding is none
        return {}
    found = {each.get("name", ""): _part_name(targets.get(each.get(_RELATION), "")) for each in named}
    return {name: parts[part] for name, part in found.items() if part in parts}


_RELATIONS = "xl/_rels/workbook.xml.rels"


def _elements(parts: Mapping[str, bytes], part: str) -> Iterator[ElementTree.Element]:
    return ElementTree.fromstring(parts.get(part, b"<none/>")).iter()


def _part_name(target: str) -> str:
    return target.removeprefix("/") if target.startswith("/") else f"xl/{target}"


def _refuse_other_kinds(data: bytes, name: str) -> None:
    if not data:
        raise _fault(name, "the file is empty", "workbook.empty", None)
    if data.startswith(_OLE):
        text = "the workbook is of the old .xls kind"
        if _ENCRYPTED in data:
            text = "the workbook is protected by a password"
        raise _fault(name, text, "workbook.locked", "save it as .xlsx, without a password")
    if not data.startswith(_ZIP):
        mend = "save it as Excel workbook (.xlsx); a text file ends in .csv"
        raise _fault(name, "the file is no workbook, whatever its name says", "workbook.kind", mend)


def _refuse_bombs(archive: zipfile.ZipFile, name: str) -> None:
    # Reading stops at the size that is declared, and a wrong one fails the checksum.
    members = archive.infolist()
    if len(members) > MOST_PARTS or sum(each.file_size for each in members) > LARGEST_UNPACKED:
        mend = "save only the filled cells: copy them to a new workbook"
        raise _fault(name, "the workbook unpacks to more than is sensible", "workbook.large", mend)
    if len({each.filename.lower() for each in members}) != len(members):
        raise broken(name)


def _refuse_far_cells(part: bytes, name: str) -> None:
    rows = columns = 0
    for found in _FILLED_CELL.finditer(part):
        row = int(found[2])
        if row > rows:
            rows = row
        column = _number(found[1])
        if column > columns:
            columns = column
        if rows > MOST_ROWS or columns > MOST_COLUMNS or rows * columns > MOST_CELLS:
            where = (found[1] + found[2]).decode().upper()
            problem = Problem(
                text="the sheet is too large",
                place=name,
                found=f"something in {where}",
                allowed=f"{MOST_ROWS:,} rows and {MOST_COLUMNS} columns, {MOST_CELLS:,} cells",
                mend="clear what stands far from the table",
                code="workbook.large",
            )
            raise FileError(problem)


def _number(letters: bytes) -> int:
    number = 0
    for each in letters.upper():
        number = number * 26 + each - 64
    return number


def _fault(name: str, text: str, code: str, mend: str | None) -> FileError:
    return FileError(Problem(text=text, place=name, mend=mend, code=code))
