"""Lines: values over time, with axes or as small as a word."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from talenthub.pictures.marks import (
    Mark,
    Number,
    Point,
    diamond,
    dot,
    figure,
    group,
    label,
    line,
    number,
    path,
)
from talenthub.pictures.measuring import shortened, width_of
from talenthub.pictures.scale import Scale, top_of
from talenthub.pictures.sheet import MARGIN, TOP, WIDTH, Picture, legend, sheet

HIGH = 180.0
LOOKS = ("thick", "asked", "rule")
"""What tells the lines of one picture apart; their marks differ too."""


@dataclass(frozen=True, slots=True)
class Series:
    """One line; None where a value is unknown or was missed."""

    label: str
    values: tuple[Number | None, ...]


def lines(
    title: str,
    moments: Sequence[str],
    series: Sequence[Series],
    highest: Number | None = None,
    lowest: Number = 0,
) -> Picture:
    """Return up to three lines over the moments; what is unknown is a gap."""
    if not 0 < len(series) <= len(LOOKS):
        raise ValueError(f"1 to {len(LOOKS)} lines can be told apart, not {len(series)}")
    top = highest or top_of([value for each in series for value in each.values])
    left, floor = MARGIN + 40, TOP + 10 + HIGH
    up = Scale(lowest, top, floor, TOP + 10)
    across = Scale(0, max(1, len(moments) - 1), left + 20, WIDTH - MARGIN - 34)
    marks = _rules(up, left)
    marks += _moments(moments, across, floor)
    for look, each in zip(LOOKS, series, strict=False):
        marks += _drawn(each, moments, look, across, up)
    samples = [(_sample(look), each.label) for look, each in zip(LOOKS, series, strict=False)]
    return sheet(title, _said(moments, series), floor + 56, [*marks, *legend(samples, floor + 38)])


def sparkline(
    title: str, moments: Sequence[str], values: Sequence[Number | None], highest: Number | None = None
) -> Picture:
    """Return one small line without axes, a hollow mark where it was missed."""
    top = highest or top_of(values)
    width, floor = 260.0, TOP + 34
    up, across = Scale(0, top, floor, TOP), Scale(0, max(1, len(values) - 1), MARGIN + 6, width - MARGIN - 50)
    marks = [
        path(each, "thick") for each in _runs([_at(at, each, across, up) for at, each in enumerate(values)])
    ]
    for at, (moment, value) in enumerate(zip(moments, values, strict=True)):
        told = f"{moment}: {_figure(value)}"
        x = across.at(at)
        spot = diamond((x, floor), 4) if value is None else dot((x, up.at(value)), 2.5, look="solid")
        marks.append(group([spot], told))
    last = next((each for each in reversed(values) if each is not None), None)
    marks.append(label((across.end + 10, floor), figure(last), "small"))
    says = [f"{moment}: {_figure(value)}" for moment, value in zip(moments, values, strict=True)]
    return sheet(title, says, floor + 18, marks, width)


def _drawn(series: Series, moments: Sequence[str], look: str, across: Scale, up: Scale) -> list[Mark]:
    points = [_at(at, each, across, up) for at, each in enumerate(series.values)]
    marks = [path(each, look) for each in _runs(points)]
    for moment, value, point in zip(moments, series.values, points, strict=True):
        if point is not None:
            marks.append(group([_spot(look, point)], f"{series.label}, {moment}: {figure(value)}"))
    return marks


def _at(place: int, value: Number | None, across: Scale, up: Scale) -> Point | None:
    return None if value is None else (across.at(place), up.at(value))


def _runs(points: Sequence[Point | None]) -> list[list[Point]]:
    """Return the stretches of known points, two and more."""
    found: list[list[Point]] = [[]]
    for each in points:
        if each is None:
            found.append([])
        else:
            found[-1].append(each)
    return [each for each in found if len(each) > 1]


def _spot(look: str, at: Point) -> Mark:
    if look == "thick":
        return dot(at, 4, look="solid")
    return diamond(at, 5, tone=0) if look == "asked" else dot(at, 4, tone=0)


def _sample(look: str) -> Mark:
    return group([line((0, 0), (20, 0), look), _spot(look, (10, 0))])


def _rules(up: Scale, left: float) -> list[Mark]:
    marks = []
    for tick in up.ticks():
        y = up.at(tick)
        marks.append(line((left, y), (WIDTH - MARGIN, y)))
        marks.append(label((left - 6, y + 4), number(tick), "small", anchor="end"))
    return marks


def _moments(moments: Sequence[str], across: Scale, floor: float) -> list[Mark]:
    """Return the names of as many moments as have room, evenly chosen."""
    room = (across.end - across.start) / max(1, len(moments) - 1)
    widest = max((width_of(each, "small") for each in moments), default=0) + 8
    every = max(1, -(-int(widest) // max(1, int(room))))
    return [
        label((across.at(at), floor + 16), shortened(each, 66, "small"), "small", anchor="middle")
        for at, each in enumerate(moments)
        if at % every == 0
    ]


def _figure(value: Number | None) -> str:
    return "missed" if value is None else figure(value)


def _said(moments: Sequence[str], series: Sequence[Series]) -> list[str]:
    return [
        f"{each.label}: "
        + ", ".join(f"{moment} {figure(value)}" for moment, value in zip(moments, each.values, strict=True))
        for each in series
    ]
