"""Content to rows and back, in a fixed number of statements."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import partial
from operator import attrgetter
from typing import Any, TypeVar

from sqlalchemy import Row, Table, bindparam, delete, insert, select

from talenthub.framework import tables
from talenthub.framework.building import collector_at_rest
from talenthub.framework.content import Content
from talenthub.framework.model import (
    CheckProfile,
    Competency,
    Descriptor,
    Framework,
    Indicator,
    Level,
    Organisation,
    Pointer,
    Question,
    QuestionKind,
    RatingAnchor,
    RatingMode,
    RatingScale,
    Requirement,
    Role,
    RoleLevel,
    Scale,
    Value,
)
from talenthub.framework.text import from_plain, plain
from talenthub.storage.direct import Direct
from talenthub.storage.transaction import Transaction
from talenthub.storage.types import canonical

T = TypeVar("T")

Rows = Callable[[Table], Sequence[Any]]
"""Reads the rows of a table when it is asked for, so that no two lie in memory at once."""

_inserts = {each.name: Direct(insert(each)) for each in tables.CONTENT}
_deletes = {
    each.name: delete(each).where(each.c.version_id == bindparam("of_version")) for each in tables.CONTENT
}
_UNPACKED = {
    "indicator": ("descriptor", "text", "positive"),
    "descriptor": ("position", "competency", "level", "role", "role_level", "text"),
}
_selects = {
    each.name: select(*(each.c[name] for name in _UNPACKED.get(each.name, each.c.keys())))
    .where(each.c.version_id == bindparam("of_version"))
    .order_by(each.c.position)
    for each in tables.CONTENT
}


@collector_at_rest()
def write_content(tx: Transaction, version_id: int, content: Content) -> None:
    """Insert all rows of a version that has none yet."""
    for table in tables.CONTENT:
        numbered = [
            {"version_id": version_id, "position": position, **each}
            for position, each in enumerate(_ROWS[table.name](content))
        ]
        tx.write(_inserts[table.name], numbered)


def delete_content(tx: Transaction, version_id: int) -> None:
    """Delete all rows of a draft; the database refuses any other."""
    for table in reversed(tables.CONTENT):
        tx.write(_deletes[table.name], {"of_version": version_id})


@collector_at_rest()
def read_content(tx: Transaction, head: Row[Any]) -> Content:
    """Return the content of a version whose row is `head`."""
    rows: Rows = partial(_rows, tx, head.id)
    return Content(
        framework=_framework(head, rows),
        values=tuple(Value(each.code, each.title, each.statement) for each in rows(tables.value)),
        scales=_scales(rows),
        competencies=_competencies(rows),
        descriptors=_descriptors(rows),
        roles=_roles(rows),
        questions=tuple(
            Question(each.competency, QuestionKind(each.kind), each.text) for each in rows(tables.question)
        ),
        pointers=tuple(
            Pointer(of=each.of, kind=each.kind, target=each.target, title=each.title)
            for each in rows(tables.pointer)
        ),
    )


def _rows(tx: Transaction, version_id: int, table: Table) -> Sequence[Row[Any]]:
    return tx.rows(_selects[table.name], {"of_version": version_id})


def head_values(framework: Framework) -> dict[str, Any]:
    """Return the columns of `framework_version` that the content decides."""
    return {
        "number": framework.version,
        "title": framework.title,
        "language": framework.language,
        "edition": framework.edition,
        "licence": framework.licence,
        "attribution": framework.attribution,
        "source": framework.source,
        "organisation": _organisation_text(framework.organisation),
        "rating_mode": framework.rating.mode.value,
        "check_profile": framework.checks.value,
        "role_scale": framework.role_scale,
    }


def _columns(table: Table, items: Iterable[Any], *names: str) -> Iterator[dict[str, Any]]:
    wanted = names or [each.name for each in table.c if each.name not in ("version_id", "position")]
    values = attrgetter(*wanted)
    return (dict(zip(wanted, values(each), strict=True)) for each in items)


def _level_rows(content: Content) -> list[dict[str, Any]]:
    names = ("ordinal", "key", "label", "anchor")
    return [
        {"scale": scale.code, **row}
        for scale in content.scales
        for row in _columns(tables.level, scale.levels, *names)
    ]


def _link_rows(content: Content) -> list[dict[str, Any]]:
    return [{"competency": each.code, "value": code} for each in content.competencies for code in each.values]


def _role_level_rows(content: Content) -> list[dict[str, Any]]:
    names = ("code", "title", "organisational_level", "purpose")
    return [
        {"role": role.code, **row}
        for role in content.roles
        for row in _columns(tables.role_level, role.levels, *names)
    ]


def _requirement_rows(content: Content) -> list[dict[str, Any]]:
    names = ("competency", "level", "essential", "critical_rank", "focus_rank", "rationale")
    return [
        {"role": role.code, "role_level": level.code, "weight": _number_text(asked.weight), **row}
        for role in content.roles
        for level in role.levels
        for asked, row in zip(
            level.requirements, _columns(tables.requirement, level.requirements, *names), strict=True
        )
    ]


def _indicator_rows(content: Content) -> Iterator[dict[str, Any]]:
    return (
        {"descriptor": position, "positive": each.positive, "text": each.text}
        for position, descriptor in enumerate(content.descriptors)
        for each in descriptor.indicators
    )


def _question_rows(content: Content) -> list[dict[str, Any]]:
    return [
        {"competency": each.competency, "kind": each.kind.value, "text": each.text}
        for each in content.questions
    ]


_ROWS: Mapping[str, Callable[[Content], Iterable[dict[str, Any]]]] = {
    "rating_anchor": lambda content: _columns(tables.rating_anchor, content.framework.rating.anchors),
    "value": lambda content: _columns(tables.value, content.values),
    "scale": lambda content: _columns(tables.scale, content.scales),
    "level": _level_rows,
    "competency": lambda content: _columns(tables.competency, content.competencies),
    "competency_value": _link_rows,
    "role": lambda content: _columns(tables.role, content.roles),
    "role_level": _role_level_rows,
    "requirement": _requirement_rows,
    "descriptor": lambda content: _columns(tables.descriptor, content.descriptors),
    "indicator": _indicator_rows,
    "question": _question_rows,
    "pointer": lambda content: _columns(tables.pointer, content.pointers),
}


def _framework(head: Row[Any], rows: Rows) -> Framework:
    anchors = tuple(RatingAnchor(each.value, each.label, each.anchor) for each in rows(tables.rating_anchor))
    return Framework(
        code=head.code,
        title=head.title,
        version=head.number,
        language=head.language,
        edition=head.edition,
        licence=head.licence,
        attribution=head.attribution,
        source=head.source,
        organisation=_organisation(head.organisation),
        rating=RatingScale(RatingMode(head.rating_mode), anchors),
        checks=CheckProfile(head.check_profile),
        role_scale=head.role_scale,
    )


def _scales(rows: Rows) -> tuple[Scale, ...]:
    levels = _grouped(
        (row.scale, Level(row.ordinal, row.key, row.label, row.anchor)) for row in rows(tables.level)
    )
    return tuple(Scale(each.code, each.title, tuple(levels[each.code])) for each in rows(tables.scale))


def _competencies(rows: Rows) -> tuple[Competency, ...]:
    values = _grouped((row.competency, row.value) for row in rows(tables.competency_value))
    return tuple(
        Competency(
            code=each.code,
            title=each.title,
            definition=each.definition,
            scale=each.scale,
            values=tuple(values[each.code]),
            parent=each.parent,
        )
        for each in rows(tables.competency)
    )


def _descriptors(rows: Rows) -> tuple[Descriptor, ...]:
    # A large framework has a hundred thousand of these rows: they are unpacked, not asked by name.
    indicators = _grouped(
        (descriptor, Indicator(words, positive)) for descriptor, words, positive in rows(tables.indicator)
    )
    return tuple(
        Descriptor(
            competency=competency,
            level=level,
            role=role,
            role_level=role_level,
            text=words,
            indicators=tuple(indicators.pop(position, ())),
        )
        for position, competency, level, role, role_level, words in rows(tables.descriptor)
    )


def _roles(rows: Rows) -> tuple[Role, ...]:
    requirements = _grouped(
        ((row.role, row.role_level), _requirement(row)) for row in rows(tables.requirement)
    )
    levels = _grouped(
        (row.role, _role_level(row, requirements[row.role, row.code])) for row in rows(tables.role_level)
    )
    return tuple(
        Role(
            code=each.code,
            title=each.title,
            levels=tuple(levels[each.code]),
            family=each.family,
            track=each.track,
            purpose=each.purpose,
            headcount=each.headcount,
            reports_to=each.reports_to,
        )
        for each in rows(tables.role)
    )


def _role_level(row: Row[Any], requirements: Sequence[Requirement]) -> RoleLevel:
    return RoleLevel(
        code=row.code,
        title=row.title,
        organisational_level=row.organisational_level,
        purpose=row.purpose,
        requirements=tuple(requirements),
    )


def _requirement(row: Row[Any]) -> Requirement:
    return Requirement(
        competency=row.competency,
        level=row.level,
        essential=row.essential,
        critical_rank=row.critical_rank,
        focus_rank=row.focus_rank,
        weight=None if row.weight is None else Fraction(row.weight),
        rationale=row.rationale,
    )


def _grouped(pairs: Iterable[tuple[Any, T]]) -> defaultdict[Any, list[T]]:
    groups: defaultdict[Any, list[T]] = defaultdict(list)
    for key, each in pairs:
        groups[key].append(each)
    return groups


def _number_text(number: Fraction | None) -> str | None:
    return None if number is None else str(number)


def _organisation_text(organisation: Organisation | None) -> str | None:
    if organisation is None:
        return None
    return canonical(
        {
            "name": plain(organisation.name),
            "short": plain(organisation.short),
            "headcount": organisation.headcount,
            "purpose": plain(organisation.purpose),
        }
    )


def _organisation(stored: str | None) -> Organisation | None:
    if stored is None:
        return None
    read = json.loads(stored)
    return Organisation(
        name=from_plain(read["name"]) or "",
        short=from_plain(read["short"]),
        headcount=read["headcount"],
        purpose=from_plain(read["purpose"]),
    )
