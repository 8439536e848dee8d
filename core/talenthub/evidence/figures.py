"""Group figures: gaps of many, never of few."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TypeVar

from talenthub.evidence.exact import exact, rounded
from talenthub.evidence.gap import Gap, Gaps, Seat, Unknown
from talenthub.evidence.settings import NO_BAND, EvidenceSettings

K = TypeVar("K", bound=Hashable)
G = TypeVar("G", Gap, Unknown)


@dataclass(frozen=True, slots=True)
class Figure:
    """The gaps of a group on one competency."""

    competency: str
    people: int
    """How many are required to have it."""
    known: int | None
    """How many of them have a standing; None: too few to be shown."""
    mean_size: float | None
    """Mean gap of those known, in levels; who has none counts as 0."""
    bands: Mapping[str, int]
    """How many in each band; empty where too few are known."""

    @property
    def is_shown(self) -> bool:
        """Return whether the group is big enough to have a figure."""
        return self.known is not None


def figures(gaps: Gaps, minimum: int, settings: EvidenceSettings) -> tuple[Figure, ...]:
    """Return a figure per competency; those on fewer than `minimum` are blank."""
    parts = _by_competency(gaps)
    return tuple(_figure(code, parts[code], minimum, settings) for code in sorted(parts))


def unit_figures(
    gaps: Gaps, unit: int, paths: Mapping[int, tuple[int, ...]], settings: EvidenceSettings
) -> tuple[Figure, ...]:
    """Return a unit's figures with all beneath it, out of everybody's gaps.

    `paths` gives each unit's id and its ancestors' ids, the nearest first.
    A figure is blank too where it would tell that of a small unit beside it.
    """
    people = {person for person, seat in gaps.seats.items() if unit in paths[seat.unit]}
    made = []
    for code, part in sorted(_by_competency(gaps).items()):
        fewest = settings.minimum_unit
        if unit not in shown_units(part, paths, fewest):
            fewest = len(gaps.seats) + 1  # more than there are
        if (mine := part.of(people)).gaps or mine.unknown:
            made.append(_figure(code, mine, fewest, settings))
    return tuple(made)


def unit_map(
    gaps: Gaps, units: Collection[int], paths: Mapping[int, tuple[int, ...]], settings: EvidenceSettings
) -> dict[int, tuple[Figure, ...]]:
    """Return the figures of several units, each as `unit_figures` has them."""
    wanted, made = frozenset(units), defaultdict[int, list[Figure]](list)
    for code, part in sorted(_by_competency(gaps).items()):
        shown = shown_units(part, paths, settings.minimum_unit)
        known = _by_unit(part.gaps, gaps.seats, paths, wanted)
        unknown = _by_unit(part.unknown, gaps.seats, paths, wanted)
        for unit in sorted(wanted & {*known, *unknown}):
            mine = replace(part, gaps=tuple(known[unit]), unknown=tuple(unknown[unit]))
            fewest = settings.minimum_unit if unit in shown else len(gaps.seats) + 1
            made[unit].append(_figure(code, mine, fewest, settings))
    return {unit: tuple(made[unit]) for unit in units}


def _by_unit(
    found: Iterable[G],
    seats: Mapping[int, Seat],
    paths: Mapping[int, tuple[int, ...]],
    wanted: frozenset[int],
) -> dict[int, list[G]]:
    by_unit: dict[int, list[G]] = defaultdict(list)
    for each in found:
        for unit in wanted.intersection(paths[seats[each.person].unit]):
            by_unit[unit].append(each)
    return by_unit


def shown_groups(sizes: Mapping[K, int], minimum: int) -> frozenset[K]:
    """Return the groups that may be shown beside the figure of their whole.

    Those under `minimum` are hidden; and as long as the hidden ones together
    are fewer, their figure is what is left of the whole, so the smallest
    shown group is hidden with them.
    """
    hidden = {key for key, size in sizes.items() if size < minimum}
    left = sorted(set(sizes) - hidden, key=lambda key: (sizes[key], str(key)))
    while left and 0 < sum(sizes[key] for key in hidden) < minimum:
        hidden.add(left.pop(0))
    return frozenset(left)


def shown_units(gaps: Gaps, paths: Mapping[int, tuple[int, ...]], minimum: int) -> frozenset[int]:
    """Return the units whose figures may be shown, from the top downwards.

    A unit is hidden with its whole, and where it would tell a small sister.
    """
    counted = {each.person for each in gaps.gaps}
    direct = Counter(seat.unit for person, seat in gaps.seats.items() if person in counted)
    whole: Counter[int] = Counter()
    for unit, size in direct.items():
        for above in paths[unit]:
            whole[above] += size
    sisters: dict[int | None, dict[tuple[int, bool], int]] = defaultdict(dict)
    for unit, path in paths.items():
        sisters[path[1] if len(path) > 1 else None][unit, True] = whole[unit]
        # Who sits in the unit itself is the last of its parts.
        sisters[unit][unit, False] = direct[unit]
    return frozenset(_from_the_top(None, sisters, minimum))


def _from_the_top(
    unit: int | None, sisters: Mapping[int | None, Mapping[tuple[int, bool], int]], minimum: int
) -> Iterable[int]:
    parts = {key: size for key, size in sisters.get(unit, {}).items() if size}
    for part, is_whole in shown_groups(parts, minimum):
        if is_whole:
            yield part
            yield from _from_the_top(part, sisters, minimum)


def _by_competency(gaps: Gaps) -> dict[str, Gaps]:
    known: dict[str, list[Gap]] = defaultdict(list)
    unknown: dict[str, list[Unknown]] = defaultdict(list)
    for gap in gaps.gaps:
        known[gap.competency].append(gap)
    for missing in gaps.unknown:
        unknown[missing.competency].append(missing)
    return {
        code: replace(gaps, gaps=tuple(known[code]), unknown=tuple(unknown[code]))
        for code in {*known, *unknown}
    }


def _figure(competency: str, gaps: Gaps, minimum: int, settings: EvidenceSettings) -> Figure:
    known = len(gaps.gaps)
    people = known + len(gaps.unknown)
    if known < minimum:
        return Figure(competency, people, None, None, {})
    total = sum((exact(each.size) for each in gaps.gaps), Fraction(0))
    counted = Counter(each.band for each in gaps.gaps)
    bands = {name: counted[name] for name in (NO_BAND, *settings.bands)}
    return Figure(competency, people, known, rounded(total / known), bands)
