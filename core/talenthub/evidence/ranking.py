"""Ranking: the best-fitting people for every role, whatever their number.

With numpy (the extra `analytics`) in blocks of arrays, without it one person
after another; both give the same answer. Nothing is kept for every pair of
person and role.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from heapq import nsmallest
from importlib.util import find_spec
from math import isnan
from typing import TypeVar

from talenthub.evidence.exact import rounded
from talenthub.evidence.fit import Demand, Ranked, score, weight_of
from talenthub.evidence.levels import Levels

Role = TypeVar("Role", bound=Hashable)


def best_fits(
    roles: Mapping[Role, Sequence[Demand]], levels: Levels, most: int = 20, least_coverage: float = 0.0
) -> dict[Role, tuple[Ranked, ...]]:
    """Return the `most` best-fitting people for each role, the best first.

    Whose fit is unknown (a critical competency is) or of whom less than
    `least_coverage` of the role is known is left out; of equals the one with
    the lower number comes first.
    """
    if find_spec("numpy") is not None:
        from talenthub.evidence.ranking_arrays import best_of_arrays

        return best_of_arrays(roles, levels, most, least_coverage)
    return best_one_by_one(roles, levels, most, least_coverage)


def best_one_by_one(
    roles: Mapping[Role, Sequence[Demand]], levels: Levels, most: int, least_coverage: float
) -> dict[Role, tuple[Ranked, ...]]:
    """Return the same without arrays, for small organisations."""
    found: dict[Role, tuple[Ranked, ...]] = {}
    for role, demands in roles.items():
        ranked = (_ranked(place, levels, demands, least_coverage) for place in range(len(levels.people)))
        known = (each for each in ranked if each is not None)
        found[role] = tuple(nsmallest(most, known, key=lambda each: (-each.fit, each.person)))
    return found


def _ranked(place: int, levels: Levels, demands: Sequence[Demand], least_coverage: float) -> Ranked | None:
    known: list[tuple[int, float, int]] = []
    asked = 0
    for each in demands:
        own = weight_of(each)
        asked += own
        column = levels.columns.get(each.competency)
        if column is not None and not isnan(column[place]):
            known.append((own, column[place], each.level))
        elif each.critical:
            return None
    if not known:
        return None
    coverage = rounded(sum(own for own, _, _ in known) / asked)
    if coverage < least_coverage:
        return None
    return Ranked(levels.people[place], score(known), coverage)
