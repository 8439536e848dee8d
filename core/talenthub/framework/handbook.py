"""Handbook: the framework as people read it, whole or for one role.

A role's page puts the role's own words first; what it shares with every
other role of its level follows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from talenthub.framework.content import Content
from talenthub.framework.distinctness import leads_in
from talenthub.framework.formats.naming import folded, slug
from talenthub.framework.library import FrameworkVersion, Status
from talenthub.framework.lookup import Match, RoleProfile, Wording, profile
from talenthub.framework.model import Competency, Indicator, Level, RatingMode, Requirement, Role, Scale
from talenthub.framework.page import Block, Bullets, Heading, Page, Paragraph, Table
from talenthub.framework.text import Text, say

_BULLET = re.compile(r"\s*[-•*–]\s+(.*\S)\s*$")
OWN_WORDS = (Match.ROLE, Match.ROLE_LEVEL)


def handbook(content: Content, *, state: str = "", language: str | None = None) -> Page:
    """Return the whole handbook: values, levels, competencies, every role.

    `state` tells where the version stands: a draft must say so.
    """
    writer = _Writer(content, language or content.framework.language)
    return writer.page(writer.title, (*writer.opening(state), *writer.body(), *writer.all_roles()))


def role_handbook(
    content: Content, role: str, *, level: str | None = None, state: str = "", language: str | None = None
) -> Page:
    """Return the pages of one role: of one of its levels, or of all.

    NotFound names the nearest role or level.
    """
    writer = _Writer(content, language or content.framework.language)
    found = content.role(role)
    codes = [level] if level is not None else [each.code for each in found.levels]
    blocks = list(writer.levels_of(found, codes))
    closing = (*writer.rating(2), *writer.terms(state))
    return writer.page(writer.say(found.title), (*blocks, *closing))


@dataclass(frozen=True, slots=True)
class _Writer:
    content: Content
    language: str

    def say(self, text: Text | None) -> str:
        return say(text, self.language)

    @property
    def title(self) -> str:
        return self.say(self.content.framework.title)

    def page(self, title: str, blocks: tuple[Block, ...]) -> Page:
        return Page(title, self.language, blocks)

    def opening(self, state: str) -> Iterator[Block]:
        framework = self.content.framework
        yield Heading(self.title)
        if framework.organisation is not None:
            yield Paragraph(self.say(framework.organisation.name), "lead")
            if framework.organisation.purpose is not None:
                yield Paragraph(self.say(framework.organisation.purpose))
        yield from self.terms(state)

    def terms(self, state: str) -> Iterator[Block]:
        framework = self.content.framework
        parts = [
            f"{self.title}, version {framework.version}",
            state,
            framework.attribution,
            framework.licence,
        ]
        yield Paragraph(" · ".join(each for each in parts if each), "note")

    def body(self) -> Iterator[Block]:
        if self.content.values:
            yield from self.values()
        for scale in self.content.scales:
            yield from self.scale(scale)
        yield from self.rating(1)
        yield Heading("Competencies")
        for competency in self.content.competencies:
            yield from self.competency(competency)

    def values(self) -> Iterator[Block]:
        yield Heading("Values")
        for each in self.content.values:
            yield Heading(self.say(each.title), 3)
            if each.statement is not None:
                yield Paragraph(self.say(each.statement))
        yield Heading("How the competencies serve the values", 2)
        values = self.content.values
        yield Table(
            ("Competency", *(self.say(each.title) for each in values)),
            tuple(
                (self.say(each.title), *("✔" if value.code in each.values else "" for value in values))
                for each in self.content.rateable
                if each.values
            ),
        )

    def scale(self, scale: Scale) -> Iterator[Block]:
        yield Heading(self.say(scale.title) or "Levels")
        rows = ((each.key, self.say(each.label), self.say(each.anchor)) for each in scale.levels)
        yield filled_table(("Level", "Name", "What it means"), tuple(rows))

    def rating(self, depth: int) -> Iterator[Block]:
        rating = self.content.framework.rating
        yield Heading("How evidence is rated", depth)
        if rating.mode is RatingMode.LEVEL:
            yield Paragraph("A rater names the level that the evidence shows.")
            return
        yield Paragraph("A rater compares the evidence with the words of the role; 3 meets them.")
        rows = ((str(each.value), self.say(each.label), self.say(each.anchor)) for each in rating.anchors)
        yield Table(("Rating", "Name", "What it means"), tuple(rows))

    def competency(self, competency: Competency) -> Iterator[Block]:
        yield Heading(self.named(competency), 2)
        if competency.definition is not None:
            yield from prose(self.say(competency.definition), "lead")
        if competency.scale is None:
            return
        for level in self.content.scale_of(competency.code).levels:
            found = self.content.descriptor(competency.code, level.ordinal)
            if found is not None:
                yield Heading(self.level(level), 3)
                yield from self.words(found.text, found.indicators)

    def level(self, level: Level) -> str:
        label = self.say(level.label)
        return label if folded(label) == folded(level.key) else f"{level.key} {label}"

    def named(self, competency: Competency) -> str:
        """Return title and code; a code made of the title says nothing new."""
        title = self.say(competency.title)
        return title if competency.code == slug(title) else f"{title} ({competency.code})"

    def words(self, text: Text | None, indicators: tuple[Indicator, ...]) -> Iterator[Block]:
        said = self.say(text)
        if said:
            yield from prose(said)
        shown = tuple(self.say(each.text) for each in indicators if each.positive)
        against = tuple(self.say(each.text) for each in indicators if not each.positive)
        if shown:
            yield Bullets(shown, "" if leads_in(said) else "Shown when someone")
        if against:
            yield Bullets(against, "Watch for someone who")
        if not (said or shown or against):
            yield Paragraph("The framework has no words for this level.", "note")

    def all_roles(self) -> Iterator[Block]:
        for role in self.content.roles:
            yield from self.levels_of(role, [each.code for each in role.levels])

    def levels_of(self, role: Role, codes: Sequence[str]) -> Iterator[Block]:
        """Return the pages of a role; its purpose stands on the first one."""
        for index, code in enumerate(codes):
            yield from self.role(profile(self.content, role.code, code), first=index == 0)

    def role(self, role_profile: RoleProfile, *, first: bool = True) -> Iterator[Block]:
        yield Heading(self.say(role_profile.level.title))
        if first and role_profile.role.purpose is not None:
            yield from prose(self.say(role_profile.role.purpose), "lead")
        if role_profile.level.purpose is not None:
            yield from prose(self.say(role_profile.level.purpose))
        yield from self.facts(role_profile)
        if not role_profile.requirements:
            yield Paragraph("The framework does not say what this role asks.", "note")
            return
        yield Heading("What the role asks", 2)
        yield filled_table(
            ("Competency", "Level", "Weight in decisions"),
            tuple(self.requirement(each, role_profile) for each in role_profile.requirements),
        )
        at = [(each, role_profile.anchors[each.competency].at) for each in role_profile.requirements]
        own = [(asked, words) for asked, words in at if words.match in OWN_WORDS]
        shared = [(asked, words) for asked, words in at if words.match not in OWN_WORDS]
        if own:
            yield Heading("In the words of this role", 2)
            yield from self.requirements(own)
        if shared:
            yield Heading("In the words that roles share", 2)
            yield from self.requirements(shared)
        if role_profile.requirements and not role_profile.focus:
            yield Paragraph("The framework names no focus for this role.", "note")

    def facts(self, role_profile: RoleProfile) -> Iterator[Block]:
        role, own_level = role_profile.role, role_profile.level.organisational_level
        parts = []
        if folded(self.say(role.title)) != folded(self.say(role_profile.level.title)):
            parts.append(f"Role: {self.say(role.title)}")
        if role.family is not None:
            parts.append(f"Family: {self.say(role.family)}")
        scale = next(
            (each for each in self.content.scales if each.code == self.content.framework.role_scale), None
        )
        level = scale.level(own_level) if scale is not None and own_level is not None else None
        if level is not None:
            parts.append(f"Level: {self.level(level)}")
        if role.reports_to is not None:
            parts.append(f"Reports to: {self.say(self.content.role(role.reports_to).title)}")
        if parts:
            yield Paragraph(" · ".join(parts), "note")

    def requirement(self, asked: Requirement, role_profile: RoleProfile) -> tuple[str, ...]:
        competency = self.content.competency(asked.competency)
        marks = (
            ["critical"] * asked.critical + ["focus"] * asked.focus + ["desirable"] * (not asked.essential)
        )
        level = role_profile.anchors[asked.competency].at.level
        return self.named(competency), self.level(level), ", ".join(marks)

    def requirements(self, listed: list[tuple[Requirement, Wording]]) -> Iterator[Block]:
        for asked, words in listed:
            title = self.say(self.content.competency(asked.competency).title)
            yield Heading(f"{title}: {self.level(words.level)}", 3)
            yield from self.words(words.text, words.indicators)


def prose(text: str, kind: str = "text") -> Iterator[Block]:
    """Return running text as paragraphs, the lists in it as lists."""
    listed: list[str] = []
    lines: list[str] = []
    for line in [*re.split("\r\n|[\r\n\u2028\u2029]", text), ""]:
        bullet = _BULLET.match(line)
        if bullet is None and listed:
            yield Bullets(tuple(listed))
            listed = []
        if (bullet is not None or not line.strip()) and lines:
            yield Paragraph("\n".join(lines), kind)
            lines = []
        if bullet is not None:
            listed.append(bullet[1])
        elif line.strip():
            lines.append(line.strip())


def filled_table(head: tuple[str, ...], rows: tuple[tuple[str, ...], ...]) -> Table:
    """Return a table without columns that are empty or repeat the first."""
    kept = [
        index
        for index in range(len(head))
        if index == 0 or any(row[index] and folded(row[index]) != folded(row[0]) for row in rows)
    ]
    return Table(tuple(head[each] for each in kept), tuple(tuple(row[each] for each in kept) for row in rows))


def state_of(version: FrameworkVersion) -> str:
    """Return where a version stands, as a handbook says it."""
    if version.status is Status.PUBLISHED:
        return f"in force from {version.effective_from}"
    return f"{version.status}: not in force" if version.status is not Status.SUPERSEDED else "superseded"
