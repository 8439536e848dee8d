"""Files that name cases: CSV, XLSX or standard input."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from talenthub.cli.casework import REF, no_reference, reference
from talenthub.errors import FileError, Problem, nearest
from talenthub.people.filecells import CellLine, read_cell_lines

REF_COLUMN = "ref"

LISTED = frozenset(
    [
        "ref",
        "state",
        "title",
        "since",
        "due",
        "about",
        "workflow",
        "subject",
        "parent",
        "opened_at",
        "closed_at",
        "outcome",
    ]
)
"""The columns of `talent list -o csv`; all of them together are a list, and no values of fields."""


@dataclass(frozen=True, slots=True)
class Line:
    """One case of a run, and the values its line carries."""

    ref: str
    values: Mapping[str, str]
    place: str
    """`file:line`, or the reference as typed."""
    places: Mapping[str, str] = field(default_factory=dict)
    """Where each value stands."""

    def place_of(self, column: str) -> str:
        """Return where a value stands: in a workbook, its cell."""
        return self.places.get(column, self.place)


def read_lines(name: str) -> list[Line]:
    """Return the cases that a file names, with its other columns.

    The file is CSV or XLSX with a column `ref`, or one reference a line; `-`
    is standard input. All that is wrong with it is told at once. Of what
    `talent list` printed, only columns that were added are values.
    """
    rows = read_cell_lines(Path(name))
    place = "standard input" if name == "-" else name
    if not rows:
        text, allowed = "the file names no case", "a column ref, or a reference a line"
        raise FileError(Problem(text=text, place=place, allowed=allowed, code="file.empty"))
    first = rows[0]
    if len(first.texts) == 1 and REF.fullmatch(first.texts[0]):
        return _checked([REF_COLUMN], rows)
    header = _header(first)
    if len(rows) == 1:
        text = "there is a header and nothing below it"
        raise FileError(Problem(text=text, place=place, code="file.empty"))
    return _checked(header, rows[1:])


def _header(line: CellLine) -> list[str]:
    names = [text.strip() for text in line.texts]
    if REF_COLUMN not in names:
        close = nearest(REF_COLUMN, names)
        found = ", ".join(names)[:80]
        raise FileError(
            Problem(
                text="there is no column ref",
                place=line.place(),
                found=found,
                nearest=close and REF_COLUMN,
                code="file.header",
            )
        )
    doubled = sorted({name for name in names if names.count(name) > 1})
    if doubled:
        text, found = "a column stands there twice", ", ".join(doubled)
        raise FileError(Problem(text=text, place=line.place(), found=found, code="file.header"))
    return names


def _checked(header: Sequence[str], body: Sequence[CellLine]) -> list[Line]:
    at = header.index(REF_COLUMN)
    beside = LISTED if set(header) >= LISTED else {REF_COLUMN}
    lines: list[Line] = []
    problems: list[Problem] = []
    seen: dict[str, int] = {}
    for cells in body:
        fault = _fault(cells, header, at, seen)
        if fault is not None:
            problems.append(fault)
            continue
        ref = reference(cells.texts[at])
        seen[ref] = cells.number
        named = {name: column for column, name in enumerate(header[: len(cells.texts)]) if name not in beside}
        values = {name: cells.texts[column] for name, column in named.items() if cells.texts[column]}
        places = {name: cells.place(named[name]) for name in values}
        lines.append(Line(ref, values, cells.place(at), places))
    if problems:
        raise FileError.of(problems)
    return lines


def _fault(cells: CellLine, header: Sequence[str], at: int, seen: Mapping[str, int]) -> Problem | None:
    """Return what is wrong with a line as such, or None."""
    many = len(cells.texts)
    if many != len(header) and (cells.page is None or many > len(header)):
        text = f"the line has {many} fields, the header {len(header)}"
        return Problem(text=text, place=cells.place(), code="file.ragged")
    word = cells.texts[at] if at < many else ""
    if REF.fullmatch(word) is None:
        wrong = no_reference(word)
        return Problem(
            text=wrong.text,
            place=cells.place(at),
            path=REF_COLUMN if len(header) > 1 else None,
            found=word,
            allowed=wrong.allowed,
            nearest=wrong.nearest,
            code=wrong.code,
        )
    ref = reference(word)
    if ref in seen:
        text = f"{ref} stands on line {seen[ref]} already"
        return Problem(text=text, place=cells.place(at), code="file.twice")
    return None
