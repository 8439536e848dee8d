"""The learning map: which of the catalogue's items fill somebody's hours.

For each kind the subset with most hours that is not above `over`·share·hours;
ties go to more hours at work, fewer items, then to the codes. Exact: every
sum of hours that can be reached is kept with its best subset.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from talenthub.sdk import LearningItem
from talenthub_career.settings import CareerSettings
from talenthub_career.strategies import KINDS, Kind, Strategy

Subset = tuple[Fraction, int, tuple[str, ...]]
"""Hours not at work, number of items, codes: the smaller one is better."""


@dataclass(frozen=True, slots=True)
class Filled:
    """What a kind of learning got of its share."""

    kind: Kind
    wanted: Fraction
    """Hours by the strategy's mix."""
    hours: Fraction

    @property
    def short(self) -> Fraction:
        """Return the hours that the catalogue does not offer; 0 where it does."""
        return max(Fraction(0), self.wanted - self.hours)


@dataclass(frozen=True, slots=True)
class LearningMap:
    """Items, hours and mix; and what was left out, with the reason."""

    items: tuple[LearningItem, ...]
    kinds: tuple[Filled, ...]
    left_out: Mapping[str, str]

    @property
    def hours(self) -> Fraction:
        """Return all hours."""
        return sum((each.hours for each in self.kinds), Fraction(0))

    @property
    def in_flow(self) -> Fraction | None:
        """Return the share of hours at work; None of no hours."""
        at_work = sum((hours_of(each) for each in self.items if each.in_flow), Fraction(0))
        return at_work / self.hours if self.hours else None

    def share(self, kind: Kind) -> Fraction | None:
        """Return a kind's share of the hours; None of no hours."""
        own = next(each.hours for each in self.kinds if each.kind == kind)
        return own / self.hours if self.hours else None

    def is_thin(self, strategy: Strategy, settings: CareerSettings) -> bool:
        """Return whether the catalogue offers too little, or not the mix."""
        wanted = sum((each.wanted for each in self.kinds), Fraction(0))
        thin = Fraction(settings.thin)
        if not self.hours or wanted - self.hours > thin * wanted:
            return True
        return any(
            abs((self.share(kind) or Fraction(0)) - share) > thin for kind, share in strategy.shares.items()
        )


def learning_map(
    catalogue: Iterable[LearningItem],
    competency: str,
    level: int,
    hours: Fraction,
    strategy: Strategy,
    settings: CareerSettings,
    done: Collection[str] = (),
    unwanted: Collection[str] = (),
) -> LearningMap:
    """Return the map of one competency at one level, for so many hours."""
    left_out: dict[str, str] = {}
    fitting: list[LearningItem] = []
    for item in catalogue:
        if item.competency != competency:
            continue
        why = _why_not(item, level, strategy.heat, done, unwanted)
        if why:
            left_out[item.code] = why
        else:
            fitting.append(item)
    kinds, chosen = [], []
    for kind, share in strategy.shares.items():
        wanted = share * hours
        best = best_subset([each for each in fitting if each.kind == kind], Fraction(settings.over) * wanted)
        kinds.append(Filled(kind, wanted, sum((hours_of(each) for each in best), Fraction(0))))
        chosen += best
    return LearningMap(tuple(chosen), tuple(kinds), left_out)


def best_subset(items: Sequence[LearningItem], most: Fraction) -> list[LearningItem]:
    """Return the subset with most hours that is not above `most`."""
    reached: dict[Fraction, Subset] = {Fraction(0): (Fraction(0), 0, ())}
    for item in sorted(items, key=lambda each: each.code):
        hours = hours_of(item)
        for total, (off_work, count, codes) in list(reached.items()):
            if total + hours > most:
                continue
            with_it = (off_work + (0 if item.in_flow else hours), count + 1, (*codes, item.code))
            reached[total + hours] = min(reached.get(total + hours, with_it), with_it)
    chosen = reached[max(reached)][2]
    return [each for each in items if each.code in chosen]


def hours_of(item: LearningItem) -> Fraction:
    """Return the hours of an item that was chosen."""
    assert item.hours is not None, "an item without hours is left out"
    return item.hours


def _why_not(
    item: LearningItem, level: int, heat: int, done: Collection[str], unwanted: Collection[str]
) -> str:
    lowest, highest = item.lowest_level, item.highest_level
    if (lowest is not None and level < lowest) or (highest is not None and level > highest):
        return _for_levels(lowest, highest)
    if not item.hours:
        return "says no hours"
    if item.heat is None:
        return "says no heat"
    if item.heat > heat:
        return f"its heat is {item.heat}, more than {heat}"
    if item.code in done:
        return "was done before"
    if item.kind not in KINDS:
        return f"is of no kind that counts: {item.kind}"
    return "is not wanted" if item.code in unwanted else ""


def _for_levels(lowest: int | None, highest: int | None) -> str:
    if lowest is None:
        return f"is for levels up to {highest}"
    if highest is None:
        return f"is for levels from {lowest} on"
    return f"is for levels {lowest} to {highest}"
