"""A copy of a faulty file, in which every fault stands where it is.

People mend in the copy and import that: its extra column is passed over.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from talenthub.errors import Problem
from talenthub.people.filerows import PROBLEMS, ImportFaults, Table
from talenthub.sheets.reading import Value, column_letters
from talenthub.sheets.writing import Page, write_workbook

_CELL = re.compile(r"([A-Z]{1,3})(\d{1,7})")


def write_copies(faults: ImportFaults) -> tuple[Path, ...]:
    """Write a copy of each file whose rows have faults; return the copies.

    Never over a file that is there: `people.errors.xlsx`, else numbered.
    """
    written = []
    for path in dict.fromkeys(each.path for each in faults.tables):
        tables = [each for each in faults.tables if each.path == path]
        marked = [_marked(each, faults.problems) for each in tables]
        if any(each.sentences for each in marked):
            copy = _copy_name(path)
            _write(copy, _workbook(marked) if tables[0].page is not None else _csv(marked[0]), path)
            written.append(copy)
    return tuple(written)


@dataclass(slots=True)
class _Marked:
    """A table, with sentences by row and by cell (row of records, column)."""

    table: Table
    sentences: dict[int, list[str]] = field(default_factory=dict)
    cells: dict[tuple[int, int], list[str]] = field(default_factory=dict)


def sentence(problem: Problem) -> str:
    """Return a problem as it is told beside its row, without the place."""
    return str(replace(problem, place=None))


def _marked(table: Table, problems: Iterable[Problem]) -> _Marked:
    made = _Marked(table)
    rows = {number: index for index, (number, _cells) in enumerate(table.records)}
    header = [str(each).strip().casefold().replace(" ", "_") for each in table.records[0][1]]
    letters = {column_letters(column): column for column in range(len(header) + 1)}
    for problem in problems:
        row, column = _where(table, problem, header, letters)
        if row not in rows:
            continue
        made.sentences.setdefault(rows[row], []).append(sentence(problem))
        if column is not None:
            made.cells.setdefault((rows[row], column), []).append(sentence(problem))
    return made


def _where(
    table: Table, problem: Problem, header: Sequence[str], letters: dict[str, int]
) -> tuple[int, int | None]:
    """Return the line or row number of a problem, and its column from 0."""
    prefix = f"{table.path}:" if table.page is None else f"{table.path} {table.page}!"
    if not (problem.place or "").startswith(prefix):
        return 0, None
    rest = (problem.place or "")[len(prefix) :]
    column = header.index(problem.path) if problem.path in header else None
    if table.page is None:
        return (int(rest) if rest.isdecimal() else 0), column
    found = _CELL.fullmatch(rest)
    return (int(found[2]), letters.get(found[1]) if column is None else column) if found else (0, None)


def _kept(table: Table) -> tuple[list[list[Value]], list[str]]:
    """Return the rows without a former column of problems, and the header."""
    records = [list(cells) for _number, cells in table.records]
    header = [str(each) for each in records[0]]
    while header and not header[-1].strip():
        header.pop()
    if header and header[-1].strip().casefold() == PROBLEMS:
        header.pop()
        records = [[*cells[: len(header)], *cells[len(header) + 1 :]] for cells in records]
    width = max(len(header), *(len(cells) for cells in records))
    return records, header + [""] * (width - len(header))


def _csv(marked: _Marked) -> bytes:
    records, header = _kept(marked.table)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n", delimiter=marked.table.delimiter)
    for index, cells in enumerate(records):
        told = PROBLEMS if index == 0 else " | ".join(marked.sentences.get(index, ()))
        if index == 0 and index in marked.sentences:
            told = PROBLEMS + ": " + " | ".join(marked.sentences[index])
        writer.writerow([*cells, *[""] * (len(header) - len(cells)), told])
    return text.getvalue().encode("utf-8-sig")


def _workbook(marked: Sequence[_Marked]) -> bytes:
    pages = []
    for each in marked:
        records, header = _kept(each.table)
        rows: list[list[Value | None]] = [
            [*cells, *[None] * (len(header) - len(cells)), " | ".join(each.sentences.get(index, ()))]
            for index, cells in enumerate(records)
        ]
        faults = {(row - 1, column): "\n".join(told) for (row, column), told in each.cells.items() if row}
        notes = {
            header[column]: "\n".join(told)
            for (row, column), told in each.cells.items()
            if not row and column < len(header)
        }
        name, columns = each.table.page or "People", [*header, PROBLEMS]
        pages.append(Page(name, columns, rows[1:], notes, faults=faults, red=(PROBLEMS,)))
    return write_workbook(pages)


def _copy_name(path: Path) -> Path:
    stem = re.sub(r"\.errors(-\d+)?$", "", path.stem)
    number, copy = 1, path.with_name(f"{stem}.errors{path.suffix}")
    while copy.exists():
        number += 1
        copy = path.with_name(f"{stem}.errors-{number}{path.suffix}")
    return copy


def _write(copy: Path, data: bytes, path: Path) -> None:
    # People stand in it: whoever may not read the file may not read the copy.
    copy.touch(mode=0o600, exist_ok=False)
    copy.write_bytes(data)
    copy.chmod(path.stat().st_mode & 0o666)
