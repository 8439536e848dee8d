"""The radar: what a person shows beside what the role asks for."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from talenthub.pictures.bars import Bar, bars
from talenthub.pictures.marks import Anchor, Mark, Number, Point, dot, figure, group, label, line, path
from talenthub.pictures.measuring import shortened
from talenthub.pictures.scale import top_of
from talenthub.pictures.sheet import MARGIN, TOP, WIDTH, Picture, legend, sheet

RADIUS = 150.0
FEWEST = 3
"""Fewer spokes span no surface; they are drawn as bars."""


@dataclass(frozen=True, slots=True)
class Spoke:
    """One direction of a radar."""

    label: str
    value: Number | None
    """None: unknown; it leaves a gap in the line and is never 0."""
    asked: Number | None = None


def radar(
    title: str,
    spokes: Sequence[Spoke],
    highest: Number | None = None,
    shown: str = "shown",
    asked: str = "asked for",
) -> Picture:
    """Return values on spokes from 0 to `highest`, what is asked dashed."""
    if len(spokes) < FEWEST:
        return bars(title, [Bar(each.label, each.value, asked=each.asked) for each in spokes], highest)
    top = highest or top_of([value for each in spokes for value in (each.value, each.asked)])
    web = _Web(len(spokes), float(top), (WIDTH / 2, TOP + 40 + RADIUS))
    samples = [(line((0, 0), (20, 0), "thick"), shown), (line((0, 0), (20, 0), "asked"), asked)]
    height = TOP + 2 * RADIUS + 100
    marks = [*web.drawn(), *_shape(web, [each.asked for each in spokes], "asked"), *_values(web, spokes)]
    marks += [mark for at, each in enumerate(spokes) for mark in web.named(at, each)]
    return sheet(title, [said(each) for each in spokes], height, [*marks, *legend(samples, height - 16)])


def said(spoke: Spoke) -> str:
    """Return a spoke in words."""
    asked = "" if spoke.asked is None else f", asked for {figure(spoke.asked)}"
    return f"{spoke.label}: {figure(spoke.value)}{asked}"


@dataclass(frozen=True, slots=True)
class _Web:
    spokes: int
    top: float
    centre: Point

    def at(self, spoke: int, share: float) -> Point:
        angle = 2 * math.pi * spoke / self.spokes - math.pi / 2
        x, y = self.centre
        return x + RADIUS * share * math.cos(angle), y + RADIUS * share * math.sin(angle)

    def point(self, spoke: int, value: Number) -> Point:
        return self.at(spoke, min(1.0, max(0.0, float(value) / self.top)))

    def drawn(self) -> list[Mark]:
        """Return rings at whole values, and the spokes."""
        rings = (
            [each / self.top for each in range(1, math.floor(self.top) + 1)]
            if self.top <= 10
            else [0.25, 0.5, 0.75, 1]
        )
        webs = [
            path([self.at(each, ring) for each in range(self.spokes)], "rule", closed=True) for ring in rings
        ]
        return [*webs, *(line(self.centre, self.at(each, 1)) for each in range(self.spokes))]

    def named(self, spoke: int, of: Spoke) -> list[Mark]:
        """Return the label of a spoke and its figures, outside the web."""
        x, y = self.at(spoke, 1 + 16 / RADIUS)
        aside = x - self.centre[0]
        anchor: Anchor = "middle" if abs(aside) < 1 else "start" if aside > 0 else "end"
        room = WIDTH - MARGIN - x if anchor == "start" else x - MARGIN if anchor == "end" else 2 * RADIUS
        figures = figure(of.value) if of.asked is None else f"{figure(of.value)} / {figure(of.asked)}"
        down = {True: 0.0, False: -10.0}[y > self.centre[1]] if anchor == "middle" else -2.0
        down += 6.0 if anchor == "middle" and y > self.centre[1] else 0.0
        return [
            label((x, y + down), shortened(of.label, room), anchor=anchor),
            label((x, y + down + 13), figures, "small", anchor=anchor),
        ]


def _shape(web: _Web, values: Sequence[Number | None], look: str) -> list[Mark]:
    """Return a closed shape, or the parts of it between unknown values."""
    if all(each is not None for each in values):
        return [
            path(
                [web.point(at, each) for at, each in enumerate(values) if each is not None], look, closed=True
            )
        ]
    count = len(values)
    pairs = [(at, (at + 1) % count) for at in range(count)]
    found = []
    for first, second in pairs:
        start, end = values[first], values[second]
        if start is not None and end is not None:
            found.append(path([web.point(first, start), web.point(second, end)], look))
    return found


def _values(web: _Web, spokes: Sequence[Spoke]) -> list[Mark]:
    values = [each.value for each in spokes]
    look = "area" if all(each is not None for each in values) else "thick"
    dots = [
        group([dot(web.point(at, each.value), 4, look="solid")], said(each))
        for at, each in enumerate(spokes)
        if each.value is not None
    ]
    return [*_shape(web, values, look), *dots]
