"""Finding and adding many persons in as many statements as one takes."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from sqlalchemy import bindparam, insert, select

from talenthub.errors import NotFound, Problem, TalentError, UsageError
from talenthub.people import tables
from talenthub.people.directory import listed_select
from talenthub.people.filerows import Lookalikes
from talenthub.people.organisation import NewPerson
from talenthub.people.persons import (
    Person,
    check_email,
    check_handle,
    check_language,
    handle_for,
    handle_taken,
    nobody_called,
)
from talenthub.storage.transaction import Transaction

_FIELDS = ("id", "handle", "name", "kind", "email", "language")
_named = select(*(tables.person.c[each] for each in _FIELDS)).where(
    tables.person.c.handle.in_(bindparam("handles", expanding=True))
)
_handles = select(tables.person.c.handle)
_add = insert(tables.person).returning(tables.person.c.id, tables.person.c.handle)


def persons_named(tx: Transaction, handles: Collection[str]) -> dict[str, Person | NotFound]:
    """Return persons by the handles given, or who is meant by an unknown one."""
    words = {each: each.strip().lower() for each in handles}
    if not words:
        return {}
    rows = tx.rows(_named, {"handles": sorted(set(words.values()))})
    found = {row.handle: Person(**row._mapping) for row in rows}
    missing = [each for each, handle in words.items() if handle not in found]
    unknown = _unknown(tx, missing) if missing else {}
    return {each: unknown[each] if each in unknown else found[handle] for each, handle in words.items()}


def add_persons(tx: Transaction, newcomers: Sequence[NewPerson]) -> list[Person | TalentError]:
    """Add persons without posts; return each, or what is wrong with it.

    All are added, or none. An empty handle is made of the name.
    """
    taken = {row.handle for row in tx.rows(_handles)} if newcomers else set()
    told = [_checked(each, taken) for each in newcomers]
    people = [each for each in told if isinstance(each, Person)]
    if len(people) < len(told) or not people:
        return list(told)
    rows = [
        {**{name: getattr(each, name) for name in _FIELDS[1:]}, "site": one.site, "created_at": tx.now}
        for each, one in zip(people, newcomers, strict=True)
    ]
    ids = {row.handle: row.id for row in tx.rows(_add, rows)}
    return [replace(each, id=ids[each.handle]) for each in people]


def _checked(newcomer: NewPerson, taken: set[str]) -> Person | TalentError:
    """Return a new person, whose handle is now taken; or what is wrong."""
    name = newcomer.name.strip()
    try:
        if not name:
            raise UsageError(Problem(text="a person needs a name", code="people.no-name"))
        check_email(newcomer.email)
        check_language(newcomer.language)
        handle = check_handle(newcomer.handle) if newcomer.handle else handle_for(name, taken)
        if handle in taken:
            raise handle_taken(handle)
    except TalentError as fault:
        return fault
    taken.add(handle)
    return Person(0, handle, name, newcomer.kind, newcomer.email, newcomer.language)


def _unknown(tx: Transaction, handles: Collection[str]) -> dict[str, NotFound]:
    """Return the faults of handles nobody has; they name only the known."""
    known = [row.handle for row in tx.rows(_handles.where(tables.person.c.id.in_(listed_select(tx))))]
    likely = Lookalikes()
    return {each: NotFound(nobody_called(each, likely.nearest(each, known))) for each in handles}
