"""Whatever is changed in the files is named by the verification."""

from __future__ import annotations

import random
from datetime import date
from fractions import Fraction

import pytest
from sqlalchemy import inspect, select, text

from talenthub.errors import IntegrityError
from talenthub.evidence.ledger import correct, record
from talenthub.evidence.settings import EvidenceSettings
from talenthub.evidence.standing import standings
from talenthub.evidence.tables import evidence, person_ledger, standing_sum
from talenthub.evidence.verify import rebuild, verify

SETTINGS = EvidenceSettings()
GUARDED = ("evidence", "evidence_narrative", "person_ledger")


@pytest.fixture
def ledger(world, entry):
    """Return a world with ledgers of five, and no guard on its tables."""
    with world.begin() as tx:
        entries = [
            entry(person, f"C{number % 3}", Fraction(number, 3), narrative=f"text {person} {number}")
            for person in (1, 2, 3)
            for number in range(1, 6)
        ]
        record(tx, entries, SETTINGS)
        correct(tx, 3, 2, ladder=1, reason="misread", settings=SETTINGS)
        for table in GUARDED:
            take_guards(tx, table)
        assert verify(tx, SETTINGS).ok
    yield world
    with world.begin() as tx:
        for table in () if tx.is_sqlite else GUARDED:  # as it was, so that the next test is given it
            tx.connection.execute(text(f"ALTER TABLE {table} ENABLE TRIGGER USER"))


def take_guards(tx, table):
    if tx.is_sqlite:
        query = text("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :table")
        for (name,) in tx.rows(query, {"table": table}):
            tx.connection.execute(text(f"DROP TRIGGER {name}"))
    else:
        tx.connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))


def tamper(world, *statements):
    """Run raw statements without foreign keys and return what is found then."""
    raw = world.database.engine.raw_connection()
    cursor = raw.cursor()
    off = "PRAGMA foreign_keys=OFF" if world.database.is_sqlite else "SET session_replication_role = replica"
    on = "PRAGMA foreign_keys=ON" if world.database.is_sqlite else "SET session_replication_role = DEFAULT"
    for statement in (off, *statements, on):
        cursor.execute(statement)
    raw.commit()
    raw.close()
    with world.begin() as tx:
        return verify(tx, SETTINGS).faults


def named(faults):
    return {(each.person, each.sequence) for each in faults}


COLUMNS = {
    "ladder": "'2'",
    "ladder_value": "0.25",
    "rating": "'4'",
    "source": "'coach'",
    "weight": "'4/5'",
    "competency": "'C9'",
    "framework_code": "'other'",
    "purpose": "'appraisal'",
    "observed_on": "'2026-05-02'",
    "recorded_at": "'2026-06-01 12:00:00.000001'",
    "descriptor_hash": f"'{'e' * 64}'",
    "case_id": "7",
    "event_id": "7",
    "author_id": "2",
    "group_answered": "3",
    "group_asked": "3",
    "supersedes": "1",
    "payload_hash": "NULL",
    "carried_from": "1",
    "carried_by": "1",
    "carried_strength": "'1/2'",
    "hash": f"'{'f' * 64}'",
}


def test_every_column_but_the_key_is_tried():
    assert set(COLUMNS) == {column.name for column in evidence.columns} - {
        "person_id",
        "sequence",
        "framework_version_id",
    }


def test_a_row_with_any_value_changed_is_named(ledger):
    change = "UPDATE evidence SET {} = {} WHERE person_id = 2 AND sequence = 3"
    with ledger.begin() as tx:
        for column, value in COLUMNS.items():
            point = tx.connection.begin_nested()
            tx.connection.execute(text(change.format(column, value.replace(":", "\\:"))))
            assert (2, 3) in named(verify(tx, SETTINGS).faults), column
            point.rollback()
        assert verify(tx, SETTINGS).ok


def test_a_changed_row_is_the_only_one_named_in_its_chain(ledger):
    faults = tamper(ledger, "UPDATE evidence SET rating = '5' WHERE person_id = 2 AND sequence = 3")
    assert named(faults) == {(2, 3)}


def test_a_changed_narrative_is_named(ledger):
    change = "UPDATE evidence_narrative SET payload = payload || ' ' WHERE person_id = 1 AND sequence = 4"
    assert named(tamper(ledger, change)) == {(1, 4)}


def test_rows_that_changed_places_are_named(ledger):
    moves = [
        f"UPDATE evidence SET sequence = {new} WHERE person_id = 1 AND sequence = {old}"
        for old, new in ((2, 99), (4, 2), (99, 4))
    ]
    texts = [each.replace("evidence SET", "evidence_narrative SET") for each in moves]
    assert {(1, 2), (1, 4)} <= named(tamper(ledger, *moves, *texts))


def test_a_row_of_another_person_is_named(ledger):
    copied = ", ".join(
        {"person_id": "2", "payload_hash": "NULL"}.get(column.name, column.name)
        for column in evidence.columns
    )
    names = ", ".join(column.name for column in evidence.columns)
    faults = tamper(
        ledger,
        "DELETE FROM evidence_narrative WHERE person_id = 2 AND sequence = 3",
        "DELETE FROM evidence WHERE person_id = 2 AND sequence = 3",
        f"INSERT INTO evidence ({names}) SELECT {copied} FROM evidence WHERE person_id = 1 AND sequence = 3",
    )
    assert (2, 3) in named(faults)


@pytest.mark.parametrize("sequence", [1, 3, 5])
def test_a_deleted_row_is_named(ledger, sequence):
    where = f"WHERE person_id = 1 AND sequence = {sequence}"
    faults = tamper(ledger, f"DELETE FROM evidence_narrative {where}", f"DELETE FROM evidence {where}")
    assert (1, sequence) in named(faults)


def test_a_cut_tail_is_named(ledger):
    where = "WHERE person_id = 1 AND sequence > 3"
    faults = tamper(ledger, f"DELETE FROM evidence_narrative {where}", f"DELETE FROM evidence {where}")
    assert [each.what for each in faults if each.sequence == 4] == ["the rows to 5 are missing at the end"]


def test_a_tail_cut_together_with_its_head_does_not_fit_the_sums(ledger):
    # Who rewrites the head as well leaves the sums, and a backup, to disagree.
    with ledger.begin() as tx:
        before = tx.value(select(evidence.c.hash).where(evidence.c.person_id == 1, evidence.c.sequence == 3))
    where = "WHERE person_id = 1 AND sequence > 3"
    faults = tamper(
        ledger,
        f"DELETE FROM evidence_narrative {where}",
        f"DELETE FROM evidence {where}",
        f"UPDATE person_ledger SET sequence = 3, head_hash = '{before}' WHERE person_id = 1",
    )
    assert {each.person for each in faults} == {1}


def test_a_ledger_that_lost_all_or_its_head_is_named(ledger):
    faults = tamper(
        ledger,
        "DELETE FROM evidence_narrative WHERE person_id = 1",
        "DELETE FROM evidence WHERE person_id = 1",
        "DELETE FROM person_ledger WHERE person_id = 2",
    )
    assert {each.what for each in faults} >= {
        "all rows are missing",
        "the head of the ledger is missing",
    }


def test_a_row_slipped_in_behind_the_head_is_named(ledger):
    head = "UPDATE person_ledger SET sequence = 4 WHERE person_id = 1"
    assert (1, 5) in named(tamper(ledger, head))


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE standing_sum SET weight_sum = weight_sum * 1.00000001 WHERE person_id = 1",
        "UPDATE standing_sum SET ladder_sum = 0 WHERE person_id = 1",
        "UPDATE standing_sum SET row_count = 9 WHERE person_id = 1",
        "UPDATE standing_sum SET newest_on = '2026-05-02' WHERE person_id = 1",
        "DELETE FROM standing_sum WHERE person_id = 1",
        "UPDATE standing_sum SET competency = competency || 'x' WHERE person_id = 1",
    ],
)
def test_a_sum_that_is_not_the_ledgers_is_named_and_mended_by_a_rebuild(ledger, change):
    faults = tamper(ledger, change)
    assert {(each.person, each.sequence) for each in faults} == {(1, None)}
    with ledger.begin() as tx:
        assert rebuild(tx, SETTINGS) == 9
        assert verify(tx, SETTINGS).ok


def test_a_rebuild_refuses_a_ledger_that_does_not_verify(ledger):
    tamper(ledger, "UPDATE evidence SET weight = '9' WHERE person_id = 1 AND sequence = 1")
    with ledger.begin() as tx, pytest.raises(IntegrityError, match="talent evidence verify"):
        rebuild(tx, SETTINGS)


def test_a_rebuild_brings_other_settings_into_force(ledger):
    other = EvidenceSettings(half_life_days=90)
    with ledger.begin() as tx:
        assert {each.what for each in verify(tx, other).faults} == {
            f"the sum of C{number} for development in core was kept with other settings"
            for number in range(3)
        }
        before = standings(tx, [1, 2, 3], "core", "development", SETTINGS)
        rebuild(tx, other)
        assert verify(tx, other).ok
        after = standings(tx, [1, 2, 3], "core", "development", other)
        assert {key: each.value for key, each in after.items()} == {
            key: each.value for key, each in before.items()
        }  # all rows are of one day, so only the weights move
        rebuild(tx, SETTINGS)
        assert standings(tx, [1, 2, 3], "core", "development", SETTINGS) == before


def test_rebuilt_sums_agree_with_those_kept_up_row_by_row(world, entry):
    chance = random.Random(7)
    with world.begin() as tx:
        for _ in range(20):
            record(
                tx,
                [
                    entry(
                        chance.randint(1, 3),
                        ladder=Fraction(chance.randint(0, 30), 6),
                        observed_on=date(2024, chance.randint(1, 12), chance.randint(1, 28)),
                    )
                    for _ in range(10)
                ],
                SETTINGS,
            )
        kept = {row.person_id: row for row in tx.rows(select(standing_sum))}
        rebuild(tx, SETTINGS)
        for row in tx.rows(select(standing_sum)):
            assert row.weight_sum == pytest.approx(kept[row.person_id].weight_sum, rel=1e-12)
            assert row.ladder_sum == pytest.approx(kept[row.person_id].ladder_sum, rel=1e-12)


def test_each_flipped_byte_of_a_stored_value_is_named(ledger):
    # Text as it lies in the file, one byte changed, also to what is no UTF-8.
    if not ledger.database.is_sqlite:
        pytest.skip("PostgreSQL types its values; the columns are tried one by one above")
    chance = random.Random(11)
    columns = [name for name in COLUMNS if name not in ("ladder_value", "payload_hash")]
    for _ in range(60):
        column = chance.choice(columns)
        person, sequence = chance.randint(1, 3), chance.randint(1, 5)
        place = f"person_id = {person} AND sequence = {sequence}"
        with ledger.begin() as tx:
            value = tx.connection.exec_driver_sql(
                f"SELECT CAST({column} AS BLOB) FROM evidence WHERE {place}"
            ).scalar()
        if not value:
            continue
        at, flip = chance.randrange(len(value)), 1 << chance.randrange(8)
        damaged = value[:at] + bytes([value[at] ^ flip]) + value[at + 1 :]
        put = f"UPDATE evidence SET {column} = CAST(X'%s' AS TEXT) WHERE {place}"
        faults = tamper(ledger, put % damaged.hex())
        assert (person, sequence) in named(faults), (column, value, damaged)
        assert not [each for each in named(faults) if each[1] not in (sequence, None)]
        tamper(ledger, put % value.hex())
    with ledger.begin() as tx:
        assert verify(tx, SETTINGS).ok


def test_the_tables_are_those_of_the_migration(world):
    with world.begin() as tx:
        reflected = inspect(tx.connection)
        for table in (evidence, person_ledger, standing_sum):
            names = {each["name"] for each in reflected.get_columns(table.name)}
            assert names == {column.name for column in table.columns}
