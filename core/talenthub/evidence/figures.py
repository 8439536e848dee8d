"""Group figures: gaps of many, never of few."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TypeVar

from talenthub.evidence.exact import exact, rounded
from talenthub.evidence.gap import Gap, Gaps
from talenthub.evidence.settings import NO_BAND, EvidenceSettings

K = TypeVar("K", bound=Hashable)


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


@dataclass(frozen=True, slots=True)
class Tally:
    """The gaps of the people of one unit on one competency, added up."""

    people: int = 0
    known: int = 0
    size: Fraction = Fraction(0)
    """All their gaps, in levels."""
    bands: Mapping[str, int] = field(default_factory=dict)

    def __add__(self, other: Tally) -> Tally:
        """Return both together."""
        bands = Counter(self.bands)
        bands.update(other.bands)
        return Tally(self.people + other.people, self.known + other.known, self.size + other.size, bands)


@dataclass(frozen=True, slots=True)
class Counted:
    """Gaps by competency and unit, and how many people sit in each unit."""

    seats: Mapping[int, int]
    tallies: dict[str, dict[int, Tally]]


def counted(gaps: Gaps) -> Counted:
    """Return gaps that are in hand, counted."""
    seats = Counter(seat.unit for seat in gaps.seats.values())
    people: dict[str, Counter[int]] = defaultdict(Counter)
    known: dict[tuple[str, int], list[Gap]] = defaultdict(list)
    for gap in gaps.gaps:
        known[gap.competency, gaps.seats[gap.person].unit].append(gap)
        people[gap.competency][gaps.seats[gap.person].unit] += 1
    for missing in gaps.unknown:
        people[missing.competency][gaps.seats[missing.person].unit] += 1
    return Counted(
        seats,
        {
            code: {unit: _tally(many, known[code, unit]) for unit, many in units.items()}
            for code, units in people.items()
        },
    )


def _tally(people: int, gaps: Sequence[Gap]) -> Tally:
    size = sum((exact(each.size) for each in gaps), Fraction(0))
    return Tally(people, len(gaps), size, Counter(each.band for each in gaps))


def figures(counts: Counted, minimum: int, settings: EvidenceSettings) -> tuple[Figure, ...]:
    """Return a figure per competency; those on fewer than `minimum` are blank."""
    return tuple(
        _figure(code, units.values(), minimum, settings) for code, units in sorted(counts.tallies.items())
    )


def unit_figures(
    counts: Counted, unit: int, paths: Mapping[int, tuple[int, ...]], settings: EvidenceSettings
) -> tuple[Figure, ...]:
    """Return a unit's figures with all beneath it, out of everybody's gaps.

    `paths` gives each unit's id and its ancestors' ids, the nearest first.
    A figure is blank too where it would tell that of a small unit beside it.
    """
    return unit_map(counts, [unit], paths, settings)[unit]


def unit_map(
    counts: Counted,
    units: Collection[int],
    paths: Mapping[int, tuple[int, ...]],
    settings: EvidenceSettings,
) -> dict[int, tuple[Figure, ...]]:
    """Return the figures of several units, each as `unit_figures` has them."""
    wanted, made = frozenset(units), defaultdict[int, list[Figure]](list)
    hidden = sum(counts.seats.values()) + 1  # more than there are
    for code, by_unit in sorted(counts.tallies.items()):
        shown = shown_units(by_unit, paths, settings.minimum_unit)
        parts: dict[int, list[Tally]] = defaultdict(list)
        for each, tally in by_unit.items():
            for unit in wanted.intersection(paths[each]):
                parts[unit].append(tally)
        for unit in sorted(parts):
            fewest = settings.minimum_unit if unit in shown else hidden
            made[unit].append(_figure(code, parts[unit], fewest, settings))
    return {unit: tuple(made[unit]) for unit in units}


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


def shown_units(
    tallies: Mapping[int, Tally], paths: Mapping[int, tuple[int, ...]], minimum: int
) -> frozenset[int]:
    """Return the units whose figures may be shown, from the top downwards.

    A unit is hidden with its whole, and where it would tell a small sister.
    """
    direct = Counter({unit: each.known for unit, each in tallies.items()})
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


def _figure(competency: str, tallies: Iterable[Tally], minimum: int, settings: EvidenceSettings) -> Figure:
    all_of = sum(tallies, Tally())
    if all_of.known < minimum:
        return Figure(competency, all_of.people, None, None, {})
    bands = {name: all_of.bands.get(name, 0) for name in (NO_BAND, *settings.bands)}
    return Figure(competency, all_of.people, all_of.known, rounded(all_of.size / all_of.known), bands)
