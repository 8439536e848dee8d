"""Naming: codes for things whose source has none, and names that are alike.

A code comes from the title alone, so that the next edition of the same
source gives the same thing the same code.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container

LONGEST_CODE = 80
SENTINELS = frozenset(
    (
        "not in use",
        "this skill level is currently not defined.",
        "missing",
        "todo",
        "tbc",
        "tbd",
        "n/a",
        "na",
        "none",
        "null",
        "-",
        "–",
        "—",
        "?",
        "xxx",
    )
)
"""Words that stand where a text should, and say that there is none."""

_OTHER = re.compile(r"[^a-z0-9]+")
_QUOTES = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"', "–": "-", "—": "-", "‐": "-"})
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
_ODD = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00a0\u00ad\u200b\u200e\u200f\u2028-\u202e\u2060\ufeff]"
)


def slug(title: str, taken: Container[str] = ()) -> str:
    """Return a code for a title: small letters, digits and dashes.

    A title without any Latin letter gets one from its characters' numbers.
    """
    ascii_text = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    base = _OTHER.sub("-", ascii_text).strip("-")
    if not base:
        base = "u" + "-".join(f"{ord(each):x}" for each in title.strip()[:12])
    if len(base) > LONGEST_CODE - 4:
        base = base[: LONGEST_CODE - 4].rsplit("-", 1)[0]
    code, count = base, 1
    while code in taken:
        count += 1
        code = f"{base}-{count}"
    return code


def folded(name: str) -> str:
    """Return a name as it is compared: typography, case and blanks aside."""
    text = unicodedata.normalize("NFKC", _INVISIBLE.sub("", name)).translate(_QUOTES)
    return " ".join(text.split()).casefold()


def is_sentinel(text: str) -> bool:
    """Return whether the text says that there is no text."""
    return folded(text) in SENTINELS


def odd_characters(text: str) -> str | None:
    """Return the characters that print as nothing, or None: `U+200B`."""
    found = sorted(set(_ODD.findall(text)))
    return ", ".join(f"U+{ord(each):04X}" for each in found) or None
