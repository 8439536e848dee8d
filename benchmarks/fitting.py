"""Measure the ranking of everybody for every role against bare numpy.

python benchmarks                      with all the others
python benchmarks/fitting.py           100,000 people, 500 roles
python benchmarks/fitting.py --quick   a tenth of the people

The bare side takes one role after another: shares of all people, weighted,
added up, the twenty largest picked. It looks at the same arrays.
"""

from __future__ import annotations

import argparse
import tracemalloc
from array import array
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import report
from measuring import Measured, alternate
from numpy.typing import NDArray

from talenthub.evidence.levels import Levels
from talenthub.evidence.ranking_arrays import best_of_arrays

PEOPLE, ROLES, COMPETENCIES, TOP, ROUNDS = 100_000, 500, 30, 20, 3
Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Asked:
    competency: str
    level: int
    critical: bool
    essential: bool = True


@dataclass(frozen=True, slots=True)
class Fitted:
    """What ranking everybody took, and what it needed of memory."""

    measured: Sequence[Measured]
    peaks: Mapping[int, float]
    """Megabytes beyond the levels themselves, by the number of roles."""


def main() -> None:
    """Measure alone; print the section of the page."""
    parser = argparse.ArgumentParser(description="Measure the ranking against bare numpy.")
    parser.add_argument("--quick", action="store_true", help="a tenth of the people")
    people = PEOPLE // 10 if parser.parse_args().quick else PEOPLE
    print("\n".join(report.fitting(measure(people))))


def measure(people: int = PEOPLE, roles: int = ROLES) -> Fitted:
    """Return the measurements with everything known, and with gaps."""
    wanted = _roles(roles)
    found = []
    for unknown, title in ((0.0, "all known"), (0.05, "one in twenty unknown")):
        current = _current(people, unknown)
        levels = _levels(current)
        found.append(_measure(f"{people:,} people × {roles} roles, {title}", wanted, levels, current))
        print(report.line(found[-1]), flush=True)
    some = {many: dict(list(wanted.items())[:many]) for many in (roles // 4, roles)}
    return Fitted(found, {many: _peak(each, levels) for many, each in some.items()})


def _current(people: int, unknown: float) -> Numbers:
    draw = np.random.default_rng(7)
    current = np.round(draw.uniform(0, 5, (people, COMPETENCIES)), 9)
    current[draw.random(current.shape) < unknown] = np.nan
    return current


def _levels(current: Numbers) -> Levels:
    columns = {
        f"C{at}": array("d", np.ascontiguousarray(current[:, at]).tobytes()) for at in range(COMPETENCIES)
    }
    return Levels(range(1, len(current) + 1), columns)


def _roles(many: int) -> dict[str, list[Asked]]:
    draw = np.random.default_rng(11)
    return {
        f"role {number}": [
            Asked(f"C{at}", int(draw.integers(1, 6)), bool(draw.random() < 0.2))
            for at in draw.permutation(COMPETENCIES)[: int(draw.integers(8, COMPETENCIES + 1))]
        ]
        for number in range(many)
    }


def _measure(title: str, roles: dict[str, list[Asked]], levels: Levels, current: Numbers) -> Measured:
    def ours(_number: int) -> None:
        assert len(best_of_arrays(roles, levels, TOP, 0.0)) == len(roles)

    return alternate(title, "run", "≤ 3 times", 1, ours, _bare(roles, current), rounds=ROUNDS)


def _bare(roles: dict[str, list[Asked]], current: Numbers) -> Callable[[int], None]:
    def run(_number: int) -> None:
        for demands in roles.values():
            places = [int(each.competency[1:]) for each in demands]
            weights = np.array([2.0 if each.critical else 1.0 for each in demands])
            shares = np.minimum(1.0, current[:, places] / np.array([float(each.level) for each in demands]))
            known = ~np.isnan(shares)
            fits = 100 * np.nansum(shares * weights, axis=1) / (known @ weights)
            fits[~known[:, [each.critical for each in demands]].all(axis=1)] = -1
            top = np.argpartition(-fits, TOP)[:TOP]
            top[np.lexsort((top, -fits[top]))]

    return run


def _peak(roles: dict[str, list[Asked]], levels: Levels) -> float:
    tracemalloc.start()
    best_of_arrays(roles, levels, TOP, 0.0)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / 1e6


if __name__ == "__main__":
    main()
