"""Mapping: which old code goes on under which new one, as a person confirms.

A draft keeps its mapping from the published version before it. Without a
confirmed link for every major change, split, merge and new code it is not
published; with the version the mapping freezes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from sqlalchemy import bindparam, delete, insert, select

from talenthub.access.rules import Decision
from talenthub.errors import FileError, Problem, unknown
from talenthub.framework.changes import Change, ChangeClass, Difference, Link, Thing, What
from talenthub.framework.content import Content
from talenthub.framework.diff import difference, successions
from talenthub.framework.library import FrameworkVersion, Status, content, versions
from talenthub.framework.rights import require, right_verdict
from talenthub.framework.tables import framework_mapping
from talenthub.storage.transaction import Transaction
from talenthub.verdict import Verdict, allow, refuse

_of_version = (
    select(framework_mapping)
    .where(framework_mapping.c.version_id == bindparam("of_version"))
    .order_by(framework_mapping.c.position)
)
_delete = delete(framework_mapping).where(framework_mapping.c.version_id == bindparam("of_version"))
_insert = insert(framework_mapping)


@dataclass(frozen=True, slots=True)
class Pair:
    """A version and the one it succeeds."""

    before: FrameworkVersion
    after: FrameworkVersion


def predecessor(tx: Transaction, draft: FrameworkVersion) -> FrameworkVersion | None:
    """Return the version that publishing `draft` supersedes, if one."""
    published = [each for each in versions(tx, draft.code) if each.status is Status.PUBLISHED]
    return next((each for each in published if each.id != draft.id), None)


def mapping_of(tx: Transaction, version_id: int) -> tuple[Link, ...]:
    """Return the links that a version keeps, in the order of its file."""
    return tuple(
        Link(
            old=row.old,
            new=row.new,
            kind=ChangeClass(row.kind),
            strength=Fraction(row.strength),
            confirmed=row.confirmed,
            why=row.why,
        )
        for row in tx.rows(_of_version, {"of_version": version_id})
    )


def compare(tx: Transaction, before: FrameworkVersion, after: FrameworkVersion) -> Difference:
    """Return what differs between two versions, told by the mapping kept."""
    return difference(content(tx, before.id), content(tx, after.id), mapping_of(tx, after.id))


def keep_mapping(
    tx: Transaction, pair: Pair, links: Sequence[Link], *, right: Decision | None = None
) -> Difference:
    """Keep `links` with a draft; return the difference as they tell it.

    FileError lists all that is wrong with them, Refused if the version is
    no draft any more, NotPermitted without the right.
    """
    draft = pair.after
    is_draft = Verdict(draft.status is Status.DRAFT, f"it is {draft.status}", name="draft", kind="state")
    require(
        (right_verdict(tx, right), is_draft), f"the mapping of {draft.name} cannot change", "framework.map"
    )
    before, after = content(tx, pair.before.id), content(tx, draft.id)
    problems = list(faults(before, after, links))
    if problems:
        raise FileError.of(problems)
    tx.write(_delete, {"of_version": draft.id})
    tx.write(_insert, [_row(draft.id, pair.before.id, at, each) for at, each in enumerate(links)])
    return difference(before, after, links)


def faults(before: Content, after: Content, links: Sequence[Link]) -> Iterator[Problem]:
    """Return what is wrong with a mapping between two versions."""
    old, new = [each.code for each in before.competencies], [each.code for each in after.competencies]
    from_old: defaultdict[str, list[Link]] = defaultdict(list)
    into_new: defaultdict[str | None, list[Link]] = defaultdict(list)
    for each in links:
        from_old[each.old].append(each)
        into_new[each.new].append(each)
    for number, each in enumerate(links, start=1):
        place = f"row {number}"
        if not before.has_competency(each.old):
            yield unknown("competency of the old version", each.old, old, place=place)
        if each.new is not None and not after.has_competency(each.new):
            yield unknown("competency of the new version", each.new, new, place=place)
        same_new = into_new[each.new] if each.new is not None else []
        yield from _shape_faults(place, each, from_old[each.old], same_new, after)
    yield from _understated(before, after, links)


def _shape_faults(
    place: str, link: Link, same_old: Sequence[Link], same_new: Sequence[Link], after: Content
) -> Iterator[Problem]:
    if same_old.count(link) > 1 or len({each.new for each in same_old}) < len(same_old):
        yield _fault(place, f"{link.old} to {link.new} stands twice")
    if (link.new is None) != (link.kind is ChangeClass.RETIRE):
        yield _fault(place, f"{link.old}: a retired competency has no new code, and any other has one")
    if link.kind is ChangeClass.RETIRE and after.has_competency(link.old):
        yield _fault(place, f"{link.old} is in the new version: it is not retired")
    if link.kind is ChangeClass.SPLIT and len(same_old) < 2:
        yield _fault(place, f"a split of {link.old} names at least two new codes")
    if link.kind is ChangeClass.MERGE and len(same_new) < 2:
        yield _fault(place, f"a merge into {link.new} names at least two old codes")
    if link.kind is not ChangeClass.SPLIT and len(same_old) > 1:
        yield _fault(place, f"{link.old} has several new codes: that is a split")
    if not 0 <= link.strength <= 1:
        yield _fault(place, f"{link.old}: a strength is 0 to 1, not {link.strength}")


def _understated(before: Content, after: Content, links: Sequence[Link]) -> Iterator[Problem]:
    """Return the links that call editorial what has other words."""
    claimed = {each.new or "": at for at, each in enumerate(links, 1) if each.kind is ChangeClass.EDITORIAL}
    said = [replace(each, confirmed=True) for each in links]
    heavy: dict[str, Change] = {}
    for change in difference(before, after, said).changes if claimed else ():
        if change.kind is not ChangeClass.EDITORIAL and (code := _code_within(change, claimed)) is not None:
            heavy.setdefault(code, change)
    for code, number in claimed.items():
        if code in heavy:
            found = heavy[code]
            text = f"{links[number - 1].old} is no editorial change: {found.where}: {found.why}"
            yield _fault(f"row {number}", text, allowed="minor or major")


def _code_within(change: Change, codes: Container[str]) -> str | None:
    """Return of which competency a change alters the words; None: of none."""
    is_name = change.what in (What.RENAMED, What.RENAMED_PERHAPS)
    is_words = change.thing in (Thing.COMPETENCY, Thing.DESCRIPTOR, Thing.INDICATOR)
    if is_name or not is_words:
        return None
    parts = change.where.split(".")  # a code may hold dots
    before_dots = (".".join(parts[:length]) for length in range(1, len(parts) + 1))
    return next((each for each in before_dots if each in codes), None)


def mapped(tx: Transaction, draft: FrameworkVersion, held: Content) -> Verdict:
    """Return whether the mapping of a draft says all that publishing needs."""
    before = predecessor(tx, draft)
    if before is None:
        return allow("there is no version before")
    links = successions(content(tx, before.id), held, mapping_of(tx, draft.id))
    missing = [each for each in links if each.is_unconfirmed]
    if not missing:
        return allow("the mapping is complete")
    many = "1 change is" if len(missing) == 1 else f"{len(missing)} changes are"
    return refuse(
        f"{many} not confirmed: "
        + ", ".join(map(str, missing[:MOST_NAMED]))
        + ("…" if len(missing) > MOST_NAMED else ""),
        *(f"{each}: {each.why}" if each.why else str(each) for each in missing),
        mend=f"talent framework map {draft.code} --to mapping.csv, confirm each row, then --from mapping.csv",
    )


MOST_NAMED = 5
"""So many links a refusal names in its sentence; it details all."""


def _row(version_id: int, before_id: int, position: int, link: Link) -> dict[str, object]:
    return {
        "version_id": version_id,
        "position": position,
        "before_id": before_id,
        "old": link.old,
        "new": link.new,
        "kind": link.kind.value,
        "strength": str(link.strength),
        "confirmed": link.confirmed,
        "why": link.why,
    }


def _fault(place: str, text: str, allowed: str | None = None) -> Problem:
    return Problem(text=text, place=place, allowed=allowed, code="framework.mapping")
