"""A year of development with other numbers, against a calculation of its own."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest

from talenthub.storage.transaction import SYSTEM
from talenthub_career.starting import Placing, place
from talenthub_career.ways import way_of

BEGIN, LATER = date(2027, 2, 26), date(2027, 7, 1)
DAYS = (LATER - BEGIN).days
HALF_LIFE, MANAGER, PEERS, COACH = 90, 0.9, 0.7, 0.6
RATED = {"CIT": 3, "TRU": 4, "COM": 1, "INI": 3, "COL": 5, "JDG": 2, "DEL": 3, "DEV": 3}
HERE = {"CIT": 2, "TRU": 2, "COM": 2, "INI": 2, "COL": 2, "JDG": 2, "DEL": 2, "DEV": 1}
CRITICAL = ("TRU", "JDG")
STRATEGY = {"CIT": 8, "TRU": 6, "COM": 9, "INI": 7, "COL": 5, "JDG": 5, "DEL": 6, "DEV": 6}
CHALLENGE = {"CIT": 5, "TRU": 1, "COM": 8, "INI": 2, "COL": 9, "JDG": 7, "DEL": 4, "DEV": 3}
NEAR = {"CIT": 3, "TRU": 6, "COM": 4, "INI": 1, "COL": 2, "JDG": 8, "DEL": 5, "DEV": 9}


def required_there(house: Any) -> dict[str, tuple[int, bool]]:
    content = house.run(lambda tx: _content(tx))
    role = content.role("service-team-leader").levels[0]
    return {each.competency: (each.level, each.critical) for each in role.requirements}


def _content(tx: Any) -> Any:
    from talenthub.sdk import framework_content, published

    return framework_content(tx, published(tx, "hpsa-core").id)


def tenths(given: dict[str, int]) -> dict[str, str]:
    return {code: f"{value}/10" for code, value in given.items()}


def standing(code: str) -> float:
    return HERE[code] + (RATED[code] - 3) / 2


def test_the_placement_of_other_ratings(house: Any) -> None:
    engine = house.workspace.engine
    house.run(lambda tx: place(engine, tx, Placing(who="amara.okoye", occasion="Spring")), "grace.lindqvist")
    first, second = [each.ref for each in house.of("assessment")]
    agility = {"curiosity": 4, "feedback": 2, "experience": 3, "newness": 3}
    notes = {code: "seen at work" for code, rating in RATED.items() if rating in (1, 2, 5)}
    told = {
        "ratings": RATED,
        "notes": notes,
        "results": [["4", "0.25"], ["2", "0.75"]],
        "repeated": list(RATED),
    }
    house.fire("manager", first, "rate", {"agility": agility, **told})
    house.fire("upper", second, "rate", {"agility": dict(agility, curiosity=3, feedback=3)})
    hope = house.run(
        lambda tx: engine.open(tx, "career.aspiration", subject=house.who, data={"reach": 5}), "amara.okoye"
    ).ref
    sharing = {"people": [house.number("upper")], "until": "2027-12-31"}
    house.fire("amara.okoye", hope, "share", sharing)
    house.fire("noor.haddad", "PLC-1", "calibrate", {})
    found = house.case("PLC-1").data

    how = Fraction(sum(RATED.values()), len(RATED))
    what = Fraction(4) / 4 + Fraction(2) * 3 / 4
    assert Fraction(found.performance) == Fraction(3, 10) * what + Fraction(7, 10) * how
    asked = required_there(house)
    weights = {code: 2 if critical else 1 for code, (_, critical) in asked.items()}
    met = sum(weights[code] * min(1, standing(code) / level) for code, (level, _) in asked.items())
    fit = met / sum(weights.values())
    rated = Fraction(4 + 2 + 3 + 3, 4) / 2 + Fraction(3 + 3 + 3 + 3, 4) / 2
    potential = 0.5 * float(rated) + 0.2 * 5 + 0.3 * (1 + 4 * fit)
    assert float(Fraction(found.potential)) == pytest.approx(potential, abs=1e-9)
    bands = [
        "low" if x < 2.6 else "middle" if x < 3.4 else "high"
        for x in (float(found_performance(found)), potential)
    ]
    names = {("middle", "middle"): "broaden", ("middle", "high"): "ignite", ("low", "middle"): "rebuild"}
    assert found.proposed == names[bands[0], bands[1]]


def found_performance(found: Any) -> Fraction:
    return Fraction(found.performance)


def test_a_plan_with_other_weights_ratings_and_half_life(house: Any) -> None:
    ref = house.start()
    house.see(ref, tenths(CHALLENGE), tenths(NEAR))
    there = required_there(house)
    top = assert_seen(house, ref, there)
    house.agree(ref, top)
    target = house.case(ref).data.targets[0]
    assert (target.required, float(Fraction(target.gap))) == (2, 1.0)
    house.activate(ref)
    house.day(LATER)
    rate_anew(house, ref)
    now = assert_reassessed(house, ref)
    house.fire("amara.okoye", ref, "close", {"reflection": "read it aloud"})
    house.fire("manager", ref, "close", {"reflection": "worth the hours"})
    assert house.case(ref).state == "closed_achieved"
    assert_way(house, there, now)
    house.workspace.run(SYSTEM, house.workspace.engine.verify)
    assert house.case(ref).data.started_on + timedelta(days=182) == house.case(ref).data.ends_on


def assert_seen(house: Any, ref: str, there: dict[str, tuple[int, bool]]) -> str:
    """Return the first of the order of priorities, which is as worked out here."""
    expected = {}
    for code in HERE:
        context = 0.4 * STRATEGY[code] / 10 + 0.4 * CHALLENGE[code] / 10 + 0.2 * NEAR[code] / 10
        lack, near = HERE[code] - standing(code), there[code][0] - standing(code)
        need = min(1.0, max(0.0, lack, 0.4 * near))
        if need > 0:
            expected[code] = 0.55 * context + 0.45 * need
    rows = house.case(ref).data.rows
    found = {each.competency: float(Fraction(each.priority)) for each in rows if each.priority is not None}
    assert found == pytest.approx(expected, abs=1e-9)
    assert list(found) == sorted(expected, key=lambda code: -expected[code])
    top = next(iter(found))
    assert top == "COM"
    return top


def rate_anew(house: Any, ref: str) -> None:
    """Have manager, coach and three peers rate what was learnt."""
    peers, coach = house.colleagues[:3], house.colleagues[-1]
    form = {"coach": house.number(coach), "peers": [house.number(each) for each in peers]}
    house.fire("manager", ref, "reassess", form)
    mine = {each.people("rater")[0]: each.ref for each in house.of("rating")}
    said = {"notes": {"COM": "letters are read aloud in training"}}
    house.fire("manager", mine[house.number("manager")], "rate", {"ratings": {"COM": 5}, **said})
    house.fire(coach, mine[house.number(coach)], "rate", {"ratings": {"COM": 3}})
    for each, rating in zip(peers, (4, 4, 3), strict=True):
        own = next(a for a in house.of("answer") if a.people("colleague") == (house.number(each),))
        house.fire(each, own.ref, "answer", {"ratings": {"COM": rating}})
    house.fire("amara.okoye", "ASK-1", "close")


def assert_reassessed(house: Any, ref: str) -> float:
    """Return the new standing in COM, which is as worked out here."""
    aged = MANAGER * 2 ** (-DAYS / HALF_LIFE)
    fresh = [(MANAGER, 3.0), (COACH, 2.0), (PEERS, 2 + float(Fraction(11, 3) - 3) / 2)]
    total = aged * 1.0 + sum(weight * ladder for weight, ladder in fresh)
    now = total / (aged + sum(weight for weight, _ in fresh))
    result = house.case(ref).data.targets[0].result
    assert float(Fraction(result.standing)) == pytest.approx(now, abs=1e-9)
    assert float(Fraction(result.gain)) == pytest.approx(now - 1.0, abs=1e-9)
    assert result.closure == "1"
    assert (result.days, result.achieved) == (DAYS, True)
    return now


def assert_way(house: Any, there: dict[str, tuple[int, bool]], now: float) -> None:
    """Compare pace and months of the way on with what is worked out here."""
    way = house.run(
        lambda tx: way_of(house.workspace.engine, tx, "amara.okoye", "service-team-leader"), "manager"
    )
    pace = ((now - 1.0) * 365 / DAYS + 3 * 0.8) / 4
    assert float(way.velocity) == pytest.approx(pace, abs=1e-9)
    current = {code: standing(code) for code in HERE} | {"COM": now}
    lack = sum(
        max(0.0, level - current[code] - (0.2 if critical else 0.4))
        for code, (level, critical) in there.items()
    )
    assert float(way.steps[0].months) == pytest.approx(12 * lack / (pace * 3), abs=1e-6)
