"""Outline: a framework grown from what another source holds.

A reader hangs what it finds into the tree that our YAML is read into, with
the place where it was found. So the words of others are judged by the very
same rules as ours, and every problem names their file and line.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from talenthub.framework.content import Document
from talenthub.framework.formats.fields import Fields, Notes
from talenthub.framework.formats.json_nodes import parse_json
from talenthub.framework.formats.naming import slug
from talenthub.framework.formats.nodes import Node
from talenthub.framework.formats.sheet_nodes import listing, mapping, put, scalar
from talenthub.framework.formats.sources import SourceFile
from talenthub.framework.formats.yaml import document_of
from talenthub.framework.model import CheckProfile, Level, RatingMode
from talenthub.framework.text import say

Words = str | Node | None
"""A text, a map of languages to texts, or none."""

HELD = "held"
"""The scale of frameworks that know no levels: a competency is held."""

_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}")


class Outline:
    """A framework that is being put together."""

    def __init__(self, notes: Notes, place: str) -> None:
        self.notes = notes
        self.place = place
        self._head = mapping(place)
        self._scales: list[tuple[str, tuple[Level, ...]]] = []
        self._parts: dict[str, list[Node]] = {"competencies": [], "roles": [], "pointers": []}
        self._learning: list[Node] = []
        self._taken: set[str] = set()

    def head(self, **words: Words) -> None:
        """Say what the framework is called and where it comes from."""
        for key, each in words.items():
            _put_words(self._head, key, each, self.place)

    def is_free(self, code: str) -> bool:
        """Return whether nothing has this code, and it can be one."""
        return _CODE.fullmatch(code) is not None and code.casefold() not in self._taken

    def code(self, wanted: str, title: str) -> str:
        """Return a code that is free: `wanted` if it is one, else by title."""
        code = wanted if self.is_free(wanted) else slug(title, self._taken)
        self._taken.add(code.casefold())
        return code

    def scale(self, levels: Sequence[Level], code: str | None = None) -> str:
        """Return the code of the scale with these levels, made if it is new."""
        wanted = tuple(levels)
        for known, others in self._scales:
            if others == wanted:
                return known
        made = code or ("levels" if not self._scales else f"levels-{len(self._scales) + 1}")
        self._scales.append((made, wanted))
        return made

    def held(self) -> str:
        """Return the scale for a source without levels; the report says so."""
        if all(code != HELD for code, _ in self._scales):
            text, done = "the source has no levels", "one level stands for all: held"
            self.leave(self.place, text, "no-levels", done)
        return self.scale([Level(1, HELD, "Held")], HELD)

    def competency(
        self,
        place: str,
        code: str,
        title: Words,
        *,
        definition: Words = None,
        parent: str | None = None,
        scale: str | None = None,
    ) -> Node:
        """Return a competency that was added; without a scale a group."""
        node = mapping(place, {"id": scalar(code, place)})
        for key, each in (("name", title), ("definition", definition), ("parent", parent), ("scale", scale)):
            _put_words(node, key, each, place)
        if scale is None:
            put(node, "group", scalar(True, place))
        self._parts["competencies"].append(node)
        return node

    def words(
        self,
        competency: Node,
        level: int,
        text: Words,
        shown: Iterable[Words] = (),
        against: Iterable[Words] = (),
    ) -> None:
        """Give a level of a competency its words."""
        place = competency.place or self.place
        cell = mapping(place)
        _put_words(cell, "descriptor", text, place)
        for key, texts in (("indicators", shown), ("watch_for", against)):
            listed = [_node(each, place) for each in texts if each is not None]
            if listed:
                put(cell, key, listing(place, listed))
        if not cell.value:
            return
        if "levels" not in competency.value:
            put(competency, "levels", mapping(place))
        put(competency.value["levels"], level, cell)

    def role(
        self, place: str, code: str, title: Words, *, family: Words = None, purpose: Words = None
    ) -> Node:
        """Return a role that was added; it has one level until it has steps."""
        node = mapping(place, {"id": scalar(code, place)})
        for key, each in (("title", title), ("family", family), ("purpose", purpose)):
            _put_words(node, key, each, place)
        self._parts["roles"].append(node)
        return node

    def step(self, role: Node, place: str, code: str, title: Words) -> Node:
        """Return a level of a role that was added."""
        node = mapping(place, {"id": scalar(code, place)})
        _put_words(node, "title", title, place)
        if "levels" not in role.value:
            put(role, "levels", listing(place, []))
        role.value["levels"].value.append(node)
        return node

    def ask(
        self,
        step: Node,
        competency: str,
        level: int,
        place: str,
        *,
        desirable: bool = False,
        weight: str | None = None,
        rationale: str | None = None,
    ) -> None:
        """Have a role or its level require a competency; twice is merged."""
        if "requires" not in step.value:
            put(step, "requires", mapping(place))
        asked = step.value["requires"]
        if competency in asked.value:
            self._again(asked.value[competency], competency, level, place)
            return
        node = mapping(place, {"level": scalar(level, place)})
        if desirable:
            put(node, "desirable", scalar(True, place))
        if weight is not None:
            put(node, "weight", scalar(float(weight), place, weight))
        _put_words(node, "rationale", rationale, place)
        put(asked, competency, node, place)

    def _again(self, known: Node, competency: str, level: int, place: str) -> None:
        first = known.value["level"].value
        if first == level:
            text = "the same role asks for a competency twice"
            self.leave(place, text, "duplicate", f"merged with {known.place}", found=competency)
        else:
            text = f"the same role asks for two levels of a competency, first at {known.place}"
            self.notes.add(scalar("", place), "", text, "clash", found=competency)

    def point(self, place: str, of: str | None, kind: str, target: str, title: Words = None) -> None:
        """Keep where something points to."""
        if not target.strip():
            return
        node = mapping(place, {"kind": scalar(kind, place), "target": scalar(target, place)})
        _put_words(node, "of", of, place)
        _put_words(node, "title", title, place)
        self._parts["pointers"].append(node)

    def learn(self, place: str, code: str, competency: str, title: Words) -> None:
        """Add something that a competency can be learnt from."""
        node = mapping(place, {"id": scalar(code, place), "competency": scalar(competency, place)})
        _put_words(node, "title", title, place)
        self._learning.append(node)

    def leave(self, place: str, text: str, code: str, done: str, **more: str | None) -> None:
        """Note what was mended or left out; it stops nothing."""
        self.notes.deviates(scalar("", place), "", text, code, done, **more)

    def document(self) -> Document:
        """Return the framework; FileError holds all problems."""
        self.head(rating_mode=RatingMode.LEVEL.value, checks=CheckProfile.LENIENT.value)
        root = mapping(self.place, {"framework": self._head})
        if self._scales:
            put(root, "scales", listing(self.place, [_scale(*each, self.place) for each in self._scales]))
        for key, nodes in self._parts.items():
            if nodes:
                put(root, key, listing(self.place, nodes))
        if self._learning:
            put(root, "learning_catalogue", listing(self.place, self._learning))
        return document_of(root, self.notes)


def top_of(file: SourceFile, notes: Notes) -> Node:
    """Return the root of a JSON file; its problems go to `notes`."""
    root, problems = parse_json(file.data, file.name)
    notes.problems += problems
    return root


def notes_of(file: SourceFile, beside: Notes | None = None) -> Notes:
    """Return notes for a file that tell what `beside` tells."""
    notes = Notes(file.name)
    if beside is not None:
        notes.problems, notes.deviations = beside.problems, beside.deviations
    return notes


def place_of(fields: Fields) -> str:
    """Return where a mapping stands, with its file."""
    return fields.notes.place(fields.node)


def said(fields: Fields, key: str) -> str | None:
    """Return a word that is not blank; None for nothing."""
    node = fields.get(key)
    if node is None or (isinstance(node.value, str) and not node.value.strip()):
        return None
    return fields.word(key)


def leave_rest(fields: Fields, outline: Outline, kind: str, seen: set[str]) -> None:
    """Note the keys that nobody asked for, each once for a kind of thing."""
    for key in fields.unasked():
        if f"{kind}.{key}" not in seen:
            seen.add(f"{kind}.{key}")
            text = f"this key of a {kind} has no place in a framework"
            outline.leave(
                fields.notes.place(fields.node.keys[key]), text, "unknown-key", "left out", found=key
            )


def _scale(code: str, levels: Sequence[Level], place: str) -> Node:
    listed = []
    for each in levels:
        node = mapping(place, {"id": scalar(each.ordinal, place), "key": scalar(each.key, place)})
        for key, text in (("name", each.label), ("summary", each.anchor)):
            _put_words(node, key, say(text, ""), place)
        listed.append(node)
    return mapping(place, {"id": scalar(code, place), "levels": listing(place, listed)})


def _put_words(node: Node, key: str, words: Words, place: str) -> None:
    if words is not None and not (isinstance(words, str) and not words.strip()):
        put(node, key, _node(words, place))


def _node(words: Words, place: str) -> Node:
    if isinstance(words, Node):
        return words
    return scalar(words, place)
