"""From sheets to a document: rows are put where our YAML has them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from talenthub.errors import FileError
from talenthub.framework.content import Document
from talenthub.framework.formats.fields import Notes
from talenthub.framework.formats.nodes import Node
from talenthub.framework.formats.sheet_layout import LAYOUTS
from talenthub.framework.formats.sheet_nodes import Cells, Sheets, listing, mapping, put, scalar
from talenthub.framework.formats.sheet_roles import put_own_words, read_roles
from talenthub.framework.formats.sheets import Sheet, SheetRow
from talenthub.framework.formats.yaml import document_of
from talenthub.framework.formats.yaml_head import DEFAULT_SCALE

_ORGANISATION = "organisation_"


def read_sheets(sheets: Sheets, notes: Notes) -> Document:
    """Return the document in the sheets; FileError holds all problems."""
    for layout in LAYOUTS:
        if layout.required and layout.name not in sheets:
            text = f"the sheet {layout.name!r} is missing"
            found = ", ".join(sheets) or "none"
            notes.add(scalar("", notes.name), "", text, "missing-sheet", found=found)
    if notes.problems:
        raise FileError.of(notes.problems)
    return document_of(_Reader(sheets, notes).root(), notes)


@dataclass(slots=True)
class _Reader:
    sheets: Sheets
    notes: Notes
    _cells: dict[str, Cells] = field(default_factory=dict)

    def root(self) -> Node:
        root = mapping(self.notes.name)
        put(root, "framework", self._head())
        self._values(root)
        self._scales(root)
        competencies = self._competencies()
        roles, own = read_roles(self._open("roles"), self._open("role_levels"), self._open("requirements"))
        self._words(competencies, own)
        put(root, "competencies", listing(self._place("competencies"), competencies.values()))
        if roles:
            put(root, "roles", listing(self._place("roles"), roles))
        self._questions(root)
        self._pointers(root)
        self._learning(root)
        self._weights(root)
        return root

    def _open(self, name: str) -> Cells:
        if name not in self._cells:
            sheet = self.sheets.get(name) or Sheet(name, self.notes.name, (), ())
            self._cells[name] = Cells(sheet, self.notes)
        return self._cells[name]

    def _rows(self, name: str) -> Iterator[tuple[Cells, SheetRow]]:
        cells = self._open(name)
        return ((cells, row) for row in cells.sheet.rows)

    def _place(self, name: str) -> str:
        return self._open(name).sheet.place

    def _head(self) -> Node:
        head, organisation = mapping(self._place("framework")), mapping(self._place("framework"))
        for cells, row in self._rows("framework"):
            key, value = cells.code(row, "key"), cells.column(row, "value")
            if key is None or value is None:
                continue
            key = "_".join(key.lower().split())
            into = organisation if key.startswith(_ORGANISATION) else head
            name = key.removeprefix(_ORGANISATION)
            if name in into.value:
                self.notes.add(scalar("", row.place), "", "this key stands twice", "clash", found=key)
            if name == "headcount" and value.name is not None and value.name.strip().isdecimal():
                value = scalar(int(value.name), value.place or "")
            put(into, name, value, row.place_of("key"))
        if organisation.value:
            put(head, "organisation", organisation)
        rating = [cells.row(row) for cells, row in self._rows("rating")]
        if rating:
            put(head, "rating_scale", listing(self._place("rating"), rating))
        return head

    def _values(self, root: Node) -> None:
        rows = [cells.row(row) for cells, row in self._rows("values")]
        if rows:
            put(root, "values", listing(self._place("values"), rows))

    def _scales(self, root: Node) -> None:
        scales: dict[str, Node] = {}
        for cells, row in self._rows("scales"):
            node = cells.row(row)
            # A second row of one id goes on to the reader, which tells of it.
            scales[_free(cells.code(row, "id") or "", scales)] = node
        default: list[Node] = []
        for cells, row in self._rows("levels"):
            code = cells.code(row, "scale") or DEFAULT_SCALE
            level = cells.row(row, "id", "key", "name", "summary")
            if code == DEFAULT_SCALE and code not in scales:
                default.append(level)
                continue
            if code not in scales:
                scales[code] = mapping(row.place, {"id": scalar(code, row.place_of("scale"))})
            if "levels" not in scales[code].value:
                put(scales[code], "levels", listing(row.place, []))
            scales[code].value["levels"].value.append(level)
        if default:
            put(root, "levels", listing(self._place("levels"), default))
        if scales:
            put(root, "scales", listing(self._place("levels"), scales.values()))

    def _competencies(self) -> dict[str, Node]:
        found: dict[str, Node] = {}
        for cells, row in self._rows("competencies"):
            found[_free(cells.code(row, "id") or "", found)] = cells.row(row)
        return found

    def _words(self, competencies: dict[str, Node], own: dict[tuple[str, str | None], Node]) -> None:
        known: dict[tuple[object, ...], Node] = {}
        for name in ("descriptors", "indicators"):
            for cells, row in self._rows(name):
                # Rows of the same words are many: where they go is found once.
                key = tuple([each.value if each else None for each in map(row.cells.get, _WHERE)])
                cell = known.get(key)
                if cell is None:
                    before = len(self.notes.problems)
                    cell = self._cell_of(cells, row, competencies, own)
                    if cell is None:
                        continue
                    if len(self.notes.problems) == before:
                        known[key] = cell
                if name == "descriptors":
                    self._descriptor(cells, row, cell)
                else:
                    self._indicator(cells, row, cell)

    def _cell_of(
        self,
        cells: Cells,
        row: SheetRow,
        competencies: dict[str, Node],
        own: dict[tuple[str, str | None], Node],
    ) -> Node | None:
        """Return the mapping of the words that a row belongs to."""
        competency, role = cells.column(row, "competency"), cells.column(row, "role")
        if competency is None or competency.name is None:
            self._missing(row, "competency")
            return None
        if role is not None:
            return put_own_words(cells, row, competency, role, own)
        if competency.name not in competencies:
            self.notes.unknown(competency, "", "competency", competency.name, competencies)
            return None
        level = cells.column(row, "level")
        if level is None:
            self._missing(row, "level")
            return None
        levels = _under(competencies[competency.name], "levels", row.place)
        return _under(levels, level.value, level.place or row.place)

    def _descriptor(self, cells: Cells, row: SheetRow, cell: Node) -> None:
        if "" in cell.keys:
            first = cell.keys[""].place
            text = f"these words stand twice, first at {first}"
            self.notes.add(scalar("", row.place), "", text, "clash", found=cells.code(row, "competency"))
            return
        cell.keys[""] = scalar("", row.place)
        text_node = cells.column(row, "descriptor")
        if text_node is not None:
            put(cell, "descriptor", text_node)

    def _indicator(self, cells: Cells, row: SheetRow, cell: Node) -> None:
        text = cells.column(row, "text")
        if text is None:
            self._missing(row, "text")
            return
        kind = row.cells.get("kind")
        word = "shows" if kind is None else str(kind.value).strip()
        if word not in _KINDS:
            self.notes.unknown(scalar("", row.place_of("kind")), "", "kind", word, _KINDS)
            return
        key = _KINDS[word]
        if key not in cell.value:
            put(cell, key, listing(row.place, []))
        cell.value[key].value.append(text)

    def _missing(self, row: SheetRow, column: str) -> None:
        text = f"{column!r} is missing"
        mend = f"fill in the column {column}"
        self.notes.add(scalar("", row.place), "", text, "missing", mend=mend)

    def _questions(self, root: Node) -> None:
        asked = mapping(self._place("questions"))
        for cells, row in self._rows("questions"):
            competency, kind, text = (cells.column(row, each) for each in ("competency", "kind", "text"))
            for column, node in (("competency", competency), ("kind", kind), ("text", text)):
                if node is None:
                    self._missing(row, column)
            if competency is not None and kind is not None and text is not None:
                kinds = _under(asked, competency.value, competency.place or "")
                if kind.value not in kinds.value:
                    put(kinds, kind.value, listing(row.place, []), kind.place)
                kinds.value[kind.value].value.append(text)
        if asked.value:
            put(root, "interview_questions", asked)

    def _pointers(self, root: Node) -> None:
        rows = [cells.row(row) for cells, row in self._rows("pointers")]
        if rows:
            put(root, "pointers", listing(self._place("pointers"), rows))

    def _learning(self, root: Node) -> None:
        rows = []
        for cells, row in self._rows("learning"):
            node = cells.row(row, "id", "competency", "kind", "hours", "heat", "in_flow", "title")
            ends = [cells.column(row, each) for each in ("lowest", "highest")]
            found = [each for each in ends if each is not None]
            if found:
                put(node, "levels", listing(row.place_of("lowest"), found))
            rows.append(node)
        if rows:
            put(root, "learning_catalogue", listing(self._place("learning"), rows))

    def _weights(self, root: Node) -> None:
        weights = mapping(self._place("weights"))
        for cells, row in self._rows("weights"):
            competency, weight = cells.column(row, "competency"), cells.column(row, "weight")
            if competency is None or weight is None:
                self._missing(row, "competency" if competency is None else "weight")
            elif competency.value in weights.value:
                text = "this competency has a weight already"
                self.notes.add(competency, "", text, "clash", found=competency.raw)
            else:
                put(weights, competency.value, weight, competency.place)
        if weights.value:
            put(root, "strategy_weights", weights)


_KINDS = {"shows": "indicators", "watch_for": "watch_for"}
_WHERE = ("competency", "level", "role", "role_level")


def _under(parent: Node, key: object, place: str) -> Node:
    """Return the mapping under a key, made where there is none."""
    if key not in parent.value:
        put(parent, key, mapping(place), place)
    found: Node = parent.value[key]
    return found


def _free(code: str, taken: dict[str, Node]) -> str:
    while code in taken:
        code += " "
    return code
