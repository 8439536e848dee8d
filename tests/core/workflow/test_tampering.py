"""Histories cannot be changed; who changes them by force is found out."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from talenthub.errors import IntegrityError
from talenthub.storage.transaction import SYSTEM, Transaction
from talenthub.workflow.history import verify


@pytest.fixture
def told(house):
    """A loan with four events and two reviews with two each."""
    house.open()
    house.fire("olga", "LOAN-1", "review")
    house.fire("rita", "REV-1", "mark", mark=3)
    house.fire("rolf", "REV-2", "mark", mark=4)
    house.fire("olga", "LOAN-1", "note", note="fine with me")
    return house


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE case_event SET target = 'granted' WHERE case_id = 1",
        "UPDATE case_event SET at = at",
        "DELETE FROM case_event WHERE case_id = 1 AND version = 3",
        "DELETE FROM case_event",
        "UPDATE case_payload SET payload = '{}'",
    ],
)
def test_the_database_refuses_to_change_history(told, sql):
    with pytest.raises(DBAPIError, match="append-only"), told.acting() as tx:
        tx.connection.execute(text(sql))


def test_postgresql_refuses_to_empty_history(told):
    if told.database.is_sqlite:
        pytest.skip("SQLite knows no TRUNCATE")
    with pytest.raises(DBAPIError, match="append-only"), told.acting() as tx:
        tx.connection.execute(text("TRUNCATE case_event CASCADE"))


def by_force(house, *statements: str) -> None:
    """Change rows as somebody with the file in hand would."""
    with house.acting() as tx:
        if tx.is_sqlite:
            names = tx.connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'")
            for name in names.scalars().all():
                tx.connection.exec_driver_sql(f"DROP TRIGGER {name}")
        else:
            tx.connection.exec_driver_sql("SET session_replication_role = replica")
        for each in statements:
            tx.connection.exec_driver_sql(each)


def faults(house) -> set[str]:
    with pytest.raises(IntegrityError) as found, house.acting() as tx:
        verify(tx)
    return {f"{each.place}: {each.text}" for each in found.value.problems}


HEADER = "its header was changed"
CHAIN = "it is not chained to the event before"
PAYLOAD = "its payload was changed"


@pytest.mark.parametrize(
    ("sql", "named"),
    [
        ("UPDATE case_event SET actor_id = actor_id + 1 WHERE case_id = 1 AND version = 2", HEADER),
        ("UPDATE case_event SET transition = 'noted' WHERE case_id = 1 AND version = 2", HEADER),
        ("UPDATE case_event SET login_id = 3 WHERE case_id = 1 AND version = 2", HEADER),
        ("UPDATE case_event SET cause = 'REV-1/9' WHERE case_id = 1 AND version = 2", HEADER),
        ("UPDATE case_event SET previous_hash = hash WHERE case_id = 1 AND version = 2", CHAIN),
        ("UPDATE case_payload SET payload = '{\"x\":1}' WHERE case_id = 1 AND version = 2", PAYLOAD),
        ("UPDATE case_payload SET salt = 'x' WHERE case_id = 1 AND version = 2", PAYLOAD),
    ],
)
def test_a_changed_row_is_named(told, sql, named):
    by_force(told, sql)
    assert f"LOAN-1 event 2: {named}" in faults(told)


def test_a_deleted_row_is_named(told):
    by_force(
        told,
        "DELETE FROM case_payload WHERE case_id = 1 AND version = 2",
        "DELETE FROM case_event WHERE case_id = 1 AND version = 2",
    )
    assert "LOAN-1 event 3: event 2 is missing" in faults(told)


def test_a_cut_tail_is_named(told):
    by_force(
        told,
        "DELETE FROM case_payload WHERE case_id = 1 AND version = 4",
        "DELETE FROM case_event WHERE case_id = 1 AND version = 4",
    )
    assert faults(told) == {"LOAN-1 event 4: the history ends before the case does"}


def test_two_swapped_rows_are_named(told):
    by_force(
        told,
        *(
            f"UPDATE {table} SET version = {new} WHERE case_id = 1 AND version = {old}"
            for table in ("case_payload", "case_event")
            for old, new in ((2, 90), (3, 2), (90, 3))
        ),
    )
    named = faults(told)
    assert {each.split(":")[0] for each in named} >= {"LOAN-1 event 2", "LOAN-1 event 3"}


def test_a_row_copied_from_another_case_is_named(told):
    hashes = "payload_hash, previous_hash, hash"
    columns = f"kind, transition, source, target, actor_id, login_id, at, cause, {hashes}"
    by_force(
        told,
        f"INSERT INTO case_event (case_id, version, {columns})"
        f" SELECT 1, 5, {columns} FROM case_event WHERE case_id = 2 AND version = 2",
        "UPDATE workflow_case SET version = 5 WHERE id = 1",
    )
    assert "LOAN-1 event 5: it is not chained to the event before" in faults(told)


@pytest.mark.parametrize(
    ("sql", "named"),
    [
        (
            "UPDATE workflow_case SET state = 'reviewing' WHERE id = 1",
            "the state is not the one the history leads to",
        ),
        (
            'UPDATE workflow_case SET data = \'{"amount":9000,"note":""}\' WHERE id = 1',
            "what it carries is not what the history tells",
        ),
        ("UPDATE workflow_case SET version = 3 WHERE id = 1", "the history ends before the case does"),
        ("UPDATE workflow_case SET head_hash = 'x' WHERE id = 1", "the history ends before the case does"),
    ],
)
def test_a_changed_case_is_named(told, sql, named):
    by_force(told, sql)
    [fault] = faults(told)
    assert fault.startswith("LOAN-1 event")
    assert fault.endswith(named)


def test_every_fault_is_named_not_only_the_first(told):
    by_force(told, "UPDATE case_event SET target = 'x' WHERE version = 2")
    assert {each.split()[0] for each in faults(told)} == {"LOAN-1", "REV-1", "REV-2"}


def test_an_erased_payload_leaves_the_chain_whole(told):
    by_force(told, "DELETE FROM case_payload WHERE case_id = 1")
    with told.acting() as tx:
        assert verify(tx) == 3
        assert all(each.payload is None for each in told.engine.log(tx, "LOAN-1"))


def test_cases_that_are_fired_meanwhile_are_no_faults(told):
    """PostgreSQL shows each statement a later moment than the one before."""
    if told.database.is_sqlite:
        pytest.skip("a SQLite transaction sees one moment")
    with told.acting() as tx:
        assert verify(tx) == 3
        told.fire("hedda", "LOAN-1", "grant")
        assert verify(tx) == 3
        assert verify(tx, [1]) == 1
    with told.database.begin(read_only=True) as connection:
        reading = told.engine.enter(Transaction(connection, SYSTEM, told.now))
        assert verify(reading) == 3
