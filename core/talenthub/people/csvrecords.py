"""Reading CSV as offices write it: records, and faults with their line."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path

from talenthub.errors import Problem
from talenthub.people.filerows import Problems, plain_cell

DELIMITERS = ",;\t|"
FORMULA_SIGNS = ("=", "+", "-", "@")

_SEPARATOR_LINE = re.compile(r"sep=(.)\r?\n")


def csv_records(
    path: Path, raw: bytes, problems: Problems, *, may_run_on: bool = False
) -> tuple[str, list[tuple[int, list[str]]]]:
    """Return the delimiter and the filled records with their first lines.

    `may_run_on` allows cells of several lines, as reasons and notes are.
    """
    if raw.startswith(b"PK\x03\x04"):
        mend = "name it .xlsx, or save it as CSV UTF-8"
        note(problems, path, None, "this is a workbook and no CSV, whatever its name says", "kind", mend=mend)
        return ",", []
    text = _decoded(path, raw, problems)
    if text is None:
        return ",", []
    told = _SEPARATOR_LINE.match(text)
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = told[1] if told is not None and told[1] in DELIMITERS else max(DELIMITERS, key=first.count)
    records = list(_records(path, text, delimiter, problems, may_run_on=may_run_on))
    return delimiter, records[1:] if told is not None else records


def csv_cell(text: str) -> tuple[str, str | None]:
    """Return what a cell says, and what is wrong with it.

    `'=x` is the text `=x`: an export writes it so that no spreadsheet
    calculates it.
    """
    plain = plain_cell(text)
    if plain.startswith("'") and (plain[1:].startswith(FORMULA_SIGNS) or plain.startswith("''")):
        return plain[1:], None
    if plain.startswith(FORMULA_SIGNS) and plain != "-":
        return plain, "the cell begins like a formula"
    return plain, None


def harmless(text: str) -> str:
    """Return the cell of a CSV that says `text` and that nothing calculates."""
    begins = text.startswith(FORMULA_SIGNS) and text != "-"
    quoted = text.startswith("'") and (text.startswith("''") or text[1:].startswith(FORMULA_SIGNS))
    return f"'{text}" if begins or quoted else text


def _decoded(path: Path, raw: bytes, problems: Problems) -> str | None:
    mend = "save it as CSV UTF-8"
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        note(problems, path, 1, "the file is UTF-16", "encoding", mend=mend)
        return None
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        found = f"byte {raw[error.start]:#04x}"
        note(problems, path, line, "the file is not UTF-8", "encoding", found=found, mend=mend)
        return None
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        note(problems, path, line, "the file holds a zero byte", "encoding", mend=mend)
        return None
    return text


def _records(
    path: Path, text: str, delimiter: str, problems: Problems, *, may_run_on: bool
) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    while True:
        start = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            if "field limit" in str(error):
                note(problems, path, start, "a cell is far too long", "quote", mend="is a quote missing?")
            else:
                mend = 'close it, and write a quote inside a cell as ""'
                note(problems, path, start, "a quote is open or misplaced here", "quote", mend=mend)
            return
        if reader.line_num > start and not may_run_on:
            said = f"a cell runs over lines {start} to {reader.line_num}"
            note(problems, path, start, said, "quote", mend="is a closing quote missing?")
        elif any(cell.strip() for cell in cells):
            yield start, cells


def note(
    problems: Problems,
    path: Path,
    line: int | None,
    text: str,
    code: str,
    *,
    found: str | None = None,
    allowed: str | None = None,
    mend: str | None = None,
) -> None:
    """Note a problem of a whole file, or of one of its lines."""
    place = str(path) if line is None else f"{path}:{line}"
    problems.add(
        Problem(text=text, place=place, found=found, allowed=allowed, mend=mend, code=f"import.{code}")
    )
