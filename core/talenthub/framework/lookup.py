"""Which words count: the descriptor a role is rated against.

A look-up falls back role and level → role → competency level → the level's
generic text, and says which one matched. Indicators fall back on their own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from talenthub.errors import NotFound, Problem, unknown
from talenthub.framework.content import Content
from talenthub.framework.model import Descriptor, Indicator, Level, Question, Requirement, Role, RoleLevel
from talenthub.framework.text import Text, plain
from talenthub.storage.types import canonical, digest


class Match(StrEnum):
    """Whose words a look-up found."""

    ROLE_LEVEL = "role level"
    ROLE = "role"
    COMPETENCY = "competency"
    LEVEL = "level"
    """The generic text of the level."""
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """The words that count for a level of a competency, and whose they are."""

    competency: str
    level: Level
    text: Text | None
    match: Match
    indicators: tuple[Indicator, ...]
    indicators_match: Match
    hash: str
    """SHA-256 of exactly these words: what the ledger keeps."""

    @property
    def positive(self) -> tuple[Indicator, ...]:
        """Return the indicators that show the level."""
        return tuple(each for each in self.indicators if each.positive)

    @property
    def negative(self) -> tuple[Indicator, ...]:
        """Return the indicators that speak against it."""
        return tuple(each for each in self.indicators if not each.positive)


@dataclass(frozen=True, slots=True)
class Anchors:
    """The words at the required level and on both sides of it.

    None below the lowest and above the highest level: there a kit prints the
    anchor of the rating scale.
    """

    below: Wording | None
    at: Wording
    above: Wording | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleProfile:
    """All that a stage needs to know about one level of one role."""

    framework: str
    version: str
    role: Role
    level: RoleLevel
    anchors: Mapping[str, Anchors]
    """By competency, for every requirement."""
    questions: Mapping[str, tuple[Question, ...]]

    @property
    def requirements(self) -> tuple[Requirement, ...]:
        """Return the requirements in the framework's order."""
        return self.level.requirements

    @property
    def focus(self) -> tuple[str, ...]:
        """Return the focus competencies, in order; may be empty."""
        return self.level.focus

    @property
    def critical(self) -> tuple[str, ...]:
        """Return the critical competencies, in order; may be empty."""
        return self.level.critical

    def requirement(self, competency: str) -> Requirement:
        """Return what is asked; NotFound if the role does not say."""
        found = self.level.requirement(competency)
        if found is None:
            codes = [each.competency for each in self.requirements]
            raise NotFound(unknown("competency of this role", competency, codes))
        return found


def wording(
    content: Content, competency: str, ordinal: int, role: str | None = None, role_level: str | None = None
) -> Wording:
    """Return the words that count at a level; NotFound if it is no level."""
    scale = content.scale_of(competency)
    level = scale.level(ordinal)
    if level is None:
        raise NotFound(
            unknown(f"level of {competency}", str(ordinal), [str(e.ordinal) for e in scale.levels])
        )
    candidates = _candidates(content, competency, ordinal, role, role_level)
    text, match = next(
        ((found.text, match) for match, found in candidates if found.text is not None),
        (level.anchor, Match.LEVEL if level.anchor is not None else Match.NONE),
    )
    indicators, indicators_match = next(
        ((found.indicators, match) for match, found in candidates if found.indicators), ((), Match.NONE)
    )
    return Wording(
        competency=competency,
        level=level,
        text=text,
        match=match,
        indicators=indicators,
        indicators_match=indicators_match,
        hash=descriptor_hash(text, indicators),
    )


def _candidates(
    content: Content, competency: str, ordinal: int, role: str | None, role_level: str | None
) -> list[tuple[Match, Descriptor]]:
    cells = [(Match.COMPETENCY, content.descriptor(competency, ordinal))]
    if role is not None:
        cells.insert(0, (Match.ROLE, content.descriptor(competency, ordinal, role)))
    if role is not None and role_level is not None:
        cells.insert(0, (Match.ROLE_LEVEL, content.descriptor(competency, ordinal, role, role_level)))
    return [(match, found) for match, found in cells if found is not None]


def descriptor_hash(text: Text | None, indicators: tuple[Indicator, ...]) -> str:
    """Return the SHA-256 of exactly the words that were rated."""
    listed = [[each.positive, plain(each.text)] for each in indicators]
    return digest("descriptor", canonical(plain(text)), canonical(listed))


def anchors(content: Content, requirement: Requirement, role: str, role_level: str) -> Anchors:
    """Return the words one level below, at and one above a requirement."""
    code = requirement.competency
    scale = content.scale_of(code)

    def words(level: Level | None) -> Wording | None:
        return wording(content, code, level.ordinal, role, role_level) if level else None

    at = wording(content, code, requirement.level, role, role_level)
    return Anchors(words(scale.below(requirement.level)), at, words(scale.above(requirement.level)))


def profile(content: Content, role_code: str, level_code: str | None = None) -> RoleProfile:
    """Return the profile of a role's level; without a code of its only one."""
    role = content.role(role_code)
    level = _level_of(role, level_code)
    return RoleProfile(
        framework=content.framework.code,
        version=content.framework.version,
        role=role,
        level=level,
        anchors={
            each.competency: anchors(content, each, role.code, level.code) for each in level.requirements
        },
        questions={each.competency: content.questions_of(each.competency) for each in level.requirements},
    )


def _level_of(role: Role, code: str | None) -> RoleLevel:
    codes = [each.code for each in role.levels]
    if code is None and len(codes) == 1:
        return role.levels[0]
    if code is None:
        raise NotFound(
            Problem(
                text=f"the role {role.code} has several levels: name one",
                allowed=", ".join(codes),
                code="framework.which-role-level",
            )
        )
    found = role.level(code)
    if found is None:
        raise NotFound(unknown(f"level of the role {role.code}", code, codes))
    return found
