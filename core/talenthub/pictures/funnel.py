"""The funnel: how many reached each step, and what share went on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from talenthub.pictures.marks import Mark, Point, box, group, label, path
from talenthub.pictures.measuring import on_paper, shortened, widest, words_of
from talenthub.pictures.sheet import MARGIN, TOP, WIDTH, Picture, sheet

STEP, BAND = 40.0, 26.0


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a funnel and how many reached it."""

    label: str
    count: int
    note: str = ""


def funnel(title: str, steps: Sequence[Step]) -> Picture:
    """Return bands as wide as their counts, with the share of the step before."""
    left = MARGIN + widest([each.label for each in steps]) + 10
    right = WIDTH - MARGIN - 130
    most = max([each.count for each in steps], default=0) or 1
    centre = (left + right) / 2
    half = [(right - left) / 2 * each.count / most for each in steps]
    marks: list[Mark] = []
    for at, (upper, lower) in enumerate(pairwise(half)):
        marks.append(path(_between(centre, TOP + STEP * at, upper, lower), "area rule", closed=True))
    for at, (step, share) in enumerate(zip(steps, shares(steps), strict=True)):
        y = TOP + STEP * at
        band = box(centre - half[at], y, 2 * half[at], BAND, tone=1)
        count = on_paper((centre, y + 17), str(step.count), anchor="middle")
        marks.append(label((MARGIN, y + 17), shortened(step.label, left - MARGIN - 4)))
        marks.append(group([band, count], _told(step, share)))
        words = words_of("" if share is None else _percent(share), step.note)
        marks.append(label((right + 10, y + 17), shortened(words, WIDTH - right - 10), "small"))
    says = [_told(step, share) for step, share in zip(steps, shares(steps), strict=True)]
    return sheet(title, says, TOP + STEP * len(steps) + 6, marks)


def shares(steps: Sequence[Step]) -> list[Fraction | None]:
    """Return each step's share of the one before; None where that is empty."""
    return [None, *(Fraction(b.count, a.count) if a.count else None for a, b in pairwise(steps))][
        : len(steps)
    ]


def _between(centre: float, y: float, upper: float, lower: float) -> list[Point]:
    top, bottom = y + BAND, y + STEP
    return [(centre - upper, top), (centre + upper, top), (centre + lower, bottom), (centre - lower, bottom)]


def _percent(share: Fraction) -> str:
    return f"{float(100 * share):.0f} %"


def _told(step: Step, share: Fraction | None) -> str:
    went = "" if share is None else f", {_percent(share)} of the step before"
    note = f", {step.note}" if step.note else ""
    return f"{step.label}: {step.count}{went}{note}"
