"""From a document to the rows of the sheets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from talenthub.framework.content import Content, Document
from talenthub.framework.formats.sheet_layout import LAYOUTS, Layout
from talenthub.framework.formats.yaml_head import DEFAULT_SCALE
from talenthub.framework.formats.yaml_tree import has_default_scale, is_single, number_text
from talenthub.framework.model import Descriptor, Framework, Requirement, RoleLevel
from talenthub.framework.text import Translations

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class WrittenSheet:
    """A sheet that is about to be written: layout, columns and cells."""

    layout: Layout
    columns: tuple[str, ...]
    rows: tuple[tuple[str | int, ...], ...]


def written_sheets(document: Document) -> list[WrittenSheet]:
    """Return all sheets of a document, in their order; some may be empty."""
    rows = _rows(document)
    return [_written(layout, rows.get(layout.name, [])) for layout in LAYOUTS]


def _written(layout: Layout, rows: Sequence[Row]) -> WrittenSheet:
    columns: list[str] = []
    for column in layout.columns:
        columns.append(column.name)
        tags: dict[str, None] = {}
        for row in rows:
            value = row.get(column.name)
            if isinstance(value, Translations):
                tags |= dict.fromkeys(value)
        columns += [f"{column.name} [{tag}]" for tag in tags]
    return WrittenSheet(layout, tuple(columns), tuple(_cells(row, columns) for row in rows))


def _cells(row: Row, columns: Sequence[str]) -> tuple[str | int, ...]:
    flat: dict[str, str | int] = {}
    for name, value in row.items():
        if isinstance(value, Translations):
            flat |= {f"{name} [{tag}]": text for tag, text in value.texts}
        elif isinstance(value, bool):
            flat[name] = "yes" if value else ""
        elif value is not None:
            flat[name] = value if isinstance(value, str | int) else number_text(value)
    return tuple(flat.get(each, "") for each in columns)


def _rows(document: Document) -> dict[str, list[Row]]:
    content = document.content
    found: dict[str, list[Row]] = {
        "framework": [row for row in _head(content.framework) if row["value"] is not None],
        "rating": [
            {"value": each.value, "label": each.label, "anchor": each.anchor}
            for each in content.framework.rating.anchors
        ],
        "values": [
            {"id": each.code, "name": each.title, "statement": each.statement} for each in content.values
        ],
        "scales": list(_scales(content)),
        "levels": list(_levels(content)),
        "competencies": list(_competencies(content)),
        "descriptors": [{**_cell(each), "descriptor": each.text} for each in content.descriptors],
        "indicators": [
            {**_cell(each), "kind": "shows" if one.positive else "watch_for", "text": one.text}
            for each in content.descriptors
            for one in each.indicators
        ],
        "questions": [
            {"competency": each.competency, "kind": each.kind.value, "text": each.text}
            for each in content.questions
        ],
        "pointers": [
            {"of": each.of, "kind": each.kind, "target": each.target, "title": each.title}
            for each in content.pointers
        ],
    }
    return found | _role_rows(content) | _catalogue(document)


def _head(framework: Framework) -> Iterator[dict[str, Any]]:
    organisation = framework.organisation
    head = {
        "id": framework.code,
        "name": framework.title,
        "version": framework.version,
        "edition": framework.edition,
        "language": framework.language,
        "licence": framework.licence,
        "attribution": framework.attribution,
        "source": framework.source,
        "checks": framework.checks.value,
        "rating_mode": framework.rating.mode.value,
        "role_scale": None if framework.role_scale == DEFAULT_SCALE else framework.role_scale,
        "organisation_name": organisation and organisation.name,
        "organisation_short": organisation and organisation.short,
        "organisation_headcount": organisation and organisation.headcount,
        "organisation_purpose": organisation and organisation.purpose,
    }
    yield from ({"key": key, "value": value} for key, value in head.items())


def _scales(content: Content) -> Iterator[Row]:
    further = content.scales[1:] if has_default_scale(content) else content.scales
    yield from ({"id": each.code, "name": each.title} for each in further)


def _levels(content: Content) -> Iterator[Row]:
    for scale in content.scales:
        for each in scale.levels:
            yield {
                "scale": scale.code,
                "id": each.ordinal,
                "key": each.key,
                "name": each.label,
                "summary": each.anchor,
            }


def _competencies(content: Content) -> Iterator[Row]:
    for each in content.competencies:
        yield {
            "id": each.code,
            "name": each.title,
            "definition": each.definition,
            "scale": each.scale,
            "values": ", ".join(each.values),
            "parent": each.parent,
            "group": each.scale is None,
        }


def _cell(each: Descriptor) -> Row:
    return {
        "competency": each.competency,
        "level": each.level,
        "role": each.role,
        "role_level": each.role_level,
    }


def _role_rows(content: Content) -> dict[str, list[Row]]:
    roles: list[Row] = []
    levels: list[Row] = []
    asked: list[Row] = []
    for role in content.roles:
        single = is_single(content, role)
        roles.append(
            {
                "id": role.code,
                "title": role.title,
                "family": role.family,
                "track": role.track,
                "level": role.levels[0].organisational_level if single else None,
                "headcount": role.headcount,
                "reports_to": role.reports_to,
                "purpose": role.purpose,
            }
        )
        for level in role.levels:
            if not single:
                levels.append(_level(role.code, level))
            asked += [
                _requirement(role.code, None if single else level.code, each) for each in level.requirements
            ]
    return {"roles": roles, "role_levels": levels, "requirements": asked}


def _level(role: str, level: RoleLevel) -> Row:
    return {
        "role": role,
        "id": level.code,
        "title": level.title,
        "level": level.organisational_level,
        "purpose": level.purpose,
    }


def _requirement(role: str, level: str | None, asked: Requirement) -> Row:
    return {
        "role": role,
        "role_level": level,
        "competency": asked.competency,
        "level": asked.level,
        "desirable": not asked.essential,
        "critical": asked.critical_rank,
        "focus": asked.focus_rank,
        "weight": asked.weight,
        "rationale": asked.rationale,
    }


def _catalogue(document: Document) -> dict[str, list[Row]]:
    if document.catalogue is None:
        return {}
    learning: list[Row] = [
        {
            "id": each.code,
            "competency": each.competency,
            "kind": each.kind,
            "lowest": each.lowest_level,
            "highest": each.highest_level,
            "hours": each.hours,
            "heat": each.heat,
            "in_flow": each.in_flow,
            "title": each.title,
        }
        for each in document.catalogue.learning
    ]
    weights: list[Row] = [
        {"competency": each.competency, "weight": each.weight} for each in document.catalogue.weights
    ]
    return {"learning": learning, "weights": weights}
