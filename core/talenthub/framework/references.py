"""References: what makes content contradict itself. Such faults always block."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from typing import Protocol

from talenthub.errors import Problem, unknown
from talenthub.framework.content import Content

Codes = Mapping[str, object]
"""What may be named, in its order; found without going through all of it."""


class _Coded(Protocol):
    @property
    def code(self) -> str: ...


def faults(content: Content) -> Iterator[Problem]:
    """Return every clash, broken order and dangling reference."""
    yield from _clashes(content)
    yield from _scales(content)
    if faulty := list(_competencies(content)):
        yield from faulty
        return
    yield from _words(content)
    yield from _roles(content)


def _clashes(content: Content) -> Iterator[Problem]:
    yield from _twice("values", "value", (each.code for each in content.values))
    yield from _twice("scales", "scale", (each.code for each in content.scales))
    yield from _twice("competencies", "competency", (each.code for each in content.competencies))
    yield from _look_alike("competencies", "competency", [each.code for each in content.competencies])
    yield from _twice("roles", "role", (each.code for each in content.roles))
    for role in content.roles:
        yield from _twice(f"roles.{role.code}", "level", (each.code for each in role.levels))
    cells = ((each.competency, each.level, each.role, each.role_level) for each in content.descriptors)
    yield from _twice("descriptors", "descriptor", (" ".join(map(str, filter(None, each))) for each in cells))


def _twice(path: str, kind: str, codes: Iterable[str]) -> Iterator[Problem]:
    seen: set[str] = set()
    for code in codes:
        if code in seen:
            yield Problem(text=f"this {kind} stands twice", path=path, found=code, code="framework.clash")
        seen.add(code)


def _look_alike(path: str, kind: str, codes: Iterable[str]) -> Iterator[Problem]:
    # Whoever types a code need not know its capitals, nor how its accents are stored.
    seen: dict[str, str] = {}
    for code in codes:
        first = seen.setdefault(unicodedata.normalize("NFC", code).casefold(), code)
        if first != code:
            text = f"the codes of two of a kind ({kind}) differ in capitals or accents only"
            yield Problem(text=text, path=path, found=f"{first}, {code}", code="framework.look-alike")


def _scales(content: Content) -> Iterator[Problem]:
    for scale in content.scales:
        ordinals = [each.ordinal for each in scale.levels]
        if not ordinals or ordinals != sorted(set(ordinals)) or ordinals[0] < 0:
            listed = ", ".join(map(str, ordinals)) or "none"
            text = "a scale needs levels in rising order, from 0 or more"
            yield Problem(text=text, path=f"scales.{scale.code}", found=listed, code="framework.order")


def _competencies(content: Content) -> Iterator[Problem]:
    values, scales = _codes(content.values), _codes(content.scales)
    codes = _codes(content.competencies)
    if not codes:
        yield Problem(text="the framework has no competencies", code="framework.empty")
    for each in content.competencies:
        path = f"competencies.{each.code}"
        if each.scale is not None:
            yield from _dangling("scale", [each.scale], scales, path)
        yield from _dangling("value", each.values, values, path)
        if each.parent is not None:
            yield from _dangling("competency", [each.parent], codes, path)


def _words(content: Content) -> Iterator[Problem]:
    rateable, levels = _codes(content.rateable), _levels(content)
    roles = {each.code: _codes(each.levels) for each in content.roles}
    for each in content.descriptors:
        path = f"descriptors.{each.competency}.{each.level}"
        yield from _dangling("competency", [each.competency], rateable, path)
        yield from _level(levels, each.competency, each.level, path)
        if each.role is not None:
            yield from _dangling("role", [each.role], roles, path)
            if each.role_level is not None:
                yield from _dangling("role level", [each.role_level], roles.get(each.role, {}), path)
    codes = _codes(content.competencies)
    for question in content.questions:
        yield from _dangling("competency", [question.competency], codes, "questions")


def _roles(content: Content) -> Iterator[Problem]:
    rateable, roles, levels = _codes(content.rateable), _codes(content.roles), _levels(content)
    for role in content.roles:
        path = f"roles.{role.code}"
        if role.reports_to is not None:
            yield from _dangling("role", [role.reports_to], roles, path)
        if not role.levels:
            yield Problem(text="a role needs a level", path=path, code="framework.no-role-level")
        for level in role.levels:
            for each in level.requirements:
                at = f"{path}.{level.code}.{each.competency}"
                yield from _dangling("competency", [each.competency], rateable, at)
                yield from _level(levels, each.competency, each.level, at)


def _codes(things: Iterable[_Coded]) -> Codes:
    return dict.fromkeys(each.code for each in things)


def _levels(content: Content) -> Mapping[str, Codes]:
    """Return the levels that each competency can be rated on."""
    of_scale = {
        scale.code: dict.fromkeys(str(each.ordinal) for each in scale.levels) for scale in content.scales
    }
    return {each.code: of_scale[each.scale] for each in content.competencies if each.scale is not None}


def _level(levels: Mapping[str, Codes], competency: str, ordinal: int, path: str) -> Iterator[Problem]:
    if competency in levels:
        yield from _dangling("level", [str(ordinal)], levels[competency], path)


def _dangling(kind: str, named: Iterable[str], known: Codes, path: str) -> Iterator[Problem]:
    for each in named:
        if each not in known:
            fault = unknown(kind, each, list(known))
            yield Problem(
                text=fault.text,
                path=path,
                found=each,
                allowed=fault.allowed,
                nearest=fault.nearest,
                code="framework.dangling",
            )
