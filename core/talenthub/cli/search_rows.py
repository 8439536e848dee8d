"""Rows of `talent search`; imported when the command runs, not for help."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import select

from talenthub.cli.base import Desk
from talenthub.cli.casework import about_words, name_of, people_of, read, state_words
from talenthub.cli.output import Column
from talenthub.framework.library import content, versions
from talenthub.framework.text import say
from talenthub.people import tables
from talenthub.people.directory import listed_select
from talenthub.storage.transaction import Transaction
from talenthub.workflow.engine import Engine
from talenthub.workflow.lookups import contains, matching_cases

COLUMNS = (Column("kind"), Column("ref"), Column("title"), Column("more"))
Row = dict[str, Any]


def print_found(desk: Desk, text: str, limit: int) -> None:
    """Print what holds `text`; nothing and nothing-to-see look the same."""
    rows = read(desk, lambda engine, tx: list(_all(engine, tx, text, limit)))
    if rows or not desk.for_people:
        desk.emit(rows, COLUMNS)
    if rows:
        desk.say(
            f"Details: talent show {rows[0]['ref']}" if rows[0]["kind"] in _SHOWN else f"{len(rows)} found"
        )
    else:
        desk.say("Nothing found, or nothing that is yours to see.")


_SHOWN = ("case", "person", "post", "unit")


def _all(engine: Engine, tx: Transaction, text: str, limit: int) -> Iterator[Row]:
    yield from _cases(engine, tx, text, limit)
    yield from _persons(tx, text, limit)
    yield from _named(tx, "post", tables.post.c.code, tables.post.c.title, text, limit)
    yield from _named(tx, "unit", tables.unit.c.code, tables.unit.c.name, text, limit)
    yield from _framework(tx, text, limit)


def _cases(engine: Engine, tx: Transaction, text: str, limit: int) -> Iterator[Row]:
    found = matching_cases(tx, engine.catalogue, text, limit=limit)
    people = people_of(tx, [each.case.subject for each in found])
    for each in found:
        loaded = engine.catalogue.find_for(each.case)
        title = about_words(each.case, name_of(people, each.case.subject))
        yield _row("case", each.case.ref, title, state_words(loaded, each.case))


def _persons(tx: Transaction, text: str, limit: int) -> Iterator[Row]:
    person = tables.person
    statement = (
        select(person.c.handle, person.c.name, person.c.kind)
        .where(contains(person.c.name, text) | contains(person.c.handle, text))
        .order_by(person.c.handle)
        .limit(limit)
    )
    if not tx.actor.is_system:
        statement = statement.where(person.c.id.in_(listed_select(tx)))
    for row in tx.rows(statement):
        yield _row("person", row.handle, row.name, row.kind)


def _named(tx: Transaction, kind: str, code: Any, title: Any, text: str, limit: int) -> Iterator[Row]:
    statement = select(code.label("code"), title.label("title"))
    matching = statement.where(contains(code, text) | contains(title, text)).order_by(code).limit(limit)
    for row in tx.rows(matching):
        yield _row(kind, row.code, row.title, "")


def _framework(tx: Transaction, text: str, limit: int) -> Iterator[Row]:
    """Return roles and competencies of the versions that are published."""
    words = text.casefold()
    for version in versions(tx):
        if version.status != "published":
            continue
        held = content(tx, version.id)
        language = held.framework.language
        for kind, items in (("role", held.roles), ("competency", held.competencies)):
            matching = [
                (each.code, say(each.title, language))
                for each in items
                if words in each.code.casefold() or words in (say(each.title, language)).casefold()
            ]
            for code, title in matching[:limit]:
                yield _row(kind, code, title, version.code)


def _row(kind: str, ref: str, title: str, more: str) -> Row:
    return {"kind": kind, "ref": ref, "title": title, "more": more}
