"""Readable: what a case carries, as a few short lines for people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

LONGEST = 72
"""Characters of a line; the rest is for `-o json`."""

DEEPEST = 2
"""How many steps into nested values lines go."""


def readable(value: Any) -> Iterator[str]:
    """Return lines that tell a mapping of plain values; empty ones left out."""
    if isinstance(value, Mapping):
        yield from _mapping(value, 0)
    elif value not in (None, "", [], ()):
        yield _short(value)


def _mapping(values: Mapping[str, Any], depth: int) -> Iterator[str]:
    for name, value in values.items():
        if value is None or value in ("", [], {}):
            continue
        label = "  " * depth + str(name).replace("_", " ")
        if isinstance(value, Mapping) and not _is_flat(value):
            yield f"{label}:"
            yield from (
                _mapping(value, depth + 1)
                if depth < DEEPEST
                else (f"{'  ' * (depth + 1)}{len(value)} fields",)
            )
        elif isinstance(value, list) and any(isinstance(each, Mapping | list) for each in value):
            yield f"{label}: {len(value)} entries"
            if depth < DEEPEST:
                yield from (f"{'  ' * (depth + 1)}{_entry(each)}" for each in value)
        else:
            yield f"{label}: {_short(value)}"


def _is_flat(values: Mapping[str, Any]) -> bool:
    plain = not any(isinstance(each, Mapping | list) for each in values.values())
    return plain and len(", ".join(f"{name} {each}" for name, each in values.items())) <= LONGEST


def _entry(value: Any) -> str:
    if not isinstance(value, Mapping):
        return _short(value)
    plain = {
        name: each for name, each in value.items() if each not in (None, "", [], {}) and not _is_nested(each)
    }
    # Among short values a long text would only push the others off the line.
    short = {name: each for name, each in plain.items() if len(str(each)) <= LONGEST // 2}
    return _short(short or plain)


def _is_nested(value: Any) -> bool:
    return isinstance(value, Mapping) or (
        isinstance(value, list) and any(isinstance(each, Mapping | list) for each in value)
    )


def _short(value: Any) -> str:
    text = " ".join(_words(value).split())
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def _words(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value is None:
        return "none"
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {_words(each)}" for name, each in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(_words(each) for each in value)
    return str(value)
