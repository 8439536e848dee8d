"""Withholding: which groups are shown, so that no small one can be found.

Two policies for groups under a minimum: `merge` pools them, and takes in the
next smallest where the pool is too small itself; `omit` leaves them out of
every figure. Monitoring merges, and goes on until the sizes cannot be solved
for: a total that is known from elsewhere must not undo it.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

MINIMUM = 5
"""The smallest group of a selection that is ever shown."""

K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Pooling(Generic[K]):
    """Which groups stand alone, and which are pooled into one."""

    shown: tuple[K, ...]
    pooled: tuple[K, ...] = ()
    """Empty: nothing had to be pooled. They are never named."""


def is_small(number: int, minimum: int = MINIMUM) -> bool:
    """Return whether so many people are a group too small to show."""
    return 0 < number < minimum


def merge(sizes: Mapping[K, int], minimum: int = MINIMUM) -> Pooling[K]:
    """Return the groups with the small ones pooled; empty: nothing is shown.

    A pool under the minimum takes in the smallest remaining group, and so
    on; if none remains and it is still too small, nothing is shown.
    """
    return _pool(sizes, minimum, lambda pool, _: sum(sizes[each] for each in pool) >= minimum)


def omit(sizes: Mapping[K, int], minimum: int = MINIMUM) -> Pooling[K]:
    """Return the groups with the small ones left out of every figure."""
    return Pooling(tuple(each for each, number in sizes.items() if number >= minimum))


def protected(sizes: Mapping[K, int], undeclared: int = 0, minimum: int = MINIMUM) -> Pooling[K]:
    """Return the groups pooled until no small one can be solved for.

    `undeclared` people join the pool, where there is one: they are no group
    of their own. A pool is enough when it holds the minimum and each small
    group in it could have at least two sizes, even for somebody who knows
    which groups are pooled and how many people there are in all.
    """

    def enough(pool: Sequence[K], left: Sequence[K]) -> bool:
        total = undeclared + sum(sizes[each] for each in pool)
        bounds = [
            (1, minimum - 1) if is_small(sizes[each], minimum) else (minimum, _most(left)) for each in pool
        ]
        if undeclared:
            bounds.append((0, total))
        return total >= minimum and not _is_solved(bounds, total)

    def _most(left: Sequence[K]) -> int:
        everybody = sum(sizes.values()) + undeclared
        return min((sizes[each] for each in left), default=everybody)

    return _pool(sizes, minimum, enough)


def _is_solved(bounds: Sequence[tuple[int, int]], total: int) -> bool:
    """Return whether a size within its bounds follows from the total."""
    lowest, highest = sum(low for low, _ in bounds), sum(high for _, high in bounds)
    for low, high in bounds:
        least = max(low, total - (highest - high))
        most = min(high, total - (lowest - low))
        if low < high and least >= most:
            return True
    return False


def _pool(
    sizes: Mapping[K, int], minimum: int, enough: Callable[[Sequence[K], Sequence[K]], bool]
) -> Pooling[K]:
    ordered = sorted((each for each in sizes if sizes[each]), key=lambda each: sizes[each])
    small = [each for each in ordered if sizes[each] < minimum]
    if not small:
        return Pooling(tuple(each for each in sizes if sizes[each]))
    pool, left = small, ordered[len(small) :]
    while left and not enough(pool, left):
        # Groups of one size go together: neither order nor names decide.
        taken = [each for each in left if sizes[each] == sizes[left[0]]]
        pool, left = [*pool, *taken], left[len(taken) :]
    if not enough(pool, left):
        return Pooling(())
    return Pooling(tuple(each for each in sizes if each in left), tuple(pool))
