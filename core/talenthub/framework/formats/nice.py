"""NIST NICE framework: the JSON that NIST's reference tool exports.

Elements of several types and relations between them. Tasks, knowledge,
skills and competency areas become competencies, work roles roles, categories
their families; elements of type `sort` give the order. There are no levels.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from talenthub.framework.content import Document
from talenthub.framework.formats.fields import Fields, Notes
from talenthub.framework.formats.nodes import Node
from talenthub.framework.formats.outline import Outline, place_of, said, top_of
from talenthub.framework.formats.sources import Sources

GROUPS = {
    "task": "Tasks",
    "knowledge": "Knowledge",
    "skill": "Skills",
    "competency_area": "Competency areas",
}
ROLE, FAMILY, ORDER = "work_role", "category", "sort"
LICENCE = "Public domain (work of the United States Government)"
ATTRIBUTION = "National Institute of Standards and Technology, NICE Workforce Framework for Cybersecurity"


def recognises(files: Sources) -> bool:
    """Return whether a JSON file has elements and relationships."""
    return any(
        b'"element_identifier"' in each.data and b'"relationships"' in each.data
        for each in files
        if each.suffix == ".json"
    )


def read(files: Sources) -> Document:
    """Return the framework in the file; FileError holds all problems."""
    chosen = next((each for each in files if b'"element_identifier"' in each.data), files[0])
    notes = Notes(chosen.name)
    outline = Outline(notes, f"{chosen.name}:1")
    top = Fields(top_of(chosen, notes), "", notes)
    response = top.fields("response", required=True)
    body = response.fields("elements", required=True) if response is not None else None
    if body is not None:
        _head(body, outline)
        reader = _Reader(outline)
        reader.elements(body)
        reader.relations(body)
        reader.grow()
    return outline.document()


def _head(body: Fields, outline: Outline) -> None:
    first = next(body.records("documents"), None)
    title = said(first, "name") if first is not None else None
    version = said(first, "version") if first is not None else None
    outline.head(
        id="nist-nice",
        name=title or "NICE Framework",
        version=version or "1",
        language="en",
        licence=LICENCE,
        attribution=ATTRIBUTION,
        source=said(first, "website") if first is not None else None,
    )


@dataclass(frozen=True, slots=True)
class _Element:
    code: str
    type: str
    title: str | None
    text: str | None
    place: str


@dataclass(slots=True)
class _Reader:
    outline: Outline
    known: dict[str, _Element] = field(default_factory=dict)
    links: list[tuple[str, str, str, str]] = field(default_factory=list)
    """Source, destination, kind and place."""

    def elements(self, body: Fields) -> None:
        for each in body.records("elements", required=True):
            code, kind = each.code("element_identifier"), each.word("element_type", required=True)
            title, text = said(each, "title"), said(each, "text")
            if code is None or kind is None:
                continue
            if code in self.known:
                self.outline.notes.add(each.node, each.path, "two elements have this id", "clash", found=code)
            else:
                self.known[code] = _Element(code, kind, title, text, place_of(each))

    def relations(self, body: Fields) -> None:
        for each in body.records("relationships", required=True):
            source, target = each.word("source_element_identifier"), each.word("dest_element_identifier")
            kind = each.word("relationship_identifier") or "projection"
            if source is not None and target is not None:
                self.links.append((source, target, kind, place_of(each)))

    def grow(self) -> None:
        competencies = [each for each in self.known.values() if each.type in GROUPS]
        for kind in dict.fromkeys(each.type for each in competencies):
            self.outline.competency(self.outline.place, kind, GROUPS[kind])
        scale = self.outline.held() if competencies else None
        for each in competencies:
            title, definition = (each.title, each.text) if each.title else (each.text, None)
            if title is None:
                text, done = "this element has neither title nor text", "it bears its id"
                self.outline.leave(each.place, text, "no-text", done, found=each.code)
            name = title or each.code
            self.outline.competency(
                each.place, each.code, name, definition=definition, parent=each.type, scale=scale
            )
        self._relate(self._roles())
        self._left()

    def _roles(self) -> dict[str, Node]:
        family = {
            target: self.known[source] for source, target, _, _ in self.links if self._is(source, FAMILY)
        }
        order = {source: self.known[target] for source, target, _, _ in self.links if self._is(target, ORDER)}
        roles = [each for each in self.known.values() if each.type == ROLE]
        for each in roles:
            if each.code not in order and order:
                text, done = "this role has no place in the order", "it stands at the end"
                self.outline.leave(each.place, text, "order", done, found=each.code)
        ranked = sorted(roles, key=lambda each: _rank(order.get(each.code)))
        return {each.code: self._role(each, family.get(each.code)) for each in ranked}

    def _role(self, role: _Element, family: _Element | None) -> Node:
        name = None if family is None else family.title or family.code
        return self.outline.role(
            role.place, role.code, role.title or role.code, family=name, purpose=role.text
        )

    def _relate(self, roles: dict[str, Node]) -> None:
        for source, target, kind, place in self.links:
            if source not in self.known or target not in self.known:
                self._dangling(source, target, kind, place)
            elif self.known[target].type == ORDER or self.known[source].type == FAMILY:
                continue
            elif source in roles and self.known[target].type in GROUPS:
                self.outline.ask(roles[source], target, 1, place)
            else:
                word = kind if self.known[target].type in GROUPS else self.known[target].type
                of = source if source in roles or self.known[source].type in GROUPS else None
                self.outline.point(place, of, word, target, self.known[target].title)

    def _dangling(self, source: str, target: str, kind: str, place: str) -> None:
        has_place = source in self.known and self.known[source].type in (*GROUPS, ROLE)
        text, done = "one end of this relation is not in the file", "kept as a pointer"
        found = f"{source} → {target}"
        self.outline.leave(place, text, "dangling", done, found=found)
        self.outline.point(place, source if has_place else None, kind, target if has_place else found)

    def _left(self) -> None:
        others = Counter(
            each.type for each in self.known.values() if each.type not in (*GROUPS, ROLE, FAMILY, ORDER)
        )
        for kind, count in others.items():
            text = f"{count} elements of a type that is no competency and no role"
            self.outline.leave(
                self.outline.place, text, "element", "kept where a role points to them", found=kind
            )
        asked = {target for source, target, _, _ in self.links if self._is(source, ROLE)}
        free = [each for each in self.known.values() if each.type in GROUPS and each.code not in asked]
        if free:
            text = f"{len(free)} statements belong to no role"
            found = ", ".join(each.code for each in free[:3])
            self.outline.leave(self.outline.place, text, "unasked", "kept as competencies", found=found)

    def _is(self, code: str, kind: str) -> bool:
        return code in self.known and self.known[code].type == kind


def _rank(found: _Element | None) -> tuple[bool, str]:
    return found is None, "" if found is None else found.title or found.code
