"""Roles of the UK tables: families, roles, their levels and what these need."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from talenthub.framework.formats.gdad_notes import Notebook
from talenthub.framework.formats.gdad_skills import Skill, Skills, level_named
from talenthub.framework.formats.naming import folded, is_sentinel, slug
from talenthub.framework.formats.sheets import Sheet, SheetRow
from talenthub.framework.model import Requirement, Role, RoleLevel


@dataclass(slots=True)
class _Step:
    title: str
    purpose: str | None
    asked: dict[str, tuple[int, str]] = field(default_factory=dict)
    """Skill's code to level and place."""


@dataclass(slots=True)
class _Role:
    title: str
    family: str | None
    purpose: str | None
    track: str | None
    place: str
    steps: dict[str, _Step] = field(default_factory=dict)


def read_roles(roles: Sheet, skills: Sheet, read: Skills, notebook: Notebook) -> tuple[Role, ...]:
    """Return the roles in the order of the file; note whatever deviates."""
    reader = _Reader(read, notebook)
    for row in roles.rows:
        reader.take(row)
    reader.check_claims(skills)
    if any(len(each.steps) > 1 for each in reader.roles.values()):
        text = "the levels of a role stand by their names, not by seniority"
        notebook.deviates(roles.place, "Role Level", text, "order", "", "kept in this order")
    return tuple(_made(reader.roles))


class _Reader:
    def __init__(self, read: Skills, notebook: Notebook) -> None:
        self.read = read
        self.notebook = notebook
        self.roles: dict[str, _Role] = {}
        self._spelt: dict[str, dict[str, str]] = {}
        self._needing: dict[str, set[str]] = {}

    def take(self, row: SheetRow) -> None:
        """Add what one row says."""
        title = self._same(row, "Role")
        name = self._same(row, "Skill Name")
        step_name = self._same(row, "Role Level", title)
        for column, value in (("Role", title), ("Skill Name", name), ("Role Level", step_name)):
            if not value:
                self.notebook.fault(row.place, f"this row has no {column}", "no-name", "")
        if not (title and name and step_name):
            return
        role = self._role(row, title)
        step = self._step(row, role, step_name)
        skill = self._skill(row, name)
        self._needing.setdefault(skill.code, set()).add(folded(title))
        self._ask(row, step, skill)

    def _same(self, row: SheetRow, column: str, within: str = "") -> str:
        return self.notebook.same_name(row, column, self._spelt.setdefault(f"{column} {within}", {}))

    def _role(self, row: SheetRow, title: str) -> _Role:
        family = self._same(row, "Role Family") or None
        known = self.roles.get(folded(title))
        if known is None:
            purpose = self.notebook.words(row, "Role Description")
            track = self.notebook.words(row, "Role Type")
            known = _Role(title, family, purpose, track, row.place)
            self.roles[folded(title)] = known
            for column, missing in (("Role Family", family), ("Role Description", purpose)):
                if missing is None:
                    self._gap(row, column, title)
        elif family != known.family:
            text = f"this role stands in two families, first in {known.family}"
            self.notebook.fault(row.place_of("Role Family"), text, "clash", family or "")
        return known

    def _step(self, row: SheetRow, role: _Role, name: str) -> _Step:
        known = role.steps.get(folded(name))
        if known is None:
            title = name
            if is_sentinel(name):
                title = role.title
                text, done = "a word in place of a level's name", "the level bears the name of the role"
                self.notebook.deviates(row.place_of("Role Level"), "Role Level", text, "sentinel", name, done)
            known = _Step(title, self.notebook.words(row, "Role Level Description"))
            role.steps[folded(name)] = known
        return known

    def _gap(self, row: SheetRow, column: str, found: str) -> None:
        text = "this role has no such text"
        self.notebook.deviates(row.place, column, text, "no-text", found, "left empty")

    def _skill(self, row: SheetRow, name: str) -> Skill:
        known = self.read.by_name.get(folded(name))
        if known is None:
            text, done = "the file of skills does not have this skill", "added from this row"
            self.notebook.deviates(row.place_of("Skill Name"), "Skill Name", text, "dangling", name, done)
            return self.read.add(name, self.notebook.words(row, "Skill Description"), row)
        if known.title != name:
            done = f"taken for {known.title!r}"
            text = "the two files spell this name in two ways"
            self.notebook.deviates(row.place_of("Skill Name"), "Skill Name", text, "spelling", name, done)
        self._compare(row, "Skill Description", known.definition, known)
        return known

    def _ask(self, row: SheetRow, step: _Step, skill: Skill) -> None:
        word, place = row.text("Skill Level").strip(), row.place_of("Skill Level")
        ordinal = level_named(word, self.read)
        if ordinal is None:
            if word and not is_sentinel(word):
                names = [each.key for each in self.read.levels]
                self.notebook.fault(place, "unknown level of skill", "unknown-level", word, names)
            else:
                text, done = "a word in place of a level", "the role does not say what it asks"
                self.notebook.deviates(
                    place, "Skill Level", text, "sentinel", word, f"{done} of {skill.title}"
                )
            return
        self._text(row, skill, ordinal)
        first = step.asked.setdefault(skill.code, (ordinal, row.place))
        if first[0] != ordinal:
            text = f"the same role level asks for two levels of a skill, first at {first[1]}"
            self.notebook.fault(place, text, "clash", word)
        elif first[1] != row.place:
            text = "the same role level asks for a skill twice"
            found = f"{step.title}: {skill.title}, {word}"
            self.notebook.deviates(
                row.place, "Skill Name", text, "duplicate", found, f"merged with {first[1]}"
            )

    def _text(self, row: SheetRow, skill: Skill, ordinal: int) -> None:
        known = skill.texts.get(ordinal)
        if known is not None:
            self._compare(row, "Skill Level Description", known, skill)
            return
        text = self.notebook.words(row, "Skill Level Description", quiet=True)
        if text is not None:
            skill.texts[ordinal] = text
            done, place = "taken from here", row.place_of("Skill Level Description")
            what = "only this file has these words"
            self.notebook.deviates(place, "Skill Level Description", what, "only-here", skill.title, done)

    def _compare(self, row: SheetRow, column: str, known: str | None, skill: Skill) -> None:
        text = row.text(column)
        if not text.strip() or (known is not None and text == known):
            return
        if is_sentinel(text):
            self.notebook.deviates(
                row.place_of(column), column, "a word in place of a text", "sentinel", text, "left out"
            )
        elif known is None:
            skill.definition = self.notebook.words(row, column)
            what, done = "only this file has these words", "taken from here"
            self.notebook.deviates(row.place_of(column), column, what, "only-here", skill.title, done)
        else:
            what, done = "the two files have other words", "those of the file of skills are kept"
            self.notebook.deviates(row.place_of(column), column, what, "differs", skill.title, done)

    def check_claims(self, skills: Sheet) -> None:
        """Compare the roles that a skill names with the rows that need it."""
        column = "Roles that require Skill"
        for row in skills.rows if column in skills.columns else ():
            skill = self.read.by_name.get(folded(row.text("Skill Name")))
            if skill is None:
                continue
            claimed = {folded(each): each.strip() for each in row.text(column).split(",") if each.strip()}
            needing = self._needing.get(skill.code, set())
            for name, written in claimed.items():
                if name not in needing:
                    known = name in self.roles
                    text = "no row of this role needs the skill" if known else "there is no such role"
                    self.notebook.deviates(
                        row.place_of(column), column, text, "dangling", written, "left out"
                    )
            for name in sorted(needing - claimed.keys()):
                text, found = "the skill does not name a role that needs it", self.roles[name].title
                self.notebook.deviates(row.place_of(column), column, text, "unnamed", found, "the row counts")


def _made(roles: dict[str, _Role]) -> Iterator[Role]:
    taken: set[str] = set()
    for role in roles.values():
        code = slug(role.title, taken)
        taken.add(code)
        yield Role(
            code=code,
            title=role.title,
            family=role.family,
            track=role.track,
            purpose=role.purpose,
            levels=tuple(_steps(role)),
        )


def _steps(role: _Role) -> Iterator[RoleLevel]:
    taken: set[str] = set()
    for step in role.steps.values():
        code = slug(step.title, taken)
        taken.add(code)
        asked = (Requirement(competency=skill, level=level) for skill, (level, _) in step.asked.items())
        yield RoleLevel(code=code, title=step.title, purpose=step.purpose, requirements=tuple(asked))
