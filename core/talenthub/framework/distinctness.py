"""Distinctness: do neighbouring levels say different things?

Jaccard overlap of content words, |A ∩ B| / |A ∪ B|: from .35 on the two
levels share a blanket statement, which no rater can tell apart. Stop words
belong to a language; a language without a list gets no check.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from talenthub.framework.content import Content
from talenthub.framework.model import Descriptor
from talenthub.framework.text import say

LIMIT = Fraction(35, 100)
SHORTEST_WORD = 3

_ENGLISH = (
    "the a an and or of to in on for with that it is are so as by from be not at own what who when "
    "where which this they their them people person one each other others into than"
)
STOP_WORDS: Mapping[str, frozenset[str]] = {"en": frozenset(_ENGLISH.split())}

_WORD = re.compile(rf"[a-z]{{{SHORTEST_WORD},}}")


@dataclass(frozen=True, slots=True)
class Overlap:
    """How much the texts of two neighbouring levels share, 0 to 1."""

    competency: str
    lower: int
    upper: int
    share: Fraction


def can_compare(language: str) -> bool:
    """Return whether there are stop words for a language."""
    return _base(language) in STOP_WORDS


def content_words(text: str, language: str) -> frozenset[str]:
    """Return the words that carry the content of a text."""
    return frozenset(_WORD.findall(text.lower())) - STOP_WORDS[_base(language)]


def overlaps(content: Content) -> Iterator[Overlap]:
    """Return the overlap of each pair of neighbouring, worded levels."""
    language = content.framework.language
    for competency in content.rateable:
        worded = [
            (level.ordinal, content_words(_said(found, language), language))
            for level in content.scale_of(competency.code).levels
            if (found := content.descriptor(competency.code, level.ordinal)) and found.text is not None
        ]
        for (lower, first), (upper, second) in pairwise(worded):
            union = first | second
            if union:
                yield Overlap(competency.code, lower, upper, Fraction(len(first & second), len(union)))


def _said(descriptor: Descriptor, language: str) -> str:
    """Return the text; where it only leads in to its list, with the list."""
    text = say(descriptor.text, language)
    if not leads_in(text):
        return text
    return " ".join([text, *(say(each.text, language) for each in descriptor.indicators if each.positive)])


def leads_in(text: str) -> bool:
    """Return whether a text announces a list and says nothing itself."""
    return text.rstrip().endswith(":")


def _base(language: str) -> str:
    return language.split("-")[0].lower()
