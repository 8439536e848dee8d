"""Importing people, units and posts from CSV: all of it or nothing.

The same files twice change nothing the second time. An empty cell and an
absent column leave a field as it is, `-` empties it. Grants are only added.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Table, bindparam, text, update

from talenthub.errors import NotPermitted, Problem, UsageError
from talenthub.people import tables
from talenthub.people.access import require_grant
from talenthub.people.changes import replace_line
from talenthub.people.csvfiles import read_csv
from talenthub.people.days import lasting
from talenthub.people.grants import CORE_GRANTS, require_giver
from talenthub.people.import_persons import PEOPLE, plan_people
from talenthub.people.import_plan import KnownRole, Picture, Plan, begin_plan, check_loops
from talenthub.people.import_structure import POSTS, UNITS, plan_posts, plan_units
from talenthub.people.organisation import (
    NewPerson,
    NewPost,
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

IMPORTERS = ("hr_officer", "hr_head", "admin")
"""Grants, held everywhere, whose holders may import."""

New = TypeVar("New", NewUnit, NewPost, NewPerson)

_PERSON_COLUMNS = ("name", "email", "kind", "login", "language", "site")


@dataclass(frozen=True, slots=True)
class Change:
    """One record that an import adds or changes."""

    record: str
    """unit, post or person."""
    key: str
    """Its code or handle."""
    action: str
    """added or changed."""
    fields: tuple[str, ...] = ()
    """What changed of a record that was there."""


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did, or would do in a dry run."""

    changes: tuple[Change, ...]

    @property
    def counts(self) -> dict[str, int]:
        """Return how many of each: `{"person added": 12}`."""
        return dict(Counter(f"{each.record} {each.action}" for each in self.changes))


def import_files(
    tx: Transaction,
    *,
    people: Path | None = None,
    units: Path | None = None,
    posts: Path | None = None,
    roles: Iterable[KnownRole] = (),
    grants: Collection[str] = tuple(CORE_GRANTS),
) -> ImportReport:
    """Import the files given; FileError names every problem in them.

    `roles` are those that posts may be for, `grants` the names that exist.
    """
    if people is None and units is None and posts is None:
        raise UsageError(Problem(text="name a file to import", code="import.nothing"))
    require_grant(tx, IMPORTERS, None, "importing people is not yours to do")
    _lock(tx)
    plan = begin_plan(tx, roles, grants)
    if units is not None:
        plan_units(plan, read_csv(units, UNITS, plan.problems))
    if posts is not None:
        plan_posts(plan, read_csv(posts, POSTS, plan.problems))
    if people is not None:
        plan_people(plan, read_csv(people, PEOPLE, plan.problems))
    check_loops(plan, str(people or posts or units))
    plan.problems.raise_any()
    changes = tuple(_changes(plan.stored, plan.wanted))
    _check_rights(tx, plan, changes)
    _apply(tx, plan, changes)
    return ImportReport(changes)


def _lock(tx: Transaction) -> None:
    # Two imports at once would each plan from what the other is changing.
    if not tx.is_sqlite:
        tx.connection.execute(text("LOCK TABLE person, post, unit, assignment IN SHARE ROW EXCLUSIVE MODE"))


def _changes(stored: Picture, wanted: Picture) -> Iterator[Change]:
    yield from _compared("unit", stored.units, wanted.units)
    yield from _compared("post", stored.posts, wanted.posts)
    yield from _compared("person", stored.people, wanted.people)


def _compared(record: str, stored: dict[str, New], wanted: dict[str, New]) -> Iterator[Change]:
    for key, new in wanted.items():
        old = stored.get(key)
        if old is None:
            yield Change(record, key, "added")
        elif old != new:
            names = (each.name for each in fields(new))
            yield Change(
                record, key, "changed", tuple(n for n in names if getattr(old, n) != getattr(new, n))
            )


def _check_rights(tx: Transaction, plan: Plan, changes: Iterable[Change]) -> None:
    if tx.actor.is_system:
        return
    ids = ids_by(tx, tables.person, "handle")
    for each in changes:
        if each.record != "person":
            continue
        person_id = ids.get(each.key, 0)
        if person_id in tx.actor.identities:
            mend = "have somebody else import that line"
            raise NotPermitted(
                Problem(text="nobody changes their own record", found=each.key, mend=mend, code="import.own")
            )
        for name, _unit in _new_grants(plan, each.key):
            require_giver(tx, person_id, name)


def _new_grants(plan: Plan, handle: str) -> list[tuple[str, str | None]]:
    old = plan.stored.people.get(handle)
    return [each for each in plan.wanted.people[handle].grants if old is None or each not in old.grants]


def _apply(tx: Transaction, plan: Plan, changes: Collection[Change]) -> None:
    added = {(each.record, each.key) for each in changes if each.action == "added"}
    touched = [each for each in changes if each.action == "changed"]
    wanted = plan.wanted
    write_units(tx, [each for code, each in wanted.units.items() if ("unit", code) in added])
    _update_units(tx, [wanted.units[each.key] for each in touched if each.record == "unit"])
    new_posts = [each for code, each in wanted.posts.items() if ("post", code) in added]
    write_posts(tx, new_posts)
    write_lines(tx, {each.code: (each.reports_to, each.since) for each in new_posts})
    _update_posts(tx, plan, [each for each in touched if each.record == "post"])
    write_persons(tx, [each for handle, each in wanted.people.items() if ("person", handle) in added])
    _update_persons(tx, plan, [each for each in touched if each.record == "person"])
    _seat(tx, plan, [each.key for each in changes if each.record == "person"])
    people = (each.key for each in changes if each.record == "person")
    write_grants(tx, [(handle, *grant) for handle in people for grant in _new_grants(plan, handle)])


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
    posts = ids_by(tx, tables.post, "code") if touched else {}
    new = [plan.wanted.posts[each.key] for each in touched]
    rows = [
        {"key": p.code, "title": p.title, "level": p.level, "critical": p.critical, "unit_id": units[p.unit]}
        for p in new
    ]
    _update(tx, tables.post, "code", rows)
    for each in touched:
        if "reports_to" in each.fields:
            above = plan.wanted.posts[each.key].reports_to
            replace_line(tx, posts[each.key], posts[above] if above is not None else None, tx.today)


def _update_persons(tx: Transaction, plan: Plan, touched: Collection[Change]) -> None:
    people = [plan.wanted.people[each.key] for each in touched if set(each.fields) & set(_PERSON_COLUMNS)]
    # A login may go from one person to another in one file: free all first.
    _update(tx, tables.person, "handle", [{"key": each.handle, "login": None} for each in people])
    rows = [{"key": each.handle} | {name: getattr(each, name) for name in _PERSON_COLUMNS} for each in people]
    _update(tx, tables.person, "handle", rows)
    returned = [
        {"key": each.handle, "closed_on": None}
        for each in people
        if each.kind != "leaver" and plan.stored.people[each.handle].kind == "leaver"
    ]
    _update(tx, tables.person, "handle", returned)


def _update(tx: Transaction, table: Table, column: str, rows: Sequence[Mapping[str, object]]) -> None:
    if rows:
        names = [name for name in rows[0] if name != "key"]
        change = update(table).where(table.c[column] == bindparam("key"))
        tx.write(
            change.values({name: bindparam(f"new_{name}") for name in names}), [_renamed(row) for row in rows]
        )


def _renamed(row: Mapping[str, object]) -> dict[str, object]:
    return {name if name == "key" else f"new_{name}": value for name, value in row.items()}


def _seat(tx: Transaction, plan: Plan, handles: Collection[str]) -> None:
    old, new = plan.stored.people, plan.wanted.people
    seated = [each for each in handles if each not in old or old[each].post != new[each].post]
    if not seated:
        return
    people, posts = ids_by(tx, tables.person, "handle"), ids_by(tx, tables.post, "code")
    ends = [{"person": people[each], "day": new[each].since} for each in seated if each in old]
    seat = tables.assignment
    tx.write(
        update(seat)
        .where(seat.c.person_id == bindparam("person"), lasting(seat))
        .values(until=bindparam("day")),
        ends,
    )
    write_seats(tx, [(each, new[each].post, new[each].since) for each in seated])
    filled = {each.post for each in new.values()}
    for handle in seated:
        if handle in old:
            _announce(tx, old[handle], new[handle], people[handle])
            if (left := old[handle].post) is not None and left not in filled:
                announce(
                    tx,
                    HubEvent(
                        "post.vacated", "post", posts[left], {"post": left, "since": _iso(new[handle].since)}
                    ),
                )


def _announce(tx: Transaction, old: NewPerson, new: NewPerson, person_id: int) -> None:
    """Tell of moves and hires; whoever is new in the system was there before it."""
    kind = "person.moved" if old.kind == "employee" else "person.hired"
    announce(tx, HubEvent(kind, "person", person_id, {"post": new.post, "since": _iso(new.since)}))


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
