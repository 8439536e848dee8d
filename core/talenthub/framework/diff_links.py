"""Links: which new code goes on with what an old one was, by shared words.

Candidates come from an inverted index of rare words and whole texts, never
from all pairs; a word counts the more, the fewer things have it. What is
found is a proposal: a person confirms it.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cached_property

from talenthub.framework.changes import STRENGTHS, ChangeClass, Link

COMMON = 40
"""A word that more things have leads to no candidate; it still counts."""

MOST_CANDIDATES = 12
"""So many candidates of one thing are compared exactly."""

RELATED = 0.5
"""From this share of the own words on, a thing may come from another."""

NEARLY_ALL = 0.8
"""From this similarity on, it is the same thing and nothing else."""

KEPT = 0.2
"""So much of a thing that kept its code must have gone, or come, to look where."""

Features = Set[Hashable]
"""Words, and whole texts as the tuple of their words."""
Known = Mapping[str, Features]
"""Code to what it is known by; asked for one by one, never all kept at once."""


@dataclass(frozen=True, slots=True)
class _Edge:
    old: str
    new: str
    similarity: float
    """Shared weight among the weight of both."""
    of_old: float
    """Share of the old one's words that the new one has."""
    of_new: float


_Ends = Mapping[str, Sequence[_Edge]]
"""Edges by the code at one of their ends."""


@dataclass(frozen=True)
class Weights:
    """How much a word says: the logarithm of how rare it is."""

    by_word: Mapping[Hashable, float]

    @classmethod
    def of(cls, *known: Known) -> Weights:
        """Return the weights of all words of these things."""
        spread: Counter[Hashable] = Counter()
        for each in known:
            for words in each.values():
                spread.update(words)
        things = sum(map(len, known))
        by_count = {count: math.log1p(things / count) for count in set(spread.values())}
        return cls({word: by_count[count] for word, count in spread.items()})

    def total(self, words: Features) -> float:
        """Return the weight of some words, whatever their order."""
        return math.fsum(map(self.by_word.__getitem__, words))


def features(wholes: Iterable[Hashable], words: Iterable[str]) -> Features:
    """Return what a thing is known by: its words, and what it has as a whole."""
    return frozenset(words).union(each for each in wholes if each)


def propose(before: Known, after: Known) -> tuple[Link, ...]:
    """Return a link for each code that went, split or took another in.

    Codes that neither went nor came are looked at where a good part of
    their words went or came.
    """
    return _Proposal(before, after).links()


class _Proposal:
    """One comparison of what was with what is."""

    def __init__(self, before: Known, after: Known) -> None:
        self.before, self.after = before, after
        self.weights = Weights.of(before, after)
        self.stay = before.keys() & after.keys()

    def links(self) -> tuple[Link, ...]:
        edges = sorted(self._edges(), key=lambda each: (-each.similarity, each.old, each.new))
        renamed = self._renamed(edges)
        taken_up = set(renamed.values())
        left = [each for each in edges if each.old not in renamed and each.new not in taken_up]
        groups = self._groups(left)
        taken = set(renamed) | {each.old for group in groups for each in group}
        found = [_link(each, ChangeClass.EDITORIAL) for each in edges if renamed.get(each.old) == each.new]
        for group in groups:
            found += self._of_group(group)
        found += [
            Link(
                old=code,
                new=None,
                kind=ChangeClass.RETIRE,
                strength=STRENGTHS[ChangeClass.RETIRE],
                why="no successor found",
            )
            for code in self.before
            if code not in self.after and code not in taken
        ]
        return tuple(found)

    @cached_property
    def _moved(self) -> tuple[dict[str, Features], dict[str, Features]]:
        """What went and what came: whole things, and much of what stays."""
        gone = {code: self.before[code] for code in self.before if code not in self.stay}
        come = {code: self.after[code] for code in self.after if code not in self.stay}
        for code in sorted(self.stay):
            old, new = self.before[code], self.after[code]
            if old != new:
                gone |= self._much_more(code, old, new)
                come |= self._much_more(code, new, old)
        return gone, come

    def _much_more(self, code: str, mine: Features, yours: Features) -> dict[str, Features]:
        more = mine - yours
        is_much = more and self.weights.total(more) >= KEPT * self.weights.total(mine)
        return {code: more} if is_much else {}

    def _edges(self) -> Iterable[_Edge]:
        gone, come = self._moved
        index: defaultdict[Hashable, list[str]] = defaultdict(list)
        for code, words in come.items():
            for word in words:
                index[word].append(code)
        for old, words in gone.items():
            shared = Counter(
                code for word in words if len(index.get(word, ())) <= COMMON for code in index.get(word, ())
            )
            best = sorted(shared.items(), key=lambda each: (-each[1], each[0]))[:MOST_CANDIDATES]
            for new, _ in best:
                if old != new and not (old in self.stay and new in self.stay):
                    edge = self._edge(old, words, new, come[new])
                    # Of a code that stays only what went, or came, is compared.
                    of_old = 0.0 if old in self.stay else edge.of_old
                    of_new = 0.0 if new in self.stay else edge.of_new
                    if max(of_old, of_new) >= RELATED:
                        yield edge

    def _edge(self, old: str, mine: Features, new: str, yours: Features) -> _Edge:
        shared = self.weights.total(mine & yours)
        one, other = self.weights.total(mine), self.weights.total(yours)
        return _Edge(old, new, shared / (one + other - shared), shared / one, shared / other)

    def _renamed(self, edges: Sequence[_Edge]) -> dict[str, str]:
        """Return old to new, where both are nearly the same thing."""
        found: dict[str, str] = {}
        taken: set[str] = set()
        from_old, into_new = _by(edges, "old"), _by(edges, "new")
        for each in edges:
            is_free = each.old not in found and each.new not in taken
            is_same = each.similarity >= NEARLY_ALL and not {each.old, each.new} & self.stay
            is_whole = each.similarity == 1 or not _has_more_parts(each, from_old, into_new)
            if is_free and is_same and is_whole:
                found[each.old] = each.new
                taken.add(each.new)
        return found

    def _groups(self, edges: list[_Edge]) -> list[list[_Edge]]:
        """Return splits (one old), merges (one new) and single successors."""
        from_best: dict[str, _Edge] = {}
        into_best: dict[str, _Edge] = {}
        for each in edges:
            if each.of_new > from_best.get(each.new, each).of_new or each.new not in from_best:
                from_best[each.new] = each
            if each.of_old > into_best.get(each.old, each).of_old or each.old not in into_best:
                into_best[each.old] = each
        bits = (e for e in from_best.values() if e.of_new >= RELATED and e.new not in self.stay)
        wholes = (e for e in into_best.values() if e.of_old >= RELATED and e.old not in self.stay)
        parts, sources = _by(bits, "old"), _by(wholes, "new")
        groups = [each for code, each in parts.items() if len(each) + (code in self.stay) > 1]
        done = {edge.new for group in groups for edge in group} | {group[0].old for group in groups}
        for code, group in sources.items():
            rest = [each for each in group if each.old not in done]
            if code not in done and len(rest) + (code in self.stay) > 1:
                groups.append(rest)
                done |= {code, *(each.old for each in rest)}
        for each in edges:
            if each.old not in done and each.new not in done and not {each.old, each.new} & self.stay:
                groups.append([each])
                done |= {each.old, each.new}
        return groups

    def _of_group(self, group: list[_Edge]) -> list[Link]:
        olds, news = {each.old for each in group}, {each.new for each in group}
        old, new = group[0].old, group[0].new
        if len(news) > 1 or old in self.stay:
            return [
                *self._stays(olds, ChangeClass.SPLIT),
                *(_link(each, ChangeClass.SPLIT) for each in group),
            ]
        if len(olds) > 1 or new in self.stay:
            return [
                *self._stays(news, ChangeClass.MERGE),
                *(_link(each, ChangeClass.MERGE) for each in group),
            ]
        return [_link(group[0], ChangeClass.MAJOR)]

    def _stays(self, codes: Set[str], kind: ChangeClass) -> list[Link]:
        """Return the link of a code that stays and takes part in it."""
        strength = STRENGTHS[kind]
        return [
            Link(old=code, new=code, kind=kind, strength=strength, why="keeps its code")
            for code in sorted(codes & self.stay)
        ]


def _by(edges: Iterable[_Edge], end: str) -> dict[str, list[_Edge]]:
    found: defaultdict[str, list[_Edge]] = defaultdict(list)
    for each in edges:
        found[getattr(each, end)].append(each)
    return found


def _has_more_parts(edge: _Edge, from_old: _Ends, into_new: _Ends) -> bool:
    """Return whether a small rest of the old, or new, is a thing of its own."""
    parts = (each for each in from_old[edge.old] if each.new != edge.new)
    sources = (each for each in into_new[edge.new] if each.old != edge.old)
    return any(each.of_new >= _nearly_all(into_new[each.new], "of_new") for each in parts) or any(
        each.of_old >= _nearly_all(from_old[each.old], "of_old") for each in sources
    )


def _nearly_all(rivals: Iterable[_Edge], share: str) -> float:
    """Return the share from which nearly all is in a partner, and in no other as much."""
    shares: list[float] = [getattr(each, share) for each in rivals]
    return max(NEARLY_ALL, *shares)


def _link(edge: _Edge, kind: ChangeClass) -> Link:
    why = f"shares {edge.of_old:.0%} of the old words, {edge.of_new:.0%} of the new ones"
    return Link(
        old=edge.old,
        new=edge.new,
        kind=kind,
        strength=STRENGTHS[kind],
        similarity=round(edge.similarity, 3),
        why=why,
    )
