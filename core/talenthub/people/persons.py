"""Persons: one identity for life, found by handle, id or login."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Row, Select, bindparam, insert, or_, select

from talenthub.errors import NotFound, Problem, Refused, UsageError, nearest, unknown
from talenthub.people import tables
from talenthub.people.directory import listed_select
from talenthub.people.ids import ids_parameter, rows_of
from talenthub.storage.transaction import Transaction

_SIGN = r"[^@\s,;:<>()\[\]\"\\\x00-\x1f\x7f-\x9f]"
"""A sign of an address; the others would make two of it, or a name and another one."""
EMAIL = re.compile(rf"{_SIGN}+@{_SIGN}+\.(?:(?!\.){_SIGN})+")
LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
HANDLE = re.compile(r"[a-z0-9]+(?:[.-][a-z0-9]+)*")
"""`amara.okoye`: small letters and digits, parts joined by dot or hyphen."""

_LETTERS = str.maketrans({"ß": "ss", "æ": "ae", "ø": "o", "đ": "d", "ð": "d", "ł": "l", "þ": "th", "œ": "oe"})
_LETTERS[ord("ı")] = "i"

_FIELDS = tuple(tables.person.c[name] for name in ("id", "handle", "name", "kind", "email", "language"))
_by_handle = select(*_FIELDS).where(tables.person.c.handle == bindparam("handle"))
_by_ids = select(*_FIELDS).where(tables.person.c.id.in_(ids_parameter()))
_by_login = select(*_FIELDS).where(tables.person.c.login == bindparam("login"))
_clash = select(tables.person.c.handle, tables.person.c.login).where(
    or_(tables.person.c.handle == bindparam("handle"), tables.person.c.login == bindparam("login"))
)


@dataclass(frozen=True, slots=True)
class Person:
    """One human being, whatever they are to the organisation today."""

    id: int
    handle: str
    """How people name the person on the command line: `amara.okoye`."""
    name: str
    kind: str
    """candidate, employee, leaver or external."""
    email: str | None
    language: str


def person(tx: Transaction, handle: str) -> Person:
    """Return the person with `handle`; NotFound names the nearest match."""
    row = tx.row(_by_handle, {"handle": handle.strip().lower()})
    if row is None:
        raise NotFound(unknown_person(tx, handle))
    return _person(row)


def known_person(tx: Transaction, handle: str) -> Person:
    """Return the person with `handle` if the actor may know of them.

    Otherwise NotFound, the same as for a handle that nobody has.
    """
    found = person(tx, handle)
    if tx.row(listed_select(tx).where(tables.person.c.id == found.id)) is None:
        raise NotFound(unknown_person(tx, handle))
    return found


def persons(tx: Transaction, ids: Collection[int]) -> dict[int, Person]:
    """Return the persons with these ids, by id."""
    return {row.id: _person(row) for row in rows_of(tx, _by_ids, ids)}


def person_of_login(tx: Transaction, login: str) -> Person | None:
    """Return who signs in as `login`, or None; a leaver has no login."""
    row = tx.row(_by_login, {"login": login})
    return None if row is None else _person(row)


def add_person(
    tx: Transaction,
    name: str,
    *,
    kind: str = "candidate",
    handle: str | None = None,
    email: str | None = None,
    login: str | None = None,
    language: str = "en",
    site: str | None = None,
) -> Person:
    """Add a person and return it; without `handle` one is made of the name."""
    if not name.strip():
        raise UsageError(Problem(text="a person needs a name", code="people.no-name"))
    if kind not in tables.KINDS:
        raise UsageError(unknown("kind of person", kind, tables.KINDS))
    check_email(email)
    check_language(language)
    chosen = handle_for(name, _taken(tx)) if handle is None else check_handle(handle)
    _refuse_clash(tx, chosen, login)
    new = insert(tables.person).values(
        handle=chosen,
        name=name.strip(),
        email=email,
        kind=kind,
        login=login,
        language=language,
        site=site,
        created_at=tx.now,
    )
    made: int = tx.value(new.returning(tables.person.c.id))
    return Person(made, chosen, name.strip(), kind, email, language)


def handle_for(name: str, taken: Collection[str]) -> str:
    """Return a free handle: both names, accents off, numbered if taken."""
    folded = unicodedata.normalize("NFKD", name.casefold().translate(_LETTERS))
    words = re.findall(r"[a-z0-9]+", "".join(each for each in folded if not unicodedata.combining(each)))
    base = ".".join((words[0], words[-1]) if len(words) > 1 else words)[:60].strip(".") or "person"
    handle, number = base, 1
    while handle in taken:
        number += 1
        handle = f"{base}.{number}"
    return handle


def check_handle(handle: str) -> str:
    """Return `handle` if it is well formed; UsageError tells the form."""
    if len(handle) > 80 or not HANDLE.fullmatch(handle):
        raise UsageError(
            Problem(
                text="this is no handle",
                found=handle[:80],
                allowed="small letters a-z and digits, joined by dots or hyphens",
                code="people.handle",
            )
        )
    return handle


def check_email(email: str | None) -> str | None:
    """Return `email` if mail can be sent there; UsageError does not repeat it."""
    if email is not None and not EMAIL.fullmatch(email):
        raise UsageError(
            Problem(text="this is no e-mail address", allowed="name@example.org", code="people.email")
        )
    return email


def check_language(tag: str) -> str:
    """Return `tag` if it is a language tag; UsageError tells the form."""
    if not LANGUAGE.fullmatch(tag):
        raise UsageError(
            Problem(
                text="this is no language tag",
                found=tag[:80],
                allowed="a tag such as en or pt-BR",
                code="people.language",
            )
        )
    return tag


def handle_taken(handle: str) -> Refused:
    """Return the refusal of a handle that somebody has."""
    return _taken_by_another("handle", handle)


def _taken_by_another(word: str, found: str | None) -> Refused:
    return Refused(
        Problem(
            text=f"this {word} belongs to somebody already",
            found=found,
            mend="choose another; a person who returns keeps the old one",
            code=f"people.{word}-taken",
        )
    )


def unknown_person(tx: Transaction, handle: str) -> Problem:
    """Return the problem of an unknown handle; names only the known."""
    known = [row.handle for row in tx.rows(_handles(tx))]
    return nobody_called(handle, _likely(handle.strip().lower(), known))


def nobody_called(handle: str, close: str | None) -> Problem:
    """Return the problem of a handle that nobody has, and who may be meant."""
    several = any(mark in handle for mark in ",;")
    return Problem(
        text="unknown person",
        found=handle,
        nearest=close,
        mend="name one person each, and no list" if several else "talent people list shows the handles",
        code="unknown-person",
    )


def _likely(word: str, known: Collection[str]) -> str | None:
    """Return the handle that is meant: first those with such a name in them."""
    named = [each for each in known if word in each.split(".")]
    return nearest(word, named) or min(named, default=None) or nearest(word, known)


def _handles(tx: Transaction) -> Select[str]:
    return select(tables.person.c.handle).where(tables.person.c.id.in_(listed_select(tx)))


def _taken(tx: Transaction) -> set[str]:
    return {row.handle for row in tx.rows(select(tables.person.c.handle))}


def _refuse_clash(tx: Transaction, handle: str, login: str | None) -> None:
    for row in tx.rows(_clash, {"handle": handle, "login": login}):
        raise handle_taken(handle) if row.handle == handle else _taken_by_another("login", login)


def _person(row: Row[tuple[int, str, str, str, str | None, str]]) -> Person:
    return Person(row.id, row.handle, row.name, row.kind, row.email, row.language)
