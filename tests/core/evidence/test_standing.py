"""Standings against a calculation of the test's own."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, getcontext
from fractions import Fraction

import pytest
from sqlalchemy import event

from talenthub.errors import UsageError
from talenthub.evidence.ledger import correct, record
from talenthub.evidence.settings import EvidenceSettings
from talenthub.evidence.standing import explain, standings
from talenthub.evidence.verify import verify

SETTINGS = EvidenceSettings()
ALL = ("selection", "development", "appraisal", "succession")
getcontext().prec = 60


def decimal(number):
    exact = Fraction(number)
    return Decimal(exact.numerator) / Decimal(exact.denominator)


def by_hand(rows, on, half_life):
    """Return (value, weight) of rows (ladder, weight, day), in 60 digits."""
    above = below = Decimal(0)
    for ladder, weight, day in rows:
        decayed = decimal(weight) * Decimal(2) ** (decimal(-(on - day).days) / decimal(half_life))
        above += decayed * decimal(ladder)
        below += decayed
    return (above / below, below) if below else None


def close(found, expected):
    return abs(Decimal(found) - expected) <= Decimal("1.0e-9")


def test_nobody_without_evidence_has_a_standing(world, entry):
    with world.begin() as tx:
        record(tx, [entry(source="self"), entry(source="quiz")], SETTINGS)
        assert standings(tx, [1, 2], "core", "development", SETTINGS) == {}
        assert standings(tx, [], "core", "development", SETTINGS) == {}


@pytest.mark.parametrize("half_life", [30, 180, 365])
@pytest.mark.parametrize("seed", range(2))
def test_random_ledgers_agree_with_a_calculation_by_hand(world, entry, half_life, seed):
    chance = random.Random(seed * 1000 + half_life)
    weights = {source: Fraction(chance.randint(0, 20), 10) for source in ("manager", "peers", "interview")}
    settings = EvidenceSettings(half_life_days=half_life, weights=weights)
    expected: dict = {}
    entries = []
    for _ in range(200):
        person, competency = chance.randint(1, 4), chance.choice(["CIT", "TRU", "COM"])
        ladder = Fraction(chance.randint(0, 60), 12)
        source = chance.choice(list(weights))
        purpose = chance.choice(ALL)
        day = date(2026, 6, 1) - timedelta(days=chance.randint(0, 1200))
        entries.append(entry(person, competency, ladder, source=source, purpose=purpose, observed_on=day))
        expected.setdefault((person, competency), []).append((purpose, ladder, weights[source], day))
    with world.begin() as tx:
        for start in range(0, 200, 40):
            record(tx, entries[start : start + 40], settings)
        for purpose, usable in settings.purposes.items():
            found = standings(tx, range(1, 7), "core", purpose, settings)
            for key, rows in expected.items():
                used = [(ladder, weight, day) for its, ladder, weight, day in rows if its in usable]
                result = by_hand(used, date(2026, 6, 1), half_life)
                assert (key in found) == (result is not None)
                if result:
                    assert close(found[key].value, result[0])
                    assert close(found[key].weight, result[1])
                    assert found[key].provisional == (result[1] < 1)
                    assert found[key].rows == len([row for row in used if row[1]])
        past = date(2026, 1, 1)
        found = standings(tx, range(1, 7), "core", "development", settings, on=past)
        for key, rows in expected.items():
            used = [
                (ladder, weight, day)
                for its, ladder, weight, day in rows
                if day <= past and its in settings.usable("development")
            ]
            result = by_hand(used, past, half_life)
            assert (key in found) == (result is not None)
            if result:
                assert close(found[key].value, result[0])
        assert verify(tx, settings).ok


def test_the_worked_example_of_two_ratings(world, entry):
    # An interview of 10 February and a manager's rating 180 days later:
    # (.5·½·7/3 + 1·3) / (.5·½ + 1) = 2.866666667 on the later day.
    first, second = date(2026, 2, 10), date(2026, 8, 9)
    with world.begin(datetime(2026, 8, 9, tzinfo=UTC)) as tx:
        record(
            tx,
            [
                entry(ladder="7/3", source="interview", observed_on=first),
                entry(ladder=3, source="manager", observed_on=second),
            ],
            SETTINGS,
        )
        found = standings(tx, [1], "core", "development", SETTINGS)[1, "COM"]
    assert (found.value, found.weight, found.newest_on) == (2.866666667, 1.25, second)


def test_a_standing_is_provisional_below_weight_one_exactly(world, entry):
    with world.begin() as tx:
        record(tx, [entry(source="interview", observed_on=tx.today)] * 2, SETTINGS)
        record(tx, [entry(2, source="interview", observed_on=tx.today - timedelta(days=1))] * 2, SETTINGS)
        found = standings(tx, [1, 2], "core", "development", SETTINGS)
    assert found[1, "COM"].weight == 1.0
    assert not found[1, "COM"].provisional
    assert found[2, "COM"].provisional


def test_a_standing_does_not_move_by_itself_but_its_weight_fades(world, entry):
    with world.begin() as tx:
        record(tx, [entry(ladder=1), entry(ladder="10/3", observed_on=date(2026, 1, 5))], SETTINGS)
        now = standings(tx, [1], "core", "development", SETTINGS)[1, "COM"]
        later = standings(tx, [1], "core", "development", SETTINGS, on=date(2026, 11, 28))[1, "COM"]
    assert later.value == now.value
    assert later.weight == pytest.approx(now.weight / 2, abs=2e-9)


def test_purposes_keep_rows_apart(world, entry):
    settings = EvidenceSettings(purposes={"selection": ("selection",), "development": ALL})
    with world.begin() as tx:
        record(tx, [entry(ladder=1, purpose="selection"), entry(ladder=3)], settings)
        assert standings(tx, [1], "core", "selection", settings)[1, "COM"].value == 1.0
        assert standings(tx, [1], "core", "development", settings)[1, "COM"].value == 2.0
        with pytest.raises(UsageError) as caught:
            standings(tx, [1], "core", "selektion", settings)
    assert caught.value.problems[0].nearest == "selection"


def test_what_was_known_on_a_day_leaves_out_what_was_told_later(world, entry):
    april, may = datetime(2026, 4, 1, tzinfo=UTC), datetime(2026, 5, 1, tzinfo=UTC)
    observed = date(2026, 3, 1)
    with world.begin(april) as tx:
        record(tx, [entry(ladder=1, observed_on=observed)], SETTINGS)
    with world.begin(may) as tx:
        correct(tx, 1, 1, ladder=3, reason="misread", settings=SETTINGS)
        record(tx, [entry(2, observed_on=observed)], SETTINGS)
    with world.begin() as tx:
        then = standings(tx, [1, 2], "core", "development", SETTINGS, known_on=date(2026, 4, 30))
        assert {key: each.value for key, each in then.items()} == {(1, "COM"): 1.0}
        now = standings(tx, [1, 2], "core", "development", SETTINGS, known_on=date(2026, 5, 1))
        assert {key: each.value for key, each in now.items()} == {(1, "COM"): 3.0, (2, "COM"): 2.0}
        backwards = standings(tx, [1], "core", "development", SETTINGS, on=observed)
        assert backwards[1, "COM"].value == 3.0
        assert standings(tx, [1], "core", "development", SETTINGS, on=date(2026, 2, 28)) == {}


def test_an_explanation_adds_up_to_the_standing_it_explains(world, entry):
    with world.begin() as tx:
        record(
            tx,
            [
                entry(ladder="5/3", source="interview", observed_on=date(2026, 2, 10)),
                entry(ladder=2, source="manager"),
                entry(ladder=4, source="self"),
                entry(ladder=5, source="coach"),
                entry(ladder=1, competency="DEL"),
            ],
            SETTINGS,
        )
        correct(tx, 1, 4, ladder=2, reason="misread", settings=SETTINGS)
        told = explain(tx, 1, "core", "COM", "development", SETTINGS)
        assert told.standing == standings(tx, [1], "core", "development", SETTINGS)[1, "COM"]
        assert explain(tx, 2, "core", "COM", "development", SETTINGS).standing is None
    assert [each.row.sequence for each in told.rows] == [1, 2, 3, 4, 6]
    assert [each.left_out for each in told.rows] == ["", "", "shown, not counted", "superseded by 6", ""]
    assert [each.age_days for each in told.rows][:2] == [111, 31]
    weight = sum(each.effective_weight for each in told.rows)
    assert round(sum(each.contribution for each in told.rows) / weight, 9) == told.standing.value
    assert (told.settings_version, told.half_life_days) == (SETTINGS.version, 180)
    assert "180" in told.formula


def test_standings_of_one_and_of_many_take_one_statement(world, entry):
    with world.begin() as tx:
        record(tx, [entry(1 + n % 6, f"C{n % 8}") for n in range(100)], SETTINGS)
    seen = []
    with world.begin() as tx:
        event.listen(world.database.engine, "before_cursor_execute", lambda *given: seen.append(given[2]))
        standings(tx, [1], "core", "development", SETTINGS)
        standings(tx, range(1, 7), "core", "development", SETTINGS)
    assert len(seen) == 2


def test_the_version_changes_with_what_sums_depend_on_only():
    assert EvidenceSettings().version == EvidenceSettings(weights={"manager": 2}).version
    assert EvidenceSettings().version != EvidenceSettings(half_life_days=181).version
    assert EvidenceSettings().version != EvidenceSettings(epoch=date(2024, 1, 1)).version
