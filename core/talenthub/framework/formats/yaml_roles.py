"""The key `roles` of our YAML: roles, their levels and their own words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from talenthub.framework.formats.fields import Fields, whole_of
from talenthub.framework.formats.nodes import Node
from talenthub.framework.formats.yaml_competencies import Known, Once, references, words
from talenthub.framework.model import Descriptor, Requirement, Role, RoleLevel
from talenthub.framework.text import Text


def read_roles(top: Fields, known: Known) -> tuple[tuple[Role, ...], tuple[Descriptor, ...]]:
    """Return the roles and the descriptors in their own words, in order."""
    roles: list[Role] = []
    descriptors: list[Descriptor] = []
    once = Once("roles", top.notes)
    read = list(top.records("roles"))
    codes = {each.node.value["id"].name for each in read if "id" in each}
    for each in read:
        code, title = each.code(), each.text("title", required=True)
        reports_to = _role(each, codes)
        plain = {"family": each.text("family"), "track": each.text("track"), "purpose": each.text("purpose")}
        headcount = each.whole("headcount")
        levels = tuple(_levels(each, known, code or "", title or ""))
        own = list(_own_words(each, levels, code or ""))
        each.finish()
        if not once.first(each, code) or code is None or title is None:
            continue
        for level in levels:
            descriptors += level.own
        descriptors += own
        roles.append(
            Role(
                code=code,
                title=title,
                levels=tuple(level.made for level in levels),
                headcount=headcount,
                reports_to=reports_to,
                **plain,
            )
        )
    return tuple(roles), tuple(descriptors)


@dataclass(frozen=True, slots=True)
class _LevelRead:
    made: RoleLevel
    own: tuple[Descriptor, ...]


def _role(fields: Fields, codes: set[str | None]) -> str | None:
    node = fields.get("reports_to")
    if node is None:
        return None
    if node.name not in codes:
        fields.notes.unknown(
            node, fields.at("reports_to"), "role", node.raw or node.kind, filter(None, codes)
        )
        return None
    return node.name


def _levels(role: Fields, known: Known, code: str, title: Text) -> Iterator[_LevelRead]:
    if "levels" not in role:
        yield _LevelRead(_level(role, known, code, title), ())
        return
    once = Once("levels of one role", role.notes)
    for each in role.records("levels"):
        level_code, level_title = each.code(), each.text("title", required=True)
        made = replace(_level(each, known, level_code or "", level_title or ""), purpose=each.text("purpose"))
        own = tuple(_descriptors(each, made, code, level_code))
        each.finish()
        if once.first(each, level_code):
            yield _LevelRead(made, own)


def _level(fields: Fields, known: Known, code: str, title: Text) -> RoleLevel:
    requirements = {each.competency: each for each in _requirements(fields, known)}
    ranks = {key: _ranks(fields, key, requirements) for key in ("critical", "focus")}
    ranked = (
        Requirement(
            competency=each.competency,
            level=each.level,
            essential=each.essential,
            critical_rank=ranks["critical"].get(each.competency),
            focus_rank=ranks["focus"].get(each.competency),
            weight=each.weight,
            rationale=each.rationale,
        )
        for each in requirements.values()
    )
    return RoleLevel(
        code=code,
        title=title,
        organisational_level=_organisational_level(fields, known),
        requirements=tuple(ranked),
    )


def _organisational_level(fields: Fields, known: Known) -> int | None:
    level = fields.whole("level")
    scale = known.scales.get(known.role_scale or "")
    if level is not None and scale is not None and scale.level(level) is None:
        listed = [each.ordinal for each in scale.levels]
        fields.notes.unknown(fields.node.value["level"], fields.at("level"), "level", str(level), listed)
        return None
    return level


def _ranks(fields: Fields, key: str, requirements: dict[str, Requirement]) -> dict[str, int]:
    # Asked for is what stands there: a fault in its level is told once.
    node = fields.node.value.get("requires")
    written = node.value if node is not None and isinstance(node.value, dict) else {}
    listed = references(fields, key, "competency that the role requires", {**requirements, **written})
    return {code: rank for rank, code in enumerate(listed, start=1)}


def _requirements(fields: Fields, known: Known) -> Iterator[Requirement]:
    requires = fields.fields("requires")
    if requires is None:
        return
    for code, key, node in requires.entries():
        path = requires.at(code)
        if code not in known.competencies:
            fields.notes.unknown(key, path, "competency", str(code), known.competencies)
            continue
        read = _requirement(code, node, path, fields)
        scale = known.scale_of(code)
        if read is None or scale is None:
            if read is not None and known.competencies[code] is None:
                fields.notes.add(
                    key, path, "a group cannot be required: name what is in it", "group-required"
                )
            continue
        if scale.level(read.level) is None:
            listed = [each.ordinal for each in scale.levels]
            level = node.value["level"] if isinstance(node.value, dict) else node
            fields.notes.unknown(level, path, f"level of {code}", str(read.level), listed)
            continue
        yield read


def _requirement(code: str, node: Node, path: str, role: Fields) -> Requirement | None:
    if not isinstance(node.value, dict):
        level = whole_of(node, path, role.notes, 0, None)
        return None if level is None else Requirement(competency=code, level=level)
    fields = Fields(node, path, role.notes)
    level = fields.whole("level", required=True)
    desirable = fields.flag("desirable", default=False)
    weight, rationale = fields.number("weight", highest=1000), fields.text("rationale")
    fields.finish()
    if level is None:
        return None
    return Requirement(
        competency=code, level=level, essential=not desirable, weight=weight, rationale=rationale
    )


def _own_words(role: Fields, levels: tuple[_LevelRead, ...], code: str) -> Iterator[Descriptor]:
    """Return the role's own words, each at the level the role requires."""
    own = role.fields("descriptors")
    if own is None:
        return
    for competency, key, node in own.entries():
        path = own.at(competency)
        asked = {
            each.level for level in levels if (each := level.made.requirement(str(competency))) is not None
        }
        if len(asked) > 1:
            text = "the levels of this role require different levels of it"
            mend = "put the words under one of the role's levels"
            role.notes.add(
                key, path, text, "which-level", found=", ".join(map(str, sorted(asked))), mend=mend
            )
        elif not asked:
            required = [each.competency for level in levels for each in level.made.requirements]
            kind = "competency that the role requires"
            role.notes.unknown(key, path, kind, str(competency), dict.fromkeys(required))
        else:
            yield _descriptor(role, competency, asked.pop(), node, path, code, None)


def _descriptors(level: Fields, made: RoleLevel, role: str, level_code: str | None) -> Iterator[Descriptor]:
    own = level.fields("descriptors")
    if own is None:
        return
    for competency, key, node in own.entries():
        path, requirement = own.at(competency), made.requirement(str(competency))
        if requirement is None:
            required = [each.competency for each in made.requirements]
            level.notes.unknown(key, path, "competency that the role requires", str(competency), required)
        else:
            yield _descriptor(level, competency, requirement.level, node, path, role, level_code)


def _descriptor(
    fields: Fields, competency: str, level: int, node: Node, path: str, role: str, role_level: str | None
) -> Descriptor:
    text, indicators = words(node, path, fields.notes)
    return Descriptor(
        competency=competency,
        level=level,
        role=role,
        role_level=role_level,
        text=text,
        indicators=indicators,
    )
