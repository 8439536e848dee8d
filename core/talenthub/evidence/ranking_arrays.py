"""Ranking by arrays: blocks of people against all roles at once.

A share min(1, current/required) depends on competency and level only, so it
is worked out once a block and met by every role that asks for it: the sums of
all roles are one product of matrices. Such a sum may differ in its last bits
from the one in order; so it only chooses whom to look at, and those few are
then added up as everywhere else.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from itertools import pairwise
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from talenthub.evidence.exact import rounded
from talenthub.evidence.fit import Demand, Ranked, weight_of
from talenthub.evidence.levels import Levels

Role = TypeVar("Role", bound=Hashable)
Numbers = NDArray[np.float64]

BLOCK = 8192
"""So many people at once: the blocks stay in the cache of a processor."""
CLOSE = 1e-7
"""Far more than sums in another order differ by."""
FULL = 100.0


class _Asked:
    """What all roles ask for, as matrices."""

    def __init__(self, roles: Sequence[Sequence[Demand]]) -> None:
        pairs = sorted({(each.competency, each.level) for demands in roles for each in demands})
        self.pairs = pairs
        place = {pair: at for at, pair in enumerate(pairs)}
        self.weights = np.zeros((len(pairs), len(roles)))
        self.critical = np.zeros((len(pairs), len(roles)))
        for column, demands in enumerate(roles):
            for each in demands:
                self.weights[place[each.competency, each.level], column] += weight_of(each)
                self.critical[place[each.competency, each.level], column] += each.critical
        self.total = self.weights.sum(axis=0)

    def shares(self, block: Mapping[str, Numbers], size: int) -> tuple[Numbers, Numbers]:
        """Return what is met of each pair, and whether it is known."""
        met = np.zeros((size, len(self.pairs)))
        known = np.zeros((size, len(self.pairs)))
        for at, (code, level) in enumerate(self.pairs):
            if code in block:
                there = ~np.isnan(block[code])
                known[:, at] = there
                met[:, at] = np.where(there, _share(block[code], level), 0.0)
        return met, known

    def fits(self, block: Mapping[str, Numbers], size: int, least_coverage: float) -> Numbers:
        """Return fits nearly; −1 where a fit is unknown or covers too little."""
        met, known = self.shares(block, size)
        sums = met @ self.weights
        if known.all():
            whole: Numbers = sums * (FULL / self.total)
            return whole
        weight = known @ self.weights
        out = ((1.0 - known) @ self.critical > 0) | (weight == 0)
        out |= np.round(weight / self.total, 9) < least_coverage
        fits = FULL * sums / np.where(weight == 0, 1.0, weight)
        fits[out] = -1.0
        return fits


def best_of_arrays(
    roles: Mapping[Role, Sequence[Demand]], levels: Levels, most: int, least_coverage: float
) -> dict[Role, tuple[Ranked, ...]]:
    """Return what `best_fits` says, by arrays."""
    demands = list(roles.values())
    kept: list[list[Ranked]] = [[] for _ in demands]
    asked = _Asked(demands)
    columns = {code: np.frombuffer(column) for code, column in levels.columns.items()}
    for start in range(0, len(levels.people) if asked.pairs else 0, BLOCK):
        people = levels.people[start : start + BLOCK]
        block = {code: column[start : start + BLOCK] for code, column in columns.items()}
        fits = np.ascontiguousarray(asked.fits(block, len(people), least_coverage).T)
        edges = np.array([_edge(each, most) for each in kept])
        rows, places = np.nonzero(fits >= np.maximum(edges, _edges_within(fits, most))[:, None])
        bounds = np.searchsorted(rows, np.arange(len(demands) + 1))
        for at, (begin, end) in enumerate(pairwise(bounds)):
            if begin < end:
                new = _exactly(demands[at], block, places[begin:end], people, most)
                kept[at] = sorted([*kept[at], *new], key=lambda each: (-each.fit, each.person))[:most]
    return {role: tuple(found) for role, found in zip(roles, kept, strict=True)}


def _edge(kept: Sequence[Ranked], most: int) -> float:
    """Return what somebody must nearly reach to be looked at at all."""
    if len(kept) < most:
        return 0.0
    # Later people have higher numbers: of equals they come after.
    return kept[-1].fit - CLOSE if kept[-1].fit < FULL else np.inf


def _edges_within(fits: Numbers, most: int) -> Numbers:
    if fits.shape[1] <= most:
        return np.zeros(fits.shape[0])
    edges: Numbers = np.partition(fits, fits.shape[1] - most, axis=1)[:, fits.shape[1] - most] - CLOSE
    return np.maximum(edges, 0.0)


def _exactly(
    demands: Sequence[Demand],
    block: Mapping[str, Numbers],
    places: NDArray[Any],
    people: Sequence[int],
    most: int,
) -> list[Ranked]:
    """Return those at `places` with their fits added up in order."""
    met, weight = np.zeros(len(places)), np.zeros(len(places))
    for each in demands:
        if each.competency in block:
            current = block[each.competency][places]
            there = ~np.isnan(current)
            own = weight_of(each)
            met += np.where(there, own * _share(current, each.level), 0.0)
            weight += own * there
    values, which = np.unique(FULL * met / weight, return_inverse=True)
    fits = np.array([rounded(float(each)) for each in values])[which]
    # Places rise with the people's numbers: a stable sort keeps equals in order.
    chosen = np.argsort(-fits, kind="stable")[:most]
    asked = sum(weight_of(each) for each in demands)
    return [
        Ranked(people[int(places[at])], float(fits[at]), rounded(float(weight[at]) / asked)) for at in chosen
    ]


def _share(current: Numbers, required: int) -> Numbers:
    return np.ones_like(current) if required <= 0 else np.minimum(1.0, current / required)
