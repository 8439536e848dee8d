"""What changed beside competencies and roles: head, values, scales and more."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterator, Mapping
from dataclasses import replace

from talenthub.framework.changes import Change, ChangeClass, Thing, What
from talenthub.framework.content import Content
from talenthub.framework.diff_texts import detail_changes, text_change, title_change
from talenthub.framework.model import Framework, Scale
from talenthub.framework.text import say

_HEAD = ("language", "edition", "licence", "attribution", "source", "organisation", "checks", "role_scale")


def beside_changes(
    before: Content, after: Content, renamed: Mapping[str, str], still_used: Container[str]
) -> Iterator[Change]:
    """Return the changes of all that is neither competency nor role."""
    language = after.framework.language
    yield from _head(before.framework, after.framework, still_used, language)
    yield from _values(before, after, still_used, language)
    yield from _scales(before, after, still_used, language)
    yield from _questions(before, after, renamed, language)
    yield from _pointers(before, after, renamed)


def _head(old: Framework, new: Framework, still_used: Container[str], language: str) -> Iterator[Change]:
    yield from title_change(Thing.FRAMEWORK, new.code, old.title, new.title, still_used, language)
    for each in detail_changes(Thing.FRAMEWORK, new.code, old, new, _HEAD, language):
        yield replace(each, kind=ChangeClass.EDITORIAL)
    modes = old.rating.mode, new.rating.mode
    if old.rating != new.rating:
        is_other = modes[0] is not modes[1]
        yield Change(
            thing=Thing.FRAMEWORK,
            what=What.DETAIL,
            where=new.code,
            kind=ChangeClass.MAJOR if is_other else ChangeClass.MINOR,
            before=modes[0].value if is_other else "",
            after=modes[1].value if is_other else "",
            why="how raters answer" if is_other else "the anchors of the rating scale",
        )


def _values(before: Content, after: Content, still_used: Container[str], language: str) -> Iterator[Change]:
    old, new = {each.code: each for each in before.values}, {each.code: each for each in after.values}
    for code in dict.fromkeys((*old, *new)):
        mine, yours = old.get(code), new.get(code)
        if mine is not None and yours is not None:
            yield from title_change(Thing.VALUE, code, mine.title, yours.title, still_used, language)
            yield from text_change(Thing.VALUE, code, mine.statement, yours.statement, still_used, language)
        else:
            yield Change(
                thing=Thing.VALUE,
                what=What.ADDED if mine is None else What.REMOVED,
                where=code,
                kind=ChangeClass.MINOR,
                before=say(mine.title, language) if mine else "",
                after=say(yours.title, language) if yours else "",
            )


def _scales(before: Content, after: Content, still_used: Container[str], language: str) -> Iterator[Change]:
    old, new = {each.code: each for each in before.scales}, {each.code: each for each in after.scales}
    for code in dict.fromkeys((*old, *new)):
        if code in old and code in new:
            yield from _scale(old[code], new[code], still_used, language)
        else:
            what = What.ADDED if code in new else What.REMOVED
            yield Change(thing=Thing.SCALE, what=what, where=code, kind=ChangeClass.MINOR)


def _scale(old: Scale, new: Scale, still_used: Container[str], language: str) -> Iterator[Change]:
    yield from title_change(Thing.SCALE, new.code, old.title, new.title, still_used, language)
    for level in new.levels:
        mine, place = old.level(level.ordinal), f"{new.code}.{level.ordinal}"
        if mine is not None:
            yield from title_change(Thing.SCALE, place, mine.label, level.label, still_used, language)
            yield from text_change(Thing.SCALE, place, mine.anchor, level.anchor, still_used, language)
    before, after = ([each.key for each in scale.levels] for scale in (old, new))
    if before != after:
        yield Change(
            thing=Thing.SCALE,
            what=What.LEVEL,
            where=new.code,
            kind=ChangeClass.MINOR,
            before=", ".join(before),
            after=", ".join(after),
            why="what that means for ratings stands under each competency",
        )


def _questions(
    before: Content, after: Content, renamed: Mapping[str, str], language: str
) -> Iterator[Change]:
    old = Counter(
        replace(each, competency=renamed.get(each.competency, each.competency)) for each in before.questions
    )
    new = Counter(after.questions)
    for what, more in ((What.REMOVED, old - new), (What.ADDED, new - old)):
        for each in more.elements():
            said = say(each.text, language)
            yield Change(
                thing=Thing.QUESTION,
                what=what,
                where=each.competency,
                kind=ChangeClass.MINOR,
                before=said if what is What.REMOVED else "",
                after=said if what is What.ADDED else "",
            )


def _pointers(before: Content, after: Content, renamed: Mapping[str, str]) -> Iterator[Change]:
    """Return the pointers that came or went: what is rated does not follow them."""
    old = Counter(replace(each, of=renamed.get(each.of or "", each.of)) for each in before.pointers)
    new = Counter(after.pointers)
    for what, more in ((What.REMOVED, old - new), (What.ADDED, new - old)):
        for each in more.elements():
            said = f"{each.kind} {each.target}"
            yield Change(
                thing=Thing.POINTER,
                what=what,
                where=each.of or after.framework.code,
                kind=ChangeClass.EDITORIAL,
                before=said if what is What.REMOVED else "",
                after=said if what is What.ADDED else "",
                why="it is kept, and never followed",
            )
