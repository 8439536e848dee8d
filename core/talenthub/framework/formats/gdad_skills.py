"""Skills of the UK tables: definitions, levels and the words of each level."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from talenthub.framework.formats.gdad_notes import Notebook
from talenthub.framework.formats.naming import folded, is_sentinel, slug
from talenthub.framework.formats.sheets import Sheet, SheetRow
from talenthub.framework.model import Competency, Descriptor, Indicator, Level

SKILL_COLUMNS = ("Skill Name", "Skill Description", "Roles that require Skill")
_BULLET = re.compile(r"^\s*[-•*–]\s+(.*\S)\s*$")
_BREAK = re.compile("\r\n|\r|\n|\u2028|\u2029")


@dataclass(slots=True)
class Skill:
    """One skill: its code, what it is, and its text by level."""

    code: str
    title: str
    definition: str | None
    row: SheetRow
    texts: dict[int, str] = field(default_factory=dict)


@dataclass(slots=True)
class Skills:
    """All skills by compared name, and the levels they are described on."""

    levels: tuple[Level, ...]
    by_name: dict[str, Skill] = field(default_factory=dict)

    @property
    def ordinals(self) -> dict[str, int]:
        """Return the ordinal of each level by its compared name."""
        return {folded(each.key): each.ordinal for each in self.levels}

    def add(self, title: str, definition: str | None, row: SheetRow) -> Skill:
        """Add a skill under a code that is free."""
        taken = {each.code for each in self.by_name.values()}
        made = Skill(slug(title, taken), title, definition, row)
        self.by_name[folded(title)] = made
        return made

    def competencies(self, scale: str) -> Iterator[Competency]:
        """Return the skills as competencies, in the order of the file."""
        for each in self.by_name.values():
            yield Competency(code=each.code, title=each.title, definition=each.definition, scale=scale)

    def descriptors(self) -> Iterator[Descriptor]:
        """Return the words of each level, the lists in them as indicators."""
        for each in self.by_name.values():
            for ordinal in sorted(each.texts):
                text, indicators = split(each.texts[ordinal])
                yield Descriptor(competency=each.code, level=ordinal, text=text, indicators=indicators)


def split(text: str) -> tuple[str, tuple[Indicator, ...]]:
    """Return the running text and the list of a cell, apart.

    Where text follows the list, or nothing leads in to it, the cell stays
    whole: nothing may be torn apart that does not come back.
    """
    lines = [each for each in _BREAK.split(text) if each.strip()]
    bullets = [_BULLET.match(each) for each in lines]
    first = next((at for at, each in enumerate(bullets) if each is not None), None)
    if first in (None, 0) or any(each is None for each in bullets[first:]):
        return text, ()
    listed = tuple(Indicator(each[1]) for each in bullets[first:] if each is not None)
    return "\n".join(each.strip() for each in lines[:first]), listed


def read_skills(skills: Sheet, notebook: Notebook) -> Skills:
    """Return the skills; note every text that is missing."""
    read = Skills(_levels(skills, notebook))
    for row in skills.rows:
        title = notebook.name(row, "Skill Name")
        if not title:
            notebook.fault(row.place, "this row names no skill", "no-name", "")
            continue
        known = read.by_name.get(folded(title))
        if known is not None:
            _merge(known, row, title, read, notebook)
            continue
        skill = read.add(title, notebook.words(row, "Skill Description", quiet=True), row)
        _words(skill, row, read, notebook)
    _missing(read, notebook)
    return read


def _levels(skills: Sheet, notebook: Notebook) -> tuple[Level, ...]:
    names = [each for each in skills.columns if each not in SKILL_COLUMNS]
    if not names:
        allowed = ("Awareness", "Working", "Practitioner", "Expert")
        notebook.fault(skills.place, "no column holds the words of a level", "no-levels", "", allowed)
    return tuple(Level(ordinal, name, name) for ordinal, name in enumerate(names, start=1))


def _words(skill: Skill, row: SheetRow, read: Skills, notebook: Notebook) -> None:
    for level in read.levels:
        text = notebook.words(row, level.key, quiet=True)
        if text is not None:
            skill.texts[level.ordinal] = text


def _merge(known: Skill, row: SheetRow, title: str, read: Skills, notebook: Notebook) -> None:
    other = Skill(known.code, title, notebook.words(row, "Skill Description", quiet=True), row)
    _words(other, row, read, notebook)
    if (other.definition, other.texts) == (known.definition, known.texts):
        text = "this skill stands twice, with the same words"
        notebook.deviates(row.place, "Skill Name", text, "duplicate", title, f"merged with {known.row.place}")
    else:
        text = f"this skill stands twice, with other words than {known.row.place}"
        notebook.fault(row.place_of("Skill Name"), text, "clash", title)


def _missing(read: Skills, notebook: Notebook) -> None:
    for skill in read.by_name.values():
        columns = ["Skill Description"] if skill.definition is None else []
        columns += [each.key for each in read.levels if each.ordinal not in skill.texts]
        for column in columns:
            written, place = skill.row.text(column), skill.row.place_of(column)
            if written.strip():
                text, found = "a word in place of a text", f"{skill.title}: {written}"
                notebook.deviates(place, column, text, "sentinel", found, "read as no text")
            else:
                text = "this skill has no such text"
                notebook.deviates(place, column, text, "no-text", skill.title, "left empty")


def level_named(word: str, read: Skills) -> int | None:
    """Return the ordinal of a level by its name; None for no such level."""
    return None if is_sentinel(word) else read.ordinals.get(folded(word))
