"""The heat map: units against competencies, the darker the larger."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from talenthub.pictures.marks import Mark, box, group, label
from talenthub.pictures.measuring import shortened, widest, wrapped
from talenthub.pictures.sheet import MARGIN, TOP, WIDTH, Picture, legend, sheet, swatch

CELL = 40.0
BAND = 11.0
NARROWEST = 44.0


@dataclass(frozen=True, slots=True)
class Cell:
    """One field: what stands in it, and how dark it is."""

    text: str
    tone: int
    """0, the lightest, to 3."""
    note: str = ""
    """Small below the text, such as how many of how many are known."""


@dataclass(frozen=True, slots=True)
class HeatRow:
    """One row of a heat map; None where nothing may be shown."""

    label: str
    cells: tuple[Cell | None, ...]


def heat_map(
    title: str,
    columns: Sequence[str],
    rows: Sequence[HeatRow],
    tones: Sequence[str],
    withheld: str = "withheld",
) -> Picture:
    """Return rows against columns; `tones` are the words of the legend."""
    left = MARGIN + widest([each.label for each in rows], most=170) + 10
    across = max(NARROWEST, (WIDTH - MARGIN - left) / max(1, len(columns)))
    below = TOP + 26
    height = below + CELL * len(rows)
    marks: list[Mark] = []
    for at, name in enumerate(columns):
        middle = left + across * (at + 0.5)
        lines = wrapped(name, across - 4, "small")
        first = TOP + (20 if len(lines) == 1 else 8)
        marks += [
            label((middle, first + 12 * down), each, "small", anchor="middle")
            for down, each in enumerate(lines)
        ]
    for down, row in enumerate(rows):
        y = below + CELL * down
        marks.append(label((MARGIN, y + 24), shortened(row.label, left - MARGIN - 6)))
        for at, cell in enumerate(row.cells):
            told = f"{row.label}, {columns[at]}: {withheld if cell is None else _told(cell)}"
            marks.append(group(_field(left + across * at, y, across, cell), told))
    samples = [*((swatch(at), each) for at, each in enumerate(tones)), (label((4, 4), "–"), withheld)]
    marks += legend(samples, height + 18)
    width = max(WIDTH, left + across * len(columns) + MARGIN)
    return sheet(title, _said(columns, rows, withheld), height + 38, marks, width)


def _field(x: float, y: float, across: float, cell: Cell | None) -> list[Mark]:
    """Return a cell: its words, and beneath them a band in its tone."""
    outline, middle = box(x, y, across, CELL, look="outline"), x + across / 2
    if cell is None:
        return [outline, label((middle, y + 24), "–", anchor="middle")]
    words = [label((middle, y + 14), cell.text, anchor="middle")]
    if cell.note:
        words.append(label((middle, y + 25), cell.note, "small", anchor="middle"))
    return [outline, box(x, y + CELL - BAND, across, BAND, tone=cell.tone), *words]


def _told(cell: Cell) -> str:
    return f"{cell.text} ({cell.note})" if cell.note else cell.text


def _said(columns: Sequence[str], rows: Sequence[HeatRow], withheld: str) -> list[str]:
    return [
        f"{row.label}: "
        + ", ".join(
            f"{name} {withheld if cell is None else _told(cell)}"
            for name, cell in zip(columns, row.cells, strict=True)
        )
        for row in rows
    ]
