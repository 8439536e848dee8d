"""YAML as a tree of nodes that know where they stand.

YAML 1.2, one document, no tags but plain texts: `NO` is a text and `012` a
number. The tree is built from the parser's events without recursion, so that
neither depth nor aliases can exhaust the machine.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from talenthub.errors import FileError, Problem

LONGEST_FILE = 2_000_000
"""Bytes; Harbourline's whole framework has 42 thousand."""
DEEPEST = 24
MOST_NODES = 100_000
"""Counted with every alias written out."""
MOST_ALIASES = 1_000


@dataclass(slots=True)
class Node:
    """A scalar, list or mapping, with its place in the file."""

    line: int
    column: int
    value: Any
    """str, int, float, bool, None, list[Node] or dict[Any, Node]."""
    raw: str = ""
    """A scalar exactly as written, without quotes."""
    keys: dict[Any, Node] = field(default_factory=dict)
    """For a mapping: where each key stands."""
    size: int = 1
    """How many nodes it is, aliases written out."""
    place: str | None = None
    """Where it stands in a sheet: `roles!B7`; None: by line and column."""

    @property
    def kind(self) -> str:
        """Return what it is, in words."""
        return _KINDS[type(self.value)]

    @property
    def name(self) -> str | None:
        """Return the text it is, or None: what may be looked up as a name."""
        return self.value if isinstance(self.value, str) else None


_KINDS = {
    str: "a text",
    int: "a whole number",
    float: "a number",
    bool: "true or false",
    type(None): "nothing",
    list: "a list",
    dict: "a mapping",
}

_FOUND_NULL = frozenset(("", "~", "null", "Null", "NULL"))
_FOUND_BOOLEAN = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_WHOLE = re.compile(r"[-+]?[0-9]{1,18}")
_NUMBER = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]{1,3})?")


def parse(data: bytes, name: str) -> tuple[Node, list[Problem]]:
    """Return the root of the YAML in `data` and the problems met so far.

    FileError if it can't be read at all; `name` begins every place.
    """
    if len(data) > LONGEST_FILE:
        raise _fault(name, "the file is too long", f"{len(data)} bytes", f"at most {LONGEST_FILE} bytes")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise _fault(f"{name}:{line}", "the file is not UTF-8 text", mend="save it as UTF-8") from None
    builder = _Builder(name)
    try:
        for event in YAML(typ="safe", pure=True).parse(text):
            builder.take(event)
    except MarkedYAMLError as error:
        raise _syntax(name, error) from None
    except YAMLError as error:
        raise _unreadable(name, text, error) from None
    if builder.root is None:
        raise _fault(name, "the file is empty")
    return builder.root, builder.problems


def scalar(raw: str, *, quoted: bool) -> Any:
    """Return the value of a scalar by the core schema of YAML 1.2."""
    if quoted:
        return raw
    if raw in _FOUND_NULL:
        return None
    if raw in _FOUND_BOOLEAN:
        return _FOUND_BOOLEAN[raw]
    if _WHOLE.fullmatch(raw):
        return int(raw)
    return float(raw) if _NUMBER.fullmatch(raw) else raw


class _Builder:
    """Takes the parser's events one by one and keeps the open nodes."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.root: Node | None = None
        self.problems: list[Problem] = []
        self._open: list[Node] = []
        self._keys: list[Node | None] = []
        self._anchors: dict[str, Node | None] = {}
        self._open_anchors: list[str | None] = []
        self._documents = 0
        self._aliases = 0
        self._nodes = 0

    def take(self, event: Any) -> None:
        """Add one event to the tree."""
        if isinstance(event, ScalarEvent):
            self._scalar(event)
        elif isinstance(event, MappingStartEvent | SequenceStartEvent):
            self._begin(event)
        elif isinstance(event, MappingEndEvent | SequenceEndEvent):
            self._end()
        elif isinstance(event, AliasEvent):
            self._alias(event)
        elif isinstance(event, DocumentStartEvent):
            self._document(event)

    def _document(self, event: Any) -> None:
        self._documents += 1
        if self._documents > 1:
            raise _fault(self._place(event), "a second document in one file", mend="keep one document a file")

    def _scalar(self, event: Any) -> None:
        self._check_tag(event)
        quoted = event.style is not None or event.tag is not None
        node = self._node(event, scalar(event.value, quoted=quoted), event.value)
        self._anchor(event.anchor, node)
        self._add(node)

    def _begin(self, event: Any) -> None:
        self._check_tag(event)
        if len(self._open) >= DEEPEST:
            raise _fault(self._place(event), "the file is nested too deep", None, f"at most {DEEPEST} levels")
        self._open.append(self._node(event, {} if isinstance(event, MappingStartEvent) else []))
        self._keys.append(None)
        self._open_anchors.append(event.anchor)
        if event.anchor is not None:
            self._anchors[event.anchor] = None

    def _end(self) -> None:
        node = self._open.pop()
        self._keys.pop()
        self._anchor(self._open_anchors.pop(), node)
        self._add(node)

    def _alias(self, event: Any) -> None:
        place = self._place(event)
        self._aliases += 1
        known = self._anchors.get(event.anchor)
        if event.anchor not in self._anchors:
            raise _fault(place, "an alias without its anchor", f"*{event.anchor}")
        if known is None:
            raise _fault(place, "an alias inside of what it stands for", f"*{event.anchor}")
        self._nodes += known.size
        if self._aliases > MOST_ALIASES or self._nodes > MOST_NODES:
            raise _fault(place, "the file grows too large when its aliases are written out")
        self._add(known)

    def _add(self, node: Node) -> None:
        if not self._open:
            self.root = node
            return
        parent = self._open[-1]
        parent.size += node.size
        if isinstance(parent.value, list):
            parent.value.append(node)
        elif self._keys[-1] is None:
            self._keys[-1] = node
        else:
            self._entry(parent, self._keys[-1], node)
            self._keys[-1] = None

    def _entry(self, parent: Node, key: Node, node: Node) -> None:
        place = f"{self.name}:{key.line}:{key.column}"
        if not isinstance(key.value, str | int) or isinstance(key.value, bool):
            text = "a key must be a text or a whole number"
            problem = Problem(text=text, place=place, found=key.raw or key.kind, code="file.key")
            self.problems.append(problem)
        elif key.value == "<<":
            text, mend = "what is merged by << is not read", "write the entries out, or use *name alone"
            self.problems.append(Problem(text=text, place=place, mend=mend, code="file.merge"))
        elif key.value in parent.value:
            first = parent.keys[key.value].line
            text = f"this key stands twice in one mapping, first in line {first}"
            self.problems.append(Problem(text=text, place=place, found=key.raw, code="file.duplicate-key"))
        else:
            parent.value[key.value] = node
            parent.keys[key.value] = key

    def _node(self, event: Any, value: Any, raw: str = "") -> Node:
        self._nodes += 1
        if self._nodes > MOST_NODES:
            raise _fault(self._place(event), "the file has too many entries", None, f"at most {MOST_NODES}")
        return Node(event.start_mark.line + 1, event.start_mark.column + 1, value, raw)

    def _anchor(self, anchor: str | None, node: Node) -> None:
        if anchor is not None:
            self._anchors[anchor] = node

    def _check_tag(self, event: Any) -> None:
        tag = None if event.tag is None else str(event.tag)
        if tag is not None and tag not in _PLAIN_TAGS:
            raise _fault(self._place(event), "tags are not allowed in a framework file", tag, code="file.tag")

    def _place(self, event: Any) -> str:
        return f"{self.name}:{event.start_mark.line + 1}:{event.start_mark.column + 1}"


_PLAIN_TAGS = frozenset(("tag:yaml.org,2002:str", "tag:yaml.org,2002:map", "tag:yaml.org,2002:seq", "!"))


def _syntax(name: str, error: MarkedYAMLError) -> FileError:
    mark = error.problem_mark or error.context_mark
    place = f"{name}:{mark.line + 1}:{mark.column + 1}" if mark else name
    if "'\\t'" in (error.problem or ""):
        return _fault(place, "the YAML is indented with a tab", mend="indent with spaces")
    return _fault(place, f"the YAML cannot be read: {_first_line(error.problem or error.context or '')}")


def _unreadable(name: str, text: str, error: YAMLError) -> FileError:
    position = getattr(error, "position", None)
    place = f"{name}:{text.count(chr(10), 0, position) + 1}" if isinstance(position, int) else name
    return _fault(place, "the file holds a character that YAML does not allow")


def _first_line(text: str) -> str:
    return next(iter(text.splitlines()), "")


def _fault(
    place: str,
    text: str,
    found: str | None = None,
    allowed: str | None = None,
    *,
    mend: str | None = None,
    code: str = "file.yaml",
) -> FileError:
    return FileError(Problem(text=text, place=place, found=found, allowed=allowed, mend=mend, code=code))
