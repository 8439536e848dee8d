"""Marks: the elements a picture is made of, as plain values.

What a mark looks like is said by its class and its tone; the style of the
sheet turns them into ink for screen, dark screen and print.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from html import escape
from typing import Literal

Number = int | float | Fraction
Point = tuple[float, float]
Anchor = Literal["start", "middle", "end"]

TONES = 4
"""How many shades tell values apart; each has a pattern of its own."""


@dataclass(frozen=True, slots=True)
class Mark:
    """One element: its name, its attributes and what it holds."""

    name: str
    attributes: tuple[tuple[str, str], ...] = ()
    holds: tuple[Mark | str, ...] = ()

    def svg(self, key: str) -> str:
        """Return the element as text; `key` tells this picture's ids apart."""
        written = "".join(f" {_attribute(name, value, key)}" for name, value in self.attributes)
        inner = "".join(
            each.svg(key) if isinstance(each, Mark) else escape(each, quote=False) for each in self.holds
        )
        return f"<{self.name}{written}>{inner}</{self.name}>" if inner else f"<{self.name}{written}/>"


def _attribute(name: str, value: str, key: str) -> str:
    if name == "tone":
        return f'fill="url(#{key}-tone-{value})"'
    return f'{name}="{escape(value)}"'


def mark(name: str, *holds: Mark | str, look: str = "", **attributes: Number | str) -> Mark:
    """Return a mark; `look` is its class, `stroke_width` means stroke-width."""
    given = [(key.replace("_", "-"), value) for key, value in attributes.items()]
    named = [("class", look), *given] if look else given
    return Mark(name, tuple((key, _written(value)) for key, value in named), holds)


def _written(value: Number | str) -> str:
    return value if isinstance(value, str) else number(value)


def number(value: Number) -> str:
    """Return a coordinate to two decimals, without needless zeros."""
    text = f"{float(value):.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def line(start: Point, end: Point, look: str = "rule") -> Mark:
    """Return a straight line."""
    return mark("line", look=look, x1=start[0], y1=start[1], x2=end[0], y2=end[1])


def path(points: Sequence[Point], look: str, *, closed: bool = False, tone: int | None = None) -> Mark:
    """Return a line through points, or a closed shape, in a tone or empty."""
    steps = " L".join(f"{number(x)} {number(y)}" for x, y in points)
    return mark("path", look=look, d=f"M{steps}{' Z' if closed else ''}", **_tone(tone))


def box(
    x: float, y: float, width: float, height: float, *, tone: int | None = None, look: str = "edge"
) -> Mark:
    """Return a rectangle, in a tone or empty."""
    size = {"x": x, "y": y, "width": width, "height": height}
    return mark("rect", look=look, **size, **_tone(tone))


def dot(at: Point, radius: float, *, tone: int | None = None, look: str = "edge") -> Mark:
    """Return a small circle."""
    return mark("circle", look=look, cx=at[0], cy=at[1], r=radius, **_tone(tone))


def diamond(at: Point, radius: float, *, tone: int | None = None, look: str = "edge") -> Mark:
    """Return a square on its corner, for what stands out."""
    x, y = at
    corners = [(x, y - radius), (x + radius, y), (x, y + radius), (x - radius, y)]
    return path(corners, look, closed=True, tone=tone)


def _tone(tone: int | None) -> dict[str, Number | str]:
    return {"fill": "none"} if tone is None else {"tone": tone}


def label(at: Point, text: str, look: str = "text", *, anchor: Anchor = "start") -> Mark:
    """Return a text whose base line begins, has its middle or ends there."""
    place: dict[str, Number | str] = {} if anchor == "start" else {"text_anchor": anchor}
    return mark("text", text, look=look, x=at[0], y=at[1], **place)


def group(marks: Iterable[Mark], says: str = "") -> Mark:
    """Return marks as one; `says` is read out and shown under a pointer."""
    title = (mark("title", says),) if says else ()
    return mark("g", *title, *marks)


def figure(value: Number | None) -> str:
    """Return a value as tables show it: three decimals, whole ones plain."""
    if value is None:
        return "unknown"
    return str(int(value)) if value == int(value) else f"{float(value):.3f}"
