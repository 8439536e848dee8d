"""Sheets as the tree of nodes that our YAML is read into.

So a cell is judged by the very same rules as a line of YAML, and every
problem bears the place of the cell.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from types import MappingProxyType
from typing import Any, cast

from talenthub.framework.formats.delimited import Cell
from talenthub.framework.formats.fields import Notes
from talenthub.framework.formats.nodes import Node
from talenthub.framework.formats.sheet_layout import BY_NAME, Column
from talenthub.framework.formats.sheets import Sheet, SheetRow

Sheets = Mapping[str, Sheet]

_WHOLE = re.compile(r"[-+]?[0-9]{1,18}")
_NUMBER = re.compile(r"[-+]?[0-9]{1,18}(\.[0-9]{1,18})?")
_NO_KEYS = cast("dict[Any, Node]", MappingProxyType({}))
"""What a scalar has: a large file has a million, and most of their time went into empty mappings."""

_YES = {"yes": True, "true": True, "y": True, "x": True, "1": True}
_NO = {"no": False, "false": False, "n": False, "0": False}


def scalar(value: Any, place: str, raw: str | None = None) -> Node:
    """Return a node that stands in a cell."""
    return Node(0, 0, value, str(value) if raw is None else raw, _NO_KEYS, place=place)


def mapping(place: str, entries: Mapping[Any, Node] | None = None) -> Node:
    """Return a mapping that stands in a row."""
    node = Node(0, 0, {}, place=place)
    for key, each in (entries or {}).items():
        put(node, key, each)
    return node


def put(parent: Node, key: Any, node: Node, place: str | None = None) -> None:
    """Add an entry to a mapping; its key stands at `place`, or at its own."""
    parent.value[key] = node
    parent.keys[key] = node if place is None else scalar(key, place)


def listing(place: str, entries: Iterable[Node]) -> Node:
    """Return a list that stands in a sheet."""
    return Node(0, 0, list(entries), place=place)


class Cells:
    """Makes nodes of the cells of one sheet."""

    def __init__(self, sheet: Sheet, notes: Notes) -> None:
        self.layout = BY_NAME[sheet.name]
        self.sheet = sheet
        self.notes = notes
        self._columns = {each.name: each for each in self.layout.columns}
        self._tagged = any(" [" in each for each in sheet.columns)

    def row(self, row: SheetRow, *names: str) -> Node:
        """Return the filled columns of a row (of all, or of `names`)."""
        wanted = [each for each in self.layout.columns if not names or each.name in names]
        found = {each.name: node for each in wanted if (node := self.node(row, each)) is not None}
        return mapping(row.place, found)

    def node(self, row: SheetRow, column: Column) -> Node | None:
        """Return what stands in a column of a row; None for nothing."""
        if column.kind == "text":
            return self._text(row, column)
        cell = row.cells.get(column.name)
        return None if cell is None else self._typed(cell, column)

    def column(self, row: SheetRow, name: str) -> Node | None:
        """Return what stands in the column of this name."""
        return self.node(row, self._columns[name])

    def code(self, row: SheetRow, name: str) -> str | None:
        """Return the code in a column; None for nothing."""
        node = self.column(row, name)
        return None if node is None else node.name

    def _text(self, row: SheetRow, column: Column) -> Node | None:
        plain = row.cells.get(column.name)
        if not self._tagged:
            return None if plain is None else self._written(plain)
        head = column.name + " ["
        tagged = {name[len(head) : -1]: cell for name, cell in row.cells.items() if name.startswith(head)}
        if not tagged:
            return None if plain is None else self._written(plain)
        first = next(iter(tagged.values()))
        if plain is not None:
            text = f"write this text without a language or with one: {column.name} is filled in too"
            self.notes.add(scalar("", first.place), "", text, "language", found=", ".join(tagged))
        return mapping(first.place, {tag: self._written(cell) for tag, cell in tagged.items()})

    def _written(self, cell: Cell) -> Node:
        if isinstance(cell.value, str):
            return scalar(cell.value, cell.place)
        if isinstance(cell.value, date | datetime):
            text, mend = "the cell holds a date, not a text", "format the cell as text and write it again"
            self.notes.add(scalar("", cell.place), "", text, "date", found=str(cell.value), mend=mend)
        return scalar(_number_as_written(cell.value), cell.place)

    def _typed(self, cell: Cell, column: Column) -> Node:
        text = (cell.value if isinstance(cell.value, str) else self._written(cell).raw).strip()
        if column.kind == "whole" and _WHOLE.fullmatch(text):
            return scalar(int(text), cell.place, text)
        if column.kind == "number":
            return self._number(cell, text)
        if column.kind == "flag":
            return self._flag(cell, text)
        if column.kind == "codes":
            listed = [each.strip() for each in text.split(",") if each.strip()]
            return listing(cell.place, [scalar(each, cell.place) for each in listed])
        return scalar(text, cell.place)

    def _number(self, cell: Cell, text: str) -> Node:
        if _NUMBER.fullmatch(text):
            return scalar(float(text), cell.place, text)
        if "," in text and _NUMBER.fullmatch(text.replace(",", ".")):
            mend = f"write a point: {text.replace(',', '.')}"
            self.notes.add(
                scalar("", cell.place), "", "this number has a comma", "decimal", found=text, mend=mend
            )
            return scalar(0, cell.place, "0")
        return scalar(text, cell.place)

    def _flag(self, cell: Cell, text: str) -> Node:
        words = _YES | _NO
        if text.casefold() in words:
            return scalar(words[text.casefold()], cell.place, text)
        self.notes.unknown(scalar("", cell.place), "", "answer", text, ("yes", "no"))
        return scalar(False, cell.place, text)


def _number_as_written(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    return str(value)
