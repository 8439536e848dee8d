"""JSON as the same tree of nodes that YAML is read into, with places.

Built without recursion, so that depth cannot exhaust the machine; keys that
stand twice, NaN and texts that no database stores are problems.
"""

from __future__ import annotations

import re
from json.decoder import JSONDecodeError, scanstring  # type: ignore[attr-defined]
from typing import Any

from talenthub.errors import FileError, Problem
from talenthub.framework.formats.delimited import decoded
from talenthub.framework.formats.nodes import DEEPEST, Node

LONGEST_FILE = 12_000_000
"""Bytes; a framework of 188 competencies as CASE has 4 million."""
MOST_NODES = 400_000

_BLANK = re.compile(r"[ \t\r\n]*")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]{0,17})(?P<rest>(?:\.[0-9]{1,30})?(?:[eE][-+]?[0-9]{1,3})?)")
_WORDS = {"true": True, "false": False, "null": None}


def parse_json(data: bytes, name: str) -> tuple[Node, list[Problem]]:
    """Return the root of the JSON in `data` and the problems met so far.

    FileError with line and column if it cannot be read at all.
    """
    if len(data) > LONGEST_FILE:
        raise _fault(name, "the file is too long", f"at most {LONGEST_FILE} bytes")
    text = decoded(data, name)
    if not text.strip():
        raise _fault(name, "the file is empty", None)
    scanner = _Scanner(text, name)
    return scanner.document(), scanner.problems


class _Scanner:
    def __init__(self, text: str, name: str) -> None:
        self.text = text
        self.name = name
        self.position = 0
        self.problems: list[Problem] = []
        self._open: list[Node] = []
        self._keys: list[Node] = []
        self._nodes = 0
        self._line = 1
        self._counted = 0
        self._line_start = 0

    def document(self) -> Node:
        """Return the one value of the file."""
        root: Node | None = None
        while root is None:
            node = self._value()
            if isinstance(node.value, list | dict) and self._begin(node):
                continue
            root = self._close(node)
        self._blank()
        if self.position < len(self.text):
            raise self._failed("after the end of the JSON the file goes on")
        return root

    def _begin(self, node: Node) -> bool:
        """Open a list or mapping; return whether anything is in it."""
        self.position += 1
        self._blank()
        if self._at("]" if isinstance(node.value, list) else "}"):
            self.position += 1
            return False
        if len(self._open) >= DEEPEST:
            raise self._failed("the file is nested too deep")
        self._open.append(node)
        if isinstance(node.value, dict):
            self._key()
        return True

    def _close(self, node: Node) -> Node | None:
        """Put a finished node where it belongs; return the root once it is done."""
        while self._open:
            parent = self._open[-1]
            self._put(parent, node)
            self._blank()
            if self._at(","):
                self.position += 1
                if isinstance(parent.value, dict):
                    self._key()
                return None
            end = "]" if isinstance(parent.value, list) else "}"
            if not self._at(end):
                raise self._failed(f"here must be a comma or {end}")
            self.position += 1
            node = self._open.pop()
        return node

    def _put(self, parent: Node, node: Node) -> None:
        if isinstance(parent.value, list):
            parent.value.append(node)
            return
        key = self._keys.pop()
        if key.value in parent.value:
            text = f"this key stands twice in one mapping, first in line {parent.keys[key.value].line}"
            place = f"{self.name}:{key.line}:{key.column}"
            problem = Problem(text=text, place=place, found=key.raw[:80], code="file.duplicate-key")
            self.problems.append(problem)
            return
        parent.value[key.value] = node
        parent.keys[key.value] = key

    def _key(self) -> None:
        self._blank()
        if not self._at('"'):
            raise self._failed("here must be a key in double quotes")
        self._keys.append(self._string())
        self._blank()
        if not self._at(":"):
            raise self._failed("here must be a colon")
        self.position += 1

    def _value(self) -> Node:
        self._blank()
        if self._at('"'):
            return self._string()
        if self._at("["):
            return self._node([])
        if self._at("{"):
            return self._node({})
        for word, value in _WORDS.items():
            if self.text.startswith(word, self.position):
                node = self._node(value, word)
                self.position += len(word)
                return node
        found = _NUMBER.match(self.text, self.position)
        if found is None:
            begins = not self.text[: self.position].strip()
            raise self._failed("this is no JSON" if begins else "here must be a value")
        node = self._node(float(found[0]) if found["rest"] else int(found[0]), found[0])
        self.position = found.end()
        return node

    def _string(self) -> Node:
        node = self._node("")
        try:
            node.value, self.position = scanstring(self.text, self.position + 1, True)
        except JSONDecodeError as error:
            self.position = min(error.pos, len(self.text))
            ended = error.msg.startswith("Unterminated")
            text = "this text is never closed" if ended else "here is no character that a text may hold"
            raise self._failed(text) from None
        node.raw = node.value
        return node

    def _node(self, value: Any, raw: str = "") -> Node:
        self._nodes += 1
        if self._nodes > MOST_NODES:
            raise self._failed("the file has too many entries")
        line, column = self._where()
        return Node(line, column, value, raw)

    def _where(self) -> tuple[int, int]:
        # Counted on from the last place: the file is read once, front to back.
        fresh = self.text.count("\n", self._counted, self.position)
        if fresh:
            self._line += fresh
            self._line_start = self.text.rindex("\n", self._counted, self.position) + 1
        self._counted = max(self._counted, self.position)
        return self._line, self.position - self._line_start + 1

    def _blank(self) -> None:
        found = _BLANK.match(self.text, self.position)
        assert found is not None
        self.position = found.end()

    def _at(self, sign: str) -> bool:
        return self.text.startswith(sign, self.position)

    def _failed(self, text: str) -> FileError:
        line, column = self._where()
        found = self.text[self.position : self.position + 12].split("\n")[0]
        ended = self.position >= len(self.text)
        problem = Problem(
            text=text,
            place=f"{self.name}:{line}:{column}",
            found="the end of the file" if ended else found,
            code="file.json",
        )
        return FileError(problem)


def _fault(place: str, text: str, allowed: str | None) -> FileError:
    return FileError(Problem(text=text, place=place, allowed=allowed, code="file.json"))
