"""Entries of a map: which records become rows, and what fills their cells."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from talenthub.framework.formats.delimited import Cell
from talenthub.framework.formats.fields import Fields, Notes
from talenthub.framework.formats.naming import slug
from talenthub.framework.formats.nodes import Node
from talenthub.framework.formats.sheet_layout import Layout
from talenthub.framework.formats.sheets import SheetRow

Step = tuple[Any, Node]
"""A key (None in a list) and what stands there."""
Chain = tuple[Step, ...]
"""A record and all that it stands in, the record last."""

_TRANSLATED = re.compile(r"(.+?) \[[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*\]")
_OWN = ("each", "where", "rows")
MOST_ROWS = 200_000


@dataclass(slots=True)
class Spec:
    """What fills one column."""

    node: Node
    path: str | None = None
    constant: str | None = None
    words: Mapping[str, str] = field(default_factory=dict)
    split: str | None = None
    above: str | None = None
    slug: bool = False
    met: bool = False
    """Whether any record had the field."""


@dataclass(slots=True)
class Entry:
    """One way in which rows of a sheet are found."""

    fields: Fields
    each: str
    where: tuple[str, ...]
    columns: dict[str, Spec]
    literal: tuple[Node, ...] = ()

    def rows(self, source: Node, notes: Notes, used: set[str]) -> Iterator[SheetRow]:
        """Return the rows; what the map says in vain goes to `notes`."""
        yield from (_literal(each, notes) for each in self.literal)
        if not self.columns:
            return
        chains = list(_chains(source, self.each))
        if not chains:
            self._empty(source, notes)
        last: dict[str, Chain] = {}
        used |= set(self.where)
        for chain in chains:
            if all(_filled(chain, each) for each in self.where):
                yield from self._rows(chain, last, notes)
            for column in {each.above for each in self.columns.values() if each.above}:
                if _filled(chain, column):
                    last[column] = chain
        for spec in self.columns.values():
            used |= {each for each in (spec.above, spec.path) if each}
            if chains and spec.path is not None and not spec.met:
                known = _keys(chains[0])
                notes.unknown(spec.node, self.fields.path, "field", spec.path, known)

    def _empty(self, source: Node, notes: Notes) -> None:
        """Note that no row came of it: a fault, unless only the last step is missing."""
        text, at = "nothing stands there in the file", self.fields.at("each")
        above, _, last = self.each.rpartition(".")
        if above and last and any(_chains(source, above)):
            notes.deviates(self.fields.node, at, text, "map-empty", "no rows", found=self.each)
        else:
            notes.add(self.fields.node, at, text, "map-empty", found=self.each)

    def _rows(self, chain: Chain, last: Mapping[str, Chain], notes: Notes) -> Iterator[SheetRow]:
        place = _place(chain[-1][1], notes)
        single: dict[str, Cell] = {}
        several: dict[str, list[Cell]] = {}
        for column, spec in self.columns.items():
            cells = list(_cells(spec, chain, last, place))
            if len(cells) > 1 or spec.split is not None:
                several[column] = cells
            elif cells:
                single[column] = cells[0]
            elif _is_list(spec, chain):
                several[column] = []
        count = max(map(len, several.values()), default=1)
        for index in range(count):
            more = {column: cells[index] for column, cells in several.items() if index < len(cells)}
            row = single | more
            ordered = {column: row[column] for column in self.columns if column in row}
            if ordered:
                yield SheetRow(place, ordered)


def entry_of(fields: Fields, layout: Layout) -> Entry | None:
    """Return one entry of the map; its faults go to its notes."""
    if not isinstance(fields.node.value, dict):
        return None
    where = fields.get("where")
    listed = [] if where is None else where.value if isinstance(where.value, list) else [where]
    literal = tuple(each.node for each in fields.records("rows"))
    each = fields.word("each") or ""
    columns: dict[str, Spec] = {}
    for key, key_node, node in fields.entries():
        plain = _TRANSLATED.fullmatch(str(key))
        known = key in layout.names or (plain is not None and plain[1] in layout.translated)
        if key in _OWN:
            continue
        if not known:
            fields.notes.unknown(key_node, fields.at(key), "column", str(key), (*layout.names, *_OWN))
            continue
        columns[str(key)] = _spec(node, fields.at(key), fields.notes)
    for node in literal:
        for key, key_node in node.keys.items():
            if key not in layout.names:
                fields.notes.unknown(key_node, fields.at("rows"), "column", str(key), layout.names)
    return Entry(fields, each, tuple(each.raw for each in listed), columns, literal)


def texts_at(node: Node, source: Node, path: str, notes: Notes) -> list[Cell]:
    """Return what a key of the head is filled with: a word, or a field."""
    place = notes.place(node)
    if not isinstance(node.value, dict):
        return [Cell(node.raw, place)]
    spec = _spec(node, path, notes)
    cells = list(_cells(spec, ((None, source),), {}, place))
    if not cells and spec.path is not None:
        notes.unknown(node, path, "field", spec.path, _keys(((None, source),)))
    return cells[:1]


def _spec(node: Node, path: str, notes: Notes) -> Spec:
    if not isinstance(node.value, dict):
        if node.value is None or isinstance(node.value, list):
            notes.wants(node, path, "a field's name, or a mapping with `of` or `is`")
        return Spec(node, path=node.raw)
    fields = Fields(node, path, notes)
    constant, of = fields.word("is"), fields.word("of")
    words = {}
    told = fields.fields("words")
    for key, _, each in told.entries() if told is not None else ():
        words[str(key)] = each.raw
    made = Spec(node, of, constant, words, None, fields.word("above"), fields.flag("slug", default=False))
    split = fields.get("split")
    made.split = None if split is None else split.raw
    fields.finish()
    if (constant is None) == (of is None):
        notes.add(node, path, "this says either `of` or `is`", "map-value", mend="of: FIELD, or is: WORD")
    return made


def _cells(spec: Spec, chain: Chain, last: Mapping[str, Chain], place: str) -> Iterator[Cell]:
    if spec.constant is not None:
        yield Cell(spec.constant, place)
        return
    looked = last.get(spec.above, ()) if spec.above else chain
    found = _at(looked, spec.path or "") if looked else None
    spec.met = spec.met or found is not None or (bool(spec.above) and not looked)
    for node in _flat(found):
        written = node.raw if node.raw else "" if node.value is None else str(node.value)
        for part in [written] if spec.split is None else written.split(spec.split):
            text = part if spec.split is None else part.strip()
            text = spec.words.get(text.strip(), text)
            if text.strip():
                yield Cell(slug(text) if spec.slug else text, node.place or place)


def _flat(node: Node | None) -> list[Node]:
    if node is None:
        return []
    listed = node.value if isinstance(node.value, list) else [node]
    return [each for each in listed if not isinstance(each.value, list | dict)]


def _is_list(spec: Spec, chain: Chain) -> bool:
    found = _at(chain, spec.path) if spec.path else None
    return found is not None and isinstance(found.value, list)


def _chains(source: Node, path: str) -> Iterator[Chain]:
    """Return the records at a path; lists on the way are gone through."""
    steps = path.split(".") if path else []
    if not steps and isinstance(source.value, dict) and set(source.value) == {"rows"}:
        steps = ["rows"]
    waiting: list[tuple[Chain, int]] = [(((None, source),), 0)]
    count = 0
    while waiting:
        chain, at = waiting.pop()
        node = chain[-1][1]
        if isinstance(node.value, list):
            waiting += [((*chain, (None, each)), at) for each in reversed(node.value)]
        elif at == len(steps):
            count += 1
            if count <= MOST_ROWS and node.value is not None:
                yield chain
        elif isinstance(node.value, dict):
            waiting += [((*chain, step), at + 1) for step in reversed(_below(node, steps[at]))]


def _below(node: Node, step: str) -> list[Step]:
    if step == "*":
        return list(node.value.items())
    return [(key, each) for key, each in node.value.items() if str(key) == step]


def _at(chain: Chain, path: str) -> Node | None:
    """Return the field at a path: of the record, else of what it stands in."""
    if path == ".":
        return chain[-1][1]
    if path == "@key":
        keys = [(key, node) for key, node in chain if key is not None]
        return Node(0, 0, str(keys[-1][0]), str(keys[-1][0])) if keys else None
    for _, node in reversed(chain):
        found = _inside(node, path)
        if found is not None:
            return found
    return None


def _inside(node: Node, path: str) -> Node | None:
    if isinstance(node.value, dict) and path in node.value:
        found: Node = node.value[path]
        return found
    for step in path.split("."):
        below = _below(node, step) if isinstance(node.value, dict) else []
        if len(below) != 1:
            return None
        node = below[0][1]
    return node


def _filled(chain: Chain, path: str) -> bool:
    found = _inside(chain[-1][1], path)
    if found is None or found.value is None:
        return False
    return bool(found.value) if isinstance(found.value, list | dict) else bool(str(found.value).strip())


def _keys(chain: Chain) -> list[str]:
    return [str(key) for _, node in reversed(chain) if isinstance(node.value, dict) for key in node.value]


def _place(node: Node, notes: Notes) -> str:
    return node.place if node.place is not None else notes.place(node)


def _literal(node: Node, notes: Notes) -> SheetRow:
    place = notes.place(node)
    cells = {
        str(key): Cell(each.raw, notes.place(each))
        for key, each in node.value.items()
        if not isinstance(each.value, list | dict) and each.value is not None
    }
    return SheetRow(place, cells)
