"""Spans: what reaches from one level to another, such as learning items."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from talenthub.pictures.marks import Mark, Number, box, diamond, figure, group, label, line, number
from talenthub.pictures.measuring import shortened, widest
from talenthub.pictures.scale import Scale
from talenthub.pictures.sheet import MARGIN, TOP, WIDTH, Picture, legend, sheet, swatch

ROW = 26.0


@dataclass(frozen=True, slots=True)
class Span:
    """One row: from where to where it reaches."""

    label: str
    low: Number | None
    """None: unknown or withheld; nothing is drawn."""
    high: Number | None
    note: str = ""
    """Such as the hours and the kind of a learning item."""
    tone: int = 1


def spans(
    title: str,
    rows: Sequence[Span],
    levels: tuple[Number, Number],
    now: Number | None = None,
    asked: Number | None = None,
    tones: Sequence[tuple[int, str]] = (),
) -> Picture:
    """Return spans over levels, with where one stands and what is asked.

    A learning map: one span an item, from the level it begins at to the one
    it leads to; `tones` are the words of the legend.
    """
    left = MARGIN + widest([each.label for each in rows], most=220) + 12
    notes = widest([each.note for each in rows], "small", most=130)
    scale = Scale(*levels, left + 10, WIDTH - MARGIN - notes - 16)
    floor = TOP + 22 + ROW * len(rows)
    marks: list[Mark] = []
    for tick in scale.ticks():
        marks.append(line((scale.at(tick), TOP + 12), (scale.at(tick), floor)))
        marks.append(label((scale.at(tick), TOP + 6), number(tick), "small", anchor="middle"))
    for at, row in enumerate(rows):
        y = TOP + 18 + ROW * at
        marks.append(label((MARGIN, y + 12), shortened(row.label, left - MARGIN - 6)))
        if row.low is not None and row.high is not None:
            start, end = scale.at(row.low), scale.at(row.high)
            marks.append(group([box(start, y, max(3.0, end - start), 16, tone=row.tone)], _told(row)))
        marks.append(
            label((WIDTH - MARGIN - notes, y + 12), shortened(row.note, notes + 4, "small"), "small")
        )
    samples = [(swatch(tone), text) for tone, text in tones]
    words = []
    if now is not None:
        marks.append(diamond((scale.at(now), floor + 6), 6, tone=3))
        samples.append((diamond((10, 0), 6, tone=3), f"now {figure(now)}"))
        words.append(f"Now {figure(now)}")
    if asked is not None:
        marks.append(line((scale.at(asked), TOP + 12), (scale.at(asked), floor + 12), "asked"))
        samples.append((line((0, 0), (20, 0), "asked"), f"asked for {figure(asked)}"))
        words.append(f"Asked for {figure(asked)}")
    return sheet(
        title, [*words, *(_told(each) for each in rows)], floor + 46, [*marks, *legend(samples, floor + 28)]
    )


def _told(span: Span) -> str:
    note = f", {span.note}" if span.note else ""
    reach = "unknown" if span.low is None else f"from {figure(span.low)} to {figure(span.high)}"
    return f"{span.label}: {reach}{note}"
