"""The ladder: who stands on which rung, the nearest to the goal on top."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from talenthub.pictures.marks import TONES, Mark, box, group, label
from talenthub.pictures.measuring import shortened, widest, width_of
from talenthub.pictures.sheet import MARGIN, TOP, WIDTH, Picture, sheet

CHIP = 22.0
GAP = 8.0
SAMPLE = 12.0
_AROUND = SAMPLE + 14


@dataclass(frozen=True, slots=True)
class Rung:
    """One rung of a ladder and those who stand on it."""

    label: str
    names: tuple[str, ...] = ()
    empty: str = "nobody"


def ladder(title: str, rungs: Sequence[Rung]) -> Picture:
    """Return rungs from the top, such as ready now, in 1-2 years, later."""
    left = MARGIN + widest([each.label for each in rungs]) + 14
    marks: list[Mark] = []
    y = TOP
    for at, rung in enumerate(rungs):
        lines = chips_in_lines(rung.names, WIDTH - MARGIN - left - 2 * GAP)
        height = max(1, len(lines)) * (CHIP + GAP) + GAP
        drawn = [box(left, y, WIDTH - MARGIN - left, height, look="rule")]
        drawn.append(label((MARGIN, y + height / 2 + 4), shortened(rung.label, left - MARGIN - 6)))
        tone = max(0, TONES - 1 - at)
        drawn += [
            mark
            for down, line in enumerate(lines)
            for mark in _chips(line, left + GAP, y + GAP + down * (CHIP + GAP), tone)
        ]
        if not rung.names:
            drawn.append(label((left + GAP, y + GAP + 15), rung.empty))
        marks.append(group(drawn, _told(rung)))
        y += height
    return sheet(title, [_told(each) for each in rungs], y + MARGIN, marks)


def chips_in_lines(names: Sequence[str], room: float) -> list[list[tuple[str, float, float]]]:
    """Return names with their places and widths, line by line."""
    found: list[list[tuple[str, float, float]]] = []
    x = room
    for name in names:
        text = shortened(name, room - _AROUND)
        width = width_of(text) + _AROUND
        if not found or x + width > room:
            found.append([])
            x = 0.0
        found[-1].append((text, x, width))
        x += width + GAP
    return found


def chip(x: float, y: float, width: float, text: str, tone: int) -> Mark:
    """Return a name with the sample of its tone before it."""
    outline = box(x, y, width, CHIP, look="rule")
    return group([outline, box(x, y, SAMPLE, CHIP, tone=tone), label((x + SAMPLE + 6, y + 15), text)])


def _chips(line: Sequence[tuple[str, float, float]], left: float, y: float, tone: int) -> list[Mark]:
    return [chip(left + x, y, width, text, tone) for text, x, width in line]


def _told(rung: Rung) -> str:
    return f"{rung.label}: {', '.join(rung.names) or rung.empty}"
