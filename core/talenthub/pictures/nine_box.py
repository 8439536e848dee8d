"""The nine-box: people, or how many, in fields of two judgements."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from talenthub.pictures.marks import Mark, box, group, label, mark
from talenthub.pictures.measuring import shortened, wrapped
from talenthub.pictures.sheet import MARGIN, TOP, WIDTH, Picture, sheet

FIELD = 118.0
LINE = 15.0
STRIP = 9.0
MOST = 4
"""So many names stand in one field; the rest are counted."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a grid: its words, and who is in it."""

    title: str
    """What is done there, such as a strategy; empty: nothing is said."""
    names: tuple[str, ...] = ()
    count: int | None = None
    """How many, where names are not shown; None: withheld or not counted."""
    tone: int = 0


def nine_box(
    title: str,
    across: Sequence[str],
    up: Sequence[str],
    fields: Mapping[tuple[int, int], Field],
    axes: tuple[str, str] = ("Performance", "Potential"),
) -> Picture:
    """Return a grid; fields are named by (across, up), from 0, low to high."""
    left = MARGIN + 76
    wide = (WIDTH - MARGIN - left) / len(across)
    floor = TOP + 12 + FIELD * len(up)
    marks: list[Mark] = []
    for row, name in enumerate(up):
        y = floor - FIELD * (row + 0.5) + 4
        marks.append(label((left - 8, y), shortened(name, left - MARGIN - 26), anchor="end"))
        for column in range(len(across)):
            field = fields.get((column, row), Field(""))
            drawn = _field(field, left + wide * column, floor - FIELD * (row + 1), wide)
            marks.append(group(drawn, _told(field, axes, across[column], name)))
    for column, name in enumerate(across):
        marks.append(
            label((left + wide * (column + 0.5), floor + 17), shortened(name, wide - 6), anchor="middle")
        )
    marks.append(label(((left + WIDTH - MARGIN) / 2, floor + 36), axes[0], "text", anchor="middle"))
    marks.append(_upright(MARGIN + 8, floor - FIELD * len(up) / 2, axes[1]))
    says = [
        _told(fields.get((column, row), Field("")), axes, across[column], up[row])
        for row in reversed(range(len(up)))
        for column in range(len(across))
    ]
    return sheet(title, says, floor + 50, marks)


def _field(field: Field, x: float, y: float, wide: float) -> list[Mark]:
    marks = [box(x, y, wide, FIELD, look="outline"), box(x, y, STRIP, FIELD, tone=field.tone)]
    down = y + 17
    for text in wrapped(field.title, wide - STRIP - 12):
        marks.append(label((x + STRIP + 6, down), text))
        down += LINE
    shown = field.names[:MOST]
    for name in shown:
        marks.append(label((x + STRIP + 6, down + 2), shortened(name, wide - STRIP - 12, "small"), "small"))
        down += LINE - 2
    if more := len(field.names) - len(shown):
        marks.append(label((x + STRIP + 6, down + 2), f"and {more} more", "small"))
    if field.count is not None:
        marks.append(label((x + wide - 8, y + FIELD - 9), str(field.count), "head", anchor="end"))
    return marks


def _upright(x: float, y: float, text: str) -> Mark:
    return mark(
        "g", label((0, 0), text, anchor="middle"), transform=f"translate({x:.0f} {y:.0f}) rotate(-90)"
    )


def _told(field: Field, axes: tuple[str, str], across: str, up: str) -> str:
    who = ", ".join(field.names) or ("nobody shown" if field.count is None else str(field.count))
    title = f" ({field.title})" if field.title else ""
    return f"{axes[1]} {up}, {axes[0]} {across}{title}: {who}"
