"""Items: the words of a version, one by one, as people vote on them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from talenthub.sdk import Content, Descriptor, text_in
from talenthub_consultation.cases import Item


def items_of(content: Content, *, roles: bool = False, before: Content | None = None) -> tuple[Item, ...]:
    """Return the items of a version, in its order.

    `roles`: the roles' own words, too. `before`: only what differs from
    another version.
    """
    same = {} if before is None else {each.code: each for each in _items(before, roles=True)}
    return tuple(
        each
        for each in _items(content, roles=roles)
        if (old := same.get(each.code)) is None or (old.text, old.indicators) != (each.text, each.indicators)
    )


def words_of(content: Content) -> Mapping[str, Item]:
    """Return every item of a version by its code."""
    return {each.code: each for each in _items(content, roles=True)}


def _items(content: Content, *, roles: bool) -> Iterator[Item]:
    own: dict[tuple[str, int], list[Descriptor]] = {}
    for each in content.descriptors:
        own.setdefault((each.competency, each.level), []).append(each)
    for competency in content.rateable:
        for level in content.scale_of(competency.code).levels:
            for each in own.get((competency.code, level.ordinal), ()):
                if each.text is not None and (roles or each.role is None):
                    yield _item(content, each)


def _item(content: Content, words: Descriptor) -> Item:
    language = content.framework.language
    return Item(
        code=_code(content, words),
        competency=words.competency,
        level=words.level,
        role=words.role,
        role_level=words.role_level,
        text=text_in(words.text, language),
        indicators=tuple(text_in(each.text, language) for each in words.indicators if each.positive),
    )


def _code(content: Content, words: Descriptor) -> str:
    if words.role is None:
        level = content.level(words.competency, words.level)
        return f"{words.competency}.{level.key if level else words.level}"
    step = f".{words.role_level}" if words.role_level and len(content.role(words.role).levels) > 1 else ""
    return f"{words.role}{step}.{words.competency}"
