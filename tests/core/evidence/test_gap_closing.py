"""When a gap closes, told a second way: day by day instead of row by row."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from math import fsum

import pytest

from talenthub.errors import ConfigurationError
from talenthub.evidence.closing import Closing, Phase, closing, closings
from talenthub.evidence.gap import gap
from talenthub.evidence.ledger import record
from talenthub.evidence.rows import Scope, read
from talenthub.evidence.settings import EvidenceSettings
from talenthub.evidence.standing import standings

SETTINGS = EvidenceSettings()
TODAY = date(2026, 6, 1)
WEIGHTS = {"manager": 1.0, "peers": 0.8, "coach": 0.8, "interview": 0.5, "self": 0.0}


@dataclass
class Row:
    """As much of a ledger's row as the rule reads."""

    source: str
    ladder: Fraction
    observed_on: date
    sequence: int = 1
    counts: bool = True

    @property
    def weight(self):
        return Fraction(str(WEIGHTS[self.source]))


def told(rows, required=2, on=TODAY, settings=SETTINGS) -> Closing | None:
    made = [
        Row(source, Fraction(ladder), date.fromisoformat(day), number, WEIGHTS[source] > 0)
        for number, (source, ladder, day) in enumerate(rows, 1)
    ]
    return closing(made, required, on, settings)


LOW = ("manager", "1", "2025-11-01")
UP = ("manager", "3", "2026-05-01")


def test_one_source_alone_closes_nothing():
    found = told([LOW, UP])
    assert (found.phase, found.opened_on, found.closed_on) == (Phase.CLOSING, date(2025, 11, 1), None)
    assert found.words == "closing: needs a second source within 60 days"
    assert (found.agreeing, found.missing) == (("manager",), 1)


def test_a_second_source_closes_it_on_its_day():
    found = told([LOW, UP, ("peers", "2", "2026-05-20")])
    assert (found.phase, found.closed_on, found.missing) == (Phase.CLOSED, date(2026, 5, 20), 0)
    assert found.words == "closed on 2026-05-20 by manager, peers"


def test_a_source_that_disagrees_is_listed_and_does_not_count():
    found = told([LOW, ("manager", "4", "2026-05-01"), ("peers", "1.7", "2026-05-20")])
    assert found.phase is Phase.CLOSING
    assert [(each.source, each.ladder, each.agrees) for each in found.sources] == [
        ("manager", 4.0, True),
        ("peers", 1.7, False),
    ]


@pytest.mark.parametrize(("ladder", "phase"), [("1.75", Phase.CLOSED), ("1.749999998", Phase.CLOSING)])
def test_a_source_agrees_from_the_smallest_band_on(ladder, phase):
    rows = [LOW, ("manager", "4", "2026-05-01"), ("peers", ladder, "2026-05-20")]
    assert told(rows).phase is phase


@pytest.mark.parametrize(("apart", "phase"), [(60, Phase.CLOSED), (61, Phase.CLOSING)])
def test_sixty_days_are_recent_and_sixty_one_are_not(apart, phase):
    later = date(2026, 3, 1) + timedelta(days=apart)
    found = told([LOW, ("manager", "4", "2026-03-01"), ("peers", "3", later.isoformat())])
    assert found.phase is phase


def test_a_closed_gap_stays_closed_while_its_sources_grow_old_and_opens_anew():
    rows = [LOW, UP, ("peers", "3", "2026-05-20")]
    assert told(rows, on=date(2027, 5, 1)).closed_on == date(2026, 5, 20)
    again = told([*rows, ("manager", "0", "2026-05-30")])
    assert (again.phase, again.opened_on, again.closed_on) == (Phase.OPEN, date(2026, 5, 30), None)
    assert again.words == "open since 2026-05-30"


def test_who_never_had_a_gap_has_none_to_close_and_nothing_is_unknown():
    assert told([UP]).words == "met"
    assert told([]) is None
    assert told([("self", "5", "2026-05-01")]) is None
    assert told([UP], on=date(2026, 4, 30)) is None


def test_an_own_view_counts_for_nothing():
    found = told([LOW, UP, ("self", "5", "2026-05-20")])
    assert (found.phase, found.agreeing) == (Phase.CLOSING, ("manager",))


def test_the_settings_say_how_many_and_how_recent():
    rows = [LOW, UP, ("peers", "2", "2026-05-20")]
    strict = EvidenceSettings(close_sources=3, close_days=20)
    assert told(rows, settings=strict).words == "closing: needs 2 more sources within 20 days"
    assert told([LOW, UP], settings=EvidenceSettings(close_sources=1)).closed_on == date(2026, 5, 1)
    with pytest.raises(ConfigurationError) as refused:
        EvidenceSettings(close_sources=0, close_days=0)
    assert [each.path for each in refused.value.problems] == [
        "evidence.close_sources",
        "evidence.close_days",
    ]


def mean(rows, on, half_life=180.0):
    weights = [WEIGHTS[source] * 0.5 ** ((on - day).days / half_life) for source, _, day in rows]
    return fsum(w * float(ladder) for w, (_, ladder, _) in zip(weights, rows, strict=True)) / fsum(weights)


def day_by_day(rows, required, on, settings):
    """Return phase, opened and closed by walking every day of the calendar."""
    rows = [row for row in rows if WEIGHTS[row[0]] > 0 and row[2] <= on]
    if not rows:
        return None
    phase, opened, closed = "met", None, None
    day = min(row[2] for row in rows)
    while day <= on:
        so_far = [row for row in rows if row[2] <= day]
        short = round(required - mean(so_far, day), 9)
        recent = [row for row in so_far if (day - row[2]).days <= settings.close_days]
        own = {source: mean([row for row in recent if row[0] == source], day) for source, _, _ in recent}
        enough = sum(round(each, 9) >= required - 0.25 for each in own.values()) >= settings.close_sources
        if short >= 0.25:
            if phase in ("met", "closed"):
                opened, closed = day, None
            phase = "open"
        elif phase in ("open", "closing"):
            phase = "closed" if enough else "closing"
            closed = day if enough else None
        day += timedelta(days=1)
    return phase, opened, closed


def test_whole_ledgers_agree_with_a_walk_through_the_calendar(world, entry):
    chance = random.Random(2207)
    made = [
        (
            person,
            chance.choice(list(WEIGHTS)),
            Fraction(chance.randint(0, 16), 6),
            TODAY - timedelta(days=chance.randint(0, 240)),
        )
        for person in range(1, world.people + 1)
        for _ in range(chance.randint(3, 9))
        for _ in range(2)
    ]
    seen = set()
    with world.begin() as tx:
        record(
            tx,
            [
                entry(person=person, source=source, ladder=ladder, observed_on=day)
                for person, source, ladder, day in made
            ],
            SETTINGS,
        )
        for settings in (SETTINGS, EvidenceSettings(close_sources=3, close_days=120)):
            for on in (TODAY, TODAY - timedelta(days=50)):
                known = standings(tx, range(1, world.people + 1), "core", "development", settings, on)
                gaps = [
                    gap(person, code, required, True, False, standing, settings)
                    for (person, code), standing in known.items()
                    for required in (1, 2)
                ]
                found = closings(tx, gaps, "core", "development", settings, on)
                assert set(found) == set(gaps)
                for each, said in found.items():
                    mine = [row[1:] for row in made if row[0] == each.person]
                    walked = day_by_day(mine, each.required, on, settings)
                    assert (str(said.phase), said.opened_on, said.closed_on) == walked
                    assert each.is_open is (said.phase is Phase.OPEN)
                    seen.add(said.phase)
    assert seen == set(Phase)


def test_a_corrected_row_says_nothing_any_more(world, entry):
    with world.begin() as tx:
        low = {"ladder": "1", "observed_on": date(2025, 12, 1)}
        record(tx, [entry(**low), entry(ladder="3", observed_on=date(2026, 5, 1))], SETTINGS)
        record(tx, [entry(source="peers", ladder="3", observed_on=date(2026, 5, 2))], SETTINGS)
        scope = Scope("core", ("development",), TODAY)
        assert closing(read(tx, scope, [1], "COM"), 2, TODAY, SETTINGS).is_closed
        record(
            tx,
            [entry(source="peers", ladder="1", observed_on=date(2026, 5, 2), supersedes=3, reason="typing")],
            SETTINGS,
        )
        found = closing(read(tx, scope, [1], "COM"), 2, TODAY, SETTINGS)
        assert (found.phase, found.sources[-1].rows) == (Phase.CLOSING, (4,))
