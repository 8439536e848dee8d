"""Text of the framework: one string, or one string per language."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Translations:
    """The same text in several languages, in the order they were given."""

    texts: tuple[tuple[str, str], ...]
    """Pairs of language tag and text."""

    def __iter__(self) -> Iterator[str]:
        """Return the language tags."""
        return (language for language, _ in self.texts)

    def get(self, language: str) -> str | None:
        """Return the text in `language`, or None."""
        return dict(self.texts).get(language)


Text = str | Translations

_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def say(text: Text | None, language: str) -> str:
    """Return the text in `language`, else the first one; "" for none."""
    if text is None:
        return ""
    if isinstance(text, str):
        return text
    return text.get(language) or text.texts[0][1]


def plain(text: Text | None) -> Any:
    """Return the text as JSON knows it: a string or an object."""
    return dict(text.texts) if isinstance(text, Translations) else text


def to_json(text: Text) -> str:
    """Return the text as JSON; the order of the languages is kept."""
    return _JSON.encode(plain(text))


def from_json(stored: str) -> Text:
    """Return the text that `to_json` wrote."""
    if stored.startswith('"') and "\\" not in stored:
        return stored[1:-1]  # nearly all texts: nothing in them had to be escaped
    return from_plain(json.loads(stored)) or ""


def from_plain(value: Any) -> Text | None:
    """Return the text that `plain` made simple."""
    if isinstance(value, dict):
        return Translations(tuple(value.items()))
    return None if value is None else str(value)
