"""Writing our YAML: what is written is read back as the same content.

Texts are quoted wherever a reader of YAML 1.1 or 1.2 could take them for
something else; characters that nobody sees are written as escapes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from talenthub.framework.content import Document
from talenthub.framework.formats.yaml_tree import number_text, tree_of

_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_/-]*( [A-Za-z0-9_/-]+)*")
_WORDS = frozenset(("y", "n", "yes", "no", "on", "off", "true", "false", "null"))
_BLOCK = re.compile(r"[^\s](?:[^\n]*[^\s])?(?:\n+[^\s](?:[^\n]*[^\s])?)+")
_JOINER = "\u200d"
"""Holds emoji together; as an escape it would hide what people see."""
_ESCAPES = {"\n": "\\n", "\t": "\\t", "\r": "\\r", '"': '\\"', "\\": "\\\\"}


def write(document: Document) -> Mapping[str, bytes]:
    """Return the one file that holds a framework."""
    framework = document.content.framework
    lines = [f"# {' '.join(line.split())}" for line in (framework.attribution, framework.licence) if line]
    parts = ["\n".join(_lines({key: each}, "")) for key, each in tree_of(document).items()]
    text = "\n".join([*lines, *parts]) + "\n"
    return {f"{framework.code}.yaml": text.encode()}


def _lines(value: Any, indent: str) -> Iterator[str]:
    """Return the lines of a mapping or list that is not empty."""
    if isinstance(value, dict):
        for key, each in value.items():
            yield from _entry(f"{indent}{_key(key)}:", each, indent)
        return
    for each in value:
        if isinstance(each, dict | list) and each:
            first, *rest = _lines(each, indent + "  ")
            yield f"{indent}- {first.lstrip(' ')}"
            yield from rest
        else:
            yield from _entry(f"{indent}-", each, indent)


def _entry(head: str, value: Any, indent: str) -> Iterator[str]:
    if isinstance(value, dict | list) and value:
        yield head
        yield from _lines(value, indent + "  ")
    elif isinstance(value, str) and _BLOCK.fullmatch(value) and not _hidden(value):
        yield f"{head} |-"
        yield from (f"{indent}  {line}" if line else "" for line in value.split("\n"))
    else:
        yield f"{head} {_scalar(value)}"


def _hidden(text: str) -> bool:
    return any(not each.isprintable() and each not in "\n" + _JOINER for each in text)


def _key(key: str | int) -> str:
    return str(key) if isinstance(key, int) else _scalar(key)


def _scalar(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Fraction):
        return number_text(value)
    if isinstance(value, dict | list):
        return "{}" if isinstance(value, dict) else "[]"
    if isinstance(value, int):
        return str(value)
    if _PLAIN.fullmatch(value) and value.lower() not in _WORDS:
        return str(value)
    return '"' + "".join(map(_escaped, value)) + '"'


def _escaped(sign: str) -> str:
    if sign in _ESCAPES:
        return _ESCAPES[sign]
    if sign.isprintable() or sign == _JOINER:
        return sign
    number = ord(sign)
    return f"\\u{number:04X}" if number < 0x10000 else f"\\U{number:08X}"
