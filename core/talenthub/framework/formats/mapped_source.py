"""The file that a map reads: a tree, or a table as a tree of its rows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from talenthub.errors import FileError, Problem, nearest
from talenthub.framework.formats.delimited import Cell, Record, decoded
from talenthub.framework.formats.delimited import parse as parse_table
from talenthub.framework.formats.fields import Notes
from talenthub.framework.formats.json_nodes import parse_json
from talenthub.framework.formats.nodes import Node, parse
from talenthub.framework.formats.sheet_nodes import listing, mapping, put, scalar
from talenthub.framework.formats.sources import SourceFile
from talenthub.framework.formats.workbook import opened_records
from talenthub.framework.formats.workbook_parts import inspect

_RULE = re.compile(r"\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*")
_BAR = re.compile(r"(?<!\\)\|")
SUFFIXES = (".yaml", ".yml", ".json", ".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".md", ".markdown")


def records_root(file: SourceFile, sheet: str | None, table: int | None, notes: Notes) -> Node:
    """Return the tree of a file; a table is a list under the key `rows`."""
    if file.suffix in (".yaml", ".yml", ".json"):
        reader = parse_json if file.suffix == ".json" else parse
        root, problems = reader(file.data, file.name)
        notes.problems += problems
        _place(root, file.name)
        return root
    if file.suffix in (".xlsx", ".xlsm"):
        return _tree(file.name, _sheet_records(file, sheet, notes), notes)
    if file.suffix in (".md", ".markdown"):
        return _tree(file.name, _page_records(file, table or 1), notes)
    if file.suffix in SUFFIXES:
        return _tree(file.name, parse_table(file.data, file.name), notes)
    allowed, close = ", ".join(SUFFIXES), nearest(file.suffix, SUFFIXES)
    text = "no map reads a file of this kind"
    raise FileError(
        Problem(
            text=text,
            place=file.name,
            found=file.suffix or file.path.name,
            allowed=allowed,
            nearest=close,
            code="map.kind",
        )
    )


def _place(root: Node, name: str) -> None:
    """Have every node say in which file it stands: the notes are the map's."""
    waiting, seen = [root], set()
    while waiting:
        node = waiting.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        node.place = f"{name}:{node.line}:{node.column}"
        if isinstance(node.value, dict):
            waiting += node.value.values()
        elif isinstance(node.value, list):
            waiting += node.value


def _tree(name: str, records: Sequence[Record], notes: Notes) -> Node:
    if not records:
        text = "there is no table in the file"
        raise FileError(Problem(text=text, place=name, code="map.no-table"))
    header = [str(cell.value).strip() for cell in records[0].cells]
    twice = next((each for each in header if each and header.count(each) > 1), None)
    if twice is not None:
        notes.problems.append(
            Problem(
                text="this column stands twice",
                place=records[0].place,
                found=twice,
                code="file.duplicate-column",
            )
        )
    rows = listing(name, [_row(each, header, notes) for each in records[1:]])
    return mapping(name, {"rows": rows})


def _row(record: Record, header: Sequence[str], notes: Notes) -> Node:
    row = mapping(record.place)
    if len(record.cells) > len(header):
        text = "this row has more cells than the header"
        found, allowed = str(len(record.cells)), str(len(header))
        notes.problems.append(
            Problem(text=text, place=record.place, found=found, allowed=allowed, code="file.ragged")
        )
    for column, cell in zip(header, record.cells, strict=False):
        if column:
            put(row, column, scalar(_written(cell.value), cell.place))
    return row


def _written(value: object) -> str:
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value)


def _sheet_records(file: SourceFile, sheet: str | None, notes: Notes) -> list[Record]:
    problems = inspect(file)
    if problems:
        raise FileError.of(problems)
    found = dict(opened_records(file))
    if sheet is not None and sheet not in found:
        notes.unknown(scalar(sheet, file.name), "", "sheet", sheet, found)
        raise FileError.of(notes.problems)
    return found[sheet] if sheet is not None else next(iter(found.values()), [])


def _page_records(file: SourceFile, wanted: int) -> list[Record]:
    tables = list(_tables(decoded(file.data, file.name).splitlines(), file.name))
    if wanted > len(tables):
        text, found = "the page has no such table", str(wanted)
        allowed = f"1 to {len(tables)}" if tables else "none exist"
        raise FileError(
            Problem(text=text, place=file.name, found=found, allowed=allowed, code="map.no-table")
        )
    return tables[wanted - 1]


def _tables(lines: Sequence[str], name: str) -> Iterator[list[Record]]:
    """Return the tables of a Markdown page: a header, a rule and rows."""
    at = 0
    while at + 1 < len(lines):
        if "|" not in lines[at] or not _RULE.fullmatch(lines[at + 1]) or "-" not in lines[at + 1]:
            at += 1
            continue
        records = [_record(lines[at], at + 1, name)]
        at += 2
        while at < len(lines) and "|" in lines[at] and lines[at].strip():
            records.append(_record(lines[at], at + 1, name))
            at += 1
        yield records


def _record(line: str, number: int, name: str) -> Record:
    inner = line.strip().removeprefix("|")
    inner = inner[:-1] if inner.endswith("|") and not inner.endswith("\\|") else inner
    place = f"{name}:{number}"
    written = [part.strip().replace("\\|", "|").replace("<br>", "\n") for part in _BAR.split(inner)]
    return Record(place, tuple(Cell(text, f"{place}:{at}") for at, text in enumerate(written, start=1)))
