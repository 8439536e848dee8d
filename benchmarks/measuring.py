"""Rounds of two sides in turn, and what they say together."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field

ROUNDS = 7


@dataclass(frozen=True, slots=True)
class Measured:
    """Seconds per unit of both sides, round by round."""

    title: str
    unit: str
    target: str
    ours: list[float] = field(default_factory=list)
    bare: list[float] = field(default_factory=list)

    @property
    def shares(self) -> list[float]:
        """Return the bare time as a share of ours, round by round, rising."""
        return sorted(bare / ours for ours, bare in zip(self.ours, self.bare, strict=True))

    @property
    def median(self) -> float:
        """Return the middle one of the shares."""
        return statistics.median(self.shares)


def alternate(
    title: str,
    unit: str,
    target: str,
    count: int,
    ours: Callable[[int], None],
    bare: Callable[[int], None],
    rounds: int = ROUNDS,
) -> Measured:
    """Return both sides timed in turn; each call does `count` units.

    Who goes first changes from round to round, and the first round is thrown
    away, so that a warming cache or a slow minute favours nobody.
    """
    measured = Measured(title, unit, target)
    for number in range(rounds + 1):
        pair = [(ours, measured.ours), (bare, measured.bare)]
        for work, kept in pair if number % 2 else reversed(pair):
            seconds = _timed(work, number) / count
            if number:
                kept.append(seconds)
    return measured


def _timed(work: Callable[[int], None], number: int) -> float:
    gc.collect()
    start = time.perf_counter()
    work(number)
    return time.perf_counter() - start
