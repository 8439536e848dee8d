"""CASE, written: a package of 1.1, or of 1.0."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from talenthub.framework.content import Content, Document
from talenthub.framework.formats.case_parts import (
    ASSOCIATION,
    BACKWARDS,
    CHILD,
    EXTENDED,
    EXTENSION,
    INDICATOR,
    NEWER_TYPES,
    NOTES_HEAD,
    SAME,
    TYPES,
    UUID,
    WARNING,
    identifier,
)
from talenthub.framework.formats.case_shell import shell_of
from talenthub.framework.model import Competency, Descriptor, Pointer, Role
from talenthub.framework.text import Text, say

Tree = dict[str, Any]

UNKNOWN_TIME = "1970-01-01T00:00:00+00:00"
"""When a thing last changed: CASE wants it, and a framework does not know."""

TYPE_NAMES = ("Competency", "Competency group", INDICATOR, WARNING)


def write(document: Document) -> Mapping[str, bytes]:
    """Return the package of CASE 1.1 that holds a framework."""
    return _written(document, newer=True)


def write_1_0(document: Document) -> Mapping[str, bytes]:
    """Return the package of CASE 1.0 that holds a framework."""
    return _written(document, newer=False)


def _written(document: Document, *, newer: bool) -> Mapping[str, bytes]:
    package = _Writer(document.content, newer=newer).package(shell_of(document))
    text = json.dumps(package, ensure_ascii=False, indent=1)
    return {f"{document.content.framework.code}.json": f"{text}\n".encode()}


@dataclass(slots=True)
class _Writer:
    content: Content
    newer: bool
    _ids: dict[str | None, str] = field(init=False)
    _words: dict[tuple[str | None, str], list[str]] = field(init=False)

    def __post_init__(self) -> None:
        same = {each.of: each.target for each in self.content.pointers if each.kind == SAME}
        codes = [None, *(each.code for each in self.content.competencies)]
        self._ids = {code: self._identifier(code, same.get(code)) for code in codes}
        self._words = {}
        for each in self.content.pointers:
            self._words.setdefault((each.of, each.kind.removeprefix(ASSOCIATION)), []).append(each.target)

    def _identifier(self, code: str | None, known: str | None) -> str:
        for each in (known, code):
            if each is not None and UUID.fullmatch(each):
                return each
        return identifier(self.content.framework.code, "document" if code is None else f"item/{code}")

    def package(self, shell: Tree) -> Tree:
        """Return the whole package."""
        items = [self._item(each) for each in self.content.competencies]
        indicators = list(self._indicators())
        package = {
            "CFDocument": self._document(shell),
            "CFItems": items + [item for item, _ in indicators],
            "CFAssociations": [*self._tree(), *(link for _, link in indicators), *self._links()],
            "CFDefinitions": self._definitions(),
        }
        rubrics = list(self._rubrics())
        return package | {"CFRubrics": rubrics} if rubrics else package

    def _say(self, text: Text | None) -> str:
        return say(text, self.content.framework.language)

    def _own(self, *names: object) -> str:
        return identifier(self.content.framework.code, *names)

    def _kept(self, of: str | None, *names: str) -> Tree:
        """Return what pointers tell of an item, under the keys of CASE."""
        found = {name: self._words.get((of, name), []) for name in names}
        return {name: words[0] for name, words in found.items() if words}

    def _document(self, shell: Tree) -> Tree:
        head = self.content.framework
        organisation = head.organisation and self._say(head.organisation.name)
        made = _thing(self._ids[None]) | {
            "creator": organisation or head.attribution or self._say(head.title),
            "title": self._say(head.title),
            "language": head.language,
            "version": head.version,
        }
        made |= self._kept(None, "creator", "description", "adoptionStatus", "officialSourceURL")
        subjects = self._words.get((None, "subject"), [])
        made |= {"subject": subjects} if subjects else {}
        if head.attribution:
            made["publisher"] = head.attribution
        if head.licence:
            made["licenseURI"] = _link(self._own("licence"), head.licence)
        if head.source and head.source.startswith(("http://", "https://")):
            made.setdefault("officialSourceURL", head.source)
        if self.newer:
            return made | {"caseVersion": "1.1", "extensions": {EXTENSION: shell}}
        return made | {"notes": NOTES_HEAD + json.dumps(shell, ensure_ascii=False, separators=(",", ":"))}

    def _item(self, each: Competency) -> Tree:
        title, definition = self._say(each.title), self._say(each.definition)
        made = _thing(self._ids[each.code]) | {
            "fullStatement": definition or title,
            "humanCodingScheme": each.code,
            "CFItemType": "Competency" if each.scale else "Competency group",
        }
        if definition:
            made["abbreviatedStatement"] = title
        made |= self._kept(each.code, "alternativeLabel", "notes", "listEnumeration", "CFItemType")
        for key in ("conceptKeywords", "educationLevel"):
            if words := self._words.get((each.code, key)):
                made[key] = words
        return made

    def _indicators(self) -> Iterator[tuple[Tree, Tree]]:
        for each in self.content.descriptors:
            if each.role is not None:
                continue
            for count, indicator in enumerate(each.indicators, start=1):
                own = self._own("indicator", each.competency, each.level, count)
                item = _thing(own) | {
                    "fullStatement": self._say(indicator.text),
                    "CFItemType": INDICATOR if indicator.positive else WARNING,
                    "educationLevel": [str(each.level)],
                }
                yield item, self._association(own, CHILD, self._ids[each.competency], each.competency, count)

    def _tree(self) -> Iterator[Tree]:
        counts: dict[str | None, int] = {}
        for each in self.content.competencies:
            counts[each.parent] = counts.get(each.parent, 0) + 1
            title = each.parent or self._say(self.content.framework.title)
            yield self._association(
                self._ids[each.code], CHILD, self._ids[each.parent], title, counts[each.parent]
            )

    def _links(self) -> Iterator[Tree]:
        for count, each in enumerate(self.content.pointers, start=1):
            kind = each.kind.removeprefix(ASSOCIATION).removesuffix(BACKWARDS)
            is_link = kind in TYPES + NEWER_TYPES or EXTENDED.fullmatch(kind) is not None
            if is_link and each.of in self._ids:
                yield self._pointed(each, kind if self.newer or kind in TYPES else "isRelatedTo", count)

    def _pointed(self, each: Pointer, kind: str, count: int) -> Tree:
        near, far = self._ids[each.of], self._ids.get(each.target, each.target)
        name = self._say(each.title) or each.target
        own = self._own("pointer", count)
        if each.kind.endswith(BACKWARDS):
            return self._association(far, kind, near, each.of or "", identifier_=own)
        return self._association(near, kind, far, name, identifier_=own)

    def _association(
        self,
        origin: str,
        kind: str,
        target: str,
        title: str,
        number: int | None = None,
        *,
        identifier_: str | None = None,
    ) -> Tree:
        made = _thing(identifier_ or self._own(kind, origin, target)) | {
            "originNodeURI": _link(origin, origin),
            "associationType": kind,
            "destinationNodeURI": _link(target, title),
        }
        return made if number is None else made | {"sequenceNumber": number}

    def _definitions(self) -> Tree:
        licence = self.content.framework.licence
        types = [
            _thing(self._own("type", name))
            | {"title": name, "description": name, "hierarchyCode": str(count)}
            for count, name in enumerate(TYPE_NAMES, start=1)
        ]
        licences = (
            [_thing(self._own("licence")) | {"title": licence, "licenseText": licence}] if licence else []
        )
        return {
            "CFConcepts": [],
            "CFSubjects": [],
            "CFLicenses": licences,
            "CFItemTypes": types,
            "CFAssociationGroupings": [],
        }

    def _rubrics(self) -> Iterator[Tree]:
        by_role: dict[str | None, dict[str, list[Descriptor]]] = {}
        for each in self.content.descriptors:
            # A level of indicators alone stands there too: it keeps its place.
            if each.text is not None or each.role is None:
                by_role.setdefault(each.role, {}).setdefault(each.competency, []).append(each)
        roles = {each.code: each for each in self.content.roles}
        for role, criteria in by_role.items():
            yield self._rubric(None if role is None else roles[role], criteria)

    def _rubric(self, role: Role | None, criteria: Mapping[str, list[Descriptor]]) -> Tree:
        name = ("rubric",) if role is None else ("rubric", role.code)
        title = self.content.framework.title if role is None else role.title
        return _thing(self._own(*name)) | {
            "title": self._say(title),
            "CFRubricCriteria": [
                self._criterion(name, code, position, found)
                for position, (code, found) in enumerate(criteria.items(), start=1)
            ],
        }

    def _criterion(
        self, name: tuple[str, ...], code: str, position: int, descriptors: list[Descriptor]
    ) -> Tree:
        own = self._own(*name, code)
        return _thing(own) | {
            "category": self._say(self.content.competency(code).title),
            "CFItemURI": _link(self._ids[code], code),
            "position": position,
            "rubricId": self._own(*name),
            "CFRubricCriterionLevels": [
                self._level(own, each, count) for count, each in enumerate(descriptors)
            ],
        }

    def _level(self, criterion: str, each: Descriptor, count: int) -> Tree:
        level = self.content.level(each.competency, each.level)
        return _thing(self._own(criterion, each.level, count)) | {
            **({} if each.text is None else {"description": self._say(each.text)}),
            "quality": self._say(level.label) if level else str(each.level),
            "score": float(each.level),
            "position": each.level,
            "rubricCriterionId": criterion,
        }


def _thing(own: str) -> Tree:
    return {"identifier": own, "uri": f"urn:uuid:{own}", "lastChangeDateTime": UNKNOWN_TIME}


def _link(target: str, title: str) -> Tree:
    is_address = ":" in target
    return {"title": title, "identifier": target, "uri": target if is_address else f"urn:uuid:{target}"}
