"""Layers: the files and variables that settings come from, last wins.

    plugin defaults < talenthub.toml < talenthub.d/*.toml
    < talenthub.local.toml < TALENTHUB__SECTION__KEY < command line

This module needs the standard library only: help and completion read the
list of enabled plugins through it.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from talenthub.config.lines import KeyPath, Lines, scan
from talenthub.config.place import FILE, LOCAL_FILE, MORE_FILES
from talenthub.errors import ConfigurationError, Problem

PREFIX = "TALENTHUB__"
LARGEST = 1_000_000
"""Bytes; a configuration beyond that is another file by mistake."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a value was set."""

    place: str
    """`talenthub.toml:4`, `env TALENTHUB__…` or `command line`."""
    line: str | None = None
    """The line itself, where it came from a file."""


@dataclass(frozen=True)
class Layer:
    """One source of settings."""

    name: str
    values: dict[str, Any]
    text: str | None = None
    """What stands in the file; None: it is none."""

    @property
    def is_file(self) -> bool:
        """Return whether it is a file."""
        return self.text is not None

    @cached_property
    def lines(self) -> Lines | None:
        """Return where each setting stands; looked up once somebody asks."""
        # Every command reads the settings; few ask for a line.
        return None if self.text is None else scan(self.text)

    def origin(self, path: KeyPath) -> Origin:
        """Return where this layer sets `path`, or the nearest table above it."""
        if self.lines is None:
            return Origin(_variable(path) if self.name == "env" else self.name)
        number = self.lines.of(path)
        return Origin(f"{self.name}:{number}", self.lines.text(number))


@dataclass(slots=True)
class Layers:
    """All sources, merged; remembers where each value came from."""

    folder: Path
    values: dict[str, Any] = field(default_factory=dict)
    layers: list[Layer] = field(default_factory=list)

    def add(self, layer: Layer) -> None:
        """Lay `layer` over the ones before."""
        _merge(self.values, layer.values)
        self.layers.append(layer)

    def origin(self, path: KeyPath) -> Origin:
        """Return where the value at `path` was set last."""
        for layer in reversed(self.layers):
            if _holds(layer.values, path):
                return layer.origin(path)
        return Origin("default")

    def near(self, path: KeyPath) -> Origin:
        """Return the origin of `path`, or of the nearest table above it."""
        for length in range(len(path), 0, -1):
            if self.is_set(path[:length]):
                return self.origin(path[:length])
        return Origin("default")

    def written(self, path: KeyPath) -> Any:
        """Return what stands at `path`, before it was read; None if unset."""
        value: Any = self.values
        for part in path:
            if not _holds(value, (part,)):
                return None
            value = value[part]
        return value

    def is_set(self, path: KeyPath) -> bool:
        """Return whether any layer sets `path`."""
        return any(_holds(layer.values, path) for layer in self.layers)


def read_layers(
    folder: Path,
    environment: Mapping[str, str] | None = None,
    overrides: Mapping[str, Any] | None = None,
    instead: Mapping[Path, str] | None = None,
) -> Layers:
    """Return all layers; ConfigurationError names every bad file.

    `instead` gives the text of files that are about to be written.
    """
    given = instead or {}
    found = Layers(folder)
    problems: list[Problem] = []
    for file in files_of(folder, given):
        try:
            found.add(read_file(file, folder, given.get(file)))
        except ConfigurationError as error:
            problems += error.problems
    if problems:
        raise ConfigurationError.of(problems)
    found.add(Layer("env", _from_environment(os.environ if environment is None else environment)))
    if overrides:
        found.add(Layer("command line", dict(overrides)))
    return found


def files_of(folder: Path, given: Collection[Path] = ()) -> list[Path]:
    """Return the configuration files that exist or are given, in order."""
    more = {each for each in (folder / MORE_FILES).glob("*.toml") if each.is_file()}
    more |= {each for each in given if each.parent == folder / MORE_FILES}
    local = folder / LOCAL_FILE
    return [folder / FILE, *sorted(more), *([local] if local.is_file() or local in given else [])]


def enabled_plugins(folder: Path) -> tuple[str, ...]:
    """Return the names of the enabled plugins, unchecked."""
    plugins = read_layers(folder).values.get("plugins")
    enabled = plugins.get("enabled") if isinstance(plugins, dict) else None
    return tuple(each for each in enabled if isinstance(each, str)) if isinstance(enabled, list) else ()


def read_file(file: Path, folder: Path, text: str | None = None) -> Layer:
    """Return one file as a layer; ConfigurationError names line and column."""
    name = str(file.relative_to(folder)) if file.is_relative_to(folder) else str(file)
    text = _text(file, name) if text is None else text
    try:
        return Layer(name, tomllib.loads(text), text)
    except (tomllib.TOMLDecodeError, RecursionError, ValueError) as error:
        raise ConfigurationError(_syntax_problem(name, text, error)) from None


def _text(file: Path, name: str) -> str:
    try:
        if file.exists() and not file.is_file():
            raise ConfigurationError(Problem(text="this is not a file", place=name, code="config.file"))
        raw = file.read_bytes()
    except OSError as error:
        text = (error.strerror or "it cannot be read").lower()
        raise ConfigurationError(Problem(text=text, place=name, code="config.file")) from None
    if len(raw) > LARGEST:
        raise ConfigurationError(
            Problem(
                text="the file is too large",
                place=name,
                found=f"{len(raw)} bytes",
                allowed=f"{LARGEST} bytes",
                code="config.large",
            )
        )
    try:
        return raw.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise ConfigurationError(
            Problem(
                text=f"byte {error.start} is not UTF-8",
                place=f"{name}:{line}",
                mend="save the file as UTF-8",
                code="config.encoding",
            )
        ) from None


def _syntax_problem(name: str, text: str, error: Exception) -> Problem:
    number, column = getattr(error, "lineno", None), getattr(error, "colno", None)
    said = getattr(error, "msg", None) or str(error).partition(" (at ")[0]
    if number is None:
        number, column = _position(str(error), text)
    lines = text.split("\n")
    line = lines[number - 1].strip() if 0 < number <= len(lines) else None
    if line and said.lower().startswith(_TWICE):
        return Problem(
            text=f"this stands twice{_first_of(lines, number)}",
            place=f"{name}:{number}:{column}",
            found=line,
            mend="keep one of them",
            code="config.twice",
        )
    return Problem(
        text=f"this is not TOML: {said[:1].lower()}{said[1:]}",
        place=f"{name}:{number}:{column}",
        found=line,
        code="config.syntax",
    )


_TWICE = ("cannot overwrite a value", "cannot declare", "duplicate inline table key")
"""What `tomllib` says of keys and tables that are there already."""


def _first_of(lines: list[str], number: int) -> str:
    """Return where the key or table of a line stood first, as words."""
    before = lines[: number - 1]
    header = next((each for each in reversed(before) if each.lstrip().startswith("[")), "")
    try:
        seen = scan(_sound("\n".join(before))).by_path
        given = scan(_sound(f"{lines[number - 1]}")).by_path
        above = scan(_sound(header)).by_path
    except ValueError:
        return ""
    is_table = lines[number - 1].lstrip().startswith("[")
    table = () if is_table or not above else max(above, key=len)
    first = next((seen[table + path] for path in reversed(given) if table + path in seen), None)
    return "" if first is None else f", first in line {first}"


def _sound(text: str) -> str:
    tomllib.loads(text)
    return text


def _position(said: str, text: str) -> tuple[int, int]:
    # Before Python 3.14 the place stands in the message only.
    import re

    found = re.search(r"at line (\d+), column (\d+)", said)
    return (int(found[1]), int(found[2])) if found else (text.count("\n") + 1, 1)


def _from_environment(environment: Mapping[str, str]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name, text in sorted(environment.items()):
        if not name.startswith(PREFIX):
            continue
        *tables, key = [part.lower() for part in name[len(PREFIX) :].split("__")]
        at = values
        for table in tables:
            at = at.setdefault(table, {}) if isinstance(at.get(table, {}), dict) else {}
        at[key] = value_of(text)
    return values


def value_of(text: str) -> Any:
    """Return what `25` or `true` means in a file; else the text itself."""
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except ValueError:
        return text


def _variable(path: KeyPath) -> str:
    return "env " + PREFIX + "__".join(str(part).upper() for part in path)


def _merge(into: dict[str, Any], values: Mapping[str, Any]) -> None:
    for key, value in values.items():
        if not isinstance(value, dict):
            into[key] = value
            continue
        # {env = "A"} over {file = "b"} replaces it; both together mean nothing.
        if is_reference(value) or not isinstance(into.get(key), dict):
            into[key] = {}
        _merge(into[key], value)


def is_reference(value: object) -> bool:
    """Return whether `value` is { env = … } or { file = … }."""
    return isinstance(value, Mapping) and len(value) == 1 and next(iter(value)) in ("env", "file")


def _holds(values: Any, path: KeyPath) -> bool:
    for part in path:
        is_element = isinstance(values, list) and isinstance(part, int) and part < len(values)
        if not is_element and not (isinstance(values, dict) and part in values):
            return False
        values = values[part]
    return True
