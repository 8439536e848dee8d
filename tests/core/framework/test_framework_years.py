"""Year after year: seeded changes to a large framework, from draft to force.

The diff tells exactly what was changed; publishing waits for the mapping; an
open case keeps its version and is looked at; every rating stays explainable.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from fractions import Fraction
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from change_maker import Made, make_changes
from sqlalchemy import select

from talenthub.access.rules import Decision
from talenthub.errors import Refused
from talenthub.evidence.carrying import carry_all
from talenthub.evidence.entries import NewEvidence
from talenthub.evidence.ledger import record
from talenthub.evidence.settings import EvidenceSettings
from talenthub.evidence.standing import explain
from talenthub.evidence.verify import verify
from talenthub.framework.content import Content, Document
from talenthub.framework.formats.reading import read_framework
from talenthub.framework.library import Status, content, version
from talenthub.framework.lookup import wording
from talenthub.framework.mapping import Pair, compare, keep_mapping
from talenthub.framework.model import CheckProfile
from talenthub.framework.publishing import import_framework, publish
from talenthub.people.grants import give
from talenthub.people.persons import add_person
from talenthub.sdk import Outcome, State, Task, Transition, Workflow, holds
from talenthub.storage.database import Database
from talenthub.storage.transaction import SYSTEM, Actor, Transaction
from talenthub.testing import Servers
from talenthub.workflow.catalogue import Catalogue, Loaded
from talenthub.workflow.context import NoData
from talenthub.workflow.deliveries import Handler
from talenthub.workflow.engine import Engine
from talenthub.workflow.impact import impact
from talenthub.workflow.tables import case_task
from talenthub.workflow.trace_places import Places
from talenthub.workflow.versions.newer_version import PUBLISHED, ask_for_review

GDAD = Path(__file__).parents[4] / "shared" / "data" / "uk-gdad-2025-09"
MAY = Decision(True, "you hold framework_owner")
SETTINGS = EvidenceSettings()
NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)
TODAY = date(2026, 1, 5)
TALK = Workflow(
    name="trial.talk",
    ref="TALK",
    version=1,
    data=NoData,
    initial="asked",
    open_by=holds("hr_officer"),
    viewers=holds("hr_officer"),
    states=[
        State("asked", tasks=(Task("Talk", holds("hr_officer")),)),
        State("done", outcome=Outcome.SUCCESS),
    ],
    transitions=[Transition("finish", "asked", "done", by=holds("hr_officer"))],
)


class Year:
    """A framework in force, an open case on it, ratings by it, and a later draft."""

    def __init__(self, database: Database, made: Made) -> None:
        self.database, self.made = database, made
        handlers = (Handler("core:newer_version", PUBLISHED, ask_for_review),)
        self.engine = Engine(Catalogue([Loaded(TALK, "trial")]), evidence=SETTINGS, handlers=handlers)
        with self.acting(None) as tx:
            self.people = [add_person(tx, each, kind="employee", handle=each).id for each in ("ada", "olga")]
            give(tx, self.people[1], "hr_officer", since=date(2025, 1, 1))
            before = import_framework(tx, Document(made.before), right=MAY).version
            self.before = publish(tx, before.id, right=MAY)
            self.rated = {each.code: self.ordinal(each.code) for each in made.before.rateable}
            record(tx, [self.rating(code, level) for code, level in self.rated.items()], SETTINGS)
        with self.acting(self.people[1]) as tx:
            self.case = self.engine.open(
                tx, "trial.talk", subject=self.people[0], framework_version=before.id, about="A talk"
            )
        with self.acting(None) as tx:
            self.after = import_framework(tx, Document(made.content), right=MAY).version

    @contextmanager
    def acting(self, who: int | None) -> Iterator[Transaction]:
        actor = SYSTEM if who is None else Actor(who)
        with self.database.begin() as connection:
            yield self.engine.enter(Transaction(connection, actor, NOON))

    def ordinal(self, code: str) -> int:
        return self.made.before.scale_of(code).levels[0].ordinal

    def rating(self, code: str, level: int) -> NewEvidence:
        return NewEvidence(
            person=self.people[0],
            framework_version=self.before.id,
            framework_code=self.before.code,
            competency=code,
            purpose="development",
            ladder=Fraction(level),
            rating=Fraction(3),
            source="manager",
            observed_on=TODAY,
            descriptor_hash=wording(self.made.before, code, level).hash,
            case=None,
            event=None,
        )


@pytest.fixture(scope="module")
def gdad() -> Content:
    if not GDAD.is_dir():
        pytest.skip(f"the test data {GDAD.name} is not here; it is not part of the project")
    return read_framework([GDAD], lambda: []).content


@pytest.fixture(scope="module")
def database_of_years(servers: Servers) -> Iterator[Any]:
    opened: list[Database] = []

    def fresh() -> Database:
        opened.append(Database(servers.fresh("sqlite")))
        return opened[-1]

    yield fresh
    for each in opened:
        each.close()


def lived(year: Year) -> None:
    told = found_and_mapped(year)
    asked_to_look(year, told)
    carried(year)


def found_and_mapped(year: Year) -> Any:
    """Return the difference; publishing waits until each link is confirmed."""
    pair = Pair(year.before, year.after)
    with year.acting(None) as tx:
        told = compare(tx, year.before, year.after)
        assert {(e.thing, e.what, e.where, e.kind) for e in told.changes} == year.made.expected
        heavy = {(e.old, e.new, e.kind) for e in told.links if e.needs_confirming or e.new is None}
        assert heavy == year.made.links
        with pytest.raises(Refused, match="not confirmed"):
            publish(tx, year.after.id, right=MAY)
        touched = impact(tx, pair, 3).touched
        assert [(each.what, each.who) for each in touched if each.kind == "case"] == [
            ("TALK-1", "hr officer")
        ]
        moved = {each.old for each in told.links if each.moves_evidence or each.new is None}
        assert {each.what for each in touched if each.kind == "evidence"} == moved
        assert not any(each.count for each in touched if each.kind == "evidence"), "of one person"
        keep_mapping(tx, pair, [replace(each, confirmed=True) for each in told.links], right=MAY)
        assert publish(tx, year.after.id, right=MAY).status is Status.PUBLISHED
        return told


def asked_to_look(year: Year, told: Any) -> None:
    """The open case keeps its version, and who has the next step gets a task, once."""
    for _ in range(2):
        with year.acting(None) as tx:
            year.engine.follow_people(tx)
            due = year.engine.due_deliveries(tx)
        for number in due:
            with year.acting(None) as tx:
                year.engine.deliver(tx, number)
    with year.acting(None) as tx:
        titles = [row.title for row in tx.rows(select(case_task.c.title).order_by(case_task.c.id))]
        number = year.before.number
        asked = f"See what {year.after.name} changes here; this stays on {number}"
        assert titles == ["Talk", asked]
        assert year.engine.case(tx, "TALK-1").framework_version == year.before.id
        assert content(tx, year.before.id) == year.made.before


def carried(year: Year) -> None:
    """Each rating is explained by its own words, under its old code and its new one."""
    with year.acting(None) as tx:
        carry_all(tx, SETTINGS)
        assert verify(tx, SETTINGS).ok
        for old, new, kind in sorted(year.made.links, key=str):
            rows = explain(tx, year.people[0], year.before.code, old, "development", SETTINGS).rows
            own = next(each.row for each in rows if each.row.carried is None)
            assert Places(tx, year.before, old).of(_stored(own)).startswith(f"{old}.{year.rated[old]}")
            if (new is not None and kind != "editorial") or (new not in (None, old)):
                told = explain(tx, year.people[0], year.before.code, new, "development", SETTINGS)
                came = [each.row for each in told.rows if each.row.carried is not None]
                assert {each.descriptor_hash for each in came} >= {own.descriptor_hash}
                assert all(each.framework_version == year.before.id for each in came)
                assert (
                    Places(tx, version(tx, year.after.id), new)
                    .of(_stored(own))
                    .endswith((f"({year.before.number})", f"{new}.{year.rated[old]}"))
                )


def _stored(row: Any) -> Any:
    return SimpleNamespace(descriptor_hash=row.descriptor_hash, framework_version_id=row.framework_version)


@pytest.mark.parametrize("seed", [0])
def test_our_own_framework_lives_through_a_year(
    harbourline: Document, database_of_years: Any, seed: int
) -> None:
    head = replace(harbourline.content.framework, checks=CheckProfile.LENIENT)
    lived(Year(database_of_years(), make_changes(replace(harbourline.content, framework=head), seed)))


@pytest.mark.parametrize(
    "seed", [100, *(pytest.param(each, marks=pytest.mark.storm) for each in range(101, 150))]
)
def test_a_large_framework_lives_through_a_year(gdad: Content, database_of_years: Any, seed: int) -> None:
    lived(Year(database_of_years(), make_changes(gdad, seed)))
