"""The database itself refuses to change what was published."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError

from talenthub.access.rules import Decision
from talenthub.errors import StorageError
from talenthub.framework.content import Document
from talenthub.framework.library import content
from talenthub.framework.model import Pointer
from talenthub.framework.publishing import import_framework, publish, withdraw
from talenthub.framework.tables import CONTENT
from talenthub.storage.database import Database

MAY = Decision(True, "you hold framework_owner")
REFUSED = "never changes"


@pytest.fixture(name="harbourline")
def _pointing(harbourline: Document) -> Document:
    """Return the framework with a row in every table of content."""
    pointer = Pointer(of=None, kind="isRelatedTo", target="elsewhere")
    return replace(harbourline, content=replace(harbourline.content, pointers=(pointer,)))


@pytest.fixture
def frozen(begin: Any, harbourline: Document) -> int:
    with begin(1) as tx:
        made = import_framework(tx, harbourline, right=MAY).version
    with begin(2) as tx:
        publish(tx, made.id, right=MAY)
    return made.id


def attempt(database: Database, statement: str, **values: object) -> None:
    with database.begin() as connection:
        connection.execute(text(statement), values)


def columns(table: Any, **instead: str) -> tuple[str, str]:
    names = [each.name for each in table.c]
    return (
        ", ".join(f'"{each}"' for each in names),
        ", ".join(instead.get(each, f'"{each}"') for each in names),
    )


def test_no_row_of_its_content_changes(
    database: Database, begin: Any, harbourline: Document, frozen: int
) -> None:
    for state, table in itertools.product(("published", "superseded", "withdrawn"), CONTENT):
        attempt(database, "UPDATE framework_version SET status = :state WHERE status <> :state", state=state)
        names, copied = columns(table, position="position + 1000")
        for statement in (
            f'UPDATE "{table.name}" SET position = position + 1000',
            f'DELETE FROM "{table.name}"',
            f'INSERT INTO "{table.name}" ({names}) SELECT {copied} FROM "{table.name}"',
        ):
            with pytest.raises((DBAPIError, StorageError), match=REFUSED):
                attempt(database, statement)
    with begin() as tx:
        assert content(tx, frozen) == harbourline.content


CHANGES = (
    "title = '\"other\"'",
    "number = '9'",
    "content_hash = 'x'",
    "effective_from = '2030-01-01'",
    "published_by = 7",
    "last_edited_by = 7",
    "check_profile = 'lenient'",
    "licence = 'none'",
    "status = 'draft'",
    "id = id + 1",
)


def test_its_head_keeps_every_fact(database: Database, frozen: int) -> None:
    for change in CHANGES:
        with pytest.raises((DBAPIError, StorageError), match=REFUSED):
            attempt(database, f"UPDATE framework_version SET {change}")


def test_it_is_never_deleted_or_made_up(database: Database, frozen: int) -> None:
    for statement in ("DELETE FROM framework_version", "DELETE FROM framework"):
        with pytest.raises((DBAPIError, StorageError)):
            attempt(database, statement)
    from talenthub.framework.tables import framework_version

    names, copied = columns(framework_version, id="id + 1", number="'7'")
    with pytest.raises((DBAPIError, StorageError), match=REFUSED):
        attempt(
            database,
            f"INSERT INTO framework_version ({names}) SELECT {copied} FROM framework_version",
        )


def test_what_is_withdrawn_stays_withdrawn(database: Database, begin: Any, frozen: int) -> None:
    with begin(2) as tx:
        withdraw(tx, frozen, right=MAY)
    with pytest.raises((DBAPIError, StorageError), match=REFUSED):
        attempt(database, "UPDATE framework_version SET status = 'published'")


def test_replacing_or_truncating_is_no_way_around(database: Database, frozen: int) -> None:
    if database.is_sqlite:
        statements = [f'INSERT OR REPLACE INTO "{each.name}" SELECT * FROM "{each.name}"' for each in CONTENT]
        statements.append("INSERT OR REPLACE INTO framework_version SELECT * FROM framework_version")
    else:
        statements = [f'TRUNCATE "{each.name}" CASCADE' for each in CONTENT]
        statements.append("TRUNCATE framework_version CASCADE")
    for statement in statements:
        with pytest.raises((DBAPIError, StorageError), match=REFUSED):
            attempt(database, statement)


def test_a_draft_stays_open(database: Database, begin: Any, harbourline: Document) -> None:
    with begin() as tx:
        import_framework(tx, harbourline, right=MAY)
    attempt(database, "UPDATE question SET kind = 'past'")
    attempt(database, "DELETE FROM question")


def test_rows_cannot_point_into_another_version(database: Database, begin: Any, small: Document) -> None:
    with begin() as tx:
        made = import_framework(tx, small, right=MAY).version
    with pytest.raises((IntegrityError, StorageError)):
        attempt(
            database,
            "INSERT INTO competency_value (version_id, position, competency, value) "
            "VALUES (:v, 99, 'WRI', 'ghost')",
            v=made.id,
        )
