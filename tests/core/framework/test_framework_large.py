"""Twice the framework is twice the work: counted in lines and statements, never in time.

Every line of Python that is run is counted, and every comparison of two codes
is one. A step that looks at everything for each thing runs four times as many.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from sqlalchemy import event

from talenthub.access.rules import Decision
from talenthub.framework.checks import check
from talenthub.framework.content import Content, Document
from talenthub.framework.formats.reading import read_framework, write_framework
from talenthub.framework.library import version
from talenthub.framework.mapping import Pair, compare, keep_mapping
from talenthub.framework.model import (
    CheckProfile,
    Competency,
    Descriptor,
    Framework,
    Indicator,
    Level,
    RatingMode,
    RatingScale,
    Requirement,
    Role,
    RoleLevel,
    Scale,
)
from talenthub.framework.publishing import import_framework, publish
from talenthub.storage.database import Database
from talenthub.storage.transaction import Actor, Transaction
from talenthub.testing import Servers

MAY = Decision(True, "you hold framework_owner")
STEPS = ("read", "check", "import", "diff", "publish")
SIZE = 40
LEVELS = 3
NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)
MOST = 2.3
"""For twice the size; 2 is linear and 4 is quadratic."""


@dataclass
class Counts:
    """Lines of Python by step, and statements."""

    lines: dict[str, int] = field(default_factory=dict)
    statements: dict[str, int] = field(default_factory=dict)


class Code(str):
    """A code whose comparisons are lines of Python, also those that C makes."""

    __slots__ = ()
    __hash__ = str.__hash__

    def __eq__(self, other: object) -> bool:
        return str.__eq__(self, other)


def made(many: int) -> Content:
    """Return a framework of words of its own in every text."""
    codes = [Code(f"C{number:04d}") for number in range(many)]
    return Content(
        framework=Framework(
            code="large",
            title="Large",
            version="1",
            language="en",
            rating=RatingScale(RatingMode.LEVEL),
            checks=CheckProfile.LENIENT,
        ),
        scales=(Scale("s", None, tuple(Level(n, f"L{n}", f"Level {n}") for n in range(1, LEVELS + 1))),),
        competencies=tuple(
            Competency(code=each, title=f"Title {each}", definition=f"What {each}a is, in {each}b", scale="s")
            for each in codes
        ),
        descriptors=tuple(
            Descriptor(
                competency=each,
                level=level,
                text=f"Does {each}x{level} with {each}y{level} at hand",
                indicators=tuple(Indicator(f"Shows {each}z{level}{n} often") for n in range(3)),
            )
            for each in codes
            for level in range(1, LEVELS + 1)
        ),
        roles=tuple(
            Role(
                code=f"R{number}",
                title=f"Role {number}",
                levels=(
                    RoleLevel(
                        code=f"R{number}",
                        title=f"Role {number}",
                        requirements=tuple(
                            Requirement(competency=each, level=1) for each in codes[number * 10 :][:10]
                        ),
                    ),
                ),
            )
            for number in range(many // 10)
        ),
    )


def changed(content: Content) -> Content:
    """Return a later version: a text of every competency, and every tenth code, anew."""
    anew = {each.code: f"{each.code}N" for each in content.competencies[::10]}
    return replace(
        content,
        framework=replace(content.framework, version="2"),
        competencies=tuple(
            replace(each, code=anew.get(each.code, each.code)) for each in content.competencies
        ),
        descriptors=tuple(
            replace(
                each,
                competency=anew.get(each.competency, each.competency),
                text=f"{each.text} otherwise" if each.level == 1 else each.text,
            )
            for each in content.descriptors
        ),
        roles=(),
    )


@contextmanager
def counting(counts: Counts, step: str, engine: Any) -> Iterator[None]:
    """Count what is run and what is sent to the database."""
    seen = [0, 0]

    def run(_frame: FrameType, what: str, _given: object) -> object:
        seen[0] += what == "line"
        return run

    def sent(*_given: object) -> None:
        seen[1] += 1

    event.listen(engine, "before_cursor_execute", sent)
    before = sys.gettrace()
    sys.settrace(run)
    try:
        yield
    finally:
        sys.settrace(before)
        event.remove(engine, "before_cursor_execute", sent)
    counts.lines[step], counts.statements[step] = seen


def a_year(many: int, database: Database, folder: Path, laid: Callable[..., Path]) -> Counts:
    """Return what reading, checking, importing, comparing and publishing run."""
    counts, engine = Counts(), database.engine
    first = made(many)
    later = Document(changed(first))
    files = laid(folder, dict(write_framework(later, "csv")))
    with begun(database, 1) as tx:
        before = import_framework(tx, Document(first), right=MAY).version
    with begun(database, 2) as tx:
        publish(tx, before.id, right=MAY)
    with counting(counts, "read", engine):
        read = read_framework(files)
    with counting(counts, "check", engine):
        check(first)
    with begun(database, 1) as tx, counting(counts, "import", engine):
        after = import_framework(tx, read, right=MAY).version
    with begun(database, 2) as tx, counting(counts, "diff", engine):
        told = compare(tx, version(tx, before.id), after)
    links = [replace(each, confirmed=True) for each in told.links if each.needs_confirming]
    assert len(links) >= many // 10
    with begun(database, 1) as tx:
        keep_mapping(tx, Pair(version(tx, before.id), after), links, right=MAY)
    with begun(database, 2) as tx, counting(counts, "publish", engine):
        publish(tx, after.id, right=MAY)
    return counts


@contextmanager
def begun(database: Database, person: int) -> Iterator[Transaction]:
    with database.begin() as connection:
        yield Transaction(connection, Actor(person), NOON)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def counted(
    request: pytest.FixtureRequest,
    servers: Servers,
    tmp_path_factory: pytest.TempPathFactory,
    laid: Callable[..., Path],
) -> Mapping[int, Counts]:
    """Return the counts of a size, and of twice that; a small one warms up."""
    found = {}
    for many in (10, SIZE, 2 * SIZE):
        url = servers.fresh(request.param)
        database = Database(url)
        found[many] = a_year(many, database, tmp_path_factory.mktemp("large"), laid)
        database.close()
        servers.take_back(url)
    return found


@pytest.mark.parametrize("step", STEPS)
def test_twice_as_much_takes_twice_as_much(step: str, counted: Mapping[int, Counts]) -> None:
    one, two = counted[SIZE], counted[2 * SIZE]
    assert one.lines[step] > 10 * SIZE, "the step was counted"
    assert two.lines[step] / one.lines[step] < MOST
    assert two.statements[step] == one.statements[step] <= 45
