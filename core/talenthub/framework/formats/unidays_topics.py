"""Sets of topics: values and competencies, each on levels of its own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from talenthub.errors import nearest
from talenthub.framework.formats.fields import Fields, Notes
from talenthub.framework.formats.nodes import Node
from talenthub.framework.formats.yaml_competencies import texts
from talenthub.framework.model import Competency, Descriptor, Indicator, Level, Scale, Value
from talenthub.framework.text import Text

VALUES = "values"
"""A set whose path has this word in it holds the values."""


@dataclass(slots=True)
class Topics:
    """What the sets hold, in order."""

    values: list[Value] = field(default_factory=list)
    scales: list[Scale] = field(default_factory=list)
    competencies: list[Competency] = field(default_factory=list)
    descriptors: list[Descriptor] = field(default_factory=list)
    levels: dict[str, dict[str, int]] = field(default_factory=dict)
    """Code of a competency to its levels: path to ordinal."""

    @property
    def codes(self) -> set[str]:
        """Return the codes of all competencies and groups."""
        return {each.code for each in self.competencies}

    def scale(self, levels: tuple[Level, ...]) -> str:
        """Return the code of the scale with these levels, made if it is new."""
        for each in self.scales:
            if each.levels == levels:
                return each.code
        keys = list(dict.fromkeys((levels[0].key, levels[-1].key)))
        base, count = "-".join(keys)[:70], 1
        code = base
        while any(each.code == code for each in self.scales):
            count += 1
            code = f"{base}.{count}"
        self.scales.append(Scale(code, None, levels))
        return code


def optional_text(fields: Fields, key: str) -> Text | None:
    """Return a text; an empty one is none."""
    node = fields.get(key)
    if node is not None and isinstance(node.value, str) and not node.value.strip():
        return None
    return fields.text(key)


def new_code(fields: Fields, code: str | None, taken: set[str], kind: str) -> bool:
    """Return whether a code is there and new; note it where it is taken."""
    if code is None or not code:
        return False
    if code in taken:
        node = fields.node.value["path"]
        fields.notes.add(node, fields.at("path"), f"two {kind} have this path", "clash", found=code)
        return False
    return True


def read_set(top: Fields, topics: Topics) -> None:
    """Read one file: a group, and a competency per topic."""
    path, title, summary = top.code("path"), top.text("title", required=True), optional_text(top, "summary")
    top.get("theme")
    is_values = path is not None and VALUES in path.split("-")
    usable = new_code(top, path, topics.codes, "sets")
    if usable and path is not None and title is not None:
        topics.competencies.append(Competency(code=path, title=title, definition=summary))
    for each in top.records("topics", required=True):
        _topic(each, path or "", topics, is_values=is_values)
    top.finish()


def _topic(fields: Fields, group: str, topics: Topics, *, is_values: bool) -> None:
    path, title = fields.code("path"), fields.text("title", required=True)
    summary = optional_text(fields, "summary")
    fields.get("theme")
    read = list(_levels(fields))
    fields.finish()
    code = f"{group}.{path}"
    if not new_code(fields, path and code, topics.codes, "topics") or title is None or not read:
        return
    values: tuple[str, ...] = ()
    if is_values and path is not None:
        values = (path,)
        topics.values.append(Value(path, title, summary))
        text, done = "a value with criteria of its own", "kept as a value and as a competency for it"
        fields.notes.deviates(fields.node, fields.path, text, "value", done, found=path)
    scale = topics.scale(tuple(level for level, _, _ in read))
    topics.levels[code] = {level.key: level.ordinal for level, _, _ in read}
    topics.competencies.append(
        Competency(code=code, title=title, definition=summary, scale=scale, values=values, parent=group)
    )
    for level, words, criteria in read:
        topics.descriptors.append(
            Descriptor(competency=code, level=level.ordinal, text=words, indicators=criteria)
        )


def _levels(topic: Fields) -> Iterator[tuple[Level, Text | None, tuple[Indicator, ...]]]:
    keys: set[str] = set()
    for ordinal, each in enumerate(topic.records("levels", required=True), start=1):
        key, label = each.code("path"), each.text("title", required=True)
        summary = optional_text(each, "summary")
        criteria = tuple(Indicator(text) for text in texts(each, "criteria"))
        each.finish()
        if not new_code(each, key, keys, "levels of one topic") or key is None or label is None:
            continue
        keys.add(key)
        if summary is None:
            text = (
                "this level has no words of its own, only criteria" if criteria else "this level has no words"
            )
            each.notes.deviates(each.node, each.path, text, "no-text", "left empty", found=key)
        yield Level(ordinal, key, label), summary, criteria


def level_at(node: Node, path: str, topics: Topics, notes: Notes) -> tuple[str, int] | None:
    """Return competency and level of a reference `set/topic/level`."""
    if node.name is None:
        notes.wants(node, path, "a text: set/topic/level")
        return None
    topic, _, level = node.name.rpartition("/")
    code = topic.replace("/", ".")
    if code not in topics.levels:
        known = [each.replace(".", "/", 1) for each in topics.levels]
        _dangles(node, path, notes, "no set has this topic", nearest(topic, known))
        return None
    if level not in topics.levels[code]:
        _dangles(node, path, notes, "the topic has no such level", nearest(level, topics.levels[code]))
        return None
    return code, topics.levels[code][level]


def _dangles(node: Node, path: str, notes: Notes, text: str, near: str | None) -> None:
    notes.deviates(node, path, text, "dangling", "left out", found=node.raw, nearest=near)
