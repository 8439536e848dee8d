"""Fields: reading a mapping node key by key, collecting every problem.

A reader asks for what it knows, gets a usable value or None, and reads on;
`finish` reports the keys that nobody asked for. So one run tells everything
that is wrong with a file.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from fractions import Fraction
from typing import Any, TypeVar

from talenthub.errors import Problem, nearest
from talenthub.framework.formats.nodes import Node
from talenthub.framework.text import Text, Translations

LONGEST_TEXT = 20_000
HIGHEST_WHOLE = 2**31 - 1
"""What every database keeps as a whole number."""
LONGEST_NUMBER = 40
"""Characters of an exact number, as it is kept."""
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}")
_NO_TEXT = re.compile("[\x00\ud800-\udfff]")
_RATIO = re.compile(r"[0-9]{1,18}/[1-9][0-9]{0,17}")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")

E = TypeVar("E", bound=StrEnum)


class Notes:
    """The problems of one file, in the order they stand in it."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.problems: list[Problem] = []
        self.deviations: list[Problem] = []
        self.language: str | None = None
        """The framework's language, once it is read: every text needs it."""

    def add(self, node: Node, path: str, text: str, code: str, **more: str | None) -> None:
        """Note a problem at `node`."""
        self.problems.append(
            Problem(
                text=text,
                place=self.place(node),
                # In a sheet the cell says it all.
                path=None if node.place is not None else path or None,
                code=f"framework.{code}",
                **more,
            )
        )

    def place(self, node: Node) -> str:
        """Return the place of a node, as people find it."""
        return node.place if node.place is not None else f"{self.name}:{node.line}:{node.column}"

    def deviates(self, node: Node, path: str, text: str, code: str, done: str, **more: str | None) -> None:
        """Note what was mended or left out; it stops nothing."""
        self.deviations.append(
            Problem(
                text=text,
                place=self.place(node),
                path=None if node.place is not None else path or None,
                mend=done,
                code=f"framework.{code}",
                **more,
            )
        )

    def unknown(self, node: Node, path: str, kind: str, word: str, allowed: Iterable[object]) -> None:
        """Note a name that is not one of `allowed`."""
        known = [str(each) for each in allowed]
        self.add(
            node,
            path,
            f"unknown {kind}",
            f"unknown-{_plain(kind).replace(' ', '-')}",
            found=word,
            allowed=", ".join(known[:12]) + (" …" if len(known) > 12 else "") if known else "none exist",
            nearest=nearest(word, known),
        )

    def wants(self, node: Node, path: str, wanted: str, mend: str | None = None) -> None:
        """Note a value of the wrong kind."""
        found = node.raw if node.raw else node.kind
        self.add(node, path, f"this must be {wanted}", "wrong-type", found=found, mend=mend)


def _plain(kind: str) -> str:
    # A code is one for all that is of a kind: «level of WRI» is a level.
    return kind.partition(" of ")[0].partition(" that ")[0]


class Fields:
    """A mapping node that is being read."""

    def __init__(self, node: Node, path: str, notes: Notes) -> None:
        self.node = node
        self.path = path
        self.notes = notes
        self._asked: set[Any] = set()
        self._map: Mapping[Any, Node] = node.value if isinstance(node.value, dict) else {}
        if not isinstance(node.value, dict):
            notes.wants(node, path, "a mapping")

    def __contains__(self, key: object) -> bool:
        """Return whether the key stands here, with a value."""
        return key in self._map and self._map[key].value is not None

    def at(self, key: object) -> str:
        """Return the path of a key."""
        return f"{self.path}.{key}" if self.path else str(key)

    def get(self, key: Any, *, required: bool = False) -> Node | None:
        """Return the node of a key; None if it is missing or empty."""
        self._asked.add(key)
        node = self._map.get(key)
        if node is not None and node.value is not None:
            return node
        if required and isinstance(self.node.value, dict):
            mend = f"add {key}: …" if self.node.place is None else f"fill in the column {key}"
            self.notes.add(node or self.node, self.path, f"{key!r} is missing", "missing", mend=mend)
        return None

    def code(self, key: str = "id", *, required: bool = True) -> str | None:
        """Return an id: letters, digits, dot, dash, underscore."""
        node = self.get(key, required=required)
        if node is None:
            return None
        if not isinstance(node.value, str):
            self._wrong(node, key, "a text", f'write it in quotes: "{node.raw}"' if node.raw else None)
            return None
        if not _CODE.fullmatch(node.value):
            allowed = "letters, digits, '.', '-' and '_', at most 80"
            self.notes.add(
                node, self.at(key), "this cannot be an id", "bad-id", found=node.value, allowed=allowed
            )
            return None
        return node.value

    def word(self, key: str, *, required: bool = False, longest: int = LONGEST_TEXT) -> str | None:
        """Return a short text; a number is taken as it was written."""
        node = self.get(key, required=required)
        if node is None:
            return None
        if isinstance(node.value, str | int | float) and not isinstance(node.value, bool):
            return _checked(node, self.at(key), node.raw, self.notes, longest)
        self._wrong(node, key, "a text")
        return None

    def text(self, key: str, *, required: bool = False) -> Text | None:
        """Return a text or a map of languages to texts."""
        node = self.get(key, required=required)
        return None if node is None else text_of(node, self.at(key), self.notes)

    def whole(
        self, key: str, *, required: bool = False, lowest: int = 0, highest: int | None = None
    ) -> int | None:
        """Return a whole number within its bounds."""
        node = self.get(key, required=required)
        return None if node is None else whole_of(node, self.at(key), self.notes, lowest, highest)

    def number(self, key: str, *, highest: int | None = None) -> Fraction | None:
        """Return a number of 0 or more, exactly as written."""
        node = self.get(key)
        return None if node is None else number_of(node, self.at(key), self.notes, highest)

    def flag(self, key: str, *, default: bool) -> bool:
        """Return true or false."""
        node = self.get(key)
        if node is None:
            return default
        if isinstance(node.value, bool):
            return node.value
        self._wrong(node, key, "true or false")
        return default

    def choice(self, key: str, kind: type[E], default: E) -> E:
        """Return one of the words of `kind`."""
        node = self.get(key)
        if node is None:
            return default
        words = {each.value: each for each in kind}
        if node.name in words:
            return words[node.name]
        self.notes.unknown(node, self.at(key), key.replace("_", " "), node.raw or node.kind, words)
        return default

    def fields(self, key: str, *, required: bool = False) -> Fields | None:
        """Return the mapping under a key; None if it is missing or no mapping."""
        node = self.get(key, required=required)
        if node is None:
            return None
        read = Fields(node, self.at(key), self.notes)
        return read if isinstance(node.value, dict) else None

    def items(self, key: str, *, required: bool = False) -> Iterator[tuple[str, Node]]:
        """Return the path and node of every entry of a list."""
        node = self.get(key, required=required)
        if node is None:
            return
        if not isinstance(node.value, list):
            self._wrong(node, key, "a list")
            return
        for index, each in enumerate(node.value):
            yield f"{self.at(key)}[{index}]", each

    def records(self, key: str, *, required: bool = False) -> Iterator[Fields]:
        """Return every entry of a list of mappings."""
        for path, node in self.items(key, required=required):
            if isinstance(node.value, dict):
                yield Fields(node, path, self.notes)
            else:
                self.notes.wants(node, path, "a mapping")

    def entries(self) -> Iterator[tuple[Any, Node, Node]]:
        """Return key, key node and value node of all entries; all are asked for."""
        for key, node in self._map.items():
            self._asked.add(key)
            yield key, self.node.keys[key], node

    def unasked(self) -> list[Any]:
        """Return the keys that were not asked for, in their order."""
        return [each for each in self._map if each not in self._asked]

    def finish(self) -> None:
        """Note every key that was not asked for."""
        for key in self.unasked():
            self.notes.unknown(
                self.node.keys[key], self.at(key), "key", str(key), sorted(map(str, self._asked))
            )

    def _wrong(self, node: Node, key: object, wanted: str, mend: str | None = None) -> None:
        self.notes.wants(node, self.at(key), wanted, mend)


def text_of(node: Node, path: str, notes: Notes) -> Text | None:
    """Return a node as a text, or as a map of languages to texts."""
    if isinstance(node.value, str):
        return _checked(node, path, node.value, notes)
    if isinstance(node.value, dict):
        return _translations(node, path, notes)
    quoted = f'write it in quotes: "{node.raw}"' if node.raw else None
    notes.wants(node, path, "a text, or a mapping of languages to texts", quoted)
    return None


def _translations(node: Node, path: str, notes: Notes) -> Translations | None:
    texts = []
    for language, each in node.value.items():
        at = f"{path}.{language}"
        if not isinstance(language, str) or not _LANGUAGE.fullmatch(language):
            notes.add(
                node.keys[language],
                at,
                "this is no language tag",
                "language",
                found=str(language),
                allowed="en, pt-BR …",
            )
        elif isinstance(each.value, str):
            texts.append((language, _checked(each, at, each.value, notes) or ""))
        else:
            notes.wants(each, at, "a text")
    if not node.value:
        notes.wants(node, path, "a text in at least one language")
    elif notes.language is not None and notes.language not in node.value:
        listed = ", ".join(map(str, node.value))
        text = f"this text lacks the framework's language, {notes.language}"
        notes.add(node, path, text, "language", found=listed)
    return Translations(tuple(texts)) if texts else None


def _checked(node: Node, path: str, value: str, notes: Notes, longest: int = LONGEST_TEXT) -> str | None:
    if not value.strip():
        notes.add(node, path, "this text is empty", "empty")
        return None
    if bad := _NO_TEXT.search(value):
        text = "this text holds a character that is none"
        notes.add(node, path, text, "character", found=f"U+{ord(bad[0]):04X}")
        return None
    if len(value) > longest:
        found, allowed = f"{len(value)} characters", f"at most {longest}"
        notes.add(node, path, "this text is too long", "too-long", found=found, allowed=allowed)
        return None
    return value


def whole_of(node: Node, path: str, notes: Notes, lowest: int, highest: int | None) -> int | None:
    """Return a node as a whole number within its bounds."""
    if isinstance(node.value, bool) or not isinstance(node.value, int):
        notes.wants(node, path, "a whole number")
        return None
    is_large = node.value > (HIGHEST_WHOLE if highest is None else highest)
    if node.value < lowest or is_large:
        is_odd = highest is None and not is_large
        allowed = f"{lowest} or more" if is_odd else f"{lowest} to {highest or HIGHEST_WHOLE}"
        notes.add(node, path, "this number is out of range", "range", found=node.raw, allowed=allowed)
        return None
    return node.value


def number_of(node: Node, path: str, notes: Notes, highest: int | None) -> Fraction | None:
    """Return a node as an exact number, 0 to `highest`."""
    is_ratio = isinstance(node.value, str) and _RATIO.fullmatch(node.value) is not None
    if not is_ratio and (isinstance(node.value, bool) or not isinstance(node.value, int | float)):
        notes.wants(node, path, "a number")
        return None
    value = Fraction(node.raw) if len(node.raw) <= LONGEST_NUMBER else None
    if value is None or len(str(value)) > LONGEST_NUMBER:
        text, found = "this number has too many digits", node.raw[:80]
        notes.add(node, path, text, "range", found=found, mend="round it")
        return None
    if value < 0 or (highest is not None and value > highest):
        allowed = f"0 to {highest}" if highest is not None else "0 or more"
        notes.add(node, path, "this number is out of range", "range", found=node.raw, allowed=allowed)
        return None
    return value
