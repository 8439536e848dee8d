"""Roles: what changed in them, and in what they ask for."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping

from talenthub.framework.changes import Change, ChangeClass, Thing, What
from talenthub.framework.content import Content
from talenthub.framework.diff_links import Features, features, propose
from talenthub.framework.diff_texts import detail_changes, text_change, title_change
from talenthub.framework.diff_words import word_list
from talenthub.framework.model import Requirement, Role, RoleLevel
from talenthub.framework.text import say

_DETAILS = ("family", "track", "headcount", "reports_to")
_ASKED = ("essential", "critical", "focus", "weight", "rationale")


def role_changes(
    before: Content, after: Content, renamed: Mapping[str, str], still_used: Container[str]
) -> Iterator[Change]:
    """Return what changed in roles; `renamed`: old competency code to new."""
    language = after.framework.language
    old = {each.code: each for each in before.roles}
    new = {each.code: each for each in after.roles}
    successors = _successors(old, new)
    for code, role in old.items():
        if code in successors:
            yield _perhaps(code, *successors[code])
        elif code not in new:
            yield _role_change(What.REMOVED, code, ChangeClass.RETIRE, before=say(role.title, language))
    taken = {code for code, _ in successors.values()}
    for code, role in new.items():
        if code not in old and code not in taken:
            yield _role_change(What.ADDED, code, ChangeClass.MINOR, after=say(role.title, language))
    for code, role in old.items():
        now = new.get(successors[code][0] if code in successors else code)
        if now is not None and role != now:
            yield from _role(role, now, renamed, still_used, language)


def _successors(old: Mapping[str, Role], new: Mapping[str, Role]) -> dict[str, tuple[str, float]]:
    """Return old code to new one and similarity, for roles much the same."""
    gone = {code: _features(each) for code, each in old.items() if code not in new}
    come = {code: _features(each) for code, each in new.items() if code not in old}
    return {
        each.old: (each.new, each.similarity)
        for each in (propose(gone, come) if gone and come else ())
        if each.new is not None and each.similarity is not None and each.kind not in _SEVERAL
    }


_SEVERAL = (ChangeClass.SPLIT, ChangeClass.MERGE)


def _features(role: Role) -> Features:
    texts = [role.title, role.purpose, *(each.purpose for each in role.levels)]
    asked = [f"{each.competency}:{each.level}" for level in role.levels for each in level.requirements]
    return features(asked, [word for text in texts for word in word_list(text)])


def _perhaps(code: str, now: str, similarity: float) -> Change:
    return Change(
        thing=Thing.ROLE,
        what=What.RENAMED_PERHAPS,
        where=code,
        kind=ChangeClass.MINOR,
        before=code,
        after=now,
        why="much the same role; move its posts if so",
        similarity=similarity,
    )


def _role(
    old: Role, new: Role, renamed: Mapping[str, str], still_used: Container[str], language: str
) -> Iterator[Change]:
    told = (still_used, language)
    yield from title_change(Thing.ROLE, new.code, old.title, new.title, *told)
    yield from text_change(Thing.ROLE, new.code, old.purpose, new.purpose, *told)
    yield from detail_changes(Thing.ROLE, new.code, old, new, _DETAILS, language)
    before, after = {each.code: each for each in old.levels}, {each.code: each for each in new.levels}
    if len(before) == len(after) == 1:  # the code of the only level is often the role's own
        yield from _level(new.code, old.levels[0], new.levels[0], renamed, *told)
        return
    for code in dict.fromkeys((*before, *after)):
        place = f"{new.code}.{code}"
        if code not in after:
            yield _role_change(
                What.REMOVED, place, ChangeClass.MINOR, before=say(before[code].title, language)
            )
        elif code not in before:
            yield _role_change(What.ADDED, place, ChangeClass.MINOR, after=say(after[code].title, language))
        else:
            yield from title_change(Thing.ROLE, place, before[code].title, after[code].title, *told)
            yield from _level(place, before[code], after[code], renamed, *told)


def _level(
    place: str,
    old: RoleLevel,
    new: RoleLevel,
    renamed: Mapping[str, str],
    still_used: Container[str],
    language: str,
) -> Iterator[Change]:
    yield from text_change(Thing.ROLE, place, old.purpose, new.purpose, still_used, language)
    yield from detail_changes(Thing.ROLE, place, old, new, ("organisational_level",), language)
    before = {renamed.get(each.competency, each.competency): each for each in old.requirements}
    after = {each.competency: each for each in new.requirements}
    for code in dict.fromkeys((*before, *after)):
        mine, yours, where = before.get(code), after.get(code), f"{place}.{code}"
        if mine is None or yours is None:
            yield _asked(What.ADDED if mine is None else What.REMOVED, where, mine, yours)
        else:
            if mine.level != yours.level:
                yield _asked(What.LEVEL, where, mine, yours)
            yield from detail_changes(Thing.REQUIREMENT, where, mine, yours, _ASKED, language)
    yield from _order(place, old, new, renamed)


def _order(place: str, old: RoleLevel, new: RoleLevel, renamed: Mapping[str, str]) -> Iterator[Change]:
    """Return the change of an order that counts, among what is in both."""
    for name in ("focus", "critical"):
        before = [renamed.get(each, each) for each in getattr(old, name)]
        after = list(getattr(new, name))
        stay = set(before) & set(after)
        kept = [each for each in before if each in stay], [each for each in after if each in stay]
        if kept[0] != kept[1]:
            yield Change(
                thing=Thing.ROLE,
                what=What.DETAIL,
                where=place,
                kind=ChangeClass.MINOR,
                before=", ".join(kept[0]),
                after=", ".join(kept[1]),
                why=f"the order of {name}",
            )


def _asked(what: What, where: str, old: Requirement | None, new: Requirement | None) -> Change:
    return Change(
        thing=Thing.REQUIREMENT,
        what=what,
        where=where,
        kind=ChangeClass.MINOR,
        before="" if old is None else f"level {old.level}",
        after="" if new is None else f"level {new.level}",
        why="the words that are rated stay",
    )


def _role_change(what: What, where: str, kind: ChangeClass, before: str = "", after: str = "") -> Change:
    return Change(thing=Thing.ROLE, what=what, where=where, kind=kind, before=before, after=after)
