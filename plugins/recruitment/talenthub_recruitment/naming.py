"""Ratings by name: the word a framework has for a level, as its number."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from talenthub.sdk import (
    CaseView,
    Content,
    Engine,
    Problem,
    Text,
    Transaction,
    framework_content,
    nearest,
    text_in,
    unknown,
)
from talenthub_recruitment.cases import NOT_OBSERVED
from talenthub_recruitment.opening import codes_of
from talenthub_recruitment.plan import words
from talenthub_recruitment.scoring import Entry, applications_seen


def name_ratings(engine: Engine, tx: Transaction, entries: Sequence[Entry]) -> list[Problem]:
    """Write numbers for words; return what is wrong with those that are none.

    What is said of an application out of sight is left: it is answered later.
    """
    worded = [entry for entry in entries if any(map(_is_word, entry.ratings.values()))]
    faults: list[Problem] = []
    seen = applications_seen(engine, tx, {each.application for each in worded}) if worded else {}
    for entry in worded:
        application = seen.get(entry.application)
        if application is not None and application.framework_version is not None:
            _name(entry, application, framework_content(tx, application.framework_version), faults)
    return faults


def _name(entry: Entry, application: CaseView, content: Content, faults: list[Problem]) -> None:
    codes = codes_of(application)
    entry.spell_as(codes)
    for code, given in entry.ratings.items():
        if not isinstance(given, str) or given == NOT_OBSERVED:
            continue
        place = entry.places.get(code, "--competency")
        if code not in codes:
            faults.append(unknown("competency of this plan", code, codes, place=place))
            continue
        numbers = {label.casefold(): number for number, label in _labels(content, code)}
        if given.casefold() in numbers:
            entry.ratings[code] = numbers[given.casefold()]
        else:
            faults.append(_no_name(given, place, content, code))


def _is_word(given: int | str) -> bool:
    return isinstance(given, str) and given != NOT_OBSERVED


def _no_name(given: str, place: str, content: Content, code: str) -> Problem:
    listed = [
        f"{number} {text_in(label, content.framework.language)}" for number, label in _points(content, code)
    ]
    return Problem(
        text="this is no rating",
        place=place,
        found=given,
        allowed=f"{', '.join(listed)}, or {NOT_OBSERVED!r}",
        nearest=nearest(given, [label for _, label in _labels(content, code)]),
        code="recruitment.rating",
    )


def _labels(content: Content, code: str) -> Iterator[tuple[int, str]]:
    """Return each point with what it is called, in every language."""
    for number, label in _points(content, code):
        called = words(label)
        yield from ((number, each) for each in ([called] if isinstance(called, str) else called.values()))


def _points(content: Content, code: str) -> list[tuple[int, Text]]:
    """Return what a rater chooses from: levels, or the points of the scale."""
    if content.framework.rating.mode.value == "level":
        return [(each.ordinal, each.label) for each in content.scale_of(code).levels]
    return [(each.value, each.label) for each in content.framework.rating.anchors]
