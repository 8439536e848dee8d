"""Files that `talent do` reads: a form as JSON, references as CSV."""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from talenthub.cli.casework import REF, no_reference, reference
from talenthub.errors import FileError, Problem, nearest

LARGEST = 64 * 1024 * 1024
"""Bytes of a file; a larger one is not what was meant."""

REF_COLUMN = "ref"


@dataclass(frozen=True, slots=True)
class Line:
    """One case of a run, and the values its line carries."""

    ref: str
    values: Mapping[str, str]
    place: str
    """`file:line`, or the reference as typed."""


def read_form(name: str) -> dict[str, Any]:
    """Return the JSON object in a file, or on standard input for `-`."""
    text = _text(name)
    try:
        value = json.loads(text, object_pairs_hook=_once, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        place = f"{name}:{error.lineno}:{error.colno}"
        raise FileError(
            Problem(text=f"this is no JSON: {error.msg}", place=place, code="file.json")
        ) from None
    except (ValueError, RecursionError) as error:
        said = "it is nested too deeply" if isinstance(error, RecursionError) else str(error)
        raise FileError(Problem(text=said, place=name, code="file.json")) from None
    if not isinstance(value, dict):
        found = type(value).__name__
        raise FileError(
            Problem(
                text="a form is a JSON object",
                place=name,
                found=found,
                allowed='{"field": "value"}',
                code="file.json",
            )
        )
    return value


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise ValueError(f"the field {key!r} stands there twice")
        found[key] = value
    return found


def _no_constant(word: str) -> Any:
    raise ValueError(f"{word} is no number")


def read_lines(name: str) -> list[Line]:
    """Return the cases that a file names, with the columns of their forms.

    The file is a CSV with a column `ref`, or one reference a line. All that
    is wrong with it is told at once.
    """
    place = "standard input" if name == "-" else name
    rows = _rows(_text(name), place)
    if not rows:
        raise FileError(
            Problem(
                text="the file names no case",
                place=place,
                allowed="a column ref, or a reference a line",
                code="file.empty",
            )
        )
    first = rows[0][1]
    if len(first) == 1 and REF.fullmatch(first[0].strip()):
        header, body = [REF_COLUMN], rows
    else:
        header, body = _header(first, f"{place}:{rows[0][0]}"), rows[1:]
    return _checked(header, body, place)


def _checked(header: Sequence[str], body: Sequence[tuple[int, list[str]]], place: str) -> list[Line]:
    lines: list[Line] = []
    problems: list[Problem] = []
    seen: dict[str, int] = {}
    for number, cells in body:
        here = f"{place}:{number}"
        if len(cells) != len(header):
            text = f"the line has {len(cells)} fields, the header {len(header)}"
            problems.append(Problem(text=text, place=here, code="file.ragged"))
            continue
        values = {name: cell.strip() for name, cell in zip(header, cells, strict=True)}
        word = values.pop(REF_COLUMN)
        if REF.fullmatch(word) is None:
            wrong = no_reference(word)
            problems.append(
                Problem(
                    text=wrong.text,
                    place=here,
                    found=word,
                    allowed=wrong.allowed,
                    nearest=wrong.nearest,
                    code=wrong.code,
                )
            )
            continue
        ref = reference(word)
        if ref in seen:
            problems.append(
                Problem(text=f"{ref} stands on line {seen[ref]} already", place=here, code="file.twice")
            )
        seen.setdefault(ref, number)
        lines.append(Line(ref, {key: cell for key, cell in values.items() if cell}, here))
    if not problems and not lines:
        problems.append(
            Problem(text="there is a header and nothing below it", place=place, code="file.empty")
        )
    if problems:
        raise FileError.of(problems)
    return lines


def _header(cells: Sequence[str], place: str) -> list[str]:
    names = [cell.strip() for cell in cells]
    if REF_COLUMN not in names:
        close = nearest(REF_COLUMN, names)
        found = ", ".join(names)[:80]
        raise FileError(
            Problem(
                text="there is no column ref",
                place=place,
                found=found,
                nearest=close and REF_COLUMN,
                code="file.header",
            )
        )
    doubled = sorted({name for name in names if names.count(name) > 1})
    if doubled:
        raise FileError(
            Problem(
                text="a column stands there twice", place=place, found=", ".join(doubled), code="file.header"
            )
        )
    return names


def _rows(text: str, place: str) -> list[tuple[int, list[str]]]:
    first = text.partition("\n")[0]
    mark = max((",", ";", "\t"), key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True)
    try:
        return list(_numbered(reader))
    except csv.Error as error:
        where = f"{place}:{reader.line_num}"
        raise FileError(Problem(text=f"this is no CSV: {error}", place=where, code="file.csv")) from None


def _numbered(reader: Any) -> Iterator[tuple[int, list[str]]]:
    start = 1
    for cells in reader:
        if any(cell.strip() for cell in cells):
            yield start, cells
        start = reader.line_num + 1


def _text(name: str) -> str:
    raw = _bytes(name)
    place = "standard input" if name == "-" else name
    if len(raw) > LARGEST:
        raise FileError(
            Problem(text="the file is too large", place=place, found=f"{len(raw):,} bytes", code="file.large")
        )
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise FileError(
            Problem(text="this is not UTF-8 text", place=f"{place}:{line}", code="file.encoding")
        ) from None
    if "\0" in text:
        line = text[: text.index("\0")].count("\n") + 1
        raise FileError(
            Problem(text="there is a NUL in the text", place=f"{place}:{line}", code="file.encoding")
        )
    return text


def _bytes(name: str) -> bytes:
    if name != "-":
        return Path(name).read_bytes()
    if sys.stdin is None or sys.stdin.closed:
        raise FileError(Problem(text="standard input is closed", place="-", code="file.closed"))
    return sys.stdin.buffer.read(LARGEST + 1)
