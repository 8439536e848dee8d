"""The ledger: what it takes, what it refuses, what it keeps."""

from __future__ import annotations

import threading
from datetime import date, timedelta
from fractions import Fraction

import pytest
from sqlalchemy import delete, event, func, select, text, update
from sqlalchemy.exc import DBAPIError

from talenthub.errors import Conflict, IntegrityError, NotFound, UsageError
from talenthub.evidence.ledger import EvidenceKey, correct, record
from talenthub.evidence.settings import EvidenceSettings
from talenthub.evidence.standing import standings
from talenthub.evidence.tables import evidence, evidence_narrative, person_ledger, standing_sum
from talenthub.evidence.verify import verify

SETTINGS = EvidenceSettings()


def test_rows_are_numbered_per_person_in_the_order_given(world, entry):
    with world.begin() as tx:
        assert record(tx, [entry(2), entry(1), entry(2, "DEL")], SETTINGS) == [
            EvidenceKey(2, 1),
            EvidenceKey(1, 1),
            EvidenceKey(2, 2),
        ]
        assert record(tx, [entry(2, "CIT")], SETTINGS) == [EvidenceKey(2, 3)]
        assert record(tx, [], SETTINGS) == []


def test_a_row_keeps_the_exact_numbers_and_the_weight_of_its_day(world, entry):
    with world.begin() as tx:
        record(tx, [entry(ladder="5/3", rating=Fraction(7, 3), source="interview")], SETTINGS)
        row = tx.row(select(evidence))
    assert (row.ladder, row.rating, row.weight) == ("5/3", "7/3", "1/2")
    assert row.ladder_value == 5 / 3


def test_all_that_is_wrong_is_told_at_once_and_nothing_is_written(world, entry):
    wrong = [
        entry(observed_on=date(2026, 6, 2)),
        entry(source="manger"),
        entry(purpose="apraisal"),
        entry(ladder="-1"),
        entry(reason="why"),
        entry(group=(2, 5)),
        entry(group=(3, 5), author=2),
        entry(weight=Fraction(-1)),
    ]
    with world.begin() as tx:
        with pytest.raises(UsageError) as caught:
            record(tx, wrong, SETTINGS)
        assert tx.value(select(func.count()).select_from(person_ledger)) == 0
    assert len(caught.value.problems) == 8
    assert [each.nearest for each in caught.value.problems[1:3]] == ["manager", "appraisal"]


def test_what_is_observed_today_is_taken(world, entry):
    with world.begin() as tx:
        record(tx, [entry(observed_on=tx.today)], SETTINGS)


def test_a_row_too_far_from_the_epoch_is_refused(world, entry):
    with world.begin() as tx, pytest.raises(UsageError, match="epoch"):
        record(tx, [entry(observed_on=date(2020, 1, 1))], EvidenceSettings(half_life_days=1))


def test_free_text_lies_apart_and_can_be_erased(world, entry):
    with world.begin() as tx:
        record(tx, [entry(narrative="She told me in confidence."), entry()], SETTINGS)
        assert tx.value(select(func.count()).select_from(evidence_narrative)) == 1
        assert "confidence" not in str(tx.rows(select(evidence)))
        tx.write(delete(evidence_narrative))
        assert verify(tx, SETTINGS).ok


def test_a_correction_supersedes_and_takes_the_place_of_the_row(world, entry):
    with world.begin() as tx:
        record(tx, [entry(ladder=1), entry(ladder=3)], SETTINGS)
        made = correct(tx, 1, 1, ladder=3, rating=5, reason="typing error", settings=SETTINGS)
        assert made == EvidenceKey(1, 3)
        found = standings(tx, [1], "core", "development", SETTINGS)[1, "COM"]
        assert (found.value, found.rows) == (3.0, 2)
        assert tx.value(select(evidence.c.ladder).where(evidence.c.sequence == 1)) == "1"
        assert verify(tx, SETTINGS).ok


def test_a_row_is_corrected_once_and_then_its_correction(world, entry):
    with world.begin() as tx:
        record(tx, [entry()], SETTINGS)
        correct(tx, 1, 1, ladder=1, reason="first", settings=SETTINGS)
        with pytest.raises(Conflict, match="number 2 instead"):
            correct(tx, 1, 1, ladder=3, reason="second", settings=SETTINGS)
        correct(tx, 1, 2, ladder=3, reason="second", settings=SETTINGS)
        assert standings(tx, [1], "core", "development", SETTINGS)[1, "COM"].value == 3.0


def test_a_withdrawn_row_leaves_the_person_unknown(world, entry):
    with world.begin() as tx:
        record(tx, [entry()], SETTINGS)
        correct(tx, 1, 1, withdraw=True, reason="another person was meant", settings=SETTINGS)
        assert standings(tx, [1], "core", "development", SETTINGS) == {}
        assert tx.value(select(func.count()).select_from(standing_sum)) == 0
        assert verify(tx, SETTINGS).ok


def test_what_is_not_there_cannot_be_corrected(world, entry):
    with world.begin() as tx:
        record(tx, [entry()], SETTINGS)
        with pytest.raises(NotFound):
            correct(tx, 1, 7, ladder=1, reason="why", settings=SETTINGS)
        with pytest.raises(NotFound):
            record(tx, [entry(competency="DEL", supersedes=1, reason="why")], SETTINGS)
        with pytest.raises(UsageError):
            correct(tx, 1, 1, reason="why", settings=SETTINGS)


CHANGES = {
    "core update": update(evidence).values(ladder="5"),
    "core delete": delete(evidence),
    "raw update": text("UPDATE evidence SET weight = '9' WHERE person_id = 1"),
    "upsert": text(
        "INSERT INTO evidence SELECT * FROM evidence WHERE true "
        "ON CONFLICT (person_id, sequence) DO UPDATE SET ladder = '5'"
    ),
    "narrative": update(evidence_narrative).values(payload="other"),
    "head": delete(person_ledger),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_the_database_itself_refuses_to_change_the_past(world, entry, change):
    with world.begin() as tx:
        record(tx, [entry(narrative="kept")], SETTINGS)
    with world.begin() as tx, tx.connection.begin_nested() as point:
        with pytest.raises(DBAPIError, match="append-only"):
            tx.connection.execute(change)
        point.rollback()


def test_truncate_is_refused(world, entry):
    if world.database.is_sqlite:
        pytest.skip("SQLite has no TRUNCATE")
    with world.begin() as tx, tx.connection.begin_nested() as point:
        with pytest.raises(DBAPIError, match="append-only"):
            tx.connection.execute(text("TRUNCATE evidence CASCADE"))
        point.rollback()


def count_statements(world, work):
    seen = []
    listener = lambda *given: seen.append(given[2])  # noqa: E731
    event.listen(world.database.engine, "before_cursor_execute", listener)
    with world.begin() as tx:
        work(tx)
    event.remove(world.database.engine, "before_cursor_execute", listener)
    return len([each for each in seen if not each.startswith("BEGIN")])


def test_the_number_of_statements_does_not_grow_with_the_rows(world, entry):
    few = [entry(narrative="text")]
    many = [entry(1 + n % 6, f"C{n % 9}", narrative="text") for n in range(500)]
    assert count_statements(world, lambda tx: record(tx, few, SETTINGS)) == 5
    assert count_statements(world, lambda tx: record(tx, many, SETTINGS)) == 5
    one = [entry(supersedes=1, reason="r")]
    statements = count_statements(world, lambda tx: record(tx, one, SETTINGS))
    with world.begin() as tx:
        rows = tx.rows(select(evidence).where(evidence.c.person_id > 1))
    more = [entry(row.person_id, row.competency, supersedes=row.sequence, reason="r") for row in rows[::5]]
    assert len(more) > 50
    assert count_statements(world, lambda tx: record(tx, more, SETTINGS)) == statements <= 12


def test_other_settings_are_refused_until_the_rebuild(world, entry):
    with world.begin() as tx:
        record(tx, [entry()], SETTINGS)
    other = EvidenceSettings(half_life_days=90)
    with pytest.raises(IntegrityError, match="talent evidence rebuild"), world.begin() as tx:
        record(tx, [entry()], other)
    with world.begin() as tx:
        with pytest.raises(IntegrityError, match="talent evidence rebuild"):
            standings(tx, [1], "core", "development", other)
        assert tx.value(select(func.count()).select_from(evidence)) == 1


def test_writers_at_the_same_time_keep_every_chain_whole(world, entry):
    writers, rounds = 6, 8
    start = threading.Barrier(writers)
    failures = []

    def write(number):
        start.wait()
        try:
            for turn in range(rounds):
                people = [1 + (number + turn) % 6, 1 + (number * 5 + turn) % 6, 1]
                day = date(2026, 5, 1) - timedelta(days=number)
                with world.begin() as tx:
                    record(tx, [entry(each, f"C{turn % 3}", observed_on=day) for each in people], SETTINGS)
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(writers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    with world.begin() as tx:
        found = verify(tx, SETTINGS)
        assert found.ok, found.faults
        assert found.rows == writers * rounds * 3
        assert tx.value(select(func.sum(person_ledger.c.sequence))) == found.rows
