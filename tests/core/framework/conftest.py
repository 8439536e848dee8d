"""What the tests of the framework room share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from talenthub.access.rules import Decision
from talenthub.framework.content import Document
from talenthub.framework.formats.yaml import read_file
from talenthub.storage.database import Database
from talenthub.storage.transaction import Actor, Transaction

HARBOURLINE = Path(__file__).parents[3] / "config" / "harbourline" / "framework.yaml"
MOMENT = datetime(2026, 1, 2, 9, tzinfo=UTC)
EDITOR = Actor(1)
OWNER = Actor(2)
MAY = Decision(True, "holds framework_owner")
MAY_NOT = Decision(False, "the grant framework_owner is missing")

Begin = Callable[..., Iterator[Transaction]]


@pytest.fixture(scope="session")
def harbourline() -> Document:
    return read_file(HARBOURLINE)


@pytest.fixture
def begin(database: Database) -> Callable[..., object]:
    @contextmanager
    def begun(actor: Actor = EDITOR, now: datetime = MOMENT, **more: object) -> Iterator[Transaction]:
        with database.begin() as connection:
            yield Transaction(connection, actor, now, **more)  # type: ignore[arg-type]

    return begun
