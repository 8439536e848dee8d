"""Writes handed to the driver leave what SQLAlchemy's own would leave."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import bindparam, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from talenthub.storage.copying import LONG
from talenthub.storage.direct import Direct, next_ids
from talenthub.storage.holding import MeddlingError, only_reading
from talenthub.storage.hub import hub_event, workspace_setting
from talenthub.storage.transaction import SYSTEM, Transaction

NOW = datetime(2026, 3, 2, 9, 30, 0, 17, tzinfo=UTC)
EAST = timezone(timedelta(hours=5, minutes=45))
_COLUMNS = [each for each in hub_event.c if each.name != "id"]


@pytest.fixture
def tx(database):
    with database.begin() as connection:
        yield Transaction(connection, SYSTEM, NOW)


def event(number: int, **more):
    row = {
        "kind": f"kind\t{number} % ? \\N\n",
        "at": (NOW + timedelta(microseconds=number)).astimezone(EAST),
        "actor_id": None,
        "login_id": number,
        "subject": "person",
        "subject_id": number,
        "facts": '{"é":"100 %"}',
        "delivered_at": None if number % 2 else NOW,
    }
    return {**row, **more}


@pytest.mark.parametrize("many", [1, 3, LONG])
def test_inserts_agree(tx, many):
    rows = [event(number) for number in range(many)]
    tx.write(insert(hub_event), rows)
    expected = tx.rows(select(*_COLUMNS).order_by(hub_event.c.id))
    tx.write(hub_event.delete())
    assert tx.write(Direct(insert(hub_event)), rows) == many
    found = tx.rows(select(*_COLUMNS).order_by(hub_event.c.id))
    assert found == expected
    assert [row.at for row in found] == [each["at"] for each in rows]
    assert all(row.at.tzinfo is UTC for row in found)


def test_a_long_list_keeps_the_values_that_stand_in_its_insert(tx):
    rows = [
        {name: value for name, value in event(number).items() if name != "subject"} for number in range(LONG)
    ]
    assert tx.write(Direct(insert(hub_event).values(subject="post")), rows) == LONG
    stated = Direct(insert(hub_event).values(subject=func.lower("POST")))
    assert tx.write(stated, rows) == LONG
    assert set(tx.rows(select(hub_event.c.subject))) == {("post",)}


def test_one_bad_row_of_a_long_list_leaves_none_and_is_told_as_ever(tx):
    rows = [{"key": f"key {number}", "value": "x"} for number in range(LONG)]
    write = Direct(insert(workspace_setting))
    with pytest.raises(IntegrityError, match="workspace_setting"), tx.savepoint():
        tx.write(write, [*rows, rows[3]])
    assert tx.rows(select(workspace_setting.c.key).where(workspace_setting.c.value == "x")) == []
    with only_reading(tx.connection), pytest.raises(MeddlingError):
        tx.write(write, rows)


def test_one_statement_takes_rows_with_other_columns_the_next_time(tx):
    write = Direct(insert(hub_event))
    full = event(1)
    tx.write(write, full)
    tx.write(write, {name: value for name, value in full.items() if name != "delivered_at"})
    assert len(tx.rows(select(hub_event))) == 2


def test_an_update_keeps_the_values_that_stand_in_it(tx):
    tx.write(insert(hub_event), [event(number) for number in range(4)])
    change = Direct(
        update(hub_event)
        .where(hub_event.c.subject_id == bindparam("which"), hub_event.c.kind != "none")
        .values(subject="post", login_id=hub_event.c.login_id + 10, delivered_at=bindparam("moment"))
    )
    assert tx.write(change, [{"which": 1, "moment": NOW}, {"which": 3, "moment": None}]) == 2
    rows = tx.rows(select(hub_event.c.subject, hub_event.c.login_id).order_by(hub_event.c.subject_id))
    assert [tuple(row) for row in rows] == [("person", 0), ("post", 11), ("person", 2), ("post", 13)]


def test_numbers_are_returned_and_taken_ahead(tx):
    one = Direct(insert(hub_event).returning(hub_event.c.id))
    first = tx.value(one, event(1))
    ahead = list(next_ids(tx.connection, hub_event, 3))
    assert len({first, *ahead}) == 4
    assert ahead == sorted(ahead)
    rows = [event(number, id=each) for number, each in enumerate(ahead)]
    tx.write(Direct(insert(hub_event)), rows)
    assert tx.value(one, event(9)) not in {first, *ahead}


def test_what_the_database_refuses_is_told_as_ever(tx):
    write = Direct(insert(workspace_setting))
    tx.write(write, {"key": "a", "value": "1"})
    with pytest.raises(IntegrityError), tx.savepoint():
        tx.write(write, {"key": "a", "value": "2"})


def test_a_moment_without_a_zone_is_refused(tx):
    with pytest.raises(ValueError, match="time zone"):
        tx.write(Direct(insert(hub_event)), event(1, at=datetime(2026, 3, 2)))
