"""A dry run and a refusal leave the database as it was, to the last row."""

from __future__ import annotations

import pytest

from talenthub.errors import Conflict, TalentError
from talenthub.storage.transaction import Actor, Transaction
from talenthub.testing import stored_tables
from talenthub.workflow.firing import Request


def dump(house) -> dict[str, list]:
    """Return every row of every table."""
    with house.acting() as tx:
        return {
            table.name: sorted(map(repr, tx.rows(table.select()))) for table in stored_tables(tx.connection)
        }


def test_a_dry_run_answers_and_leaves_nothing(house):
    house.open()
    before = dump(house)
    with house.database.begin() as connection:
        tx = house.engine.enter(Transaction(connection, Actor(house.people["olga"]), house.now, dry_run=True))
        fired = house.engine.fire(tx, "LOAN-1", "review", request_id="a")
        assert (fired.target, fired.opened) == ("reviewing", ("REV-1", "REV-2"))
        connection.get_transaction().rollback()
    assert dump(house) == before
    assert house.fire("olga", "LOAN-1", "review").opened == ("REV-1", "REV-2")


@pytest.mark.parametrize(
    ("who", "ref", "transition", "form", "version"),
    [
        ("nora", "LOAN-1", "review", {}, None),
        ("hedda", "LOAN-1", "review", {}, None),
        ("olga", "LOAN-1", "revew", {}, None),
        ("olga", "LOAN-1", "grant", {}, None),
        ("olga", "LOAN-9", "review", {}, None),
        ("olga", "LOAN-1", "refuse", {"note": "x"}, None),
        ("olga", "LOAN-1", "refuse", {"noet": "too late"}, None),
        ("olga", "LOAN-1", "review", {}, 7),
        ("olga", "LOAN-1", "collect", {}, None),
    ],
)
@pytest.mark.parametrize("bulk", [False, True])
def test_a_refusal_leaves_nothing(house, who, ref, transition, form, version, bulk):
    house.open()
    before = dump(house)
    with house.acting(who) as tx:
        if bulk:
            [came] = house.engine.fire_many(tx, [Request(ref, transition, form, version)], request_id="a")
            assert isinstance(came, TalentError)
        else:
            with pytest.raises(TalentError):
                house.engine.fire(tx, ref, transition, form, expected_version=version)
    assert dump(house) == before


def test_in_a_chunk_a_refused_request_stops_no_other(house):
    for amount in (50, 5, 50):
        house.open(amount)
    with house.acting("olga") as tx:
        came = house.engine.fire_many(tx, [Request(f"LOAN-{number}", "review") for number in (1, 2, 3)])
    assert [isinstance(each, TalentError) for each in came] == [False, True, False]
    assert [house.case(f"LOAN-{number}").state for number in (1, 2, 3)] == ["reviewing", "asked", "reviewing"]


def test_in_a_chunk_a_case_that_stands_twice_moves_once(house):
    house.open()
    with house.acting("olga") as tx:
        moved, again = house.engine.fire_many(tx, [Request("LOAN-1", "review")] * 2)
    assert moved.target == "reviewing"
    assert isinstance(again, Conflict)
    assert str(again) == "LOAN-1 stands twice in one run"
    assert house.case("LOAN-1").version == moved.version
