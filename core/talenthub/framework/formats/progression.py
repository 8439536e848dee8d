"""Engineering progression of the Financial Times: one YAML file a family.

A competency belongs to one level of the family's only role and to a theme;
its proficiency is the level of skill that the role asks for there.
"""

from __future__ import annotations

from collections.abc import Collection

from talenthub.errors import FileError
from talenthub.framework.content import Document
from talenthub.framework.formats.fields import Fields
from talenthub.framework.formats.naming import slug
from talenthub.framework.formats.nodes import Node, parse
from talenthub.framework.formats.outline import Outline, leave_rest, notes_of, place_of, said
from talenthub.framework.formats.progression_signs import is_progression
from talenthub.framework.formats.sources import Sources
from talenthub.framework.model import Level

PROFICIENCIES = ("Awareness", "Foundational", "Working knowledge", "Practitioner", "Expert")
SCALE = "proficiency"


def recognises(files: Sources) -> bool:
    """Return whether one of the files is a family's progression."""
    return any(map(is_progression, files))


def read(files: Sources) -> Document:
    """Return the framework in the file; FileError holds all problems."""
    families = [each for each in files if is_progression(each)] or list(files[:1])
    notes = notes_of(families[0])
    root, problems = parse(families[0].data, families[0].name)
    notes.problems += problems
    if len(families) > 1:
        found = ", ".join(each.name for each in families[1:])
        text, mend = "each file is a framework of its own", "import one file at a time"
        notes.add(root, "", text, "one-file", found=found, mend=mend)
        raise FileError.of(notes.problems)
    outline = Outline(notes, f"{families[0].name}:1")
    top = Fields(root, "", notes)
    if isinstance(root.value, dict):
        _read(top, outline)
    return outline.document()


def _read(top: Fields, outline: Outline) -> None:
    seen: set[str] = set()
    name = said(top, "name")
    if name is None:
        top.get("name", required=True)
    code = "ft-" + slug(name or "family")
    outline.head(
        id=code,
        name=name,
        version="1",
        language="en",
        licence="MIT",
        attribution="© 2019 Financial Times",
        source="https://github.com/Financial-Times/engineering-progression",
    )
    role = outline.role(place_of(top), code, name or code, purpose=_trimmed(top.get("summary")))
    for key in ("googleSheetId", "isLegacy"):
        node = top.get(key)
        outline.point(place_of(top), None, key, "" if node is None else node.raw)
    steps = {}
    for each in top.records("levels", required=True):
        level = said(each, "id")
        if level is not None:
            name_of = _trimmed(each.get("name", required=True))
            steps[level] = outline.step(role, place_of(each), level, name_of or level)
        leave_rest(each, outline, "level", seen)
    themes = {}
    for each in top.records("themes", required=True):
        theme = said(each, "id")
        if theme is not None:
            themes[theme] = outline.code(theme, theme)
            title, summary = _trimmed(each.get("name")) or theme, _trimmed(each.get("summary"))
            outline.competency(place_of(each), themes[theme], title, definition=summary)
        leave_rest(each, outline, "theme", seen)
    levels = [Level(at, slug(each), each) for at, each in enumerate(PROFICIENCIES, start=1)]
    scale = outline.scale(levels, SCALE)
    for each in top.records("competencies", required=True):
        _competency(each, outline, steps, themes, scale)
        leave_rest(each, outline, "competency", seen)
    leave_rest(top, outline, "family", seen)


def _competency(
    each: Fields, outline: Outline, steps: dict[str, Node], themes: dict[str, str], scale: str
) -> None:
    code, words = each.code(), _trimmed(each.get("summary", required=True))
    level = _known(each, "level", steps)
    theme = _known(each, "theme", themes)
    wanted = _known(each, "proficiency", PROFICIENCIES)
    examples = [_trimmed(node) for _, node in each.items("examples")]
    links = [(said(link, "url"), said(link, "label")) for link in each.records("supportingUrls")]
    if code is None or words is None or level is None or wanted is None:
        return
    ordinal, place = PROFICIENCIES.index(wanted) + 1, place_of(each)
    made = outline.competency(place, code, words, parent=themes.get(theme or ""), scale=scale)
    outline.words(made, ordinal, words, examples)
    outline.ask(steps[level], code, ordinal, place)
    for url, label in links:
        outline.point(place, code, "supportingUrl", url or "", label)


def _known(each: Fields, key: str, known: Collection[str]) -> str | None:
    word = said(each, key)
    listed = list(known)
    if word is None:
        each.get(key, required=True)
    elif word not in listed:
        each.notes.unknown(each.node.value[key], each.at(key), key, word, listed)
        return None
    return word


def _trimmed(node: Node | None) -> Node | None:
    """Return a text without the line end that YAML's blocks leave."""
    if node is None or not isinstance(node.value, str):
        return node
    text = node.value.rstrip("\n")
    return Node(node.line, node.column, text, text) if text.strip() else None
