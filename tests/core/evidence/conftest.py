"""A small world for tests of evidence: persons and one framework version."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert

from talenthub.evidence.entries import NewEvidence
from talenthub.framework import tables as framework_tables
from talenthub.framework.content import Document
from talenthub.framework.formats.yaml import read_file
from talenthub.people import tables as people_tables
from talenthub.storage.database import Database
from talenthub.storage.transaction import Actor, Transaction

HARBOURLINE = Path(__file__).parents[3] / "config" / "harbourline" / "framework.yaml"
NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


@dataclass
class World:
    database: Database
    people: int = 6

    @contextmanager
    def begin(self, now: datetime = NOW, actor: int | None = None) -> Iterator[Transaction]:
        with self.database.begin() as connection:
            yield Transaction(connection, Actor(actor), now)

    def fill(self) -> None:
        with self.begin() as tx:
            for number in range(1, self.people + 1):
                tx.write(
                    insert(people_tables.person).values(
                        id=number,
                        handle=f"person.{number}",
                        name=f"Person {number}",
                        kind="employee",
                        language="en",
                        created_at=NOW,
                    )
                )
            tx.write(insert(framework_tables.framework).values(id=1, code="core"))
            tx.write(
                insert(framework_tables.framework_version).values(
                    id=1,
                    framework_id=1,
                    number="1.0.0",
                    status="draft",
                    locked=False,
                    title="Core",
                    language="en",
                    rating_mode="relative",
                    check_profile="lenient",
                    content_hash="0" * 64,
                    created_at=NOW,
                    edited_at=NOW,
                )
            )


@pytest.fixture
def world(database: Database) -> World:
    made = World(database)
    made.fill()
    return made


@pytest.fixture
def entry() -> Callable[..., NewEvidence]:
    """Return a maker of evidence; tests name what matters to them."""

    def make(person: int = 1, competency: str = "COM", ladder: Any = "2", **more: Any) -> NewEvidence:
        given: dict[str, Any] = {
            "framework_version": 1,
            "framework_code": "core",
            "purpose": "development",
            "rating": Fraction(3),
            "source": "manager",
            "observed_on": date(2026, 5, 1),
            "descriptor_hash": "d" * 64,
            "case": None,
            "event": None,
        }
        return NewEvidence(person=person, competency=competency, ladder=Fraction(ladder), **{**given, **more})

    return make


@pytest.fixture(scope="session")
def harbourline() -> Document:
    """Return the demo's framework, read once."""
    return read_file(HARBOURLINE)
