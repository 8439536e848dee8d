"""Distributions: how often each value was given, and who stands apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from talenthub.pictures.marks import Mark, Number, box, diamond, dot, figure, group, label, line, number
from talenthub.pictures.measuring import on_paper, shortened, width_of
from talenthub.pictures.parts import Parts, few, said_of, tone_of
from talenthub.pictures.scale import Scale, least_step, top_of
from talenthub.pictures.sheet import MARGIN, TOP, WIDTH, Picture, legend, sheet, swatch

HIGH = 180.0
LANE = 15.0
DOT = 4.5


@dataclass(frozen=True, slots=True)
class Spot:
    """One value among many; who is flagged is named."""

    label: str
    value: Number
    flagged: bool = False


def columns(title: str, rows: Sequence[Parts], parts: Sequence[str]) -> Picture:
    """Return counts as columns, such as before and after calibration."""
    few(parts)
    values = [value for each in rows for value in each.values]
    left, floor = MARGIN + 34, TOP + 10 + HIGH
    scale = Scale(0, top_of(values), floor, TOP + 10, least_step(values))
    across = (WIDTH - MARGIN - left) / max(1, len(rows))
    thin = min(48.0, (across - 14) / len(parts))
    marks = _rules(scale, left)
    for at, row in enumerate(rows):
        begin = left + across * (at + 0.5) - thin * len(parts) / 2
        for place, value in enumerate(row.values):
            x = begin + thin * place
            marks += _column(x, thin, scale, value, place)
        name = shortened(row.label, across - 4)
        marks.append(label((left + across * (at + 0.5), floor + 17), name, anchor="middle"))
    samples = [(swatch(tone_of(at)), each) for at, each in enumerate(parts)]
    return sheet(title, said_of(rows, parts), floor + 56, [*marks, *legend(samples, floor + 36)])


def _rules(scale: Scale, left: float) -> list[Mark]:
    marks = []
    for tick in scale.ticks():
        y = scale.at(tick)
        marks.append(line((left, y), (WIDTH - MARGIN, y)))
        marks.append(label((left - 6, y + 4), number(tick), "small", anchor="end"))
    return marks


def _column(x: float, thin: float, scale: Scale, value: Number | None, place: int) -> list[Mark]:
    text = "–" if value is None else figure(value)
    y = scale.start if value is None else scale.at(value)
    number = label((x + thin / 2, y - 4), text, "small", anchor="middle")
    return [*([] if value is None else [box(x, y, thin, scale.start - y, tone=tone_of(place))]), number]


def strip(
    title: str,
    spots: Sequence[Spot],
    middle: Number | None = None,
    low: Number | None = None,
    high: Number | None = None,
) -> Picture:
    """Return each value as a dot over a scale, those flagged as diamonds.

    `middle` is drawn as a dashed line, such as the median of all.
    """
    ordered = sorted(spots, key=lambda each: (float(each.value), each.label))
    values = [each.value for each in spots]
    bottom = low if low is not None else min(values, default=0)
    scale = Scale(
        bottom, high if high is not None else max(values, default=1), MARGIN + 20, WIDTH - MARGIN - 20
    )
    lanes = _lanes([scale.at(each.value) for each in ordered])
    named = [each for each in ordered if each.flagged]
    floor = TOP + 22 + LANE * (max(lanes, default=0) + 1) + 16 * len(named)
    marks: list[Mark] = [line((MARGIN, floor), (WIDTH - MARGIN, floor))]
    marks += [_tick(scale.at(each), floor, number(each)) for each in scale.ticks(10)]
    if middle is not None:
        x = scale.at(middle)
        marks.append(line((x, TOP), (x, floor), "asked"))
        marks.append(label((x, TOP - 4), f"median {figure(middle)}", "small", anchor="middle"))
    for each, lane in zip(ordered, lanes, strict=True):
        marks.append(group([_spot(each, scale.at(each.value), floor - 10 - LANE * lane)], _told(each)))
    marks += [mark for at, each in enumerate(named) for mark in _name(each, scale, TOP + 16 + 16 * at)]
    samples = [(dot((10, 0), DOT, tone=1), "as the others"), (diamond((10, 0), 6, tone=3), "stands apart")]
    return sheet(title, [_told(each) for each in ordered], floor + 52, [*marks, *legend(samples, floor + 36)])


def _lanes(places: Sequence[float]) -> list[int]:
    """Return the lane of each dot, the lowest in which it touches no other."""
    ends: list[float] = []
    found = []
    for x in places:
        free = next((lane for lane, end in enumerate(ends) if end + 2 * DOT + 2 <= x), len(ends))
        ends[free : free + 1] = [x]
        found.append(free)
    return found


def _spot(spot: Spot, x: float, y: float) -> Mark:
    return diamond((x, y), 6, tone=3) if spot.flagged else dot((x, y), DOT, tone=1)


def _tick(x: float, floor: float, text: str) -> Mark:
    return group([line((x, floor), (x, floor + 4)), label((x, floor + 16), text, "small", anchor="middle")])


def _name(spot: Spot, scale: Scale, y: float) -> list[Mark]:
    text = shortened(f"{spot.label} {figure(spot.value)}", WIDTH - 2 * MARGIN)
    x, width = scale.at(spot.value), width_of(text)
    begin = min(max(MARGIN, x - width / 2), WIDTH - MARGIN - width)
    return [on_paper((begin, y), text)]


def _told(spot: Spot) -> str:
    return f"{spot.label}: {figure(spot.value)}{', stands apart' if spot.flagged else ''}"
