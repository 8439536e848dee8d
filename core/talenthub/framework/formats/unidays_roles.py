"""Departments and roles: who needs which level of which topic."""

from __future__ import annotations

from collections.abc import Iterator

from talenthub.framework.formats.fields import Fields
from talenthub.framework.formats.unidays_topics import Topics, level_at, new_code, optional_text
from talenthub.framework.model import Requirement, Role, RoleLevel
from talenthub.framework.text import Text

DEEPEST = 8


def read_departments(top: Fields, topics: Topics) -> Iterator[Role]:
    """Return the roles of a department and of those within it."""
    yield from _department(top, topics, set(), 1)


def _department(fields: Fields, topics: Topics, taken: set[str], depth: int) -> Iterator[Role]:
    fields.code("path")
    family = fields.text("title", required=True)
    for each in fields.records("departments") if depth < DEEPEST else ():
        yield from _department(each, topics, taken, depth + 1)
    for each in fields.records("roles"):
        role = _role(each, topics, family, taken)
        if role is not None:
            taken.add(role.code)
            yield role
    fields.finish()


def _role(fields: Fields, topics: Topics, family: Text | None, taken: set[str]) -> Role | None:
    code, title = fields.code("path"), fields.text("title", required=True)
    purpose = optional_text(fields, "summary")
    levels: list[RoleLevel] = []
    codes: set[str] = set()
    for each in fields.records("levels", required=True):
        level = _level(each, topics, codes)
        if level is not None:
            codes.add(level.code)
            levels.append(level)
    fields.finish()
    if not new_code(fields, code, taken, "roles") or code is None or title is None:
        return None
    return Role(code=code, title=title, family=family, purpose=purpose, levels=tuple(levels))


def _level(fields: Fields, topics: Topics, taken: set[str]) -> RoleLevel | None:
    code, title = fields.code("path"), fields.text("title", required=True)
    purpose = optional_text(fields, "summary")
    asked = fields.fields("competencies", required=True)
    requirements: dict[str, Requirement] = {}
    if asked is not None:
        _ask(asked, "required", topics, requirements)
        _ask(asked, "optional", topics, requirements)
        asked.finish()
    _misplaced(fields, topics, requirements)
    fields.finish()
    if not new_code(fields, code, taken, "levels of one role") or code is None or title is None:
        return None
    return RoleLevel(code=code, title=title, purpose=purpose, requirements=tuple(requirements.values()))


def _misplaced(level: Fields, topics: Topics, into: dict[str, Requirement]) -> None:
    for key in ("required", "optional"):
        if key in level:
            text, done = "this list stands beside `competencies`, not in it", "read as if it stood there"
            level.notes.deviates(level.node.keys[key], level.at(key), text, "misplaced", done, found=key)
            _ask(level, key, topics, into)


def _ask(asked: Fields, key: str, topics: Topics, into: dict[str, Requirement]) -> None:
    for path, node in asked.items(key):
        found = level_at(node, path, topics, asked.notes)
        if found is None:
            continue
        code, level = found
        known = into.get(code)
        if known is None:
            into[code] = Requirement(competency=code, level=level, essential=key == "required")
        elif known.level == level:
            text, done = "the same level asks for a topic twice", "merged"
            asked.notes.deviates(node, path, text, "duplicate", done, found=node.raw)
        else:
            text = "the same level asks for two levels of a topic"
            asked.notes.add(node, path, text, "clash", found=node.raw)
