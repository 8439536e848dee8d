"""The file of `talent do --form`: a form as a JSON object."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from talenthub.errors import FileError, Problem

LARGEST = 64 * 1024 * 1024
"""Bytes of a file; a larger one is not what was meant."""


def read_form(name: str) -> dict[str, Any]:
    """Return the JSON object in a file, or on standard input for `-`."""
    text = _text(name)
    try:
        value = json.loads(text, object_pairs_hook=_once, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        place = f"{name}:{error.lineno}:{error.colno}"
        raise FileError(
            Problem(text=f"this is no JSON: {error.msg}", place=place, code="file.json")
        ) from None
    except (ValueError, RecursionError) as error:
        said = "it is nested too deeply" if isinstance(error, RecursionError) else str(error)
        raise FileError(Problem(text=said, place=name, code="file.json")) from None
    if not isinstance(value, dict):
        found = type(value).__name__
        raise FileError(
            Problem(
                text="a form is a JSON object",
                place=name,
                found=found,
                allowed='{"field": "value"}',
                code="file.json",
            )
        )
    return value


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise ValueError(f"the field {key!r} stands there twice")
        found[key] = value
    return found


def _no_constant(word: str) -> Any:
    raise ValueError(f"{word} is no number")


def _text(name: str) -> str:
    raw = _bytes(name)
    place = "standard input" if name == "-" else name
    if len(raw) > LARGEST:
        raise FileError(
            Problem(text="the file is too large", place=place, found=f"{len(raw):,} bytes", code="file.large")
        )
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise FileError(
            Problem(text="this is not UTF-8 text", place=f"{place}:{line}", code="file.encoding")
        ) from None
    if "\0" in text:
        line = text[: text.index("\0")].count("\n") + 1
        raise FileError(
            Problem(text="there is a NUL in the text", place=f"{place}:{line}", code="file.encoding")
        )
    return text


def _bytes(name: str) -> bytes:
    if name != "-":
        return Path(name).read_bytes()
    if sys.stdin is None or sys.stdin.closed:
        raise FileError(Problem(text="standard input is closed", place="-", code="file.closed"))
    return sys.stdin.buffer.read(LARGEST + 1)
