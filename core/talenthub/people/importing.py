"""Importing people, units and posts from CSV or a workbook: all or nothing.

The same files twice change nothing the second time. An empty cell and an
absent column leave a field as it is, `-` empties it. Grants are only added.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TypeVar

from sqlalchemy import text

from talenthub.errors import NotPermitted, Problem, UsageError
from talenthub.people import tables
from talenthub.people.access import require_grant
from talenthub.people.filerows import FileRow, Problems
from talenthub.people.filetables import is_workbook, read_pages, read_rows
from talenthub.people.grants import CORE_GRANTS, require_giver
from talenthub.people.import_persons import PEOPLE, plan_people
from talenthub.people.import_plan import Change, KnownRole, Picture, Plan, begin_plan, check_loops
from talenthub.people.import_structure import POSTS, UNITS, plan_posts, plan_units
from talenthub.people.import_writing import new_grants, write_changes
from talenthub.people.organisation import NewPerson, NewPost, NewUnit, ids_by
from talenthub.storage.transaction import Transaction

IMPORTERS = ("hr_officer", "hr_head", "admin")
"""Grants, held everywhere, whose holders may import."""

New = TypeVar("New", NewUnit, NewPost, NewPerson)


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did, or would do in a dry run."""

    changes: tuple[Change, ...]
    unchanged: int = 0
    """Rows that say what is so already."""

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
    """Import the files given; ImportFaults names every problem in them.

    A workbook of people may hold the sheets Units and Posts as well. `roles`
    are those that posts may be for, `grants` the names that exist.
    """
    if people is None and units is None and posts is None:
        raise UsageError(Problem(text="name a file to import", code="import.nothing"))
    require_grant(tx, IMPORTERS, None, "importing people is not yours to do")
    _lock(tx)
    plan = begin_plan(tx, roles, grants)
    read = _read(plan.problems, people, units, posts)
    plan_units(plan, read.units)
    plan_posts(plan, read.posts)
    plan_people(plan, read.people)
    check_loops(plan, str(people or posts or units))
    plan.problems.raise_any()
    changes = tuple(_changes(plan.stored, plan.wanted))
    _check_rights(tx, plan, changes)
    write_changes(tx, plan, changes)
    return ImportReport(changes, _unchanged(read, changes))


@dataclass(frozen=True, slots=True)
class _Read:
    units: list[FileRow]
    posts: list[FileRow]
    people: list[FileRow]


def _read(problems: Problems, people: Path | None, units: Path | None, posts: Path | None) -> _Read:
    read = _Read([], [], [])
    for path, sheet, rows in ((units, UNITS, read.units), (posts, POSTS, read.posts)):
        if path is not None:
            rows += read_rows(path, sheet, problems)
    if people is not None and is_workbook(people):
        pages = read_pages(people, (PEOPLE, UNITS, POSTS), problems)
        for page, rows in (("People", read.people), ("Units", read.units), ("Posts", read.posts)):
            rows += pages.get(page, [])
    elif people is not None:
        read.people.extend(read_rows(people, PEOPLE, problems))
    return read


def _unchanged(read: _Read, changes: Iterable[Change]) -> int:
    changed = {(each.record, each.key) for each in changes}
    named = {("person", row.text("handle")) for row in read.people}
    named |= {("unit", row.text("code")) for row in read.units}
    named |= {("post", row.text("code")) for row in read.posts}
    return len(named - changed)


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
            names = tuple(e.name for e in fields(new) if getattr(old, e.name) != getattr(new, e.name))
            yield Change(record, key, _action(old, new, names), names)


def _action(
    old: NewUnit | NewPost | NewPerson, new: NewUnit | NewPost | NewPerson, names: tuple[str, ...]
) -> str:
    if not isinstance(old, NewPerson) or not isinstance(new, NewPerson):
        return "changed"
    if new.left_on is not None and old.kind != "leaver":
        return "left"
    return "moved" if "post" in names and old.post is not None else "changed"


def _check_rights(tx: Transaction, plan: Plan, changes: Iterable[Change]) -> None:
    if tx.actor.is_system:
        return
    ids = ids_by(tx, tables.person, "handle")
    given: set[str] = set()
    for each in changes:
        if each.record != "person":
            continue
        if ids.get(each.key, 0) in tx.actor.identities:
            mend = "have somebody else import that line"
            raise NotPermitted(
                Problem(text="nobody changes their own record", found=each.key, mend=mend, code="import.own")
            )
        given.update(name for name, _unit in new_grants(plan, each.key))
    for name in sorted(given):
        require_giver(tx, 0, name)
