"""Amara's development of 2027, through the commands.

The steps beneath run on both databases in tests/plugins/career.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from talenthub.evidence.ledger import NewEvidence, record
from talenthub.framework.library import published, role_profile
from talenthub.people.persons import add_person, persons
from talenthub.people.posts import assign, vacant_posts
from talenthub.people.relations import managers_of, reports_of
from talenthub.people.units import unit
from talenthub.storage.transaction import SYSTEM

ENABLED = {("plugins", "enabled"): ["career"]}
APPRAISAL = date(2027, 2, 26)
INTERVIEW = {"CIT": "11/3", "TRU": "3", "COM": "7/3", "JDG": "11/3", "DEL": "3"}
DAY_90 = {"CIT": 3, "TRU": 3, "COM": 2, "INI": 3, "COL": 3, "JDG": 3, "DEL": 4, "DEV": 3}
RATED = {"CIT": 3, "TRU": 3, "COM": 2, "INI": 3, "COL": 3, "JDG": 4, "DEL": 3, "DEV": 3}
TALK = {"CIT": 4, "TRU": 3, "COM": 4, "INI": 3, "COL": 4, "JDG": 4, "DEL": 4, "DEV": 3}
REQUIRED = {"CIT": 2, "TRU": 2, "COM": 2, "INI": 2, "COL": 2, "JDG": 2, "DEL": 2, "DEV": 1}
CHALLENGE = {
    "CIT": ".3", "TRU": ".2", "COM": "1.0", "INI": ".4", "COL": ".2", "JDG": ".3", "DEL": ".4", "DEV": ".1",
}  # fmt: skip
NEAR = {
    "CIT": ".4", "TRU": ".3", "COM": ".9", "INI": ".4", "COL": ".2", "JDG": ".4", "DEL": ".6", "DEV": "1.0",
}  # fmt: skip
HR, HEAD = "grace.lindqvist", "noor.haddad"

Entry = tuple[str, date, float, Fraction]
"""Competency, day, weight and rating: what the ledger holds, once more."""


def rung(code: str, rating: Fraction | int) -> Fraction:
    return max(Fraction(0), min(Fraction(5), REQUIRED[code] + (Fraction(rating) - 3) / 2))


class Amara:
    """A demo in which Amara was rated until the appraisal of 2027."""

    def __init__(self, world: Any) -> None:
        self.world = world
        self.rows: list[Entry] = []
        world.tick(APPRAISAL)
        with world.open() as workspace:
            workspace.run(SYSTEM, lambda tx: self._before(workspace, tx))

    def _before(self, workspace: Any, tx: Any) -> None:
        who = add_person(tx, "Amara Okoye")
        seat = vacant_posts(tx, "case-officer", unit(tx, "harbour").id)[0]
        assign(tx, who.id, seat.id, date(2026, 3, 2))
        self._record(workspace, tx, who.id, "interview", "selection", date(2026, 2, 10), INTERVIEW)
        self._record(workspace, tx, who.id, "onboarding", "development", date(2026, 5, 31), DAY_90)
        self._record(workspace, tx, who.id, "manager", "appraisal", APPRAISAL, RATED)
        self._record(workspace, tx, who.id, "peers", "appraisal", APPRAISAL, {"COM": "7/4"})
        manager = managers_of(tx, [who.id])[who.id]
        assert manager is not None
        upper = managers_of(tx, [manager])[manager]
        assert upper is not None
        colleagues = [each for each in reports_of(tx, manager) if each != who.id]
        named = persons(tx, [manager, upper, *colleagues])
        self.manager, self.upper = named[manager].handle, named[upper].handle
        self.colleagues = [named[each].handle for each in colleagues]

    def _record(
        self,
        workspace: Any,
        tx: Any,
        who: int,
        source: str,
        purpose: str,
        day: date,
        given: Mapping[str, Any],
    ) -> None:
        version = published(tx, "hpsa-core")
        profile = role_profile(tx, version.id, "case-officer")
        settings = workspace.engine.evidence
        record(
            tx,
            [
                NewEvidence(
                    person=who,
                    framework_version=version.id,
                    framework_code="hpsa-core",
                    competency=code,
                    purpose=purpose,
                    ladder=rung(code, Fraction(rating)),
                    rating=Fraction(rating),
                    source=source,
                    observed_on=day,
                    descriptor_hash=profile.anchors[code].at.hash,
                    case=None,
                    event=None,
                    group=(4, 4) if source == "peers" else None,
                )
                for code, rating in given.items()
            ],
            settings,
        )
        self.note(day, given, float(settings.weight_of(source)))

    def note(self, day: date, given: Mapping[str, Any], weight: float) -> None:
        """Keep beside the ledger what a row of it should say."""
        self.rows += [(code, day, weight, rung(code, Fraction(rating))) for code, rating in given.items()]

    def standing(self, code: str, half_life: int = 180) -> float:
        """Return the standing worked out from the ratings alone."""
        newest = max(day for found, day, _, _ in self.rows if found == code)
        aged = [
            (weight * 2.0 ** (-(newest - day).days / half_life), float(ladder))
            for found, day, weight, ladder in self.rows
            if found == code
        ]
        return float(sum(w * v for w, v in aged) / sum(w for w, _ in aged))

    def talent(self, *words: str, who: str, code: int = 0) -> Any:
        return self.world.talent("career", *words, who=who, code=code)

    def record(self, *words: str, who: str) -> dict[str, Any]:
        found: dict[str, Any] = self.world.figures("career", *words, who=who)
        return found

    def items(self, *words: str, who: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.world.figures("career", *words, who=who)["items"]
        return found

    def tick(self, day: date) -> None:
        """Move the clock on and let fall due what is due."""
        self.world.talent("tick", "--to", day.isoformat(), who=HR)

    def answers(self, workflow: str = "career.answer") -> dict[str, str]:
        """Return each colleague's own part in a question, by handle."""
        with self.world.open() as workspace:

            def run(tx: Any) -> dict[str, str]:
                found = workspace.engine.of_workflow(tx, workflow, open_only=True)
                names = persons(tx, {each.participants["colleague"][0] for each in found})
                return {names[each.participants["colleague"][0]].handle: each.ref for each in found}

            answer: dict[str, str] = workspace.run(SYSTEM, run)
        return answer


def pairs(option: str, given: Mapping[str, Any]) -> list[str]:
    return [word for code, value in given.items() for word in (option, f"{code}={value}")]


def place(amara: Amara, occasion: str, agility: str, *more: str) -> dict[str, Any]:
    """Place Amara: two raters, then HR calibrates and agrees."""
    amara.talent("place", "amara.okoye", "--occasion", occasion, who=HR)
    amara.talent("rate", "amara.okoye", "--agility", agility, *more, who=amara.manager)
    amara.talent("rate", "amara.okoye", "--agility", agility, who=amara.upper)
    amara.talent("calibrate", "amara.okoye", who=HEAD)
    return amara.record("placement", "amara.okoye", who=HEAD)


@pytest.mark.timeout(300)
def test_a_year_of_development(make_world: Any) -> None:
    amara = Amara(make_world("sqlite", ENABLED))
    talent = amara.talent
    talent("aspire", "say", "--reach", "4", "--role", "service team leader", who="amara.okoye")
    notes = ("--note", "COM=letters hide their outcome")
    given = ("--result", "3:0.8", "--result", "4:0.2", *pairs("--competency", RATED), *notes)
    # Ratings of the appraisal stand in the ledger already: they count here and are not written twice.
    repeated = [word for code in RATED for word in ("--repeats", code)]
    record = place(amara, "Review 2026", "3,3,3,3", *given, *repeated)
    assert record["performance_exact"] == "31/10"
    assert record["potential"] is None, "nobody knows how far she wants to go"
    talent("agree", "amara.okoye", who=HEAD, code=3)
    talent("aspire", "share", "--with", amara.manager, "--until", "2027-12-31", who="amara.okoye")
    talent("weigh", "amara.okoye", who=HEAD)
    record = amara.record("placement", "amara.okoye", who=HEAD)
    assert record["fit"] == pytest.approx(0.615, abs=5e-4)
    assert record["potential"] == pytest.approx(3.4105, abs=5e-5)
    assert record["proposed"] == "broaden"
    talent("agree", "amara.okoye", who=HEAD)

    amara.tick(date(2027, 3, 5))
    talent("start", "amara.okoye", who="amara.okoye")
    why = ("--challenge-why", "letters are asked about again", "--near-why", "leading a team one day")
    weights = (*pairs("--challenge", CHALLENGE), *pairs("--near", NEAR))
    talent("see", "amara.okoye", *weights, *why, who="amara.okoye")
    seen = {row["competency"]: row for row in amara.items("show", "amara.okoye", "--part", "seeing", who=HR)}
    shown = {code: round(row["priority"], 3) for code, row in seen.items() if row["priority"] is not None}
    assert shown == {
        "COM": 0.865, "DEV": 0.718, "CIT": 0.536, "INI": 0.530, "DEL": 0.504, "TRU": 0.452, "JDG": 0.375,
    }  # fmt: skip
    assert list(seen) == ["COM", "DEV", "CIT", "INI", "DEL", "TRU", "JDG", "COL"]
    assert seen["COL"]["says"] == "no need"
    assert seen["COM"]["context"] == pytest.approx(0.93)

    said = ("--why", "people call twice", "--sign", "letters open with the outcome")
    talent("target", "amara.okoye", "CIT", *said, who="amara.okoye", code=3)  # not on top, and no reason
    talent("target", "amara.okoye", "COM", *said, who="amara.okoye")
    talent("sign", "amara.okoye", who="amara.okoye", code=3)
    talent("sign", "amara.okoye", who=amara.manager)
    offered = amara.items("learning", "DEV", "--level", "2", "--hours", "100", who="amara.okoye")
    assert {row["item"]: row["hours"] for row in offered} == {"DEV-A1": 30, "DEV-P1": 12, "DEV-F1": 8}
    thin = talent("learning", "DEV", "--level", "2", "--hours", "100", who="amara.okoye").err
    assert "DEV assignments short by 40 h" in thin
    impact = (
        "--behaviour",
        "COM=1",
        "--result",
        "COM=fewer repeat calls",
        "--measure",
        "COM=re-contact rate",
    )
    coach = amara.colleagues[-1]
    talent("map", "amara.okoye", *impact, "--hours", "100", "--feedback", "Jonas reads a letter a week",
           "--coach", coach, who="amara.okoye")  # fmt: skip
    mapped = amara.items("show", "amara.okoye", "--part", "map", who="amara.okoye")
    hours: dict[str, float] = {}
    for row in mapped:
        hours[row["kind"]] = hours.get(row["kind"], 0) + row["hours"]
    assert hours == {"assignment": 70, "people": 20, "formal": 10}
    assert sum(row["hours"] for row in mapped if row["in_flow"]) / 100 == 0.86
    amara.tick(date(2027, 3, 8))
    talent("sign", "amara.okoye", who=amara.manager)

    follow(amara)
    reassess(amara, coach)
    talk(amara)
    with amara.world.open() as workspace:
        workspace.run(SYSTEM, workspace.engine.verify)


def follow(amara: Amara) -> None:
    """Write seven entries of eight, and ask five colleagues."""
    days = [(3, 29), (4, 19), (5, 10), (5, 31), (6, 21), (7, 12), (8, 2), (8, 23)]
    for number, (month, day) in enumerate(days, 1):
        amara.tick(date(2027, month, day))
        if number != 5:
            said = ("--action", "a letter a week", "--reflection", "the first line decides")
            amara.talent("track", "amara.okoye", *said, "--confidence", str(number), who="amara.okoye")
    asked = amara.colleagues[:5]
    amara.talent("pulse", "amara.okoye", *(w for each in asked for w in ("--ask", each)), who="amara.okoye")
    for handle, change in zip(asked, (1, 2, 2, 3, 0), strict=True):
        amara.talent("answer", amara.answers()[handle], "--change", str(change), who=handle)
    amara.talent("collect", "ASK-1", who="amara.okoye")
    amara.tick(date(2027, 9, 6))
    shown = amara.record("show", "amara.okoye", who=amara.manager)
    assert shown["adherence"] == 0.875
    assert (shown["pulse"], shown["pulse_share"]) == (1.6, 0.8)


def reassess(amara: Amara, coach: str) -> None:
    """Rate COM again: manager 4, peers 3, 3, 3, 4, coach 3; close, both."""
    day = date(2027, 9, 10)
    amara.tick(day)
    assert "Have the targets rated again" in amara.world.talent("inbox", who="amara.okoye").out
    asked = amara.colleagues[:4]
    peers = [word for each in asked for word in ("--peer", each)]
    amara.talent("reassess", "amara.okoye", "--coach", coach, *peers, who="amara.okoye")
    amara.talent("rate", "amara.okoye", "--competency", "COM=4", who=amara.manager)
    assert amara.world.ask("show", "RTG-1", who=coach).code == 4, "the coach has not rated yet"
    amara.talent("rate", "amara.okoye", "--competency", "COM=3", who=coach)
    for handle, rating in zip(asked, (3, 3, 3, 4), strict=True):
        amara.talent("answer", amara.answers()[handle], "--competency", f"COM={rating}", who=handle)
    assert amara.record("show", "amara.okoye", who=amara.manager)["state"] == "reassessing"
    amara.talent("collect", "ASK-2", who=amara.manager)
    for weight, said in ((1.0, "4"), (0.8, "3"), (0.8, "13/4")):
        amara.note(day, {"COM": said}, weight)
    result = target_of(amara)["result"]
    assert float(Fraction(result["standing"])) == pytest.approx(amara.standing("COM"), abs=1e-9)
    assert float(Fraction(result["standing"])) == pytest.approx(2.013, abs=5e-4)
    assert float(Fraction(result["gain"])) == pytest.approx(0.549, abs=1e-3)
    assert (result["closure"], result["achieved"], result["days"]) == ("1", True, 196)
    amara.talent("close", "amara.okoye", "--reflection", "the first line decides", who="amara.okoye")
    assert amara.record("show", "PLN-1", who=amara.manager)["state"] == "reassessed", "both close it"
    amara.talent("close", "amara.okoye", "--reflection", "she reads letters for others", who=amara.manager)
    assert amara.record("show", "PLN-1", who=amara.manager)["state"] == "closed achieved"


def target_of(amara: Amara) -> dict[str, Any]:
    with amara.world.open() as workspace:
        case = workspace.run(SYSTEM, lambda tx: workspace.engine.case(tx, "PLN-1"))
    found: dict[str, Any] = case.data.targets[0].model_dump(mode="json")
    return found


def talk(amara: Amara) -> None:
    """Place her again in October: COM repeats September."""
    day = date(2027, 10, 15)
    amara.tick(day)
    notes = ("--note", "COM=her letters are used as samples")
    given = ("--result", "3:0.3", "--result", "4:0.7", *pairs("--competency", TALK), *notes)
    record = place(amara, "Review 2027", "4,4,4,4", *given, "--repeats", "COM")
    amara.note(day, {code: each for code, each in TALK.items() if code != "COM"}, 1.0)
    assert Fraction(record["performance_exact"]) == Fraction(37, 10) / 2 + Fraction(29, 8) / 2
    assert record["fit"] == pytest.approx(0.672, abs=5e-4)
    assert record["potential"] == pytest.approx(3.891, abs=5e-4)
    assert record["proposed"] == "accelerate"
    amara.talent("agree", "amara.okoye", who=HEAD)
    steps = amara.items("paths", "amara.okoye", "--to", "service-team-leader", who=amara.manager)
    assert steps[0]["residual"] == pytest.approx(3.847, abs=1e-3)
    assert steps[0]["months"] == pytest.approx(22.9, abs=0.05)
    said = amara.talent("paths", "amara.okoye", who="amara.okoye").err
    assert "Velocity 1.008" in said
