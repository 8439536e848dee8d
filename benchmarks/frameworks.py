"""A framework of thousands of competencies: read, kept, compared, published.

Each size runs in a process of its own, so that its peak of memory is its own.
"""

from __future__ import annotations

import multiprocessing
import random
import resource
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from talenthub.access import Decision
from talenthub.framework.checks import check
from talenthub.framework.content import Content, Document, content_hash
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

LEVELS = 7
NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)
MAY = Decision(True, "benchmark")
STEPS = ("read the files", "check", "import", "diff", "publish")


@dataclass(slots=True)
class Grown:
    """What one size took: seconds by step, and the peak of memory."""

    competencies: int
    roles: int
    seconds: dict[str, float] = field(default_factory=dict)
    megabytes: float = 0.0


def measure(url: str, competencies: int, roles: int) -> Grown:
    """Return what a framework of this size takes, in a process of its own."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(_measured, (url, competencies, roles))


def _measured(url: str, competencies: int, roles: int) -> Grown:
    found = Grown(competencies, roles)
    database = Database(url)
    with tempfile.TemporaryDirectory() as folder:
        before, expected = _begin_with(database, Path(folder), competencies, roles)
        with _timed(found, "read the files"):
            read = read_framework([Path(folder)])
    assert content_hash(read.content) == expected
    with _timed(found, "check"):
        check(read.content)
    with _timed(found, "import"), _begun(database, 1) as tx:
        after = import_framework(tx, read, right=MAY).version
    del read  # each of these is a command of its own: it starts with nothing in memory
    with _timed(found, "diff"), _begun(database, 2) as tx:
        told = compare(tx, version(tx, before), after)
    with _begun(database, 1) as tx:
        links = [replace(each, confirmed=True) for each in told.links if each.needs_confirming]
        keep_mapping(tx, Pair(version(tx, before), after), links, right=MAY)
    del told
    with _timed(found, "publish"), _begun(database, 2) as tx:
        publish(tx, after.id, right=MAY)
    database.close()
    found.megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return found


def _begin_with(database: Database, folder: Path, competencies: int, roles: int) -> tuple[int, str]:
    """Publish a first version, write the files of a later one; return both."""
    first = Document(made(competencies, roles))
    later = Document(changed(first.content))
    for name, data in write_framework(later, "csv").items():
        (folder / name).write_bytes(data)
    with _begun(database, 1) as tx:
        before = import_framework(tx, first, right=MAY).version
    with _begun(database, 2) as tx:
        publish(tx, before.id, right=MAY)
    return before.id, content_hash(later.content)


@contextmanager
def _begun(database: Database, who: int) -> Iterator[Transaction]:
    with database.begin() as connection:
        yield Transaction(connection, Actor(who), NOON)


@contextmanager
def _timed(found: Grown, step: str) -> Iterator[None]:
    began = time.process_time()
    yield
    found.seconds[step] = time.process_time() - began


def made(competencies: int, roles: int) -> Content:
    """Return a framework of invented words; the same each time."""
    chance = random.Random(2026)
    words = ["".join(chance.choices("abcdefghiklmnoprstuw", k=chance.randint(3, 9))) for _ in range(6_000)]
    rare = chance.choices

    def text(count: int) -> str:
        return " ".join(rare(words, k=count)).capitalize() + "."

    codes = [f"C{number:05d}" for number in range(competencies)]
    return Content(
        framework=Framework(
            code="large",
            title="A large framework",
            version="1.0.0",
            language="en",
            rating=RatingScale(RatingMode.LEVEL),
            checks=CheckProfile.LENIENT,
        ),
        scales=(Scale("levels", None, tuple(Level(n, f"L{n}", f"Level {n}") for n in range(1, LEVELS + 1))),),
        competencies=tuple(
            Competency(code=each, title=text(3), definition=text(14), scale="levels") for each in codes
        ),
        descriptors=tuple(
            Descriptor(
                competency=each,
                level=level,
                text=text(12),
                indicators=tuple(Indicator(text(8), True) for _ in range(3)),
            )
            for each in codes
            for level in range(1, LEVELS + 1)
        ),
        roles=tuple(_role(f"R{number:04d}", text(2), chance.sample(codes, 12)) for number in range(roles)),
    )


def _role(code: str, title: str, asked: Sequence[str]) -> Role:
    wanted = tuple(Requirement(competency=each, level=at % LEVELS + 1) for at, each in enumerate(asked))
    return Role(code=code, title=title, levels=(RoleLevel(code=code, title=title, requirements=wanted),))


def changed(content: Content) -> Content:
    """Return a later version: every tenth cell reworded, every fiftieth code anew."""
    anew = {each.code: f"{each.code}-N" for each in content.competencies[::50]}
    descriptors = [
        replace(each, competency=anew.get(each.competency, each.competency)) for each in content.descriptors
    ]
    for at in range(0, len(descriptors), 10):
        words = str(descriptors[at].text).split()
        descriptors[at] = replace(descriptors[at], text=" ".join([*words[1:], "otherwise"]))
    return replace(
        content,
        framework=replace(content.framework, version="2.0.0"),
        competencies=tuple(
            replace(each, code=anew.get(each.code, each.code)) for each in content.competencies
        ),
        descriptors=tuple(descriptors),
        roles=tuple(
            replace(
                role,
                levels=tuple(
                    replace(
                        step,
                        requirements=tuple(
                            replace(each, competency=anew.get(each.competency, each.competency))
                            for each in step.requirements
                        ),
                    )
                    for step in role.levels
                ),
            )
            for role in content.roles
        ),
    )
