"""Delimited text: records of cells that know in which line they begin.

Not the csv module: that one tells neither the line where a quote opened nor
where a cell stands, and takes an unclosed quote for the rest of the file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count, repeat
from typing import NamedTuple

from talenthub.errors import FileError, Problem

MOST_RECORDS = 250_000
MOST_CELLS = 200
"""In one record."""
DELIMITERS = ",;\t|"

_QUOTED = re.compile(r'"((?:[^"]++|"")*+)"')
_UNQUOTED = re.compile(r'[^"\r\n]*+(?!")')
"""A line without a quote: it is cut at its delimiters."""
_BREAK = re.compile(r"\r\n|\r|\n")


class Cell(NamedTuple):
    """What one cell holds, and where; a large file has a million of them."""

    value: object
    """str; in a workbook also float, bool or a date."""
    within: str
    """Its place; with a column, the place of its row."""
    column: int = 0

    @property
    def place(self) -> str:
        """Return where it stands, as people find it."""
        return f"{self.within}:{self.column}" if self.column else self.within


@dataclass(frozen=True, slots=True)
class Record:
    """One row, however many lines it takes."""

    place: str
    cells: tuple[Cell, ...]

    @property
    def is_blank(self) -> bool:
        """Return whether nothing stands in it."""
        return all(isinstance(each.value, str) and not each.value.strip() for each in self.cells)


def parse(data: bytes, name: str) -> list[Record]:
    """Return the records of a CSV file; FileError if it cannot be told apart.

    Comma, semicolon, tab or bar: whichever the first line has most of.
    """
    text = decoded(data, name)
    if not text.strip():
        raise _fault(name, "the file is empty", "file.empty")
    return _Scanner(text, name, _delimiter(text)).records()


def decoded(data: bytes, name: str) -> str:
    """Return the text of UTF-8 bytes; FileError names the line that is not."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise _fault(f"{name}:1", "the file is UTF-16 text", "file.encoding", mend="save it as UTF-8")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        mend = "save it as UTF-8 (in a spreadsheet: CSV UTF-8)"
        raise _fault(f"{name}:{line}", "the file is not UTF-8 text", "file.encoding", mend=mend) from None
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise _fault(f"{name}:{line}", "the file holds a NUL character: it is no text", "file.nul")
    return text


def _delimiter(text: str) -> str:
    first = _BREAK.split(_QUOTED.sub("", text[:100_000]).lstrip("\r\n"), maxsplit=1)[0]
    return max(DELIMITERS, key=first.count)


class _Scanner:
    def __init__(self, text: str, name: str, delimiter: str) -> None:
        self.text = text
        self.name = name
        self.position = 0
        self.line = 1
        self._plain = re.compile(rf"[^{re.escape(delimiter)}\r\n]*")
        self._delimiter = delimiter

    def records(self) -> list[Record]:
        found: list[Record] = []
        while self.position < len(self.text):
            found.append(self._record())
            if len(found) > MOST_RECORDS:
                raise _fault(self._here(), "the file has too many rows", "file.rows")
        return [each for each in found if not each.is_blank]

    def _here(self) -> str:
        return f"{self.name}:{self.line}"

    def _record(self) -> Record:
        start = self._here()
        cells = tuple(self._cells(start))
        if found := _BREAK.match(self.text, self.position):
            self.position = found.end()
            self.line += 1
        return Record(start, cells)

    def _cells(self, start: str) -> Iterator[Cell]:
        line = _UNQUOTED.match(self.text, self.position)
        if line is not None:
            self.position = line.end()
            texts = line[0].split(self._delimiter, MOST_CELLS)
            if len(texts) > MOST_CELLS:
                raise _too_many(start)
            yield from map(Cell, texts, repeat(start), count(1))
            return
        for column in range(1, MOST_CELLS + 1):
            here = self._here()
            yield Cell(self._cell(f"{here}:{column}"), here, column)
            if not self.text.startswith(self._delimiter, self.position):
                return
            self.position += 1
        raise _too_many(self._here())

    def _cell(self, place: str) -> str:
        if not self.text.startswith('"', self.position):
            found = self._plain.match(self.text, self.position)
            assert found is not None
            self.position = found.end()
            return found[0]
        quoted = _QUOTED.match(self.text, self.position)
        if quoted is None:
            mend = 'close the quote that opens here; a quote inside of a text is written twice: ""'
            raise _fault(place, "a quote is never closed", "file.quote", mend=mend)
        self.position = quoted.end()
        self.line += len(_BREAK.findall(quoted[0]))
        after = self.text[self.position : self.position + 1]
        if after not in ("", "\r", "\n", self._delimiter):
            text = f"after the quoted text that begins here, line {self.line} goes on"
            mend = 'a quote inside of a text is written twice: ""'
            raise _fault(place, text, "file.quote", found=after, mend=mend)
        return quoted[1].replace('""', '"')


def _too_many(row: str) -> FileError:
    return _fault(f"{row}:{MOST_CELLS + 1}", "this row has too many cells", "file.cells")


def _fault(
    place: str, text: str, code: str, *, found: str | None = None, mend: str | None = None
) -> FileError:
    return FileError(Problem(text=text, place=place, found=found, mend=mend, code=code))
