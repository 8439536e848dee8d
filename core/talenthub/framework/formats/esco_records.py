"""ESCO's files as records: concepts, links of occupations, links above."""

from __future__ import annotations

from dataclasses import dataclass, field

from talenthub.framework.formats.fields import Fields, Notes
from talenthub.framework.formats.nodes import Node
from talenthub.framework.formats.outline import notes_of, place_of, said, top_of
from talenthub.framework.formats.sheets import Sheet
from talenthub.framework.formats.sources import SourceFile
from talenthub.framework.formats.tabular import filled, has_columns, table

SKILL, GROUP, OCCUPATION = "skill", "group", "occupation"
ESSENTIAL, OPTIONAL = "essential", "optional"


@dataclass(frozen=True, slots=True)
class Concept:
    """A skill, a group of skills or an occupation."""

    kind: str
    address: str
    label: str
    text: str | None
    place: str
    type: str | None = None
    """knowledge, or skill."""
    others: str | None = None
    """Other labels, one a line."""
    group: str | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """From one address to another."""

    source: str
    kind: str
    target: str
    place: str
    label: str | None = None


@dataclass(slots=True)
class Records:
    """Everything the files hold, in their order."""

    concepts: list[Concept] = field(default_factory=list)
    asked: list[Link] = field(default_factory=list)
    above: list[Link] = field(default_factory=list)
    related: list[Link] = field(default_factory=list)


def read_json(file: SourceFile, into: Records, beside: Notes) -> None:
    """Read one list of objects: skills, or occupations with their links."""
    notes = notes_of(file, beside)
    root = top_of(file, notes)
    top = Fields(Node(1, 1, {"rows": root}, keys={"rows": root}), "", notes)
    for each in top.records("rows"):
        _concept(each, OCCUPATION if "essential" in each else SKILL, into)


def _concept(each: Fields, kind: str, into: Records) -> None:
    address, label = each.word("uri", required=True), each.word("label", required=True)
    place, others = place_of(each), [node.raw for _, node in each.items("altLabel")]
    type_, text = said(each, "skillType"), said(each, "description")
    if address is None or label is None:
        return
    lines = "\n".join(filter(str.strip, others)) or None
    into.concepts.append(Concept(kind, address, label, text, place, type_, lines))
    for word in (ESSENTIAL, OPTIONAL):
        for link in each.records(word):
            target = link.word("uri", required=True)
            if target is not None:
                into.asked.append(Link(address, word, target, place_of(link), said(link, "label")))


def read_tables(file: SourceFile, into: Records, notes: Notes) -> None:
    """Read one CSV file; what it is, its columns tell."""
    if has_columns(file, ["conceptUri", "preferredLabel", "skillType"]):
        _concepts(table(file, ["conceptUri", "preferredLabel", "skillType"], notes), SKILL, into)
    elif has_columns(file, ["conceptUri", "preferredLabel", "iscoGroup"]):
        _concepts(table(file, ["conceptUri", "preferredLabel", "iscoGroup"], notes), OCCUPATION, into)
    elif has_columns(file, ["conceptUri", "preferredLabel"]):
        found = table(file, ["conceptUri", "preferredLabel"], notes)
        if any(row.text("conceptType") == "SkillGroup" for row in found.rows):
            _concepts(found, GROUP, into)
        else:
            _left(file, notes)
    elif has_columns(file, ["occupationUri", "relationType", "skillUri"]):
        columns = ("occupationUri", "relationType", "skillUri")
        into.asked += _links(table(file, columns, notes), *columns)
    elif has_columns(file, ["originalSkillUri", "relationType", "relatedSkillUri"]):
        columns = ("originalSkillUri", "relationType", "relatedSkillUri")
        into.related += _links(table(file, columns, notes), *columns)
    elif has_columns(file, ["conceptUri", "broaderUri"]):
        found = table(file, ["conceptUri", "broaderUri"], notes)
        into.above += _links(found, "conceptUri", "conceptType", "broaderUri")
    else:
        _left(file, notes)


def _concepts(sheet: Sheet, kind: str, into: Records) -> None:
    for row in sheet.rows:
        address, label = filled(row, "conceptUri"), filled(row, "preferredLabel")
        if address is not None and label is not None:
            into.concepts.append(
                Concept(
                    kind,
                    address,
                    label,
                    filled(row, "description", "definition"),
                    row.place,
                    filled(row, "skillType"),
                    filled(row, "altLabels"),
                    filled(row, "iscoGroup"),
                )
            )


def _links(sheet: Sheet, source: str, kind: str, target: str) -> list[Link]:
    found = []
    for row in sheet.rows:
        start, end = filled(row, source), filled(row, target)
        if start is not None and end is not None:
            found.append(Link(start, filled(row, kind) or "", end, row.place))
    return found


def _left(file: SourceFile, notes: Notes) -> None:
    node = Node(0, 0, "", place=file.name)
    text = "this file holds neither skills, occupations nor their links"
    notes.deviates(node, "", text, "file", "left out", found=file.path.name)
