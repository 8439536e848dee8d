"""Sheets: rows under a header, whose cells are asked for by their column."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from talenthub.errors import Problem, nearest
from talenthub.framework.formats.delimited import Cell, Record

_LANGUAGE = re.compile(r"(.+?)\s*\[([A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*)\]")


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row: its place, and its filled cells by column."""

    place: str
    cells: Mapping[str, Cell]

    def text(self, column: str) -> str:
        """Return what stands in a column, as written; "" for nothing."""
        cell = self.cells.get(column)
        return cell.value if cell is not None and isinstance(cell.value, str) else ""

    def place_of(self, column: str) -> str:
        """Return the place of a cell; where it is empty, of the row."""
        cell = self.cells.get(column)
        return self.place if cell is None else cell.place


@dataclass(frozen=True, slots=True)
class Sheet:
    """A header and the rows under it."""

    name: str
    place: str
    columns: tuple[str, ...]
    rows: tuple[SheetRow, ...]


def sheet_of(
    name: str,
    place: str,
    records: Sequence[Record],
    known: Sequence[str],
    problems: list[Problem],
    *,
    required: Sequence[str] = (),
    translated: Sequence[str] = (),
    open_ended: bool = False,
) -> Sheet:
    """Return records as a sheet; what is wrong with them goes to `problems`.

    Columns of `translated` may stand once per language: `name [fr]`. An
    open-ended sheet may have columns that are not `known`.
    """
    if not records:
        problems.append(Problem(text="the sheet has no header", place=place, code="file.no-header"))
        return Sheet(name, place, (), ())
    header = _Header(known, tuple(translated), open_ended, problems)
    columns = header.read(records[0])
    missing = [each for each in required if each not in columns]
    for each in missing:
        text = f"the column {each!r} is missing"
        others = [found for found in columns if found is not None]
        problems.append(
            Problem(
                text=text,
                place=records[0].place,
                allowed=", ".join(known),
                nearest=nearest(each, [found for found in others if found not in known]),
                code="file.missing-column",
            )
        )
    rows = tuple(_rows(_without_header(records, problems), columns, problems))
    return Sheet(name, place, tuple(each for each in columns if each is not None), rows)


@dataclass(frozen=True, slots=True)
class _Header:
    known: Sequence[str]
    translated: tuple[str, ...]
    open_ended: bool
    problems: list[Problem]

    def read(self, record: Record) -> list[str | None]:
        columns: list[str | None] = []
        for cell in record.cells:
            column = self._column(cell)
            if column is not None and column in columns:
                self._note(cell, "this column stands twice", "file.duplicate-column")
                column = None
            columns.append(column)
        return columns

    def _column(self, cell: Cell) -> str | None:
        title = str(cell.value).strip()
        if not title:
            return None
        plain = {_folded(each): each for each in self.known}
        if (known := plain.get(_folded(title))) is not None:
            return known
        found = _LANGUAGE.fullmatch(title)
        if found is not None and (column := plain.get(_folded(found[1]))) in self.translated:
            return f"{column} [{found[2]}]"
        if self.open_ended:
            return title
        allowed, close = ", ".join(self.known), nearest(title, self.known)
        self._note(cell, "unknown column", "file.unknown-column", allowed=allowed, near=close)
        return None

    def _note(
        self, cell: Cell, text: str, code: str, *, allowed: str | None = None, near: str | None = None
    ) -> None:
        found = str(cell.value)[:80]
        problem = Problem(text=text, place=cell.place, found=found, allowed=allowed, nearest=near, code=code)
        self.problems.append(problem)


def _without_header(records: Sequence[Record], problems: list[Problem]) -> Iterator[Record]:
    """Yield what stands under the header, which may not come again."""
    titles = [each.value for each in records[0].cells]
    for record in records[1:]:
        is_like = record.cells[0].value == titles[0] and len(titles) > 1
        if is_like and [each.value for each in record.cells] == titles:
            text, mend = "the header stands here again", "delete this line"
            problems.append(Problem(text=text, place=record.place, mend=mend, code="file.header-twice"))
        else:
            yield record


def _rows(
    records: Iterable[Record], columns: Sequence[str | None], problems: list[Problem]
) -> Iterator[SheetRow]:
    for record in records:
        if len(record.cells) != len(columns):
            text = "this row has another number of cells than the header"
            found, allowed = str(len(record.cells)), str(len(columns))
            mend = "put a text with the delimiter in it between quotes"
            problem = Problem(
                text=text, place=record.place, found=found, allowed=allowed, mend=mend, code="file.ragged"
            )
            problems.append(problem)
            continue
        filled: dict[str, Cell] = {}
        for column, cell in zip(columns, record.cells, strict=True):
            if isinstance(cell.value, str) and (not cell.value or cell.value.isspace()):
                continue
            if column is not None:
                filled[column] = cell
            else:
                text = "this cell stands under no column that is known"
                found = str(cell.value)[:80]
                problems.append(Problem(text=text, place=cell.place, found=found, code="file.outside"))
        yield SheetRow(record.place, filled)


def _folded(text: str) -> str:
    return " ".join(text.replace("_", " ").split()).casefold()
