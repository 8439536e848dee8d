"""The sheet a picture is drawn on: heading, description, style, patterns.

Everything is in the file itself: no script, no link, no font from elsewhere.
Tones differ by lightness and by pattern, so that a print without colour, and
a reader who does not see colours, tell them apart. Nothing but the values
decides the text: the same values give the same file.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from talenthub.pictures.marks import TONES, Mark, box, label, mark
from talenthub.pictures.measuring import width_of, wrapped

WIDTH = 640.0
MARGIN = 16.0
TOP = 44.0
"""Where the drawing begins, below a heading of one line."""

_LIGHT = """
.picture text{font:12px system-ui,sans-serif;fill:#1b1b1b}
.picture .head{font-size:15px;font-weight:600}
.picture .small{font-size:10px}
.picture .paper{fill:#fff}
.picture .rule{stroke:#b4b4b4;fill:none}
.picture .edge{stroke:#1b1b1b}.picture .outline{stroke:#1b1b1b;fill:none}
.picture .solid{fill:#0b4f8a;stroke:#1b1b1b}
.picture .thick{stroke:#0b4f8a;stroke-width:2.5;fill:none}
.picture .area{fill:#0b4f8a;fill-opacity:.14;stroke:#0b4f8a;stroke-width:2.5}
.picture .asked{stroke:#1b1b1b;stroke-width:1.5;stroke-dasharray:6 4;fill:none}
.picture .ground{fill:#f4f7fa}.picture .ink{stroke:#0b4f8a;stroke-width:1.5}.picture .full{fill:#0b4f8a}
"""
_DARK = """
.picture text{fill:#ececec}
.picture .paper{fill:#16191d}
.picture .rule{stroke:#5c6670}
.picture .edge,.picture .outline{stroke:#ececec}
.picture .solid{fill:#8cc4f5;stroke:#ececec}
.picture .thick{stroke:#8cc4f5}
.picture .area{fill:#8cc4f5;stroke:#8cc4f5}
.picture .asked{stroke:#ececec}
.picture .ground{fill:#232a31}.picture .ink{stroke:#8cc4f5}.picture .full{fill:#5b93c4}
"""
STYLE = f"{_LIGHT}@media screen and (prefers-color-scheme:dark){{{_DARK}}}\n"


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing with a heading and what it says in words."""

    title: str
    says: str
    """The same values in words, for who does not see the drawing."""
    width: float
    height: float
    marks: tuple[Mark, ...]

    def svg(self) -> str:
        """Return the picture as an SVG file, ready to stand in a page too."""
        key = "p" + hashlib.sha256(repr(self).encode()).hexdigest()[:10]
        drawn = mark(
            "svg",
            _named("title", key, self.title),
            _named("desc", key, self.says),
            mark("style", STYLE),
            mark("defs", *(_pattern(tone, key) for tone in range(TONES))),
            box(0, 0, self.width, self.height, tone=None, look="paper"),
            *self.marks,
            look="picture",
            xmlns="http://www.w3.org/2000/svg",
            viewBox=f"0 0 {self.width:.0f} {self.height:.0f}",
            width=self.width,
            height=self.height,
            role="img",
            **{"aria-labelledby": f"{key}-title {key}-desc"},
        )
        return drawn.svg(key) + "\n"


def sheet(
    title: str, says: Sequence[str], height: float, marks: Iterable[Mark], width: float = WIDTH
) -> Picture:
    """Return marks below their heading; `height` is that of the drawing."""
    lines = wrapped(title, width - 2 * MARGIN, "head")
    more = 20.0 * (len(lines) - 1)
    heading = [label((MARGIN, 26 + 20 * at), each, "head") for at, each in enumerate(lines)]
    moved = mark("g", *marks, transform=f"translate(0 {more:.0f})") if more else mark("g", *marks)
    return Picture(title, ". ".join(says), width, height + more, (*heading, moved))


def legend(entries: Sequence[tuple[Mark, str]], y: float) -> list[Mark]:
    """Return a line of samples, drawn around the origin, with their words."""
    found: list[Mark] = []
    x = MARGIN
    for sample, text in entries:
        found.append(mark("g", sample, transform=f"translate({x:.0f} {y:.0f})"))
        found.append(label((x + 26, y + 4), text, "small"))
        x += 42 + width_of(text, "small")
    return found


def swatch(tone: int) -> Mark:
    """Return the sample of a tone, for a legend."""
    return box(0, -6, 20, 12, tone=tone)


def _named(name: str, key: str, text: str) -> Mark:
    return mark(name, text, id=f"{key}-{name}")


def _pattern(tone: int, key: str) -> Mark:
    """Return the pattern of a tone: empty, dotted, hatched, full."""
    ground = mark("rect", look="ground", width=8, height=8)
    ink = (
        (),
        (mark("circle", look="full", cx=4, cy=4, r=1.3),),
        (mark("path", look="ink", d="M-2 2 L2 -2 M0 8 L8 0 M6 10 L10 6"),),
        (mark("rect", look="full", width=8, height=8),),
    )[tone]
    return mark(
        "pattern", ground, *ink, id=f"{key}-tone-{tone}", width=8, height=8, patternUnits="userSpaceOnUse"
    )
