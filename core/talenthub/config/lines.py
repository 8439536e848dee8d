"""Lines: on which line of a TOML file each key stands.

`tomllib` gives no positions for valid keys. This scanner reads text that
`tomllib` has already accepted, so it only needs to tell keys from values.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field

KeyPath = tuple[str | int, ...]
"""Where a setting stands: `("handoff", 0, "on")`."""


@dataclass(slots=True)
class Lines:
    """The line of each key path of one file, counted from 1."""

    source: list[str]
    by_path: dict[KeyPath, int] = field(default_factory=dict)

    def of(self, path: KeyPath) -> int:
        """Return the line of `path`, or of the nearest table above it."""
        for length in range(len(path), 0, -1):
            if path[:length] in self.by_path:
                return self.by_path[path[:length]]
        return 1

    def text(self, number: int) -> str:
        """Return the line itself, without blanks around it."""
        return self.source[number - 1].strip() if 0 < number <= len(self.source) else ""


def scan(text: str) -> Lines:
    """Return the lines of all key paths in `text`, which is valid TOML."""
    return _Scanner(text).run()


class _Scanner:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.line = 1
        self.lines = Lines(text.split("\n"))
        self.arrays: dict[KeyPath, int] = {}

    def run(self) -> Lines:
        table: KeyPath = ()
        while self._skip_blank():
            if self._peek() == "[":
                table = self._header()
            else:
                self._pair(table)
        return self.lines

    def _peek(self) -> str:
        return self.text[self.at] if self.at < len(self.text) else ""

    def _step(self, count: int = 1) -> None:
        self.line += self.text.count("\n", self.at, self.at + count)
        self.at += count

    def _skip_blank(self) -> bool:
        while self.at < len(self.text):
            if self._peek() == "#":
                self._step(len(self.text[self.at :].split("\n", 1)[0]))
            elif self._peek() in " \t\r\n":
                self._step()
            else:
                return True
        return False

    def _header(self) -> KeyPath:
        doubled = self.text.startswith("[[", self.at)
        start = self.line
        self._step(2 if doubled else 1)
        path = self._placed((), self._key("]"))
        self._step(2 if doubled else 1)
        if doubled:
            self.arrays[path] = self.arrays.get(path, -1) + 1
            path = (*path, self.arrays[path])
        self._note(path, start)
        return path

    def _placed(self, table: KeyPath, key: KeyPath) -> KeyPath:
        # `[a.b]` below `[[a]]` means the last element of a.
        path = table
        for part in key[:-1]:
            path = (*path, part)
            if path in self.arrays:
                path = (*path, self.arrays[path])
        return (*path, *key[-1:])

    def _pair(self, table: KeyPath) -> None:
        start = self.line
        path = self._placed(table, self._key("="))
        self._step()
        self._note(path, start)
        self._value(path)

    def _note(self, path: KeyPath, line: int) -> None:
        for length in range(1, len(path) + 1):
            self.lines.by_path.setdefault(path[:length], line)
        self.lines.by_path[path] = line

    def _key(self, end: str) -> KeyPath:
        start = self.at
        while self._peek() and self._peek() != end:
            if self._peek() in "\"'":
                self._string()
            else:
                self._step()
        return _parts(self.text[start : self.at])

    def _string(self) -> None:
        quote = self._peek()
        if self.text.startswith(quote * 3, self.at):
            self._long_string(quote)
            return
        self._step()
        while self._peek() and self._peek() != quote:
            self._step(2 if quote == '"' and self._peek() == "\\" else 1)
        self._step()

    def _long_string(self, quote: str) -> None:
        self._step(3)
        while self._peek() and not self.text.startswith(quote * 3, self.at):
            self._step(2 if quote == '"' and self._peek() == "\\" else 1)
        self._step(3)
        while self._peek() == quote:  # up to two quotes may stand before the end
            self._step()

    def _value(self, path: KeyPath) -> None:
        self._skip_blank()
        if self._peek() in ('"', "'"):
            self._string()
        elif self._peek() == "[":
            self._list(path)
        elif self._peek() == "{":
            self._inline_table(path)
        else:
            while self._peek() and self._peek() not in ",]}#\n":
                self._step()

    def _list(self, path: KeyPath) -> None:
        self._step()
        index = 0
        while self._skip_blank() and self._peek() != "]":
            if self._peek() == ",":
                self._step()
                continue
            self._note((*path, index), self.line)
            self._value((*path, index))
            index += 1
        self._step()

    def _inline_table(self, path: KeyPath) -> None:
        self._step()
        while self._skip_blank() and self._peek() != "}":
            if self._peek() == ",":
                self._step()
                continue
            self._pair(path)
        self._step()


def _parts(key: str) -> KeyPath:
    nested = tomllib.loads(f"{key.strip()} = 0")
    parts: list[str | int] = []
    while isinstance(nested, dict):
        part, nested = next(iter(nested.items()))
        parts.append(part)
    return tuple(parts)
