"""Coverage: which posts have somebody ready, each person counted once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from talenthub.pictures.ladder import CHIP, GAP, chip, chips_in_lines
from talenthub.pictures.marks import Mark, Number, box, figure, group, label, line
from talenthub.pictures.measuring import shortened, widest
from talenthub.pictures.scale import Scale
from talenthub.pictures.sheet import MARGIN, TOP, WIDTH, Picture, legend, sheet, swatch


@dataclass(frozen=True, slots=True)
class Bench:
    """One post: who could take it, who is counted for it, how strong."""

    post: str
    ready: tuple[str, ...] = ()
    counted: str | None = None
    """Whom the simultaneous coverage gives to this post; None: nobody."""
    strength: Number | None = None
    """Bench strength from 0 to 1; None: it is not drawn."""


def coverage(
    title: str, posts: Sequence[Bench], *, naive: Number | None = None, simultaneous: Number | None = None
) -> Picture:
    """Return posts with their people; who is counted for it is filled."""
    left = MARGIN + widest([each.post for each in posts], most=230) + 14
    right = WIDTH - MARGIN - (96 if any(each.strength is not None for each in posts) else 0)
    marks: list[Mark] = []
    y = TOP
    for each in posts:
        drawn, height = _post(each, left, right, y)
        marks.append(group(drawn, _told(each)))
        marks.append(line((MARGIN, y + height), (WIDTH - MARGIN, y + height)))
        y += height
    words = [
        f"{name} {figure(value)}"
        for name, value in (("Each post alone:", naive), ("Each person once:", simultaneous))
        if value is not None
    ]
    samples = [(swatch(3), "counted for this post"), (swatch(0), "ready, counted elsewhere")]
    marks += legend(samples, y + 20)
    if words:
        marks.append(label((MARGIN, y + 46), " · ".join(words)))
    return sheet(title, [*(_told(each) for each in posts), *words], y + (60 if words else 38), marks)


def _post(bench: Bench, left: float, right: float, y: float) -> tuple[list[Mark], float]:
    lines = chips_in_lines(bench.ready, right - left - GAP)
    height = max(1, len(lines)) * (CHIP + GAP) + GAP
    marks = [label((MARGIN, y + height / 2 + 4), shortened(bench.post, left - MARGIN - 6))]
    places = [(down, *each) for down, line in enumerate(lines) for each in line]
    for name, (down, text, x, width) in zip(bench.ready, places, strict=True):
        top = y + GAP + down * (CHIP + GAP)
        marks.append(chip(left + x, top, width, text, 3 if name == bench.counted else 0))
    if not bench.ready:
        marks.append(label((left, y + GAP + 15), "nobody"))
    if bench.strength is not None:
        marks += _strength(bench.strength, right + 10, y + height / 2)
    return marks, height


def _strength(value: Number, x: float, y: float) -> list[Mark]:
    end = Scale(0, 1, x, x + 44).at(value)
    return [
        box(x, y - 5, 44, 10, tone=0),
        box(x, y - 5, end - x, 10, tone=2),
        label((x + 50, y + 4), figure(value), "small"),
    ]


def _told(bench: Bench) -> str:
    strength = [] if bench.strength is None else [f"bench strength {figure(bench.strength)}"]
    counted = [f"counted {bench.counted}"] if bench.counted else ["not covered when each person counts once"]
    return f"{bench.post}: {', '.join([', '.join(bench.ready) or 'nobody', *counted, *strength])}"
