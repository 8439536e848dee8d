"""Fisher's exact test of a 2 × 2 table, in whole numbers."""

from __future__ import annotations

from fractions import Fraction
from math import comb

TOLERANCE = Fraction(1, 10**7)
"""Tables so little likelier than the one found count as equally likely."""


def two_sided(first: tuple[int, int], second: tuple[int, int]) -> Fraction:
    """Return the two-sided p of (selected, not selected) of two groups.

    Fisher (1922, 1935): with all margins fixed, the sum of the probabilities
    of every table no likelier than the one found. Exact; 1 where a margin is
    empty. ValueError for a negative count.
    """
    if min(*first, *second) < 0:
        raise ValueError(f"a negative count: {first}, {second}")
    rows, selected = (sum(first), sum(second)), first[0] + second[0]
    weights = _weights(rows, selected)
    most = weights[first[0] - max(0, selected - rows[1])] * (1 + TOLERANCE)
    return Fraction(sum(each for each in weights if each <= most), comb(sum(rows), selected))


def _weights(rows: tuple[int, int], selected: int) -> list[int]:
    """Return in how many ways each possible table comes about."""
    one, other = rows
    lowest, highest = max(0, selected - other), min(one, selected)
    weight = comb(one, lowest) * comb(other, selected - lowest)
    found = [weight]
    for k in range(lowest, highest):
        weight = weight * (one - k) * (selected - k) // ((k + 1) * (other - selected + k + 1))
        found.append(weight)
    return found
