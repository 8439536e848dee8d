"""UK Civil Service competency framework of 2012: one JSON file.

Clusters of competencies, each with numbered levels of pairs: a behaviour
that is effective, and one that is not. There are no roles, and no words of a
level but its behaviours.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from talenthub.errors import FileError
from talenthub.framework.content import Content, Document
from talenthub.framework.formats.fields import Fields, Notes
from talenthub.framework.formats.json_nodes import parse_json
from talenthub.framework.formats.nodes import Node
from talenthub.framework.formats.sources import Sources
from talenthub.framework.model import (
    CheckProfile,
    Competency,
    Descriptor,
    Framework,
    Indicator,
    Level,
    RatingMode,
    RatingScale,
    Scale,
)

SCALE = "grades"
LICENCE = "Open Government Licence v3.0"
ATTRIBUTION = "Contains public sector information licensed under the Open Government Licence v3.0."
_LEVEL = re.compile(r"level([0-9]{1,2})")


def recognises(files: Sources) -> bool:
    """Return whether a JSON file has behaviours that are not effective."""
    return any(b'"ineffective"' in each.data for each in files if each.suffix == ".json")


def read(files: Sources) -> Document:
    """Return the framework in the file; FileError holds all problems."""
    chosen = next((each for each in files if b'"ineffective"' in each.data), files[0])
    root, problems = parse_json(chosen.data, chosen.name)
    notes = Notes(chosen.name)
    notes.problems += problems
    reader = _Reader(notes)
    top = Fields(root, "", notes)
    head = _head(top, notes)
    clusters = top.fields("competencies", required=True)
    for code, key, node in clusters.entries() if clusters else ():
        reader.cluster(str(code), key, node)
    top.finish()
    if notes.problems:
        raise FileError.of(notes.problems)
    content = Content(
        framework=head,
        scales=(reader.scale(),),
        competencies=tuple(reader.competencies),
        descriptors=tuple(reader.descriptors),
    )
    return Document(content, deviations=tuple(notes.deviations))


def _head(top: Fields, notes: Notes) -> Framework:
    title = top.text("title", required=True)
    copyright_line, source = top.word("copyright"), top.word("borrowedFrom")
    node = top.get("description")
    if node is not None:
        text, done = "a framework has no place for an introduction", "left out"
        notes.deviates(node, "description", text, "introduction", done, found=node.raw[:60])
    return Framework(
        code="uk-civil-service-2012",
        title=title or "",
        version="2012",
        language="en-GB",
        licence=LICENCE,
        attribution=f"{copyright_line}. {ATTRIBUTION}" if copyright_line else ATTRIBUTION,
        source=source,
        rating=RatingScale(RatingMode.LEVEL),
        checks=CheckProfile.LENIENT,
    )


@dataclass(slots=True)
class _Reader:
    notes: Notes
    competencies: list[Competency] = field(default_factory=list)
    descriptors: list[Descriptor] = field(default_factory=list)
    _ordinals: set[int] = field(default_factory=set)
    _codes: set[str] = field(default_factory=set)

    def scale(self) -> Scale:
        levels = (Level(each, f"level{each}", f"Level {each}") for each in sorted(self._ordinals))
        return Scale(SCALE, "Levels", tuple(levels))

    def cluster(self, code: str, key: Node, node: Node) -> None:
        path = f"competencies.{code}"
        for at, entries in self._listed(node, path):
            title = entries.text("title")
            if self._is_new(code, key, path):
                self.competencies.append(Competency(code=code, title=title or code))
            for name, name_key, body in entries.entries():
                if name != "title":
                    self._competency(str(name), name_key, body, f"{at}.{name}", code)

    def _competency(self, code: str, key: Node, node: Node, path: str, cluster: str) -> None:
        for at, fields in self._listed(node, path):
            title, definition = fields.text("title", required=True), fields.text("description")
            if not self._is_new(code, key, path):
                continue
            self.competencies.append(
                Competency(code=code, title=title or code, definition=definition, scale=SCALE, parent=cluster)
            )
            found = [
                (ordinal, pairs)
                for name in fields.node.value
                if (ordinal := _ordinal(name)) is not None
                for pairs in [self._level(fields, name, at)]
            ]
            for ordinal, indicators in sorted(found, key=lambda each: each[0]):
                self._ordinals.add(ordinal)
                self.descriptors.append(Descriptor(competency=code, level=ordinal, indicators=indicators))
            if not found:
                self.notes.add(key, path, "this competency has no levels", "no-levels", found=code)
            fields.finish()

    def _level(self, fields: Fields, name: str, path: str) -> tuple[Indicator, ...]:
        shown, against = [], []
        for pair in fields.records(name):
            good, bad = pair.text("effective"), pair.text("ineffective")
            pair.finish()
            if good is not None:
                shown.append(Indicator(good))
            if bad is not None:
                against.append(Indicator(bad, positive=False))
            if (good is None) != (bad is None):
                text, done = "half of a pair of behaviours is missing", "the other half is kept"
                self.notes.deviates(pair.node, pair.path, text, "no-text", done)
        text, done = "this level has behaviours, but no words of its own", "left empty"
        self.notes.deviates(fields.node.keys[name], f"{path}.{name}", text, "no-text", done)
        return tuple(shown + against)

    def _listed(self, node: Node, path: str) -> Iterator[tuple[str, Fields]]:
        """Return the mappings of a list; the source wraps each in one."""
        listed = node.value if isinstance(node.value, list) else [node]
        for index, each in enumerate(listed):
            at = f"{path}[{index}]"
            fields = Fields(each, at, self.notes)
            if isinstance(each.value, dict):
                yield at, fields

    def _is_new(self, code: str, key: Node, path: str) -> bool:
        if code in self._codes:
            self.notes.add(key, path, "two competencies have this name", "clash", found=code)
            return False
        if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}", code):
            self.notes.add(key, path, "this cannot be an id", "bad-id", found=code)
        self._codes.add(code)
        return True


def _ordinal(name: object) -> int | None:
    found = _LEVEL.fullmatch(name) if isinstance(name, str) else None
    return int(found[1]) if found else None
