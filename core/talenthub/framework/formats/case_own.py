"""Packages of CASE that we wrote: the extension, filled with native words.

The extension says what CASE has no place for. Names, texts, the tree,
descriptors and indicators come from the items and rubrics themselves, so
that a change made to them elsewhere is read.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from talenthub.errors import FileError
from talenthub.framework.content import Document
from talenthub.framework.formats.case_items import Association, Item, read_associations, read_items
from talenthub.framework.formats.case_parts import (
    CHILD,
    EXTENSION,
    INDICATOR,
    NOTES_HEAD,
    WARNING,
    identifier,
)
from talenthub.framework.formats.fields import Fields
from talenthub.framework.formats.json_nodes import parse_json
from talenthub.framework.formats.nodes import Node
from talenthub.framework.formats.outline import said
from talenthub.framework.formats.sheet_nodes import listing, mapping, put, scalar
from talenthub.framework.formats.yaml import document_of

Words = dict[tuple[str, int], Node | None]
"""Item and level to the words; None where there are only indicators."""


def has_extension(top: Fields) -> bool:
    """Return whether the package was written by us."""
    return _extension(top) is not None


def read_own(top: Fields) -> Document:
    """Return the framework in a package of ours; FileError holds all problems."""
    shell = _extension(top)
    assert shell is not None
    document = top.fields("CFDocument", required=True)
    _title(shell, document)
    _Merger(top, shell).merge()
    return document_of(shell, top.notes)


def _extension(top: Fields) -> Node | None:
    document = top.get("CFDocument")
    if document is None or not isinstance(document.value, dict):
        return None
    extensions, notes = document.value.get("extensions"), document.value.get("notes")
    if extensions is not None and isinstance(extensions.value, dict) and EXTENSION in extensions.value:
        found: Node = extensions.value[EXTENSION]
        return found if isinstance(found.value, dict) else None
    if notes is not None and notes.name is not None and notes.name.startswith(NOTES_HEAD):
        place = f"{top.notes.name}:{notes.line} notes"
        root, problems = parse_json(notes.name.removeprefix(NOTES_HEAD).encode("utf-8", "replace"), place)
        if problems:
            raise FileError.of(problems)
        return root if isinstance(root.value, dict) else None
    return None


def _title(shell: Node, document: Fields | None) -> None:
    head = shell.value.get("framework")
    title = None if document is None else document.get("title")
    if head is not None and isinstance(head.value, dict) and title is not None:
        put(head, "name", _merged(title, head.value.get("name"), _language(shell)))


def _language(shell: Node) -> str:
    head = shell.value.get("framework")
    node = head.value.get("language") if head is not None and isinstance(head.value, dict) else None
    return (node and node.name) or "en"


def _merged(native: Node, kept: Node | None, language: str) -> Node:
    """Return the native text, with the other languages that were kept."""
    if kept is None or not isinstance(kept.value, dict):
        return native
    put(kept, language, native)
    return kept


@dataclass(slots=True)
class _Merger:
    top: Fields
    shell: Node

    def merge(self) -> None:
        items = {each.identifier: each for each in read_items(self.top)}
        parents = [
            each for each in read_associations(self.top) if each.type == CHILD and each.origin in items
        ]
        above = {each.origin: each.target for each in parents}
        own = {id_: each for id_, each in items.items() if _type(each) not in (INDICATOR, WARNING)}
        shells = self._shells()
        texts = self._texts()
        shown = self._indicators(items, parents)
        listed = [each for each in own.values() if each.scheme in shells]
        at = {code: place for place, code in enumerate(shells)}
        merged = [
            self._competency(
                shells[each.scheme or ""], each, own.get(above.get(each.identifier, "")), texts, shown
            )
            for each in sorted(listed, key=lambda each: at[each.scheme or ""])
        ]
        merged += [self._added(each) for each in own.values() if each.scheme not in shells]
        put(self.shell, "competencies", listing(self.top.notes.name, merged))

    def _shells(self) -> dict[str, Node]:
        node = self.shell.value.get("competencies")
        nodes = node.value if node is not None and isinstance(node.value, list) else []
        named = [each for each in nodes if isinstance(each.value, dict) and "id" in each.value]
        return {each.value["id"].raw: each for each in named}

    def _competency(
        self,
        shell: Node,
        item: Item,
        parent: Item | None,
        texts: Words,
        shown: dict[tuple[str, int], list[tuple[bool, Node]]],
    ) -> Node:
        language = _language(self.shell)
        put(shell, "name", _merged(item.short or item.statement, shell.value.get("name"), language))
        if item.short is not None:
            put(shell, "definition", _merged(item.statement, shell.value.get("definition"), language))
        if parent is not None and parent.scheme is not None:
            put(shell, "parent", scalar(parent.scheme, self.top.notes.place(item.fields.node)))
        kept = shell.value.pop("levels", None)
        ordinals = dict.fromkeys(level for id_, level in (*texts, *shown) if id_ == item.identifier)
        if ordinals:
            put(shell, "levels", mapping(self.top.notes.place(item.fields.node)))
        for ordinal in ordinals:
            key = (item.identifier, ordinal)
            cell = self._cell(texts.get(key), shown.get(key, []), _at(kept, str(ordinal)))
            put(shell.value["levels"], ordinal, cell)
        return shell

    def _cell(self, text: Node | None, shown: list[tuple[bool, Node]], kept: Node | None) -> Node:
        place, language = self.top.notes.name, _language(self.shell)
        cell = mapping(place)
        if text is not None:
            put(cell, "descriptor", _merged(text, _at(kept, "descriptor"), language))
        for name, positive in (("indicators", True), ("watch_for", False)):
            native = [each for is_positive, each in shown if is_positive is positive]
            others = _at(kept, name)
            known = others.value if others is not None and isinstance(others.value, list) else []
            paired = known if len(known) == len(native) else [None] * len(native)
            if native:
                nodes = [_merged(each, other, language) for each, other in zip(native, paired, strict=True)]
                put(cell, name, listing(place, nodes))
        return cell

    def _texts(self) -> Words:
        head = self.shell.value.get("framework")
        code = _at(head, "id")
        wanted = identifier(code.raw if code is not None else "", "rubric")
        found: Words = {}
        for rubric in self.top.records("CFRubrics"):
            for each in rubric.records("CFRubricCriteria") if said(rubric, "identifier") == wanted else ():
                link = each.fields("CFItemURI")
                item = said(link, "identifier") if link is not None else None
                for level in each.records("CFRubricCriterionLevels"):
                    ordinal, text = level.whole("position"), level.get("description")
                    if item is not None and ordinal is not None:
                        found[item, ordinal] = text
        return found

    def _indicators(
        self, items: dict[str, Item], parents: list[Association]
    ) -> dict[tuple[str, int], list[tuple[bool, Node]]]:
        found: dict[tuple[str, int], list[tuple[bool, Node]]] = {}
        for each in sorted(parents, key=lambda each: each.number or 0):
            item = items[each.origin]
            kind = _type(item)
            level = next(iter(_levels(item)), None)
            if kind in (INDICATOR, WARNING) and level is not None:
                found.setdefault((each.target, level), []).append((kind == INDICATOR, item.statement))
        return found

    def _added(self, item: Item) -> Node:
        notes = self.top.notes
        text, done = "this item is none of those that were exported", "added as a competency"
        notes.deviates(item.fields.node, item.fields.path, text, "added", done, found=item.identifier)
        place = notes.place(item.fields.node)
        code = scalar(item.scheme or item.identifier, place)
        return mapping(
            place, {"id": code, "name": item.short or item.statement, "group": scalar(True, place)}
        )


def _type(item: Item) -> str | None:
    return said(item.fields, "CFItemType")


def _levels(item: Item) -> Iterator[int]:
    node = item.fields.get("educationLevel")
    for each in node.value if node is not None and isinstance(node.value, list) else ():
        if each.raw.isdecimal() and len(each.raw) < 9:
            yield int(each.raw)


def _at(node: Node | None, key: str) -> Node | None:
    found = node.value.get(key) if node is not None and isinstance(node.value, dict) else None
    return None if found is None or found.value is None else found
