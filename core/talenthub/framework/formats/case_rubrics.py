"""Rubrics of CASE: criteria as competencies, their levels as descriptors."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, field

from talenthub.framework.formats.case_parts import ASSOCIATION
from talenthub.framework.formats.fields import Fields
from talenthub.framework.formats.nodes import Node
from talenthub.framework.formats.outline import Outline, place_of, said
from talenthub.framework.model import Level


@dataclass(frozen=True, slots=True)
class Criterion:
    """One criterion: the item it judges, its levels and their words."""

    identifier: str
    item: str | None
    title: str
    levels: tuple[Level, ...]
    words: Mapping[int, Node]
    place: str


@dataclass(slots=True)
class Rubrics:
    """All criteria of a package; the first of an item counts."""

    by_item: dict[str, Criterion] = field(default_factory=dict)
    without: list[Criterion] = field(default_factory=list)

    def of(self, item: str) -> Criterion | None:
        """Return the criterion that judges an item, or None."""
        return self.by_item.get(item)

    def loose(self, items: Container[str]) -> list[Criterion]:
        """Return the criteria whose item is not among `items`."""
        return self.without + [each for item, each in self.by_item.items() if item not in items]


def read_rubrics(top: Fields, outline: Outline) -> Rubrics:
    """Return the criteria of all rubrics of a package."""
    rubrics = Rubrics()
    for rubric in top.records("CFRubrics"):
        identifier, title = said(rubric, "identifier"), said(rubric, "title")
        outline.point(place_of(rubric), None, f"{ASSOCIATION}CFRubric", identifier or "", title)
        for each in _criteria(rubric):
            if each.item is None:
                rubrics.without.append(each)
            elif each.item not in rubrics.by_item:
                rubrics.by_item[each.item] = each
            else:
                text, done = "a second criterion judges this item", "the first one counts"
                outline.leave(each.place, text, "second-criterion", done, found=each.item)
    return rubrics


def _criteria(rubric: Fields) -> Iterator[Criterion]:
    for each in rubric.records("CFRubricCriteria"):
        link = each.fields("CFItemURI")
        item = said(link, "identifier") if link is not None else None
        named = said(link, "title") if link is not None else None
        title = said(each, "description") or said(each, "category") or named or "Criterion"
        levels, words = _levels(each)
        if levels:
            yield Criterion(said(each, "identifier") or "", item, title, levels, words, place_of(each))


def _levels(criterion: Fields) -> tuple[tuple[Level, ...], dict[int, Node]]:
    read = list(criterion.records("CFRubricCriterionLevels"))
    scores = [_score(each) for each in read]
    told = all(each is not None and each >= 0 for each in scores) and len(set(scores)) == len(scores)
    order = sorted(range(len(read)), key=lambda at: scores[at] or 0) if told else _by_position(read)
    levels: list[Level] = []
    words: dict[int, Node] = {}
    for count, at in enumerate(order, start=1):
        found = scores[at]
        ordinal = found if told and found is not None else count
        label = said(read[at], "quality") or f"Level {ordinal}"
        levels.append(Level(ordinal, f"L{ordinal}", label))
        text = read[at].get("description")
        if text is not None and text.raw.strip():
            words[ordinal] = text
        if said(read[at], "feedback") is not None:
            place, done = place_of(read[at]), "left out"
            note = "a level has no place for feedback"
            criterion.notes.deviates(read[at].node, place, note, "feedback", done)
    return tuple(levels), words


def _score(level: Fields) -> int | None:
    node = level.get("score")
    value = None if node is None else node.value
    is_whole = isinstance(value, int | float) and not isinstance(value, bool) and float(value).is_integer()
    return int(value) if is_whole and value is not None else None


def _by_position(levels: list[Fields]) -> list[int]:
    places = [each.whole("position", lowest=-(2**31)) for each in levels]
    return sorted(range(len(levels)), key=lambda at: (places[at] is None, places[at] or 0, at))
