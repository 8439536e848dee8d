"""A framework as the plain tree that our YAML shows: mappings, lists, words."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Any

from talenthub.framework.content import Content, Document
from talenthub.framework.formats.yaml_head import DEFAULT_SCALE
from talenthub.framework.model import (
    Catalogue,
    Competency,
    Descriptor,
    Framework,
    LearningItem,
    RatingMode,
    Requirement,
    Role,
    RoleLevel,
    Scale,
)
from talenthub.framework.text import plain

Tree = dict[str, Any]


def has_default_scale(content: Content) -> bool:
    """Return whether the first scale is the one under the key `levels`."""
    first = content.scales[0] if content.scales else None
    is_default = first is not None and (first.code, first.title) == (DEFAULT_SCALE, None)
    return is_default and content.framework.role_scale == DEFAULT_SCALE


def is_single(content: Content, role: Role) -> bool:
    """Return whether a role has one level that is the role itself."""
    level = role.levels[0]
    own = any(each.role == role.code and each.role_level is not None for each in content.descriptors)
    return (
        len(role.levels) == 1
        and (level.code, level.title, level.purpose) == (role.code, role.title, None)
        and not own
    )


def tree_of(document: Document) -> Tree:
    """Return the tree of a document; reading it gives the same document."""
    content = document.content
    default = has_default_scale(content)
    further = content.scales[1:] if default else content.scales
    top: Tree = {
        "framework": _head(content.framework, default),
        "values": [
            _filled(id=each.code, name=plain(each.title), statement=plain(each.statement))
            for each in content.values
        ],
        "levels": _levels(content.scales[0]) if default else [],
        "scales": [_filled(id=each.code, name=plain(each.title), levels=_levels(each)) for each in further],
        "competencies": [_competency(content, each) for each in content.competencies],
        "roles": [_role(content, each) for each in content.roles],
        "interview_questions": _questions(content),
        "pointers": [
            _filled(of=each.of, kind=each.kind, target=each.target, title=plain(each.title))
            for each in content.pointers
        ],
    }
    return {key: each for key, each in (top | _catalogue(document.catalogue)).items() if each}


def _filled(**entries: Any) -> Tree:
    """Return the entries that are there; 0 and False are."""
    return {key: each for key, each in entries.items() if each is not None and each not in ([], {}, "")}


def _head(framework: Framework, default: bool) -> Tree:
    rating = framework.rating
    implied = DEFAULT_SCALE if default else None
    return _filled(
        id=framework.code,
        name=plain(framework.title),
        version=framework.version,
        edition=framework.edition,
        language=framework.language,
        licence=framework.licence,
        attribution=framework.attribution,
        source=framework.source,
        checks=framework.checks.value,
        role_scale=None if framework.role_scale == implied else framework.role_scale,
        organisation=_organisation(framework),
        rating_mode=None if rating.mode is RatingMode.RELATIVE else rating.mode.value,
        rating_scale=[
            {"value": each.value, "label": plain(each.label), "anchor": plain(each.anchor)}
            for each in rating.anchors
        ],
    )


def _organisation(framework: Framework) -> Tree | None:
    found = framework.organisation
    if found is None:
        return None
    return _filled(
        name=plain(found.name),
        short=plain(found.short),
        headcount=found.headcount,
        purpose=plain(found.purpose),
    )


def _levels(scale: Scale) -> list[Tree]:
    return [
        _filled(id=each.ordinal, key=each.key, name=plain(each.label), summary=plain(each.anchor))
        for each in scale.levels
    ]


def _competency(content: Content, each: Competency) -> Tree:
    implied = DEFAULT_SCALE if has_default_scale(content) else None
    own = [found for found in content.descriptors if found.competency == each.code and found.role is None]
    return _filled(
        id=each.code,
        name=plain(each.title),
        definition=plain(each.definition),
        group=True if each.scale is None else None,
        scale=None if each.scale == implied else each.scale,
        values=list(each.values),
        parent=each.parent,
        levels={found.level: _words(found) for found in own},
    )


def _words(descriptor: Descriptor) -> Tree:
    return _filled(
        descriptor=plain(descriptor.text),
        indicators=[plain(each.text) for each in descriptor.indicators if each.positive],
        watch_for=[plain(each.text) for each in descriptor.indicators if not each.positive],
    )


def _role(content: Content, role: Role) -> Tree:
    own = _own_words(content, role, None)
    head = _filled(
        id=role.code,
        title=plain(role.title),
        family=plain(role.family),
        track=plain(role.track),
        headcount=role.headcount,
        reports_to=role.reports_to,
        purpose=plain(role.purpose),
    )
    if is_single(content, role):
        return head | _asked(role.levels[0]) | _filled(descriptors=own)
    levels = [
        _filled(id=level.code, title=plain(level.title), purpose=plain(level.purpose))
        | _asked(level)
        | _filled(descriptors=_own_words(content, role, level.code))
        for level in role.levels
    ]
    return head | {"levels": levels} | _filled(descriptors=own)


def _own_words(content: Content, role: Role, level: str | None) -> Tree:
    return {
        each.competency: _words(each)
        for each in content.descriptors
        if each.role == role.code and each.role_level == level
    }


def _asked(level: RoleLevel) -> Tree:
    return _filled(
        level=level.organisational_level,
        requires={each.competency: _requirement(each) for each in level.requirements},
        critical=list(level.critical),
        focus=list(level.focus),
    )


def _requirement(asked: Requirement) -> int | Tree:
    more = _filled(
        desirable=None if asked.essential else True, weight=asked.weight, rationale=plain(asked.rationale)
    )
    return {"level": asked.level} | more if more else asked.level


def _questions(content: Content) -> Tree:
    asked: Tree = {}
    for each in content.questions:
        kinds = asked.setdefault(each.competency, {})
        kinds.setdefault(each.kind.value, []).append(plain(each.text))
    return asked


def _catalogue(catalogue: Catalogue | None) -> Tree:
    if catalogue is None:
        return {}
    return {
        "learning_catalogue": list(_items(catalogue.learning)),
        "strategy_weights": {each.competency: each.weight for each in catalogue.weights},
    }


def _items(items: Iterable[LearningItem]) -> Iterable[Tree]:
    for each in items:
        levels = [level for level in (each.lowest_level, each.highest_level) if level is not None]
        yield _filled(
            id=each.code,
            competency=each.competency,
            kind=each.kind,
            levels=levels,
            hours=each.hours,
            heat=each.heat,
            in_flow=True if each.in_flow else None,
            title=plain(each.title),
        )


def number_text(number: Fraction) -> str:
    """Return a number exactly: as decimals, else as a fraction."""
    scaled, digits = number, 0
    while scaled.denominator != 1 and digits < 18:
        scaled, digits = scaled * 10, digits + 1
    if scaled.denominator != 1:
        return str(number)
    sign, text = "-" * (scaled < 0), str(abs(scaled.numerator)).rjust(digits + 1, "0")
    return sign + (f"{text[:-digits]}.{text[-digits:]}" if digits else text)
