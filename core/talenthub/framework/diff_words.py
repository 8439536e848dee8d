"""Words: is another text the same in other letters, or another meaning?

A change is editorial if only punctuation, spacing, capitals or spelling
differ; beyond that it is minor while at most a third of the words are
others, else major. A number, a "not" or a "must" that comes or goes is
always major.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from fractions import Fraction
from itertools import count

from talenthub.framework.changes import WEIGHT, ChangeClass
from talenthub.framework.text import Text, Translations

MOST_MINOR = Fraction(1, 3)
"""Up to this share of other words a change is minor."""

FARTHEST_SPELLING = 2
"""So many letters may differ in a word that was only misspelt."""

_WORD = re.compile(r"\w+")
_DECISIVE_ENGLISH = "not no never none nor without cannot only all always must may any every except"
_DECISIVE = frozenset(_DECISIVE_ENGLISH.split())


@dataclass(frozen=True, slots=True)
class Judgement:
    """The class of a change of text, and why."""

    kind: ChangeClass
    why: str


def word_list(text: Text | None) -> list[str]:
    """Return the words of a text in all its languages, without capitals."""
    if isinstance(text, str):  # nearly all: a large framework has a hundred thousand
        return _WORD.findall(text.casefold())
    return [word for _, each in _told(text) for word in _WORD.findall(each.casefold())]


class Words:
    """What texts say, as numbers; what stands in both is read once.

    The same word stands in thousands of texts: it has one number, which is
    compared faster than its letters.
    """

    def __init__(self) -> None:
        following = count().__next__
        self._words: defaultdict[str, int] = defaultdict(following)
        self._wholes: defaultdict[tuple[int, ...], int] = defaultdict(following)
        self._said: dict[Text, tuple[int, ...]] = {}

    def of(self, text: Text) -> tuple[int, ...]:
        """Return the numbers of a text's words, and last its own as a whole."""
        said = self._said.get(text)
        if said is None:
            words = tuple(map(self._words.__getitem__, word_list(text)))
            said = self._said[text] = (*words, self._wholes[words]) if words else ()
        return said

    def used(self, texts: Iterable[Text]) -> Container[str]:
        """Return every word of these texts."""
        return _Used(self._words, frozenset().union(*map(self.of, texts)))


@dataclass(frozen=True, slots=True)
class _Used(Container[str]):
    numbers: Mapping[str, int]
    said: Set[int]

    def __contains__(self, word: object) -> bool:
        return isinstance(word, str) and self.numbers.get(word) in self.said


def share_of_others(before: Counter[str], after: Counter[str]) -> Fraction:
    """Return 1 - |A ∩ B| / |A ∪ B| of two lists of words, 0 to 1."""
    shared = sum(min(times, after[word]) for word, times in before.items() if word in after)
    union = before.total() + after.total() - shared
    return 1 - Fraction(shared, union) if union else Fraction(0)


def judge(before: Text | None, after: Text | None, still_used: Container[str]) -> Judgement | None:
    """Return the class of a change of text; None if it is the same.

    `still_used` holds the words of the later version: an old word among them
    was no misspelling.
    """
    if before == after:
        return None
    if before is None:
        return Judgement(ChangeClass.MINOR, "words where there were none")
    if after is None:
        return Judgement(ChangeClass.MAJOR, "the words are gone")
    found = list(_by_language(dict(_told(before)), dict(_told(after)), still_used))
    return max(found, key=lambda each: WEIGHT[each.kind], default=Judgement(ChangeClass.EDITORIAL, "layout"))


def _told(text: Text | None) -> Iterator[tuple[str, str]]:
    if isinstance(text, Translations):
        yield from text.texts
    elif text is not None:
        yield "", text


def _by_language(
    before: dict[str, str], after: dict[str, str], still_used: Container[str]
) -> Iterator[Judgement]:
    if not before.keys() & after.keys():
        # One of the two is told without a language: compare what is told first.
        yield _judge(next(iter(before.values())), next(iter(after.values())), still_used)
        return
    for language in before.keys() & after.keys():
        if before[language] != after[language]:
            yield _judge(before[language], after[language], still_used)
    if before.keys() != after.keys():
        yield Judgement(ChangeClass.EDITORIAL, "told in other languages")


def _judge(before: str, after: str, still_used: Container[str]) -> Judgement:
    old, new = _WORD.findall(before.casefold()), _WORD.findall(after.casefold())
    if "".join(old) == "".join(new):
        return Judgement(ChangeClass.EDITORIAL, "punctuation, spacing or capitals")
    decisive = _decisive(old, new)
    if decisive:
        return Judgement(ChangeClass.MAJOR, f"«{decisive}» came or went")
    misspelt = _misspelt(old, new, still_used)
    if misspelt:
        return Judgement(ChangeClass.EDITORIAL, f"spelling: {misspelt}")
    return by_share(Counter(old), Counter(new))


def by_share(before: Counter[str], after: Counter[str]) -> Judgement:
    """Return minor or major by the share of words that are others."""
    share = share_of_others(before, after)
    kind = ChangeClass.MINOR if share <= MOST_MINOR else ChangeClass.MAJOR
    return Judgement(kind, f"{round(float(share) * 100)} % of the words are others")


def _decisive(old: list[str], new: list[str]) -> str:
    """Return the first word that decides a meaning and came or went."""
    before, after = Counter(old), Counter(new)
    decisive = (each for each in sorted({*old, *new}) if each in _DECISIVE or each.isdigit())
    return next((each for each in decisive if before[each] != after[each]), "")


def _misspelt(old: list[str], new: list[str], still_used: Container[str]) -> str:
    """Return the words that are only spelt anew; empty if more changed."""
    if len(old) != len(new):
        return ""
    pairs = [(mine, yours) for mine, yours in zip(old, new, strict=True) if mine != yours]
    if any(mine in still_used or not is_near(mine, yours) for mine, yours in pairs):
        return ""
    return ", ".join(f"{mine} → {yours}" for mine, yours in dict.fromkeys(pairs))


def is_near(one: str, other: str) -> bool:
    """Return whether two words differ as a misspelling does."""
    allowed = min(FARTHEST_SPELLING, max(len(one), len(other)) // 3)
    return abs(len(one) - len(other)) <= allowed and _distance(one, other) <= allowed


def _distance(one: str, other: str) -> int:
    """Return how many letters must be put in, left out or replaced."""
    row = list(range(len(other) + 1))
    for number, letter in enumerate(one, start=1):
        corner, row[0] = row[0], number
        for at, mine in enumerate(other, start=1):
            corner, row[at] = row[at], min(row[at] + 1, row[at - 1] + 1, corner + (letter != mine))
    return row[-1]
