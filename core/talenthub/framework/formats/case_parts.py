"""What the two directions of CASE share: names, ids, types of items.

CASE is a standard of 1EdTech for frameworks of competencies, versions 1.0
and 1.1. What it has no place for (scales, values, requirements of roles,
languages) travels as one extension of the document; in 1.0, which has no
extensions, as its notes.
"""

from __future__ import annotations

import re
from uuid import NAMESPACE_URL, uuid5

EXTENSION = "talenthub"
NOTES_HEAD = "talenthub: "
"""Begins the notes of a document of CASE 1.0 that hold the extension."""

INDICATOR, WARNING = "Indicator", "Warning sign"
"""Types of items that are the indicators of a level, for and against it."""

SAME = "case:identifier"
"""The kind of pointer that holds the identifier of an item."""

ASSOCIATION = "case:"
"""Begins the kind of a pointer that was an association."""

BACKWARDS = ":from"
"""Ends the kind of a pointer whose association comes from the far end."""

CHILD = "isChildOf"
TYPES = (
    CHILD,
    "isPeerOf",
    "isPartOf",
    "exactMatchOf",
    "precedes",
    "isRelatedTo",
    "replacedBy",
    "exemplar",
    "hasSkillLevel",
)
NEWER_TYPES = ("isTranslationOf",)
"""Types of associations that came with 1.1."""

EXTENDED = re.compile(r"ext:[a-zA-Z0-9._-]+")
UUID = re.compile(r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}")


def identifier(framework: str, *names: object) -> str:
    """Return the identifier of a thing: the same in every export."""
    return str(uuid5(NAMESPACE_URL, "/".join(("talenthub", framework, *map(str, names)))))
