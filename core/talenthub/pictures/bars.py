"""Bars: one value a row, its parts, or several side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from talenthub.pictures.marks import Mark, Number, box, figure, group, label, line, number
from talenthub.pictures.measuring import on_paper, shortened, widest, words_of
from talenthub.pictures.parts import Parts, few, said_of, tone_of
from talenthub.pictures.scale import Scale, least_step, top_of
from talenthub.pictures.sheet import MARGIN, TOP, WIDTH, Picture, legend, sheet, swatch

ROW = 26.0
BAR = 16.0
WIDEST_LABEL = 300.0
"""The room for what a row is called: the code of a post is read to its end."""
LONGEST = 180.0
"""The room for a figure and a note at the end of the longest bar."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One row: a value, what is asked of it, and a word about it."""

    label: str
    value: Number | None
    """None: unknown; no bar is drawn, and it says so."""
    note: str = ""
    asked: Number | None = None
    tone: int = 3


def bars(title: str, rows: Sequence[Bar], highest: Number | None = None) -> Picture:
    """Return one bar a row from 0 to `highest`; what is asked as a mark."""
    values = [value for each in rows for value in (each.value, each.asked)]
    ground = _Ground([each.label for each in rows], values, [_words(each) for each in rows], highest)
    marks = [mark for at, each in enumerate(rows) for mark in _bar(ground, at, each)]
    says = [f"{each.label}: {_told(each)}" for each in rows]
    return sheet(title, says, ground.height + 8, [*ground.drawn(), *marks])


def _told(bar: Bar) -> str:
    asked = [] if bar.asked is None else [f"asked for {figure(bar.asked)}"]
    return ", ".join([figure(bar.value), *asked, *([bar.note] if bar.note else [])])


def _bar(ground: _Ground, at: int, bar: Bar) -> list[Mark]:
    y, begin = ground.y(at), ground.scale.start
    end = begin if bar.value is None else ground.scale.at(bar.value)
    marks = [] if bar.value is None else [box(begin, y, end - begin, BAR, tone=bar.tone)]
    if bar.asked is not None:
        end = max(end, x := ground.scale.at(bar.asked))
        marks.append(line((x, y - 3), (x, y + BAR + 3), "asked"))
    words = shortened(_words(bar), WIDTH - MARGIN - end - 6)
    return [group(marks, f"{bar.label}: {_told(bar)}"), on_paper((end + 6, y + 12), words)]


def _words(row: Bar | Parts) -> str:
    return words_of(figure(row.value if isinstance(row, Bar) else _sum(row.values)), row.note)


def stacked(
    title: str, rows: Sequence[Parts], parts: Sequence[str], highest: Number | None = None
) -> Picture:
    """Return one bar a row, its parts one after another; TONES parts at most.

    A row with a part that is unknown has no bar: its sum is not known.
    """
    few(parts)
    sums = [_sum(each.values) for each in rows]
    ground = _Ground([each.label for each in rows], sums, [_words(each) for each in rows], highest)
    marks = [mark for at, each in enumerate(rows) for mark in _stack(ground, at, each)]
    samples = [(swatch(tone_of(at)), each) for at, each in enumerate(parts)]
    return sheet(
        title,
        said_of(rows, parts),
        ground.height + 34,
        [*ground.drawn(), *marks, *legend(samples, ground.height + 14)],
    )


def _stack(ground: _Ground, at: int, row: Parts) -> list[Mark]:
    y, total = ground.y(at), _sum(row.values)
    x, marks, before = ground.scale.start, [], 0.0
    for place, value in enumerate(row.values if total is not None else ()):
        before += float(value or 0)
        end = ground.scale.at(before)
        marks.append(box(x, y, end - x, BAR, tone=tone_of(place)))
        x = end
    words = shortened(_words(row), WIDTH - MARGIN - x - 6)
    return [group(marks), on_paper((x + 6, y + 12), words)]


def paired(title: str, rows: Sequence[Parts], parts: Sequence[str], highest: Number | None = None) -> Picture:
    """Return several thin bars a row, such as before and after."""
    few(parts)
    values = [value for each in rows for value in each.values]
    words = [words_of("0.000", each.note) for each in rows]
    ground = _Ground([each.label for each in rows], values, words, highest, row=8 + 13.0 * len(parts))
    marks = [mark for at, each in enumerate(rows) for mark in _pair(ground, at, each)]
    samples = [(swatch(tone_of(at)), each) for at, each in enumerate(parts)]
    return sheet(
        title,
        said_of(rows, parts),
        ground.height + 34,
        [*ground.drawn(), *marks, *legend(samples, ground.height + 14)],
    )


def _pair(ground: _Ground, at: int, row: Parts) -> list[Mark]:
    begin, marks = ground.scale.start, []
    for place, value in enumerate(row.values):
        y, end = ground.y(at) + 13 * place, begin if value is None else ground.scale.at(value)
        if value is not None:
            marks.append(box(begin, y, end - begin, 11, tone=tone_of(place)))
        words = words_of(figure(value), row.note if place == 0 else "")
        marks.append(on_paper((end + 6, y + 9), shortened(words, WIDTH - MARGIN - end - 6, "small"), "small"))
    return marks


class _Ground:
    """Labels at the left, a scale above the rows, rules at round values."""

    def __init__(
        self,
        labels: Sequence[str],
        values: Sequence[Number | None],
        words: Sequence[str],
        highest: Number | None,
        row: float = ROW,
    ) -> None:
        self.labels, self.row = labels, row
        left = MARGIN + widest(labels, most=WIDEST_LABEL) + 10
        right = MARGIN + widest(words, most=LONGEST) + 10
        self.scale = Scale(0, highest or top_of(values), left, WIDTH - right, least_step(values))
        self.height = TOP + 14 + row * len(labels)

    def y(self, at: int) -> float:
        return TOP + 18 + self.row * at

    def drawn(self) -> list[Mark]:
        room = self.scale.start - MARGIN - 10
        marks = []
        for tick in self.scale.ticks():
            x = self.scale.at(tick)
            marks.append(line((x, TOP + 10), (x, self.height)))
            marks.append(label((x, TOP + 4), number(tick), "small", anchor="middle"))
        for at, text in enumerate(self.labels):
            y = self.y(at) + (self.row - ROW) / 2 + 12
            marks.append(label((MARGIN, y), shortened(text, room + 4)))
        return marks


def _sum(values: Sequence[Number | None]) -> Number | None:
    known = [each for each in values if each is not None]
    return sum(known) if len(known) == len(values) else None
