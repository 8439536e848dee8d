"""A plugin with many open cases goes, and comes back a version later."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from talenthub.errors import PluginError, TalentError
from talenthub.sdk import Opening, Request
from talenthub.workflow.history import verify
from talenthub.workflow.parked import parked
from talenthub.workflow.tables import case_event, case_task, case_timer, workflow_case

TABLES = (workflow_case, case_event, case_task, case_timer)
CHUNK = 500


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


@pytest.mark.parametrize("many", [300, pytest.param(10_000, marks=pytest.mark.storm)])
def test_nothing_is_lost_and_each_moment_says_what_is_parked(house, loan, review, reload, many):
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
    newer = replace(loan, version=2, title="Newer")
    house.engine = reload((newer, review))
    no_longer = "the case is parked: the plugin trial no longer brings this version"
    assert why_parked(house) == [("trial.loan version 1", no_longer, "version 2")]
    with pytest.raises(PluginError, match="install a trial that still brings version 1"):
        house.fire("hedda", refs[0], "review")
    assert stored(house) == before

    house.engine = reload((loan, newer, review))
    assert why_parked(house) == []
    for start in range(0, many, CHUNK):
        asked = [Request(ref, "refuse", {"note": "closed"}) for ref in refs[start : start + CHUNK]]
        with house.acting("olga") as tx:
            assert {each.target for each in house.engine.fire_many(tx, asked)} == {"refused"}
    with house.acting() as tx:
        assert verify(tx) == many
    assert house.open().workflow_version == 2
