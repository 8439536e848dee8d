"""A plugin with many open cases goes, and comes back a version later."""

from __future__ import annotations

from dataclasses import replace

import pytest
from pydantic import BaseModel
from sqlalchemy import select

from talenthub.errors import PluginError, TalentError
from talenthub.sdk import Opening, Request, State, Timer, days
from talenthub.workflow.history import verify
from talenthub.workflow.tables import case_event, case_task, case_timer, workflow_case
from talenthub.workflow.versions.migrating import Migrated, migrate_cases
from talenthub.workflow.versions.migration import Migration
from talenthub.workflow.versions.parked import parked

TABLES = (workflow_case, case_event, case_task, case_timer)
CHUNK = 500
MOVE = Migration("trial.loan", 2, {"asked": "received"})


class Euros(BaseModel, extra="forbid", frozen=True):
    euros: int
    note: str = ""


def in_euros(carried):
    return {"euros": carried["amount"], "note": carried["note"]}


@pytest.fixture
def newer(loan):
    """Return version 2 of the loan: another first state, other data and timers."""
    received = State("received", due=days(9), timers=(Timer("lapse", days(90), fires="expire"),))
    edges = [
        replace(each, source=["received" if one == "asked" else one for one in each.sources])
        for each in loan.transitions
    ]
    return replace(
        loan,
        version=2,
        data=Euros,
        upcasts={1: in_euros},
        initial="received",
        states=[received, *loan.states[1:]],
        transitions=edges,
    )


def chunks(refs):
    """Yield the references, a chunk at a time."""
    for start in range(0, len(refs), CHUNK):
        yield refs[start : start + CHUNK]


def open_many(house, many):
    """Open so many loans, a chunk at a time; return their references."""
    refs = []
    for start in range(0, many, CHUNK):
        opening = Opening("trial.loan", subject=house.people["sam"], data={"amount": 50})
        with house.acting("olga") as tx:
            opened = house.engine.open_many(tx, [opening] * min(CHUNK, many - start))
        refs += [each.ref for each in opened]
    return refs


def stored(house):
    """Return every row that cases have."""
    with house.acting() as tx:
        return [tx.rows(select(each).order_by(*each.primary_key)) for each in TABLES]


def why_parked(house):
    """Return what is parked, and why."""
    with house.acting() as tx:
        return [(each.found, each.text, each.allowed) for each in parked(tx, house.engine.catalogue)]


def refuse_all(house, refs):
    """Close cases and check that each went where it should."""
    for chunk in chunks(refs):
        asked = [Request(ref, "refuse", {"note": "closed"}) for ref in chunk]
        with house.acting("olga") as tx:
            assert {each.target for each in house.engine.fire_many(tx, asked)} == {"refused"}


@pytest.mark.parametrize("many", [120, pytest.param(10_000, marks=pytest.mark.storm)])
def test_nothing_is_lost_and_each_moment_says_what_is_parked(house, loan, review, newer, reload, many):
    refs = open_many(house, many)
    before = stored(house)
    assert why_parked(house) == []

    house.engine = reload(())
    assert why_parked(house) == [
        ("trial.loan version 1", "the case is parked: no enabled plugin brings it", None)
    ]
    with house.acting("olga") as tx:
        answers = house.engine.fire_many(tx, [Request(ref, "refuse", {"note": "gone"}) for ref in refs[:20]])
    assert all(isinstance(each, TalentError) for each in answers)
    house.later(40)
    assert stored(house) == before

    # It comes back, but with version 2 alone: what is open runs on version 1.
    house.engine = reload((newer, review))
    no_longer = "the case is parked: the plugin trial no longer brings this version"
    assert why_parked(house) == [("trial.loan version 1", no_longer, "version 2")]
    with pytest.raises(PluginError, match=r"talent workflow migrate trial\.loan --to 2"):
        house.fire("hedda", refs[0], "review")
    assert stored(house) == before

    # With both, what is open goes on as it began, and new ones on the newest.
    house.engine = reload((loan, newer, review))
    assert why_parked(house) == []
    stay, go = refs[: many // 2], refs[many // 2 :]
    refuse_all(house, stay)
    with house.acting("olga") as tx:
        assert house.engine.open(tx, "trial.loan", data={"euros": 1}).workflow_version == 2

    # What is left is moved, and nothing waits for version 1 any more.
    house.engine = reload((newer, review))
    for chunk in chunks(go):
        with house.acting("hedda") as tx:
            moved = migrate_cases(house.engine, tx, chunk, MOVE)
        assert all(isinstance(each, Migrated) for each in moved)
    assert why_parked(house) == []
    assert_moved(house, go)
    refuse_all(house, go)
    with house.acting() as tx:
        assert verify(tx) == many + 1


def assert_moved(house, refs):
    """Check what every moved case has: its data, one task, one timer, one event."""
    with house.acting() as tx:
        cases = tx.rows(select(workflow_case).where(workflow_case.c.ref.in_(refs)))
        ids = {row.id for row in cases}
        assert {(row.state, row.data) for row in cases} == {("received", '{"euros":50,"note":""}')}
        for table in (case_task, case_timer):
            open_ones = tx.rows(select(table.c.case_id).where(table.c.status == "open"))
            assert len([row for row in open_ones if row.case_id in ids]) == len(ids) == len(refs)
        events = tx.rows(select(case_event.c.case_id).where(case_event.c.kind == "migrated"))
        assert {row.case_id for row in events} == ids
