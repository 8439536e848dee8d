"""The content of a framework as frozen values; nothing here knows storage.

Identity across versions is the `code` of a thing. The order of every tuple
is the order of the source. How many levels a scale has is the scale's own
business: one, four or eight.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction

from talenthub.framework.text import Text

ADDED = {"added": True}
"""Marks a field that came later: where it is None or empty, hashes do not see it."""


class RatingMode(StrEnum):
    """How a rater of this framework answers."""

    RELATIVE = "relative"
    """One of five points around the role's descriptor; 3 meets it."""
    LEVEL = "level"
    """The level itself that was shown."""


class CheckProfile(StrEnum):
    """Which warnings of the checks block publishing."""

    STRICT = "strict"
    """All of them."""
    LENIENT = "lenient"
    """None: for frameworks taken from elsewhere, with the gaps they have."""


class QuestionKind(StrEnum):
    """What an interview question asks about."""

    PAST = "past"
    SITUATIONAL = "situational"


@dataclass(frozen=True, slots=True)
class RatingAnchor:
    """What one point of the relative rating scale means."""

    value: int
    label: Text
    anchor: Text


@dataclass(frozen=True, slots=True)
class RatingScale:
    """How raters answer, with the anchors of the points."""

    mode: RatingMode = RatingMode.RELATIVE
    anchors: tuple[RatingAnchor, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisation:
    """For whom the framework was written."""

    name: Text
    short: Text | None = None
    headcount: int | None = None
    purpose: Text | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Framework:
    """The head of one version: its name, origin and terms."""

    code: str
    title: Text
    version: str
    language: str
    edition: str | None = None
    licence: str | None = None
    attribution: str | None = None
    source: str | None = None
    organisation: Organisation | None = None
    rating: RatingScale = field(default_factory=RatingScale)
    checks: CheckProfile = CheckProfile.STRICT
    role_scale: str | None = None
    """The scale on which roles have their organisational level, if one."""


@dataclass(frozen=True, slots=True)
class Value:
    """Something the organisation stands for."""

    code: str
    title: Text
    statement: Text | None = None


@dataclass(frozen=True, slots=True)
class Level:
    """One step of a scale."""

    ordinal: int
    key: str
    label: Text
    anchor: Text | None = None
    """The generic text of the level: the last one a look-up falls back to."""


@dataclass(frozen=True, slots=True)
class Scale:
    """An ordered list of levels, at least one, ordinals rising."""

    code: str
    title: Text | None
    levels: tuple[Level, ...]

    @property
    def lowest(self) -> int:
        """Return the ordinal of the lowest level."""
        return self.levels[0].ordinal

    @property
    def highest(self) -> int:
        """Return the ordinal of the highest level."""
        return self.levels[-1].ordinal

    def level(self, ordinal: int) -> Level | None:
        """Return the level with this ordinal, or None."""
        return next((each for each in self.levels if each.ordinal == ordinal), None)

    def below(self, ordinal: int) -> Level | None:
        """Return the level one step below, or None at the bottom."""
        return next((each for each in reversed(self.levels) if each.ordinal < ordinal), None)

    def above(self, ordinal: int) -> Level | None:
        """Return the level one step above, or None at the top."""
        return next((each for each in self.levels if each.ordinal > ordinal), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Competency:
    """What can be rated; without a scale it only groups others."""

    code: str
    title: Text
    definition: Text | None = None
    scale: str | None = None
    values: tuple[str, ...] = ()
    parent: str | None = None


@dataclass(frozen=True, slots=True)
class Indicator:
    """A behaviour that shows a level, or (negative) speaks against it."""

    text: Text
    positive: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Descriptor:
    """The words of a level of a competency, or a role's own words for it.

    `text` may be None where only the indicators are the role's own.
    """

    competency: str
    level: int
    role: str | None = None
    role_level: str | None = None
    text: Text | None = None
    indicators: tuple[Indicator, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement:
    """What a role asks of one competency."""

    competency: str
    level: int
    essential: bool = True
    """False: desirable."""
    critical_rank: int | None = None
    """Its place among the critical ones, from 1; None: not critical."""
    focus_rank: int | None = None
    weight: Fraction | None = None
    """None: the framework does not say."""
    rationale: Text | None = None

    @property
    def critical(self) -> bool:
        """Return whether the role can't be done without it."""
        return self.critical_rank is not None

    @property
    def focus(self) -> bool:
        """Return whether selection and plans look at it first."""
        return self.focus_rank is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleLevel:
    """A step of a role; the requirements are its own."""

    code: str
    title: Text
    organisational_level: int | None = None
    requirements: tuple[Requirement, ...] = ()
    purpose: Text | None = field(default=None, metadata=ADDED)
    """What this step of the role is for, beside the role's own purpose."""

    @property
    def focus(self) -> tuple[str, ...]:
        """Return the focus competencies, in the framework's order."""
        ranked = [(each.focus_rank, each.competency) for each in self.requirements if each.focus_rank]
        return tuple(code for _, code in sorted(ranked))

    @property
    def critical(self) -> tuple[str, ...]:
        """Return the critical competencies, in the framework's order."""
        ranked = [(each.critical_rank, each.competency) for each in self.requirements if each.critical_rank]
        return tuple(code for _, code in sorted(ranked))

    def requirement(self, competency: str) -> Requirement | None:
        """Return what is asked of `competency`; None: nothing is said."""
        return next((each for each in self.requirements if each.competency == competency), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """A kind of job, with one or more levels."""

    code: str
    title: Text
    levels: tuple[RoleLevel, ...]
    family: Text | None = None
    track: Text | None = None
    purpose: Text | None = None
    headcount: int | None = None
    reports_to: str | None = None

    def level(self, code: str) -> RoleLevel | None:
        """Return the level with this code, or None."""
        return next((each for each in self.levels if each.code == code), None)


@dataclass(frozen=True, slots=True)
class Question:
    """An interview question about one competency."""

    competency: str
    kind: QuestionKind
    text: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Pointer:
    """Where a thing of the framework points to, beside or outside of it.

    An id it has elsewhere, a related competency, a link whose other end is
    not in the file: kept as it stood, never followed.
    """

    of: str | None
    """The code of a competency or role; None: the framework itself."""
    kind: str
    """What the source calls it: `isRelatedTo`, `sameAs` …"""
    target: str
    """A code, an id or an address; nothing says that it leads anywhere."""
    title: Text | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LearningItem:
    """Something a person can learn a competency from; dated, not frozen."""

    code: str
    competency: str
    kind: str
    """assignment, people or formal."""
    title: Text
    lowest_level: int | None = None
    highest_level: int | None = None
    hours: Fraction | None = None
    heat: int | None = None
    """1 to 5: how demanding and exposed it is."""
    in_flow: bool = False
    """Whether it is done inside the current job."""


@dataclass(frozen=True, slots=True)
class StrategyWeight:
    """How much a competency matters for this year's strategy, 0 to 1."""

    competency: str
    weight: Fraction


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The dated records beside the versions."""

    learning: tuple[LearningItem, ...] = ()
    weights: tuple[StrategyWeight, ...] = ()
