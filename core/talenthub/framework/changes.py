"""Changes: what differs between two versions, and how much it matters.

The class says what becomes of ratings against the old words: editorial and
minor keep them, major, split and merge pass them on with a stated strength,
retire ends them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from types import MappingProxyType


class ChangeClass(StrEnum):
    """How much a change matters, from the least to the most."""

    EDITORIAL = "editorial"
    """Punctuation, spelling: the meaning is the same."""
    MINOR = "minor"
    """The meaning is much the same; ratings stay good."""
    MAJOR = "major"
    """The meaning is another one."""
    SPLIT = "split"
    """One competency became several."""
    MERGE = "merge"
    """Several competencies became one."""
    RETIRE = "retire"
    """A competency ended without a successor."""


WEIGHT: Mapping[ChangeClass, int] = MappingProxyType({each: at for at, each in enumerate(ChangeClass)})

STRENGTHS: Mapping[ChangeClass, Fraction] = MappingProxyType(
    {
        ChangeClass.EDITORIAL: Fraction(1),
        ChangeClass.MINOR: Fraction(1),
        ChangeClass.MAJOR: Fraction(1, 2),
        ChangeClass.SPLIT: Fraction(1, 2),
        ChangeClass.MERGE: Fraction(1),
        ChangeClass.RETIRE: Fraction(0),
    }
)
"""How much of a rating's weight passes on, where a mapping says no other."""

TO_CONFIRM = frozenset({ChangeClass.MAJOR, ChangeClass.SPLIT, ChangeClass.MERGE})
"""Classes that a person must confirm before a version is published."""


class Thing(StrEnum):
    """What a change is about."""

    FRAMEWORK = "framework"
    VALUE = "value"
    SCALE = "scale"
    COMPETENCY = "competency"
    DESCRIPTOR = "descriptor"
    INDICATOR = "indicator"
    ROLE = "role"
    REQUIREMENT = "requirement"
    QUESTION = "question"
    POINTER = "pointer"


class What(StrEnum):
    """What happened to it."""

    ADDED = "added"
    REMOVED = "removed"
    RENAMED = "renamed"
    """Another title under the same code, or a confirmed new code."""
    RENAMED_PERHAPS = "renamed?"
    """Another code with much the same words: a person must confirm it."""
    TEXT = "text"
    LEVEL = "level"
    DETAIL = "detail"
    SPLIT = "split"
    MERGED = "merged"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One difference between two versions."""

    thing: Thing
    what: What
    where: str
    """`COM`, `COM.3`, `case-officer.full.COM`."""
    kind: ChangeClass
    before: str = ""
    after: str = ""
    why: str = ""
    """Why it has its class."""
    similarity: float | None = None
    """0 to 1, where the change was found by shared words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """From a competency's old code to its new one."""

    old: str
    new: str | None
    """None: it ended."""
    kind: ChangeClass
    strength: Fraction
    """How much of a rating's weight passes on, 0 to 1."""
    confirmed: bool = False
    similarity: float | None = None
    why: str = ""

    @property
    def needs_confirming(self) -> bool:
        """Return whether a person must say so before publishing."""
        is_renamed = self.new is not None and self.new != self.old
        return self.kind in TO_CONFIRM or is_renamed

    @property
    def is_unconfirmed(self) -> bool:
        """Return whether a person must still say so."""
        return self.needs_confirming and not self.confirmed

    @property
    def moves_evidence(self) -> bool:
        """Return whether ratings do not simply go on under their code."""
        return self.new is not None and (self.new != self.old or self.strength < 1)

    def __str__(self) -> str:
        """Return the link in words: `COM → COM-W (split)`."""
        return f"{self.old} → {self.new or 'nothing'} ({self.kind})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """All that differs between two versions, and what succeeds what."""

    before: str
    after: str
    changes: tuple[Change, ...]
    links: tuple[Link, ...]
    """A link for each competency that changed, ended or has a new code."""

    @property
    def heaviest(self) -> ChangeClass | None:
        """Return the class that matters most; None: nothing changed."""
        return heaviest(each.kind for each in self.changes)

    @property
    def counts(self) -> Mapping[ChangeClass, int]:
        """Return how many changes there are of each class."""
        found = Counter(each.kind for each in self.changes)
        return {kind: found[kind] for kind in ChangeClass if found[kind]}

    @property
    def unconfirmed(self) -> tuple[Link, ...]:
        """Return the links that a person must still confirm."""
        return tuple(each for each in self.links if each.is_unconfirmed)


def heaviest(kinds: Iterable[ChangeClass]) -> ChangeClass | None:
    """Return the class that matters most, or None of none."""
    return max(kinds, key=WEIGHT.__getitem__, default=None)
