"""DIRECT, digital research competencies: a folder of related JSON files.

Domains hold competencies, and these skills, which are rated on five generic
levels. Tools, related skills and providers are kept as pointers; learning
resources become learning items of the skills that name them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from talenthub.framework.content import Document
from talenthub.framework.formats.fields import Fields, Notes
from talenthub.framework.formats.nodes import Node
from talenthub.framework.formats.outline import Outline, notes_of, place_of, said, top_of
from talenthub.framework.formats.sources import Sources
from talenthub.framework.model import Level

KINDS = (
    "competency_domain",
    "competency",
    "skill",
    "skill_level",
    "tool_language_methodology",
    "learning_resource",
    "provider",
)
_NEEDED = ("competency_domain", "competency", "skill", "skill_level")
LICENCE = "CC BY 4.0"
SOURCE = "https://github.com/direct-framework/digital-research-competencies-framework"


def recognises(files: Sources) -> bool:
    """Return whether the folder has skills and their levels."""
    names = {each.path.stem for each in files if each.suffix == ".json"}
    return {"skill", "competency_domain"} <= names


def read(files: Sources) -> Document:
    """Return the framework in the files; FileError holds all problems."""
    by_kind = {each.path.stem: each for each in files if each.suffix == ".json" and each.path.stem in KINDS}
    beside = Notes(str(files[0].path.parent))
    outline = Outline(beside, beside.name)
    tables: dict[str, list[Fields]] = {kind: [] for kind in KINDS}
    for kind, file in by_kind.items():
        notes = notes_of(file, beside)
        tables[kind] = list(_rows(Fields(_wrapped(top_of(file, notes)), "", notes)))
    for kind in _NEEDED:
        if kind not in by_kind:
            place = files[0].name
            text, mend = f"the file {kind}.json is not among them", "name the folder they are in"
            beside.add(_at(place), "", text, "missing-file", mend=mend)
    outline.head(
        id="direct",
        name="DIRECT Digital Research Competencies Framework",
        version="1",
        language="en",
        licence=LICENCE,
        attribution="The DIRECT framework project",
        source=SOURCE,
    )
    _Reader(outline, tables).read()
    return outline.document()


def _at(place: str) -> Node:
    return Node(0, 0, "", place=place)


def _wrapped(root: Node) -> Node:
    """Return the list of a file as the only key of a mapping."""
    return Node(root.line, root.column, {"rows": root}, keys={"rows": root})


def _rows(top: Fields) -> Iterator[Fields]:
    read = list(top.records("rows", required=True))
    return iter(sorted(read, key=lambda each: _rank(each)))


def _rank(fields: Fields) -> int:
    word = said(fields, "rank") or ""
    return int(word) if word.isdecimal() and word.isascii() and len(word) < 10 else 0


@dataclass(slots=True)
class _Reader:
    outline: Outline
    tables: dict[str, list[Fields]]
    codes: dict[tuple[str, str], str] = field(default_factory=dict)
    """Kind and slug to code."""
    named: set[tuple[str, str]] = field(default_factory=set)

    def read(self) -> None:
        scale = self._levels()
        self._things("competency_domain", None, None)
        self._things("competency", "competency_domain", None)
        self._things("skill", "competency", scale)
        beside = {kind: self._by_slug(kind) for kind in ("tool_language_methodology", "learning_resource")}
        for each in self.tables["skill"]:
            code = self.codes.get(("skill", said(each, "slug") or ""))
            if code is not None:
                self._related(each, code)
                self._tools(each, code, beside["tool_language_methodology"])
                self._resources(each, code, beside["learning_resource"])
        self._unnamed(beside)

    def _levels(self) -> str | None:
        levels: dict[int, Level] = {}
        for each in self.tables["skill_level"]:
            word, name = said(each, "level") or "", said(each, "name")
            if not (word.isdecimal() and word.isascii() and len(word) < 3) or name is None:
                each.notes.add(each.node, each.path, "this is no level", "level", found=word or None)
            elif int(word) in levels:
                each.notes.add(each.node, each.path, "two levels have this number", "clash", found=word)
            else:
                levels[int(word)] = Level(int(word), word, name, said(each, "description"))
                for key in ("short_description", "focus"):
                    self.outline.point(place_of(each), None, f"level {key}", said(each, key) or "", name)
        ordered = [levels[each] for each in sorted(levels)]
        return self.outline.scale(ordered, "skill-levels") if ordered else None

    def _things(self, kind: str, above: str | None, scale: str | None) -> None:
        for each in self.tables[kind]:
            own, title = said(each, "slug"), each.get("name", required=True)
            if own is None or title is None:
                each.get("slug", required=True)
                continue
            if (kind, own) in self.codes:
                text = f"two of a kind ({kind}) have this slug"
                each.notes.add(each.node, each.path, text, "clash", found=own)
                continue
            code = self.codes[kind, own] = self.outline.code(own, title.raw)
            definition = each.get("description") if said(each, "description") else None
            self.outline.competency(
                place_of(each),
                code,
                title,
                definition=definition,
                parent=self._parent(each, above) if above else None,
                scale=scale,
            )

    def _parent(self, each: Fields, above: str) -> str | None:
        word = said(each, above)
        found = self.codes.get((above, word or ""))
        if found is None:
            text, done = f"there is no such {above}", "it stands alone"
            self.outline.leave(place_of(each), text, "dangling", done, found=word)
        return found

    def _by_slug(self, kind: str) -> dict[str, Fields]:
        return {slug: each for each in self.tables[kind] if (slug := said(each, "slug")) is not None}

    def _related(self, each: Fields, code: str) -> None:
        for word in _listed(each, "related_skills"):
            known = self.codes.get(("skill", word))
            if known is None:
                self._dangling(each, "related_skills", word)
            self.outline.point(place_of(each), code, "isRelatedTo", known or word)

    def _tools(self, each: Fields, code: str, tools: dict[str, Fields]) -> None:
        for word in _listed(each, "tools_languages_methodologies"):
            self._point(each, code, "tool_language_methodology", word, tools)

    def _resources(self, each: Fields, code: str, resources: dict[str, Fields]) -> None:
        for word in _listed(each, "learning_resources"):
            self._point(each, code, "learning_resource", word, resources)
            title = resources[word].get("name") if word in resources else None
            if title is not None:
                item = self.outline.code(f"{code}.{word}", f"{code} {word}")
                self.outline.learn(place_of(each), item, code, title)

    def _point(self, each: Fields, code: str, kind: str, word: str, known: dict[str, Fields]) -> None:
        self.named.add((kind, word))
        found = known.get(word)
        if found is None:
            self._dangling(each, kind, word)
            self.outline.point(place_of(each), code, kind, word)
            return
        name, address = said(found, "name"), said(found, "url")
        self.outline.point(place_of(each), code, said(found, "kind") or kind, address or word, name)

    def _dangling(self, each: Fields, kind: str, word: str) -> None:
        text, done = f"nothing has this name among {kind}", "kept as a pointer"
        self.outline.leave(place_of(each), text, "dangling", done, found=word)

    def _unnamed(self, beside: dict[str, dict[str, Fields]]) -> None:
        """Keep the tools, resources and providers that no skill names."""
        for kind, known in (*beside.items(), ("provider", self._by_slug("provider"))):
            for word, each in known.items():
                if (kind, word) not in self.named:
                    name, address = said(each, "name"), said(each, "url")
                    self.outline.point(
                        place_of(each), None, said(each, "kind") or kind, address or word, name
                    )


def _listed(each: Fields, key: str) -> list[str]:
    return [word.strip() for word in (said(each, key) or "").split("|") if word.strip()]
