"""Impact ratios: how often groups are selected, compared exactly.

The comparison is that of the Uniform Guidelines on Employee Selection
Procedures, 29 CFR 1607.4 D (1978): each group's rate over the highest rate,
with four fifths as a rule of thumb. These are statistics, no legal finding.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from talenthub_recruitment.monitoring.fisher import two_sided

FOUR_FIFTHS = Fraction(4, 5)
FIRM = Fraction(1, 20)
"""A p above it: not statistically firm."""
SMALL_SHARE = Fraction(1, 50)
"""A group under this share of all is not judged alone."""

HIGHEST = "highest rate"
NOBODY_CAME = "nobody of this group came"
NOBODY_SELECTED = "nobody was selected"
ONE_GROUP = "one group: nothing to compare"
UNDER_TWO = "under 2 % of all: not judged alone"
NOT_JUDGED = "not compared: no declared group"


@dataclass(frozen=True, slots=True)
class Group:
    """How many of a group came to a step, and how many went on."""

    name: str
    number: int
    selected: int
    judged: bool = True
    """False for people who declared nothing: they are counted only."""

    @property
    def rate(self) -> Fraction | None:
        """Return the share that was selected; None where nobody came."""
        return Fraction(self.selected, self.number) if self.number else None

    @property
    def rest(self) -> int:
        """Return how many were not selected."""
        return self.number - self.selected


@dataclass(frozen=True, slots=True)
class Impact:
    """How a group fared beside the one with the highest rate."""

    group: Group
    flag: str
    """The judgement in words."""
    compared_with: str | None = None
    ratio: Fraction | None = None
    """The rate over the highest rate."""
    p: Fraction | None = None
    """Fisher's exact two-sided p against the group compared with."""
    flip: Fraction | None = None
    """The ratio if one selection had gone to this group instead."""
    flagged: bool = False

    @property
    def firm(self) -> bool | None:
        """Return whether chance explains it poorly: p of at most .05."""
        return None if self.p is None else self.p <= FIRM


def impacts(groups: Sequence[Group]) -> list[Impact]:
    """Return each group beside the one with the highest rate, in order."""
    total = sum(each.number for each in groups)
    judged = [each for each in groups if each.judged and each.number and not _is_small(each, total)]
    best = max(judged, key=lambda each: (each.rate or 0, each.number), default=None)
    return [_impact(each, best, judged, total) for each in groups]


def _is_small(group: Group, total: int) -> bool:
    return group.number < SMALL_SHARE * total


def _impact(group: Group, best: Group | None, judged: Sequence[Group], total: int) -> Impact:
    if not group.judged:
        return Impact(group, NOT_JUDGED)
    if not group.number:
        return Impact(group, NOBODY_CAME)
    if best is None or _is_small(group, total):
        return Impact(group, UNDER_TWO)
    if len(judged) == 1:
        return Impact(group, ONE_GROUP)
    if not best.selected:
        return Impact(group, NOBODY_SELECTED)
    if group.rate == best.rate:
        return Impact(group, HIGHEST, best.name, Fraction(1))
    return _beside(group, best)


def _beside(group: Group, best: Group) -> Impact:
    assert group.rate is not None, "somebody came"
    assert best.rate is not None, "somebody came"
    ratio = group.rate / best.rate
    p = two_sided((group.selected, group.rest), (best.selected, best.rest))
    flip = flipped(group, best)
    flagged = ratio < FOUR_FIFTHS
    return Impact(group, _words(ratio, p, flip), best.name, ratio, p, flip, flagged)


def flipped(group: Group, best: Group) -> Fraction | None:
    """Return the ratio with one selection moved from `best` to `group`.

    The one-person test: where it lifts the ratio over four fifths, the
    finding hangs on one person. None where it cannot be moved, or where it
    leaves nobody selected in `best`.
    """
    if group.rest < 1 or best.selected < 2:
        return None
    return Fraction(group.selected + 1, group.number) / Fraction(best.selected - 1, best.number)


def _words(ratio: Fraction, p: Fraction, flip: Fraction | None) -> str:
    if ratio >= FOUR_FIFTHS:
        return "not flagged" + (", yet statistically firm" if p <= FIRM else "")
    said = "flagged, statistically firm" if p <= FIRM else "flagged, not statistically firm"
    return said + ("; one person more would do" if flip is not None and flip >= FOUR_FIFTHS else "")
