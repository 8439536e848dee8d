"""What the tests of the framework room share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from talenthub.framework.content import Document
from talenthub.framework.formats.yaml import read, read_file
from talenthub.storage.database import Database
from talenthub.storage.transaction import Actor, Transaction

HARBOURLINE = Path(__file__).parents[3] / "config" / "harbourline" / "framework.yaml"
MOMENT = datetime(2026, 1, 2, 9, tzinfo=UTC)

Begin = Callable[..., AbstractContextManager[Transaction]]

SMALL = """\
framework:
  id: tiny
  name: A small framework
  version: 0.1.0
  language: en
  rating_scale:
    - {value: 1, label: Below, anchor: "Far from it."}
    - {value: 2, label: Partly, anchor: "Some of it."}
    - {value: 3, label: Meets, anchor: "All of it."}
    - {value: 4, label: Plus, anchor: "All and more."}
    - {value: 5, label: Above, anchor: "The next level."}
values:
  - {id: care, name: Care}
levels:
  - {id: 1, key: L1, name: Basic, summary: "With guidance."}
  - {id: 2, key: L2, name: Able, summary: "Alone."}
  - {id: 3, key: L3, name: Expert, summary: "For others."}
competencies:
  - id: WRI
    name: Writing
    definition: "Putting things into words."
    values: [care]
    levels:
      1:
        descriptor: "Writes short notes."
        indicators: ["Spells names right.", "Uses full sentences.", "Says who and when."]
        watch_for: "Copies without reading."
      2:
        descriptor: "Drafts letters alone."
        indicators: ["Opens with the outcome.", "Gives reasons.", "Checks figures."]
  - id: LIS
    name: Listening
    values: [care]
    levels:
      1: {descriptor: "Lets others finish."}
roles:
  - id: scribe
    title: Scribe
    level: 1
    requires: {WRI: 2, LIS: {level: 1, desirable: true, weight: 1.5, rationale: "Helpful at the counter."}}
    critical: [WRI]
    focus: [WRI]
    descriptors:
      WRI: "Writes letters for those who cannot."
interview_questions:
  WRI: {past: "What did you write last?", situational: "Write to a neighbour."}
learning_catalogue:
  - {id: W1, competency: WRI, kind: formal, levels: [1, 2], hours: 4.5, heat: 1, title: "A course."}
strategy_weights:
  WRI: 0.5
"""


@pytest.fixture(scope="session")
def harbourline_file() -> Path:
    return HARBOURLINE


@pytest.fixture(scope="session")
def harbourline() -> Document:
    return read_file(HARBOURLINE)


@pytest.fixture(scope="session")
def small_text() -> str:
    return SMALL


@pytest.fixture(scope="session")
def small(small_text: str) -> Document:
    return read(small_text.encode(), "small.yaml")


@pytest.fixture
def begin(database: Database) -> Begin:
    @contextmanager
    def begun(person: int | None = 1, now: datetime = MOMENT, **more: object) -> Iterator[Transaction]:
        with database.begin() as connection:
            yield Transaction(connection, Actor(person), now, **more)  # type: ignore[arg-type]

    return begun
