"""A small organisation that tests of people stand on."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from talenthub.people.changes import set_reporting_line
from talenthub.people.persons import Person, add_person
from talenthub.people.posts import add_post, assign
from talenthub.people.seats import Post
from talenthub.people.units import Unit, add_unit
from talenthub.storage.database import Database
from talenthub.storage.transaction import SYSTEM, Actor, Transaction
from talenthub.testing import Servers

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))
NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)
START = date(2020, 1, 1)


class World:
    """Adds units, posts and people by short names, all from 2020 on."""

    def __init__(self, tx: Transaction) -> None:
        self.tx = tx
        self.units: dict[str, Unit] = {}
        self.posts: dict[str, Post] = {}
        self.people: dict[str, Person] = {}

    def seen_by(self, tx: Transaction) -> World:
        """Return the same branch as another transaction finds it."""
        found = World(tx)
        found.units, found.posts, found.people = self.units.copy(), self.posts.copy(), self.people.copy()
        return found

    def unit(self, code: str, parent: str | None = None) -> Unit:
        above = self.units[parent].id if parent else None
        self.units[code] = add_unit(self.tx, code, code.title(), parent_id=above)
        return self.units[code]

    def post(self, code: str, unit: str, above: str | None = None, role: str = "case-officer") -> Post:
        made = add_post(
            self.tx,
            code,
            code.title(),
            framework_code="core",
            role_code=role,
            unit_id=self.units[unit].id,
            since=START,
        )
        self.posts[code] = made
        if above is not None:
            set_reporting_line(self.tx, made.id, self.posts[above].id, START)
        return made

    def person(self, handle: str, post: str | None = None, kind: str = "candidate") -> Person:
        made = add_person(self.tx, handle.title(), handle=handle, kind=kind, login=f"login-{handle}")
        self.people[handle] = made
        if post is not None:
            assign(self.tx, made.id, self.posts[post].id, START)
        return made

    def id(self, handle: str) -> int:
        return self.people[handle].id

    def handles(self, ids: tuple[int, ...]) -> list[str]:
        names = {each.id: handle for handle, each in self.people.items()}
        return sorted(names[each] for each in ids)

    def as_(self, handle: str) -> Transaction:
        return self.tx.by(Actor(self.id(handle)))


Open = Callable[..., AbstractContextManager[Transaction]]


@pytest.fixture
def open_tx(database: Database) -> Open:
    """Return a function that opens a transaction at noon of 2026-01-05."""

    @contextmanager
    def opened(actor: Actor = SYSTEM, now: datetime = NOON) -> Iterator[Transaction]:
        with database.begin() as connection:
            yield Transaction(connection, actor, now)

    return opened


def harbour(tx: Transaction) -> World:
    """Return a branch of five seats under a director.

    ceo ← director ← manager ← leader ← two officers (one more seat vacant).
    """
    made = World(tx)
    made.unit("head")
    made.unit("operations", "head")
    made.unit("harbour", "operations")
    made.unit("people", "head")
    for code, unit, above in (
        ("ceo", "head", None),
        ("director", "operations", "ceo"),
        ("manager", "harbour", "director"),
        ("leader", "harbour", "manager"),
        ("officer-1", "harbour", "leader"),
        ("officer-2", "harbour", "leader"),
        ("officer-3", "harbour", "leader"),
        ("hr-1", "people", "director"),
    ):
        made.post(code, unit, above)
    for handle, post in (
        ("cleo", "ceo"),
        ("eva", "director"),
        ("tomas", "manager"),
        ("dario", "leader"),
        ("jonas", "officer-1"),
        ("kofi", "officer-2"),
        ("maria", "hr-1"),
    ):
        made.person(handle, post)
    return made


@pytest.fixture
def make_world() -> Callable[[Transaction], World]:
    """Return the function that makes the branch in a transaction."""
    return harbour


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def shared(request: pytest.FixtureRequest, servers: Servers) -> Iterator[tuple[Database, World]]:
    """Return a database of each kind with the branch, for work that is rolled back."""
    opened = Database(servers.fresh(request.param))
    with opened.begin() as connection:
        made = harbour(Transaction(connection, SYSTEM, NOON))
    yield opened, made
    opened.close()


@pytest.fixture
def world(shared: tuple[Database, World]) -> Iterator[World]:
    """Return the branch inside a transaction that is rolled back in the end."""
    opened, made = shared
    with opened.engine.connect() as connection, connection.begin() as begun:
        yield made.seen_by(Transaction(connection, SYSTEM, NOON))
        begun.rollback()


@pytest.fixture(scope="session")
def request_world() -> Callable[[Transaction], World]:
    """Return the function that makes the branch, for fixtures of a wider scope."""
    return harbour
