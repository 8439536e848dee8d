"""Checks: is this framework fit to rate people against?

Errors always block. Warnings (completeness, distinctness, indicators) block
where the framework's profile is `strict`. The rules and their limits are
those of `domain.md` 3.1, explained in docs/framework.md.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from talenthub.errors import Problem
from talenthub.framework import references
from talenthub.framework.content import Content
from talenthub.framework.distinctness import LIMIT, Overlap, can_compare, overlaps
from talenthub.framework.model import CheckProfile, Requirement, Role, RoleLevel

FEWEST_INDICATORS = 3
HIGHEST_STEP = 1
"""How far above its organisational level a role may ask."""
MOST_NAMED = 8
"""Competencies that a role says nothing about; more of them are counted."""


class Severity(StrEnum):
    """Whether a finding blocks whatever the profile."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a check found, and the rule that found it."""

    severity: Severity
    rule: str
    problem: Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What was counted."""

    competencies: int
    cells: int
    """Competencies times the levels of their scales."""
    worded: int
    """Cells with a descriptor text of the competency itself."""
    indicators: int
    """Positive ones, of the competencies themselves."""
    roles: int
    role_levels: int
    headcount: int
    overlap: Overlap | None
    """The two neighbouring levels that are most alike."""

    @property
    def coverage(self) -> Fraction:
        """Return the share of cells that are worded, 0 to 1."""
        return Fraction(self.worded, self.cells) if self.cells else Fraction(0)


@dataclass(frozen=True, slots=True)
class CheckReport:
    """All findings, what was counted, and what could not be checked."""

    profile: CheckProfile
    findings: tuple[Finding, ...]
    figures: Figures
    notes: tuple[str, ...] = ()

    @property
    def errors(self) -> tuple[Finding, ...]:
        """Return what blocks in every profile."""
        return tuple(each for each in self.findings if each.severity is Severity.ERROR)

    @property
    def warnings(self) -> tuple[Finding, ...]:
        """Return what blocks in the profile `strict` only."""
        return tuple(each for each in self.findings if each.severity is Severity.WARNING)

    @property
    def blocking(self) -> tuple[Finding, ...]:
        """Return what blocks publishing in the framework's own profile."""
        return self.findings if self.profile is CheckProfile.STRICT else self.errors


def check(content: Content, profile: CheckProfile | None = None) -> CheckReport:
    """Return every finding; `profile` overrides the framework's own."""
    chosen = profile or content.framework.checks
    faults = tuple(Finding(Severity.ERROR, "references", each) for each in references.faults(content))
    if faults:
        # What contradicts itself cannot be counted on.
        return CheckReport(chosen, faults, _no_figures(content))
    shared = list(overlaps(content)) if can_compare(content.framework.language) else None
    rateable = {each.code: None for each in content.rateable}
    findings = (
        *_uncovered(content),
        *_unserved(content),
        *_few_indicators(content),
        *_blanket(shared or []),
        *(
            finding
            for role in content.roles
            for level in role.levels
            for finding in _role(content, role, level, rateable)
        ),
    )
    notes = () if shared is not None else (_NO_STOP_WORDS.format(content.framework.language),)
    return CheckReport(chosen, findings, figures(content, shared or []), notes)


_NO_STOP_WORDS = "the language {} has no stop words here: neighbouring levels were not compared"


def figures(content: Content, shared: list[Overlap]) -> Figures:
    """Return what there is to count in sound content."""
    own = [each for each in content.descriptors if each.role is None]
    return Figures(
        competencies=len(content.rateable),
        cells=sum(len(content.scale_of(each.code).levels) for each in content.rateable),
        worded=sum(each.text is not None for each in own),
        indicators=sum(indicator.positive for each in own for indicator in each.indicators),
        roles=len(content.roles),
        role_levels=sum(len(each.levels) for each in content.roles),
        headcount=sum(each.headcount or 0 for each in content.roles),
        overlap=max(shared, key=lambda each: each.share, default=None),
    )


def _no_figures(content: Content) -> Figures:
    return Figures(
        competencies=len(content.competencies),
        cells=0,
        worded=0,
        indicators=0,
        roles=len(content.roles),
        role_levels=0,
        headcount=0,
        overlap=None,
    )


def _warning(
    rule: str, path: str, text: str, found: str | None = None, allowed: str | None = None
) -> Finding:
    problem = Problem(text=text, path=path, found=found, allowed=allowed, code=f"framework.{rule}")
    return Finding(Severity.WARNING, rule, problem)


def _uncovered(content: Content) -> Iterator[Finding]:
    for competency in content.rateable:
        for level in content.scale_of(competency.code).levels:
            found = content.descriptor(competency.code, level.ordinal)
            if found is None or found.text is None:
                yield _warning("coverage", f"{competency.code} {level.key}", "this level has no descriptor")


def _unserved(content: Content) -> Iterator[Finding]:
    served = {code for each in content.competencies for code in each.values}
    for value in content.values:
        if value.code not in served:
            yield _warning("values", value.code, "no competency serves this value")
    for competency in content.rateable if content.values else ():
        if not competency.values:
            yield _warning("values", competency.code, "this competency serves no value")


def _few_indicators(content: Content) -> Iterator[Finding]:
    for each in content.descriptors:
        count = sum(indicator.positive for indicator in each.indicators)
        if each.role is None and each.text is not None and count < FEWEST_INDICATORS:
            level = content.level(each.competency, each.level)
            where = f"{each.competency} {level.key if level else each.level}"
            allowed = f"{FEWEST_INDICATORS} or more"
            yield _warning("indicators", where, "this level has too few indicators", str(count), allowed)


def _blanket(shared: list[Overlap]) -> Iterator[Finding]:
    for each in shared:
        if each.share >= LIMIT:
            where = f"{each.competency} {each.lower}–{each.upper}"
            text = "two neighbouring levels say nearly the same: a blanket statement"
            found, allowed = f"{float(each.share):.3f} of the words shared", f"less than {float(LIMIT):.2f}"
            yield _warning("distinctness", where, text, found, allowed)


def _role(content: Content, role: Role, level: RoleLevel, rateable: Mapping[str, None]) -> Iterator[Finding]:
    where = role.code if len(role.levels) == 1 else f"{role.code} {level.code}"
    asked = {each.competency for each in level.requirements}
    missing = len(rateable) - len(asked & rateable.keys())
    unsaid = (code for code in rateable if code not in asked)
    if missing > MOST_NAMED:  # of thousands only two are looked for
        text = f"the role does not say what it asks of {missing} of {len(rateable)} competencies"
        yield _warning("requirements", where, text, f"{next(unsaid)}, {next(unsaid)} …")
    else:
        for code in unsaid if missing else ():
            text = "the role does not say what it asks of this competency"
            yield _warning("requirements", where, text, code)
    for code in level.critical if level.focus else ():
        if code not in level.focus:
            yield _warning("critical", where, "a critical competency is not in focus", code)
    if level.requirements and not level.focus:
        yield _warning("focus", where, "the role has no competency in focus")
    for each in level.requirements:
        yield from _step(content, level, each, where)


def _step(content: Content, level: RoleLevel, asked: Requirement, where: str) -> Iterator[Finding]:
    own = level.organisational_level
    comparable = content.competency(asked.competency).scale == content.framework.role_scale
    if own is not None and comparable and asked.level > own + HIGHEST_STEP:
        text = "the role asks for more than one level above its own"
        yield _warning(
            "step", where, text, f"{asked.competency} {asked.level}", f"at most {own + HIGHEST_STEP}"
        )
