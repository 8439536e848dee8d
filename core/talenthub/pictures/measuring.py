"""How wide a text is, without a font: as in a wide sans-serif one.

Nobody knows which font a reader's system has. The widths are those of a wide
one, so that what fits here fits there too.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from talenthub.pictures.marks import Anchor, Mark, Point, box, group, label

SIZES = {"head": 15.0, "text": 12.0, "small": 10.0}
"""Font sizes by look, in the picture's units."""

_NARROW = frozenset("iljI.,:;'’|!()[] ·")
_SLIM = frozenset('frtJ-/"*«»“”')
_BROAD = frozenset("mwMW%@…—")


def width_of(text: str, look: str = "text") -> float:
    """Return the width of a text in the picture's units."""
    return SIZES[look] * sum(_width(each) for each in text)


def _width(character: str) -> float:
    if unicodedata.combining(character):
        return 0.0
    if unicodedata.east_asian_width(character) in "WF":
        return 1.0
    for letters, width in ((_NARROW, 0.34), (_SLIM, 0.46), (_BROAD, 0.96)):
        if character in letters:
            return width
    return 0.7 if character.isupper() or character.isdigit() else 0.62


def shortened(text: str, width: float, look: str = "text") -> str:
    """Return the text, or its beginning and an ellipsis, that fits."""
    if width_of(text, look) <= width:
        return text
    kept = text
    while kept and width_of(f"{kept}…", look) > width:
        kept = kept[:-1]
    return f"{kept.rstrip()}…"


def wrapped(text: str, width: float, look: str = "text", most: int = 2) -> list[str]:
    """Return the text in lines that fit, `most` of them; the last cut short."""
    lines: list[str] = []
    rest = text.split()
    while rest and len(lines) < most - 1:
        taken = 1
        while taken < len(rest) and width_of(" ".join(rest[: taken + 1]), look) <= width:
            taken += 1
        lines.append(shortened(" ".join(rest[:taken]), width, look))
        rest = rest[taken:]
    return [*lines, shortened(" ".join(rest), width, look)] if rest else lines


def widest(texts: Sequence[str], look: str = "text", most: float = 200.0) -> float:
    """Return the width of the longest of the texts, `most` at the most."""
    return min(most, max((width_of(each, look) for each in texts), default=0.0))


def words_of(*words: str) -> str:
    """Return the words that there are, with a dot between them."""
    return " · ".join(each for each in words if each)


def on_paper(at: Point, text: str, look: str = "text", *, anchor: Anchor = "start") -> Mark:
    """Return a text on a piece of paper, to be read over any pattern."""
    width, size = width_of(text, look), SIZES[look]
    x, y = at
    begin = {"start": x, "middle": x - width / 2, "end": x - width}[anchor]
    paper = box(begin - 3, y - size, width + 6, size + 4, look="paper")
    return group([paper, label(at, text, look, anchor=anchor)])
