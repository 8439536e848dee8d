"""Relevance: is an indicator needed, and does it stand in its place?

CVR as defined by Lawshe (1975): (nₑ − N/2) / (N/2), where nₑ of N call the
indicator essential. The least nₑ that chance gives with at most .05 is taken
from the binomial distribution itself (Ayre and Scally, 2014), not from a
table. Retranslation as in Smith and Kendall (1963): judges who are not told
sort indicators back to competencies and levels.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from math import comb

from talenthub_consultation.cases import Ballot, Item, Need, Needed, Placed
from talenthub_consultation.settings import ConsultationSettings


@cache
def least_essential(judges: int, chance: Fraction) -> int | None:
    """Return the least nₑ with P(X ≥ nₑ | N, ½) ≤ chance; None: there is none."""
    # Of 2^N equally likely answers; whole numbers, so that nothing is rounded.
    ways, least = 0, None
    for count in range(judges, -1, -1):
        ways += comb(judges, count)
        if ways * chance.denominator > chance.numerator * 2**judges:
            break
        least = count
    return least


def ratio(essential: int, judges: int) -> Fraction:
    """Return the CVR, from -1 to 1, of at least one judge."""
    return Fraction(2 * essential - judges, judges)


@dataclass(frozen=True, slots=True)
class Relevance:
    """What is known of one indicator."""

    needed: Needed | None
    cvr: Fraction | None
    critical: Fraction | None
    """The least CVR that chance does not explain; None: too few judges."""
    placement: Placement | None

    @property
    def is_needed(self) -> bool | None:
        """Return whether to keep it; None where too few have said."""
        if self.cvr is None or self.critical is None:
            return None
        return self.cvr >= self.critical


@dataclass(frozen=True, slots=True)
class Placement:
    """Where judges put an indicator, and whether that is its place."""

    judges: int
    found: int
    """How many chose the competency it belongs to."""
    variance: Fraction | None
    """Of the levels these chose, n - 1; None: fewer than two chose it."""
    holds: bool

    @property
    def share(self) -> Fraction:
        """Return the share of judges who found the competency."""
        return Fraction(self.found, self.judges)

    @property
    def deviation(self) -> float | None:
        """Return the standard deviation of the levels; only shown."""
        return None if self.variance is None else float(self.variance) ** 0.5


def placement(
    competency: str, sorted_to: Sequence[tuple[str, int, int]], settings: ConsultationSettings
) -> Placement | None:
    """Return what (competency, level, judges) say of a place; None: nothing.

    Variances are compared, so that no root is needed.
    """
    judges = sum(count for _, _, count in sorted_to)
    if not judges:
        return None
    levels = [level for code, level, count in sorted_to if code == competency for _ in range(count)]
    variance = _variance(levels)
    limit = Fraction(settings.level_deviation) ** 2
    found = Fraction(len(levels), judges) >= Fraction(settings.sorted_share)
    return Placement(judges, len(levels), variance, found and variance is not None and variance <= limit)


def _variance(levels: Sequence[int]) -> Fraction | None:
    if len(levels) < 2:
        return None
    mean = Fraction(sum(levels), len(levels))
    return sum(((each - mean) ** 2 for each in levels), Fraction(0)) / (len(levels) - 1)


def relevance_of(item: Item, number: int, settings: ConsultationSettings) -> Relevance:
    """Return what is known of the item's indicator of this number, from 1."""
    code = item.indicator(number)
    needed = next((each for each in item.needs if each.indicator == code), None)
    places = [(each.competency, each.level, each.judges) for each in item.placings if each.indicator == code]
    placed = placement(item.competency, places, settings)
    if needed is None or not needed.total:
        return Relevance(needed, None, None, placed)
    least = least_essential(needed.total, Fraction(settings.chance))
    critical = None if least is None else ratio(least, needed.total)
    return Relevance(needed, ratio(needed.essential, needed.total), critical, placed)


def gathered(items: Sequence[Item], ballots: Sequence[Ballot]) -> dict[str, Item]:
    """Return the items with what all voters said of their indicators."""
    needs = _needs(ballots)
    places: dict[str, dict[tuple[str, int], int]] = {}
    for ballot in ballots:
        for each in ballot.sortings:
            at = places.setdefault(each.indicator, {})
            at[each.competency, each.level] = at.get((each.competency, each.level), 0) + 1
    return {
        item.code: item.model_copy(
            update={"needs": tuple(_needed(item, needs)), "placings": tuple(_placed(item, places))}
        )
        for item in items
    }


def _needs(ballots: Sequence[Ballot]) -> dict[str, list[dict[str, Need]]]:
    """Return each voter's words on needs, by the code they were said of."""
    found: dict[str, list[dict[str, Need]]] = {}
    for ballot in ballots:
        said = ballot.needs
        for code in said:
            found.setdefault(code, []).append(said)
    return found


def _needed(item: Item, needs: dict[str, list[dict[str, Need]]]) -> Iterator[Needed]:
    """Yield what was said of each indicator; of the item counts for the rest."""
    for number in range(1, len(item.indicators) + 1):
        code = item.indicator(number)
        own = [said[code] for said in needs.get(code, ())]
        general = [said[item.code] for said in needs.get(item.code, ()) if code not in said]
        words = own + general
        if words:
            yield Needed(
                indicator=code,
                essential=words.count("essential"),
                useful=words.count("useful"),
                not_necessary=words.count("not_necessary"),
            )


def _placed(item: Item, places: dict[str, dict[tuple[str, int], int]]) -> Iterator[Placed]:
    for number in range(1, len(item.indicators) + 1):
        code = item.indicator(number)
        for (competency, level), judges in sorted(places.get(code, {}).items()):
            yield Placed(indicator=code, competency=competency, level=level, judges=judges)
