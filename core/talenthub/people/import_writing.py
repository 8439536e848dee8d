"""Writing what an import wants: so many statements, however long the files."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date

from sqlalchemy import Date, Integer, Table, bindparam, case, update

from talenthub.people import tables
from talenthub.people.days import lasting
from talenthub.people.import_plan import Change, Plan
from talenthub.people.organisation import (
    NewPerson,
    NewUnit,
    ids_by,
    write_grants,
    write_lines,
    write_persons,
    write_posts,
    write_seats,
    write_units,
)
from talenthub.storage.hub import HubEvent, announce
from talenthub.storage.transaction import Transaction

_PERSON_COLUMNS = ("name", "email", "kind", "login", "language", "site")

_seat = tables.assignment
_day = bindparam("day", type_=Date)
_since = bindparam("since", type_=Date)
_person = bindparam("person", type_=Integer)
_line = tables.reporting_line

_end_seats = (
    update(_seat)
    .where(_seat.c.person_id == _person, lasting(_seat))
    .values(until=case((_seat.c.since > _day, _seat.c.since), else_=_day))
)
_end_grants = (
    update(tables.grant_held)
    .where(tables.grant_held.c.person_id == _person, lasting(tables.grant_held))
    .values(until=_day)
)
_end_deputies = (
    update(tables.deputy)
    .where((tables.deputy.c.person_id == _person) | (tables.deputy.c.deputy_id == _person))
    .where(tables.deputy.c.until > _day)
    .values(until=_day)
)
_end_lines = update(_line).where(_line.c.post_id == bindparam("post"), lasting(_line)).values(until=_day)


def new_grants(plan: Plan, handle: str) -> list[tuple[str, str | None]]:
    """Return the grants that a file gives a person: name and unit."""
    old = plan.stored.people.get(handle)
    return [each for each in plan.wanted.people[handle].grants if old is None or each not in old.grants]


def write_changes(tx: Transaction, plan: Plan, changes: Collection[Change]) -> None:
    """Write everything that is added and changed, and announce what moved."""
    added = {(each.record, each.key) for each in changes if each.action == "added"}
    touched = [each for each in changes if each.action != "added"]
    wanted = plan.wanted
    write_units(tx, [each for code, each in wanted.units.items() if ("unit", code) in added])
    _update_units(tx, [wanted.units[each.key] for each in touched if each.record == "unit"])
    new_posts = [each for code, each in wanted.posts.items() if ("post", code) in added]
    write_posts(tx, new_posts)
    write_lines(tx, {each.code: (each.reports_to, each.since) for each in new_posts})
    _update_posts(tx, plan, [each for each in touched if each.record == "post"])
    write_persons(tx, [each for handle, each in wanted.people.items() if ("person", handle) in added])
    _update_persons(tx, plan, [each for each in touched if each.record == "person"])
    people = [each.key for each in changes if each.record == "person"]
    _write_seats(tx, plan, people)
    write_grants(tx, [(handle, *grant) for handle in people for grant in new_grants(plan, handle)])


def _update_units(tx: Transaction, units: Collection[NewUnit]) -> None:
    ids = ids_by(tx, tables.unit, "code") if units else {}
    rows = [
        {
            "key": each.code,
            "name": each.name,
            "parent_id": ids[each.parent] if each.parent is not None else None,
            "function": each.function,
            "site": each.site,
        }
        for each in units
    ]
    _update(tx, tables.unit, "code", rows)


def _update_posts(tx: Transaction, plan: Plan, touched: Collection[Change]) -> None:
    units = ids_by(tx, tables.unit, "code") if touched else {}
    new = [plan.wanted.posts[each.key] for each in touched]
    rows = [
        {"key": p.code, "title": p.title, "level": p.level, "critical": p.critical, "unit_id": units[p.unit]}
        for p in new
    ]
    _update(tx, tables.post, "code", rows)
    turned = [each for each, change in zip(new, touched, strict=True) if "reports_to" in change.fields]
    posts = ids_by(tx, tables.post, "code") if turned else {}
    tx.write(_end_lines, [{"post": posts[each.code], "day": tx.today} for each in turned])
    write_lines(tx, {each.code: (each.reports_to, tx.today) for each in turned})


def _update_persons(tx: Transaction, plan: Plan, touched: Collection[Change]) -> None:
    people = [plan.wanted.people[each.key] for each in touched if set(each.fields) & set(_PERSON_COLUMNS)]
    # A login may go from one person to another in one file: free all first.
    _update(tx, tables.person, "handle", [{"key": each.handle, "login": None} for each in people])
    rows = [{"key": each.handle} | {name: getattr(each, name) for name in _PERSON_COLUMNS} for each in people]
    _update(tx, tables.person, "handle", rows)
    closed = [
        {"key": each.key, "closed_on": plan.wanted.people[each.key].left_on}
        for each in touched
        if "left_on" in each.fields
    ]
    _update(tx, tables.person, "handle", closed)


def _update(tx: Transaction, table: Table, column: str, rows: Sequence[Mapping[str, object]]) -> None:
    if rows:
        names = [name for name in rows[0] if name != "key"]
        change = update(table).where(table.c[column] == bindparam("key"))
        tx.write(
            change.values({name: bindparam(f"new_{name}") for name in names}), [_renamed(row) for row in rows]
        )


def _renamed(row: Mapping[str, object]) -> dict[str, object]:
    return {name if name == "key" else f"new_{name}": value for name, value in row.items()}


def _write_seats(tx: Transaction, plan: Plan, handles: Collection[str]) -> None:
    old, new = plan.stored.people, plan.wanted.people
    left = [each for each in handles if each in old and old[each].kind != "leaver" and new[each].left_on]
    gone = set(left)
    seated = [each for each in handles if each not in gone and _is_reseated(old.get(each), new[each])]
    if not seated and not left:
        return
    people = ids_by(tx, tables.person, "handle")
    ends = [{"person": people[each], "day": new[each].left_on} for each in left]
    for statement in (_end_grants, _end_deputies):
        tx.write(statement, ends)
    ends += [{"person": people[each], "day": new[each].since} for each in seated if each in old]
    tx.write(_end_seats, ends)
    write_seats(tx, [(each, new[each].post, new[each].since) for each in seated])
    announce(tx, *_told(tx, plan, people, [*seated, *left]))


def _is_reseated(old: NewPerson | None, new: NewPerson) -> bool:
    return new.post is not None and (old is None or old.post != new.post)


def _told(
    tx: Transaction, plan: Plan, people: Mapping[str, int], handles: Sequence[str]
) -> Iterator[HubEvent]:
    """Yield the moves, hires and leavings, and the posts left empty.

    Whoever is new in the system was there before it: nothing is told.
    """
    old, new = plan.stored.people, plan.wanted.people
    posts = ids_by(tx, tables.post, "code")
    filled = {each.post for each in new.values()}
    for handle in handles:
        before, after = old.get(handle), new[handle]
        if before is None:
            continue
        since = after.left_on or after.since
        empty = before.post is not None and before.post not in filled
        yield _fact(before, after, people[handle], vacated=int(empty))
        if before.post is not None and empty:
            facts = {"post": before.post, "since": _iso(since)}
            yield HubEvent("post.vacated", "post", posts[before.post], facts)


def _fact(old: NewPerson, new: NewPerson, person_id: int, *, vacated: int) -> HubEvent:
    if new.left_on is not None:
        return HubEvent("person.left", "person", person_id, {"on": _iso(new.left_on), "posts": vacated})
    kind = "person.moved" if old.kind == "employee" else "person.hired"
    return HubEvent(kind, "person", person_id, {"post": new.post, "since": _iso(new.since)})


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
