"""The difference of two versions: every change with its class, and links.

Identity is the code. What lost its code is looked for by shared words; a
confirmed mapping wins over what was found.
"""

from __future__ import annotations

from collections.abc import Collection, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from talenthub.framework.building import collector_at_rest
from talenthub.framework.changes import (
    STRENGTHS,
    WEIGHT,
    Change,
    ChangeClass,
    Difference,
    Link,
    Thing,
    What,
    heaviest,
)
from talenthub.framework.content import Content, content_hash
from talenthub.framework.diff_beside import beside_changes
from talenthub.framework.diff_cells import Cells, cell_changes, cells_by_competency, texts_of
from talenthub.framework.diff_links import Features, propose
from talenthub.framework.diff_roles import role_changes
from talenthub.framework.diff_texts import detail_changes, text_change, title_change
from talenthub.framework.diff_words import Words
from talenthub.framework.model import Competency
from talenthub.framework.text import say

SEVERAL = frozenset({ChangeClass.SPLIT, ChangeClass.MERGE})


@collector_at_rest()
def difference(before: Content, after: Content, mapping: Collection[Link] = ()) -> Difference:
    """Return what differs; `mapping` is what persons said of the codes."""
    return _Comparison(before, after, tuple(mapping)).difference()


@collector_at_rest()
def successions(before: Content, after: Content, mapping: Collection[Link] = ()) -> tuple[Link, ...]:
    """Return the links of the difference, without what else differs."""
    return _Comparison(before, after, tuple(mapping)).successions()


@dataclass(frozen=True)
class _Comparison:
    before: Content
    after: Content
    mapping: tuple[Link, ...]

    def difference(self) -> Difference:
        competencies = list(self._competencies())
        others = [
            *beside_changes(self.before, self.after, self.renamed, self.vocabulary),
            *role_changes(self.before, self.after, self.renamed, self.vocabulary),
        ]
        changes = [*(each for changes, _ in competencies for each in changes), *others]
        if not changes and content_hash(self.before) != content_hash(_as_numbered(self.after, self.before)):
            changes.append(_order())
        return Difference(
            before=_name(self.before),
            after=_name(self.after),
            changes=tuple(changes),
            links=_all_links(competencies),
        )

    def successions(self) -> tuple[Link, ...]:
        return _all_links(self._competencies())

    @cached_property
    def vocabulary(self) -> Container[str]:
        """Every word of the later version: an old word in it was none misspelt."""
        texts = [text for cells in self.cells[1].values() for text in texts_of(cells)]
        texts += [text for each in self.after.competencies for text in (each.title, each.definition) if text]
        return self.words.used(texts)

    @cached_property
    def words(self) -> Words:
        return Words()

    @cached_property
    def cells(self) -> tuple[Mapping[str, Cells], Mapping[str, Cells]]:
        return cells_by_competency(self.before), cells_by_competency(self.after)

    @cached_property
    def links(self) -> dict[str, list[Link]]:
        """Return the links by old code: what a person said, else a proposal."""
        found: dict[str, list[Link]] = {}
        said = [each for each in self.mapping if each.confirmed]
        for each in said:
            found.setdefault(each.old, []).append(each)
        told, taken = {each.old for each in said}, {each.new for each in said}
        before, after = (
            _Known(content, cells, self.words)
            for content, cells in zip((self.before, self.after), self.cells, strict=True)
        )
        for each in propose(before, after):
            if each.old not in told and (each.new is None or each.new not in taken):
                found.setdefault(each.old, []).append(each)
        return found

    @cached_property
    def renamed(self) -> dict[str, str]:
        """Return old code to new one, where one thing only changed its code."""
        return {
            old: links[0].new
            for old, links in self.links.items()
            if len(links) == 1
            and links[0].new not in (None, old)
            and links[0].kind not in SEVERAL
            and links[0].new is not None
        }

    def _competencies(self) -> Iterator[tuple[list[Change], list[Link]]]:
        come_from = {each.new for links in self.links.values() for each in links}
        for old in self.before.competencies:
            links = self.links.get(old.code, [])
            if any(each.kind in SEVERAL for each in links):
                yield self._several(old, links)
            else:
                yield self._one(old, links)
        known = {each.code for each in self.before.competencies}
        for new in self.after.competencies:
            if new.code not in known and new.code not in come_from:
                title = say(new.title, self._language)
                yield [_competency(What.ADDED, new.code, ChangeClass.MINOR, after=title)], []

    def _several(self, old: Competency, links: list[Link]) -> tuple[list[Change], list[Link]]:
        kind = next(each.kind for each in links if each.kind in SEVERAL)
        what = What.SPLIT if kind is ChangeClass.SPLIT else What.MERGED
        parts = ", ".join(each.new or "" for each in links)
        if kind is ChangeClass.MERGE and parts == old.code:
            return [], links  # it took the others in: they tell of it
        return [_competency(what, old.code, kind, before=old.code, after=parts, links=links)], links

    def _one(self, old: Competency, links: list[Link]) -> tuple[list[Change], list[Link]]:
        link = links[0] if links else None
        code = (link.new if link is not None else None) or old.code
        if not self.after.has_competency(code):
            gone = link if link is not None and link.new is None else _retired(old.code)
            title = say(old.title, self._language)
            return [_competency(What.REMOVED, old.code, ChangeClass.RETIRE, before=title, links=[gone])], [
                gone
            ]
        changes = list(self._within(old, self.after.competency(code)))
        kind = heaviest(each.kind for each in changes) or ChangeClass.EDITORIAL
        if code != old.code:
            assert link is not None
            judged = link if link.confirmed else replace(link, kind=kind, strength=STRENGTHS[kind])
            what = What.RENAMED if link.confirmed else What.RENAMED_PERHAPS
            return [_competency(what, old.code, judged.kind, old.code, code, [judged]), *changes], [judged]
        if not changes:
            return [], []
        why = max(changes, key=lambda each: WEIGHT[each.kind])
        found = Link(old=code, new=code, kind=kind, strength=STRENGTHS[kind], why=f"{why.where}: {why.why}")
        return changes, [link if link is not None and link.confirmed else found]

    def _within(self, old: Competency, new: Competency) -> Iterator[Change]:
        told = (self.vocabulary, self._language)
        yield from title_change(Thing.COMPETENCY, new.code, old.title, new.title, *told)
        yield from text_change(Thing.COMPETENCY, new.code, old.definition, new.definition, *told)
        yield from detail_changes(
            Thing.COMPETENCY,
            new.code,
            old,
            _with_parent(new, old, self.renamed),
            ("values", "parent"),
            self._language,
        )
        yield from self._scale_of(old, new)
        mine, yours = (
            cells.get(code, {}) for cells, code in zip(self.cells, (old.code, new.code), strict=True)
        )
        if mine != yours:
            yield from cell_changes(new.code, mine, yours, *told)

    def _scale_of(self, old: Competency, new: Competency) -> Iterator[Change]:
        before, after = _ladder(self.before, old), _ladder(self.after, new)
        if before != after:
            is_longer = before == {key: after.get(key) for key in before}
            kind = ChangeClass.MINOR if is_longer else ChangeClass.MAJOR
            why = "more levels" if is_longer else "other levels"
            shown = [", ".join(each.values()) or "not rated" for each in (before, after)]
            yield _competency(What.LEVEL, new.code, kind, shown[0], shown[1], why=why)

    @property
    def _language(self) -> str:
        return self.after.framework.language


class _Known(Mapping[str, Features]):
    """What each competency is known by: all its words, told when asked for.

    Kept for all of them at once they would take most of the memory.
    """

    def __init__(self, content: Content, cells: Mapping[str, Cells], words: Words) -> None:
        self._competencies = {each.code: each for each in content.competencies}
        self._cells = cells
        self._words = words
        self._said: dict[str, list[tuple[int, ...]]] = {}

    def __getitem__(self, code: str) -> Features:
        said = self._said.get(code)
        if said is None:
            each = self._competencies[code]
            texts = (each.title, each.definition, *texts_of(self._cells.get(code, {})))
            said = self._said[code] = [self._words.of(text) for text in texts if text]
        return frozenset().union(*said)

    def __contains__(self, code: object) -> bool:
        return code in self._competencies

    def __iter__(self) -> Iterator[str]:
        return iter(self._competencies)

    def __len__(self) -> int:
        return len(self._competencies)


def _all_links(competencies: Iterable[tuple[list[Change], list[Link]]]) -> tuple[Link, ...]:
    return tuple(each for _, links in competencies for each in links)


def _ladder(content: Content, competency: Competency) -> dict[int, str]:
    if competency.scale is None:
        return {}
    return {each.ordinal: each.key for each in content.scale_of(competency.code).levels}


def _with_parent(new: Competency, old: Competency, renamed: Mapping[str, str]) -> Competency:
    """Return the new one with its parent's old code, where only that changed."""
    is_same = old.parent is not None and renamed.get(old.parent) == new.parent
    return replace(new, parent=old.parent) if is_same else new


def _retired(code: str) -> Link:
    kind = ChangeClass.RETIRE
    return Link(old=code, new=None, kind=kind, strength=STRENGTHS[kind], why="no successor")


def _competency(
    what: What,
    where: str,
    kind: ChangeClass,
    before: str = "",
    after: str = "",
    links: Sequence[Link] = (),
    why: str = "",
) -> Change:
    shares = [each.similarity for each in links if each.similarity is not None]
    return Change(
        thing=Thing.COMPETENCY,
        what=what,
        where=where,
        kind=kind,
        before=before,
        after=after,
        why=why or "; ".join(dict.fromkeys(filter(None, (each.why for each in links)))),
        similarity=max(shares, default=None),
    )


def _order() -> Change:
    return Change(
        thing=Thing.FRAMEWORK,
        what=What.DETAIL,
        where="order",
        kind=ChangeClass.EDITORIAL,
        why="only the order changed",
    )


def _as_numbered(content: Content, other: Content) -> Content:
    return replace(content, framework=replace(content.framework, version=other.framework.version))


def _name(content: Content) -> str:
    return f"{content.framework.code} {content.framework.version}"
