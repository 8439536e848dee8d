"""What is kept about oneself: all of it is told, to nobody else, and no more."""

from __future__ import annotations

import importlib
import importlib.util
import json
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert, or_, select

from talenthub.hooks import PersonalData
from talenthub.host import Host
from talenthub.people import tables
from talenthub.people.deputies import set_deputy
from talenthub.people.personal import PERSONAL
from talenthub.people.persons import person
from talenthub.storage.hub import HubEvent, announce
from talenthub.storage.transaction import SYSTEM, Transaction
from talenthub.storage.types import metadata
from talenthub.workflow.access import CASE_VIEW
from talenthub.workflow.cases import cases_by_id
from talenthub.workflow.sight import Sight, sights
from talenthub.workflow.tables import case_participant, workflow_case
from talenthub.workspace.kept import TOLD_WITH, Kept, kept_about

PLUGINS = ("recruitment", "onboarding", "performance", "career", "succession", "consultation")
WITHOUT_KEY = re.compile(r"(person|actor|login|author|holder|subject|deputy)_id$")
"""Columns that name somebody even where no key leads to the person."""
CANARY = "canary-7319"


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def ground(request: pytest.FixtureRequest, ground_on: Callable[[str], Any]) -> Any:
    return ground_on(request.param)


def _declare(tx: Transaction) -> None:
    """Write something about a stranger into each table that names people."""
    stranger, panel = (person(tx, f"rights.{each}").id for each in ("stranger", "panel"))
    today = tx.now.date()
    announce(tx, HubEvent("person.moved", "person", stranger, {"post": "somewhere"}))
    set_deputy(tx, stranger, panel, today, today + timedelta(days=9))
    row = {"person_id": stranger, "attribute": "group", "value": CANARY}
    row |= {"declared_on": today, "recorded_at": tx.now}
    tx.connection.execute(insert(metadata.tables["recruitment_demographics"]), row)


def declared(ground: Any) -> list[PersonalData]:
    return [each.value for each in ground.workspace.host.personal_data()]


def kept(ground: Any, column: str) -> list[Kept]:
    """Return what somebody is told, once more is kept about a stranger."""

    def run(tx: Transaction) -> list[Kept]:
        _declare(tx)
        own = ground.engine.enter(tx.by(ground.actors[column]))
        return kept_about(own, ground.engine.catalogue, ground.workspace.evidence, declared(ground))

    return ground.workspace.run(SYSTEM, run, dry_run=True)


def names_of_people() -> Iterator[str]:
    """Yield each column of the house that leads to a person."""
    for plugin in PLUGINS:
        if importlib.util.find_spec(f"talenthub_{plugin}.tables"):
            importlib.import_module(f"talenthub_{plugin}.tables")
    importlib.import_module("talenthub.workspace.kept")
    for table in metadata.sorted_tables:
        keys = {each.parent.name for each in table.foreign_keys if each.column.table is tables.person}
        for column in table.columns:
            if column.name in keys or WITHOUT_KEY.search(column.name):
                yield f"{table.name}.{column.name}"


def test_each_column_that_names_somebody_is_told() -> None:
    found = set(names_of_people())
    plugins = {f"{each.value.where}.{each.value.column}" for each in Host(list(PLUGINS)).personal_data()}
    texts = {"evidence_narrative.person_id"}  # told with the row of evidence it belongs to
    assert found - set(PERSONAL) - set(TOLD_WITH) - plugins - texts == set()
    assert set(TOLD_WITH) <= found
    assert "recruitment_demographics.person_id" in found & plugins


@pytest.mark.parametrize("column", ["subject", "panel", "stranger"])
def test_cases_are_those_in_sight_with_as_much_as_is_theirs(ground: Any, column: str) -> None:
    told = {each.ref: each for each in kept(ground, column) if each.where in _workflows(ground)}

    def run(tx: Transaction) -> dict[str, tuple[Sight, bool]]:
        ground.engine.enter(tx)
        me = tx.actor.person
        part = select(case_participant.c.case_id).where(case_participant.c.person_id == me)
        mine = or_(workflow_case.c.subject_id == me, workflow_case.c.id.in_(part))
        ids = [row.id for row in tx.rows(select(workflow_case.c.id).where(mine))]
        views = [each for each in cases_by_id(tx, ids).values() if CASE_VIEW.can(tx, each.id).ok]
        seen = sights(tx, ground.engine.catalogue, views)
        return {each.ref: (seen.of(each), each.subject == me) for each in views}

    expected = ground.workspace.run(ground.actors[column], run, read_only=True)
    assert told.keys() == expected.keys()
    assert bool(told) is (column != "stranger")
    for ref, (sight, about_me) in expected.items():
        has_data = told[ref].content.get("data") is not None
        assert has_data is (sight is Sight.CONTENT and about_me), ref
    nominations = {each.ref for each in told.values() if each.where == "succession.nomination"}
    assert nominations == set(), "nobody is told of being on a list"


def _workflows(ground: Any) -> set[str]:
    return {each.workflow.name for each in ground.engine.catalogue.versions()}


def test_records_of_a_person_are_told_to_them_and_nobody_else(ground: Any) -> None:
    mine = {each.where: each for each in kept(ground, "stranger")}
    assert mine["recruitment_demographics"].content["value"] == CANARY
    assert mine["recruitment_demographics"].why
    assert mine["deputy"].content["deputy"] == "rights.panel"
    assert mine["hub_event"].what == "person.moved"
    told = [each for each in kept(ground, "panel") if each.where == "deputy"]
    assert [(each.what, each.content["person"]) for each in told] == [("deputy", "rights.stranger")]
    for column in ("subject", "head of HR", "panel"):
        assert CANARY not in str(kept(ground, column))


def test_each_record_says_what_it_is_kept_for(ground: Any) -> None:
    unsaid = {each.where for each in kept(ground, "subject") if not each.why}
    assert unsaid - _workflows(ground) == set()


def test_the_command_tells_the_same(ground: Any) -> None:
    said = ground.world.ask("people", "kept", "-o", "json", who="kofi.mensah")
    assert said.code == 0
    items = json.loads(said.out)["items"]
    assert [each["ref"] for each in items] == [each.ref for each in kept(ground, "subject")]
    table = ground.world.ask("people", "kept", "-o", "table", who="rights.stranger")
    assert "rights.stranger" in table.out
    assert all(len(line) <= 80 for line in table.out.splitlines())
