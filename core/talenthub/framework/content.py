"""Content: one whole version of a framework, with its look-ups."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from fractions import Fraction
from typing import Any, TypeVar

from talenthub.errors import NotFound, Problem, UsageError, unknown
from talenthub.framework.model import (
    ADDED,
    Catalogue,
    CheckProfile,
    Competency,
    Descriptor,
    Framework,
    Level,
    Pointer,
    Question,
    Role,
    Scale,
    Value,
)
from talenthub.framework.text import Translations, plain
from talenthub.storage.types import canonical, digest

T = TypeVar("T")

_WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}")

Cell = tuple[str, int, str | None, str | None]
"""competency, level, role, role level."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """Everything that freezes when a version is published."""

    framework: Framework
    values: tuple[Value, ...] = ()
    scales: tuple[Scale, ...] = ()
    competencies: tuple[Competency, ...] = ()
    descriptors: tuple[Descriptor, ...] = ()
    roles: tuple[Role, ...] = ()
    questions: tuple[Question, ...] = ()
    pointers: tuple[Pointer, ...] = field(default=(), metadata=ADDED)
    _scales: Mapping[str, Scale] = field(init=False, repr=False, compare=False)
    _competencies: Mapping[str, Competency] = field(init=False, repr=False, compare=False)
    _roles: Mapping[str, Role] = field(init=False, repr=False, compare=False)
    _cells: Mapping[Cell, Descriptor] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Index the content once."""
        keep = object.__setattr__
        keep(self, "_scales", {each.code: each for each in self.scales})
        keep(self, "_competencies", {each.code: each for each in self.competencies})
        keep(self, "_roles", {each.code: each for each in self.roles})
        keep(
            self,
            "_cells",
            {(each.competency, each.level, each.role, each.role_level): each for each in self.descriptors},
        )

    def told_in(self, language: str) -> str:
        """Return `language` if a title is told in it, else the version's own."""
        titles = (self.framework.title, *(each.title for each in self.competencies))
        is_told = any(isinstance(each, Translations) and language in each for each in titles)
        return language if is_told else self.framework.language

    @property
    def rateable(self) -> tuple[Competency, ...]:
        """Return the competencies with a scale: those that can be rated."""
        return tuple(each for each in self.competencies if each.scale is not None)

    def competency(self, code: str) -> Competency:
        """Return the competency; NotFound names the nearest one."""
        return _get(self._competencies, "competency", code)

    def role(self, code: str) -> Role:
        """Return the role; NotFound names the nearest one."""
        return _get(self._roles, "role", code)

    def has_competency(self, code: str) -> bool:
        """Return whether a competency has this code."""
        return code in self._competencies

    def scale_of(self, competency: str) -> Scale:
        """Return the scale of a competency that can be rated."""
        return _get(self._scales, "scale", self.competency(competency).scale or "")

    def highest(self, competency: str) -> int:
        """Return the ordinal of the competency's highest level."""
        return self.scale_of(competency).highest

    def level(self, competency: str, ordinal: int) -> Level | None:
        """Return that level of the competency's scale, or None."""
        return self.scale_of(competency).level(ordinal)

    def descriptor(
        self, competency: str, level: int, role: str | None = None, role_level: str | None = None
    ) -> Descriptor | None:
        """Return the descriptor of exactly this cell, without fallback."""
        return self._cells.get((competency, level, role, role_level))

    def questions_of(self, competency: str) -> tuple[Question, ...]:
        """Return the interview questions about a competency."""
        return tuple(each for each in self.questions if each.competency == competency)


@dataclass(frozen=True, slots=True)
class Document:
    """What a file of a framework holds: the content and what lies beside it."""

    content: Content
    catalogue: Catalogue | None = None
    deviations: tuple[Problem, ...] = ()
    """What the reader mended or left out, row by row; `mend` says which."""
    origin: Origin | None = None


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a document was read from."""

    format: str
    files: tuple[tuple[str, str], ...]
    """Name and SHA-256 of each file."""


def retitled(
    document: Document,
    *,
    code: str | None = None,
    number: str | None = None,
    checks: CheckProfile | None = None,
) -> Document:
    """Return the document under another code, version number or profile."""
    framework = document.content.framework
    for word, kind in ((code, "id"), (number, "version number")):
        if word is not None and not _WORD.fullmatch(word):
            text, allowed = (
                f"this cannot be a framework's {kind}",
                "letters, digits, '.', '-' and '_', at most 80",
            )
            raise UsageError(Problem(text=text, found=word, allowed=allowed, code="framework.bad-id"))
    changed = dataclasses.replace(
        framework,
        code=code or framework.code,
        version=number or framework.version,
        checks=checks or framework.checks,
    )
    return dataclasses.replace(document, content=dataclasses.replace(document.content, framework=changed))


def content_hash(content: Content) -> str:
    """Return the SHA-256 of all content, in an order that is always one."""
    return digest("framework", canonical(_Plain().of(content)))


class _Plain:
    """Makes content of what JSON knows; looks up once which fields a thing has."""

    def __init__(self) -> None:
        self._fields: dict[type, tuple[tuple[str, bool], ...]] = {}

    def of(self, value: Any) -> Any:
        """Return `value` and all in it as objects, lists and texts."""
        kind = type(value)
        if kind is str or value is None:
            return value
        if kind is tuple:
            return [self.of(each) for each in value]
        if kind is Translations:
            return plain(value)
        if kind is Fraction:
            return str(value)
        if not dataclasses.is_dataclass(value):
            return value.value if isinstance(value, Enum) else value
        told = ((name, came_later, getattr(value, name)) for name, came_later in self._stored(kind))
        return {
            name: self.of(each) for name, came_later, each in told if not came_later or each not in (None, ())
        }

    def _stored(self, kind: type) -> tuple[tuple[str, bool], ...]:
        """Return the fields that freeze, and whether each came later."""
        if kind not in self._fields:
            stored = (each for each in dataclasses.fields(kind) if each.compare)
            self._fields[kind] = tuple((each.name, "added" in each.metadata) for each in stored)
        return self._fields[kind]


def _get(known: Mapping[str, T], kind: str, code: str) -> T:
    if code not in known:
        raise NotFound(unknown(kind, code, known))
    return known[code]
