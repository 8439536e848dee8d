"""Cells: what changed in the words of one competency, level by level.

A level's words that stand at another level now are a shift of level, not a
change of two texts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterator, Mapping, Sequence

from talenthub.framework.changes import Change, ChangeClass, Thing, What
from talenthub.framework.content import Content
from talenthub.framework.diff_words import (
    MOST_MINOR,
    Judgement,
    by_share,
    judge,
    share_of_others,
    word_list,
)
from talenthub.framework.model import Descriptor, Indicator
from talenthub.framework.text import Text, say

SAME_WORDS = 1 - MOST_MINOR
"""From this share of shared words on, words only stand at another place."""

Owner = tuple[str | None, str | None]
"""Role and role level whose own words they are; (None, None): everybody's."""

Cells = Mapping[Owner, Mapping[int, Descriptor]]


def cells_by_competency(content: Content) -> dict[str, dict[Owner, dict[int, Descriptor]]]:
    """Return the descriptors by competency, by whose they are, and by level."""
    found: dict[str, dict[Owner, dict[int, Descriptor]]] = {}
    for each in content.descriptors:
        owned = found.setdefault(each.competency, {}).setdefault((each.role, each.role_level), {})
        owned[each.level] = each
    return found


def cell_changes(
    code: str, before: Cells, after: Cells, still_used: Container[str], language: str
) -> Iterator[Change]:
    """Return what changed in the words of a competency, now called `code`."""
    for owner in dict.fromkeys((*before, *after)):
        old, new = before.get(owner, {}), after.get(owner, {})
        place = ".".join(filter(None, (code, *owner)))
        moved = _shifted(old, new)
        for source, target in sorted(moved.items()):
            yield Change(
                thing=Thing.DESCRIPTOR,
                what=What.LEVEL,
                where=f"{place}.{target}",
                kind=ChangeClass.MAJOR,
                before=f"level {source}",
                after=f"level {target}",
                why="the words stand at another level now",
            )
            yield from _cell(f"{place}.{target}", old[source], new[target], still_used, language)
        for level in sorted(old.keys() | new.keys()):
            mine = old.get(level) if level not in moved else None
            yours = new.get(level) if level not in moved.values() else None
            if mine != yours:
                yield from _cell(f"{place}.{level}", mine, yours, still_used, language)


def _shifted(old: Mapping[int, Descriptor], new: Mapping[int, Descriptor]) -> dict[int, int]:
    """Return old level to new level, where a cell's words stand elsewhere now."""
    differing = [each for each in sorted(old.keys() | new.keys()) if old.get(each) != new.get(each)]
    if len(differing) < 2:
        return {}  # what moved is missing at one level, and came at another
    said = {each: (_said(old.get(each)), _said(new.get(each))) for each in differing}
    before = {each: words[0] for each, words in said.items() if words[0] and words[0] != words[1]}
    after = {each: words[1] for each, words in said.items() if words[1] and words[0] != words[1]}
    alike = sorted(
        (share_of_others(before[source], after[target]), source, target)
        for source in before
        for target in after
        if source != target
    )
    stays = {each: share_of_others(before[each], after[each]) for each in before if each in after}
    moved: dict[int, int] = {}
    for share, source, target in alike:
        is_free = source not in moved and target not in moved.values()
        if is_free and share <= 1 - SAME_WORDS and share < stays.get(source, 1):
            moved[source] = target
    return moved


def _said(cell: Descriptor | None) -> Counter[str]:
    if cell is None:
        return Counter()
    return Counter(word_list(cell.text)) + _listed(cell.indicators)


def _listed(indicators: Sequence[Indicator]) -> Counter[str]:
    return Counter(word for each in indicators for word in word_list(each.text))


def _cell(
    place: str, old: Descriptor | None, new: Descriptor | None, still_used: Container[str], language: str
) -> Iterator[Change]:
    if old is None and new is not None:
        why = "words where there were none"
        yield _change(
            Thing.DESCRIPTOR, What.ADDED, place, Judgement(ChangeClass.MINOR, why), "", _head(new, language)
        )
    elif old is not None and new is None:
        found = Judgement(ChangeClass.MAJOR, "the words are gone")
        yield _change(Thing.DESCRIPTOR, What.REMOVED, place, found, _head(old, language), "")
    elif old is not None and new is not None:
        judged = judge(old.text, new.text, still_used)
        if judged is not None:
            texts = say(old.text, language), say(new.text, language)
            yield _change(Thing.DESCRIPTOR, What.TEXT, place, judged, *texts)
        yield from _indicators(place, old.indicators, new.indicators, still_used, language)


def _head(cell: Descriptor, language: str) -> str:
    return say(cell.text, language) or "; ".join(say(each.text, language) for each in cell.indicators)


def _indicators(
    place: str,
    before: Sequence[Indicator],
    after: Sequence[Indicator],
    still_used: Container[str],
    language: str,
) -> Iterator[Change]:
    """Return what changed in a list; its order is not a change."""
    if before == after:
        return
    gone = list((Counter(before) - Counter(after)).elements())
    come = list((Counter(after) - Counter(before)).elements())
    if not gone and not come:
        return
    share = by_share(_listed(before), _listed(after))
    for mine, yours in _paired(gone, come):
        judged = judge(mine.text, yours.text, still_used) or Judgement(ChangeClass.MAJOR, "turned round")
        is_decisive = judged.why.endswith("came or went") or judged.why == "turned round"
        if judged.kind is not ChangeClass.EDITORIAL and not is_decisive:
            judged = share
        texts = say(mine.text, language), say(yours.text, language)
        yield _change(Thing.INDICATOR, What.TEXT, place, judged, *texts)
        gone.remove(mine)
        come.remove(yours)
    for each in gone:
        yield _change(Thing.INDICATOR, What.REMOVED, place, share, say(each.text, language), "")
    for each in come:
        added = Judgement(ChangeClass.MINOR, "one more")
        yield _change(
            Thing.INDICATOR, What.ADDED, place, share if gone else added, "", say(each.text, language)
        )


def _paired(gone: Sequence[Indicator], come: Sequence[Indicator]) -> list[tuple[Indicator, Indicator]]:
    """Return which new indicator is which old one in other words."""
    alike = sorted(
        (share_of_others(_listed([mine]), _listed([yours])), at, where)
        for at, mine in enumerate(gone)
        for where, yours in enumerate(come)
    )
    taken: dict[int, int] = {}
    for share, at, where in alike:
        if share <= SAME_WORDS and at not in taken and where not in taken.values():
            taken[at] = where
    return [(gone[at], come[where]) for at, where in sorted(taken.items())]


def _change(thing: Thing, what: What, where: str, judged: Judgement, before: str, after: str) -> Change:
    return Change(
        thing=thing, what=what, where=where, kind=judged.kind, before=before, after=after, why=judged.why
    )


def texts_of(cells: Cells) -> Iterator[Text]:
    """Return every text of a competency's cells."""
    for owned in cells.values():
        for cell in owned.values():
            if cell.text:
                yield cell.text
            for each in cell.indicators:
                yield each.text
