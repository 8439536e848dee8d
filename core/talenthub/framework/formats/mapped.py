"""A framework in whatever file, read by a map that says where things stand.

The map is YAML. It fills our sheets (`sheet_layout`): for each it says where
the rows are and which field goes into which column. So any table or tree can
be imported without code, and what comes out is judged like a sheet of ours.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from talenthub.errors import FileError, Problem
from talenthub.framework.content import Document, Origin
from talenthub.framework.formats.delimited import Cell
from talenthub.framework.formats.fields import Fields, Notes
from talenthub.framework.formats.mapped_rows import Entry, entry_of, texts_at
from talenthub.framework.formats.mapped_source import records_root
from talenthub.framework.formats.nodes import Node, parse
from talenthub.framework.formats.sheet_layout import BY_NAME, HEAD_KEYS, LAYOUTS, Layout
from talenthub.framework.formats.sheet_reading import read_sheets
from talenthub.framework.formats.sheets import Sheet, SheetRow
from talenthub.framework.formats.sources import collect

NAME = "mapped"
HEAD = "framework"
DEFAULTS = {"version": "1", "rating_mode": "level", "checks": "lenient"}
_NAMED_ONCE = ("values", "scales", "competencies", "roles", "role_levels")
"""Sheets whose rows a table may repeat, word for word."""


def read_mapped(paths: Sequence[Path], map_path: Path) -> Document:
    """Return the framework that the map finds in the one file of `paths`.

    FileError holds all problems, of the map as of the file.
    """
    files = collect(list(paths))
    chart = collect([map_path])[0]
    if len(files) != 1:
        text, found = "a map reads one file", ", ".join(each.name for each in files[1:])
        raise FileError(Problem(text=text, place=files[0].name, found=found, code="map.one-file"))
    notes = Notes(chart.name)
    root, problems = parse(chart.data, chart.name)
    notes.problems += problems
    top = Fields(root, "", notes)
    if notes.problems:
        raise FileError.of(notes.problems)
    source = records_root(files[0], top.word("sheet"), top.whole("table", lowest=1), notes)
    entries = list(_entries(top))
    sheets = {HEAD: _head(top, source, notes)}
    top.finish()
    used: set[str] = set()
    for layout, entry in entries:
        sheets[layout.name] = _joined(sheets.get(layout.name), layout, entry, source, notes, used)
    if notes.problems:
        raise FileError.of(notes.problems)
    _unused(source, used, notes)
    document = read_sheets(sheets, notes)
    origin = Origin(NAME, tuple((each.name, each.digest) for each in (*files, chart)))
    return replace(document, origin=origin)


def _entries(top: Fields) -> Iterator[tuple[Layout, Entry]]:
    for layout in LAYOUTS:
        node = None if layout.name == HEAD else top.get(layout.name)
        if node is None:
            continue
        listed = node.value if isinstance(node.value, list) else [node]
        for index, each in enumerate(listed):
            at = f"{layout.name}[{index}]" if isinstance(node.value, list) else layout.name
            entry = entry_of(Fields(each, at, top.notes), BY_NAME[layout.name])
            if entry is not None:
                yield layout, entry


def _head(top: Fields, source: Node, notes: Notes) -> Sheet:
    head = top.fields(HEAD, required=True)
    rows = []
    told: set[str] = set()
    for key, key_node, node in head.entries() if head is not None else ():
        assert head is not None
        if key not in HEAD_KEYS:
            notes.unknown(key_node, head.at(key), "key", str(key), HEAD_KEYS)
            continue
        told.add(str(key))
        place = notes.place(node)
        cells = texts_at(node, source, head.at(key), notes)
        rows += [SheetRow(place, {"key": Cell(str(key), place), "value": cell}) for cell in cells]
    for key, word in DEFAULTS.items():
        if key not in told:
            rows.append(SheetRow(notes.name, {"key": Cell(key, notes.name), "value": Cell(word, notes.name)}))
    return Sheet(HEAD, notes.name, ("key", "value"), tuple(rows))


def _joined(
    before: Sheet | None, layout: Layout, entry: Entry, source: Node, notes: Notes, used: set[str]
) -> Sheet:
    rows = list(before.rows) if before is not None else []
    seen = {_content(row) for row in rows}
    for row in entry.rows(source, notes, used):
        content = _content(row)
        if layout.name not in _NAMED_ONCE or content not in seen:
            seen.add(content)
            rows.append(row)
    return Sheet(layout.name, notes.name, layout.names, tuple(rows))


def _content(row: SheetRow) -> tuple[tuple[str, str], ...]:
    return tuple((column, str(cell.value)) for column, cell in sorted(row.cells.items()))


def _unused(source: Node, used: set[str], notes: Notes) -> None:
    """Note the columns of a table that the map does not use."""
    rows = source.value.get("rows") if isinstance(source.value, dict) else None
    if rows is None or rows.place is None or not rows.value:
        return
    for column in rows.value[0].value:
        if str(column) not in used:
            text = "the map does not use this column"
            notes.deviates(rows, "", text, "column", "left out", found=str(column))
