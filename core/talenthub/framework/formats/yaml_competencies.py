"""The keys `values`, `levels`, `scales` and `competencies` of our YAML."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from talenthub.framework.formats.fields import Fields, Notes, text_of
from talenthub.framework.formats.naming import LONGEST_CODE
from talenthub.framework.formats.nodes import Node
from talenthub.framework.formats.yaml_head import DEFAULT_SCALE
from talenthub.framework.model import Competency, Descriptor, Indicator, Level, Scale, Value
from talenthub.framework.text import Text


@dataclass(slots=True)
class Known:
    """The codes that later parts of the file may name."""

    values: set[str]
    scales: dict[str, Scale]
    competencies: dict[str, str | None] = field(default_factory=dict)
    """Code to scale; None for a group or where the scale is not known."""
    role_scale: str | None = DEFAULT_SCALE

    def scale_of(self, competency: str) -> Scale | None:
        """Return the scale of a competency; None where there is none."""
        return self.scales.get(self.competencies.get(competency) or "")


class Once:
    """Notes an id that stands twice among its kind."""

    def __init__(self, kind: str, notes: Notes) -> None:
        self.kind = kind
        self.notes = notes
        self._places: dict[str, str] = {}
        self._alike: dict[str, str] = {}

    def first(self, fields: Fields, code: str | None) -> bool:
        """Return whether `code` is usable: it is there, and new."""
        if code is None:
            return False
        node = fields.node.value["id"]
        if code in self._places:
            text = f"two {self.kind} have this id, the first {self._places[code]}"
            self.notes.add(node, fields.at("id"), text, "clash", found=code)
            return False
        alike = self._alike.setdefault(unicodedata.normalize("NFC", code).casefold(), code)
        if alike != code:
            # Whoever types a code need not know its capitals.
            text = f"the id differs from {alike!r} in capitals or accents only"
            self.notes.add(node, fields.at("id"), text, "look-alike", found=code)
            return False
        self._places[code] = f"in line {node.line}" if node.place is None else f"at {node.place}"
        return True


def read_values(top: Fields) -> tuple[Value, ...]:
    """Return the values, in order."""
    once, values = Once("values", top.notes), []
    for each in top.records("values"):
        code, title, statement = each.code(), each.text("name", required=True), each.text("statement")
        each.finish()
        if once.first(each, code) and code is not None and title is not None:
            values.append(Value(code, title, statement))
    return tuple(values)


def read_scales(top: Fields) -> tuple[Scale, ...]:
    """Return the scale of the key `levels`, then those of `scales`."""
    scales = []
    if "levels" in top and (levels := _levels(top)):
        scales.append(Scale(DEFAULT_SCALE, None, levels))
    once = Once("scales", top.notes)
    for each in top.records("scales"):
        code, title, levels = each.code(), each.text("name"), _levels(each)
        each.finish()
        if once.first(each, code) and code is not None and levels:
            scales.append(Scale(code, title, levels))
    return tuple(scales)


def _levels(fields: Fields) -> tuple[Level, ...]:
    levels: list[Level] = []
    for each in fields.records("levels", required=True):
        ordinal = each.whole("id", required=True)
        key = each.word("key", longest=LONGEST_CODE) or f"L{ordinal}"
        label, anchor = each.text("name", required=True), each.text("summary")
        each.finish()
        if ordinal is None or label is None:
            continue
        if levels and ordinal <= levels[-1].ordinal:
            found, allowed = str(ordinal), f"more than {levels[-1].ordinal}"
            text = "levels stand in rising order"
            each.notes.add(each.node, each.path, text, "order", found=found, allowed=allowed)
            continue
        if any(key == other.key for other in levels):
            each.notes.add(each.node, each.path, "two levels have this key", "clash", found=key)
        levels.append(Level(ordinal, key, label, anchor))
    return tuple(levels)


def read_competencies(top: Fields, known: Known) -> tuple[tuple[Competency, ...], tuple[Descriptor, ...]]:
    """Return the competencies and their descriptors, in order."""
    competencies: list[Competency] = []
    descriptors: list[Descriptor] = []
    once = Once("competencies", top.notes)
    parents: list[tuple[Fields, str, str]] = []
    for each in top.records("competencies", required=True):
        code, title = each.code(), each.text("name", required=True)
        definition = each.text("definition")
        scale = _scale(each, known)
        values = tuple(references(each, "values", "value", known.values))
        parent = each.word("parent")
        cells = list(_cells(each, code or "", known.scales.get(scale or "")))
        each.finish()
        if not once.first(each, code) or code is None:
            continue
        known.competencies[code] = scale
        descriptors += cells
        if parent is not None:
            parents.append((each, code, parent))
        if title is not None:
            competencies.append(
                Competency(
                    code=code, title=title, definition=definition, scale=scale, values=values, parent=parent
                )
            )
    _check_parents(parents, known)
    return tuple(competencies), tuple(descriptors)


def _scale(fields: Fields, known: Known) -> str | None:
    if fields.flag("group", default=False):
        return None
    node = fields.get("scale")
    if node is not None:
        if node.name in known.scales:
            return node.name
        fields.notes.unknown(node, fields.at("scale"), "scale", node.raw or node.kind, known.scales)
        return None
    if DEFAULT_SCALE in known.scales:
        return DEFAULT_SCALE
    if len(known.scales) == 1:
        return next(iter(known.scales))
    if known.scales:
        fields.get("scale", required=True)
    else:
        text, mend = "there are no levels to rate it on", "add levels: […], or group: true"
        fields.notes.add(fields.node, fields.path, text, "no-levels", mend=mend)
    return None


def _cells(fields: Fields, competency: str, scale: Scale | None) -> Iterator[Descriptor]:
    levels = fields.fields("levels")
    if levels is None:
        return
    for ordinal, key, node in levels.entries():
        path = levels.at(ordinal)
        if scale is None:
            if fields.flag("group", default=False):
                fields.notes.add(key, path, "a group has no levels", "group-levels")
        elif not isinstance(ordinal, int) or scale.level(ordinal) is None:
            fields.notes.unknown(key, path, "level", str(ordinal), [each.ordinal for each in scale.levels])
        else:
            text, indicators = words(node, path, fields.notes)
            # A level whose words were left out has none; the checks count it as missing.
            if text is not None or indicators:
                yield Descriptor(competency=competency, level=ordinal, text=text, indicators=indicators)


def words(node: Node, path: str, notes: Notes) -> tuple[Text | None, tuple[Indicator, ...]]:
    """Return text and indicators: of a mapping, or of a text alone."""
    if not isinstance(node.value, dict) or _is_translated(node):
        return text_of(node, path, notes), ()
    fields = Fields(node, path, notes)
    text = fields.text("descriptor")
    positive = [Indicator(each) for each in texts(fields, "indicators")]
    negative = [Indicator(each, positive=False) for each in texts(fields, "watch_for")]
    fields.finish()
    return text, tuple(positive + negative)


def _is_translated(node: Node) -> bool:
    return not node.value.keys() & {"descriptor", "indicators", "watch_for"} and all(
        isinstance(key, str) and len(key.split("-")[0]) in (2, 3) for key in node.value
    )


def texts(fields: Fields, key: str) -> Iterator[Text]:
    """Return the texts under a key: one, or a list of them."""
    node = fields.get(key)
    if node is None:
        return
    listed = node.value if isinstance(node.value, list) else [node]
    for index, each in enumerate(listed):
        text = text_of(each, f"{fields.at(key)}[{index}]", fields.notes)
        if text is not None:
            yield text


def references(fields: Fields, key: str, kind: str, known: Collection[str]) -> Iterator[str]:
    """Return the codes in a list that are known; note the others."""
    seen = set()
    for path, node in fields.items(key):
        if node.name is None or node.name not in known:
            fields.notes.unknown(node, path, kind, node.raw or node.kind, known)
        elif node.name in seen:
            fields.notes.add(node, path, f"this {kind} is named twice", "clash", found=node.name)
        else:
            seen.add(node.name)
            yield node.name


def _check_parents(parents: list[tuple[Fields, str, str]], known: Known) -> None:
    above = {code: parent for _, code, parent in parents}
    for fields, code, parent in parents:
        node, path = fields.node.value["parent"], fields.at("parent")
        if parent not in known.competencies:
            fields.notes.unknown(node, path, "competency", parent, known.competencies)
            continue
        chain = [code]
        while (after := above.get(chain[-1])) is not None and after not in chain:
            chain.append(after)
        if after == code:
            found = " → ".join([*chain, code])
            fields.notes.add(
                node, path, "competencies stand above each other in a ring", "cycle", found=found
            )
