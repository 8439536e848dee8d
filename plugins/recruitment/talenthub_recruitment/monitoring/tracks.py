"""Tracks: how far each candidate came, and the steps that makes.

Who withdraws, or declines or lets lapse an offer, leaves by their own
choice: they are taken out of the step they left in, and counted before it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum

STEPS = ("screening", "assessment", "offer", "hire")
"""The steps in order; a depth of 2 means: past the first two."""

OFFERED = 3
"""The depth of somebody with an offer."""
HIRED = len(STEPS)
BOTTOM_LINE = "bottom line"
"""The whole way: of all who applied, who was selected."""


class End(IntEnum):
    """How a track ended, the best last."""

    LEFT = 0
    REJECTED = 1
    SELECTED = 2


@dataclass(frozen=True, slots=True)
class Track:
    """One candidate of one requisition, known by group only."""

    group: str | None
    """As declared; None: not declared."""
    depth: int
    """How many steps were passed: 0 to the number of steps."""
    end: End

    @property
    def selected(self) -> bool:
        """Return whether an offer was made and stood."""
        return self.end is End.SELECTED or (self.depth >= OFFERED and self.end is End.LEFT)


@dataclass(frozen=True, slots=True)
class Tally:
    """How many of each group came to a step, and how many went on."""

    step: str
    came: Mapping[str | None, int] = field(default_factory=dict)
    went_on: Mapping[str | None, int] = field(default_factory=dict)


def further(one: tuple[int, End], other: tuple[int, End]) -> tuple[int, End]:
    """Return which of two applications to one requisition counts.

    Somebody who applies twice is counted once, by the application that
    came further.
    """
    return max(one, other)


def tallies(tracks: Sequence[Track], *, with_steps: bool = True) -> list[Tally]:
    """Return the bottom line first, then each step."""
    found = [_tally(BOTTOM_LINE, [(each.group, each.selected) for each in tracks if _counts(each)])]
    if with_steps:
        found += [_tally(step, _at(tracks, depth)) for depth, step in enumerate(STEPS)]
    return found


def _counts(track: Track) -> bool:
    return track.end is not End.LEFT or track.selected


def _at(tracks: Iterable[Track], depth: int) -> list[tuple[str | None, bool]]:
    return [
        (each.group, each.depth > depth)
        for each in tracks
        if each.depth > depth or (each.depth == depth and each.end is not End.LEFT)
    ]


def _tally(step: str, people: Iterable[tuple[str | None, bool]]) -> Tally:
    listed = list(people)
    came = Counter(group for group, _ in listed)
    went_on = Counter(group for group, on in listed if on)
    return Tally(step, dict(came), {group: went_on[group] for group in came})
