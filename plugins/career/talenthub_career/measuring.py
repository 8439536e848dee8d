"""Measuring: how a plan is followed, what it closed, how fast one learns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from talenthub_career.exact import mean
from talenthub_career.settings import CareerSettings

YEAR = 365
Light = Literal["green", "amber", "red"]


def adherence(entries: int, days: int, every: int) -> Fraction | None:
    """Return entries / ⌊days/every⌋, at most 1; None before the first is due."""
    expected = days // every
    return min(Fraction(1), Fraction(entries, expected)) if expected else None


@dataclass(frozen=True, slots=True)
class Heard:
    """What colleagues said of the change they see, −3 to +3."""

    count: int
    mean: Fraction
    share: Fraction
    """Of those who see at least some: +1 or more."""


def heard(changes: Sequence[int], minimum: int) -> Heard | None:
    """Return mean and share; None from fewer than `minimum` answers."""
    found = mean(changes)
    if found is None or len(changes) < minimum:
        return None
    return Heard(len(changes), found, Fraction(sum(each >= 1 for each in changes), len(changes)))


def closure(before: Fraction, after: Fraction) -> Fraction | None:
    """Return (before − after)/before; None where there was no gap."""
    return (before - after) / before if before else None


def observed_velocity(gain: Fraction, days: int) -> Fraction | None:
    """Return the levels gained a year; None within a day."""
    return gain * YEAR / days if days > 0 else None


def velocity(observed: Sequence[Fraction], settings: CareerSettings) -> Fraction:
    """Return levels a year, shrunk toward what is expected.

    (n·observed + w·expected)/(n + w), n closed targets with their mean.
    """
    weight, expected = settings.velocity_weight, Fraction(settings.expected_velocity)
    count = len(observed)
    if count + weight == 0:
        return expected
    return (sum(observed, Fraction(0)) + weight * expected) / (count + weight)


def light(
    kept: Fraction | None,
    on_time: Fraction | None,
    missed_in_a_row: int,
    pulse: Fraction | None,
    settings: CareerSettings,
) -> Light:
    """Return green, amber or red; what is not known yet is no fault."""
    if missed_in_a_row >= settings.misses or (pulse is not None and pulse < 0):
        return "red"
    enough = Fraction(settings.green)
    fine = all(each is None or each >= enough for each in (kept, on_time))
    return "green" if fine else "amber"
