"""Amara's appraisal of 2027-02-26, through the commands, on both databases."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from talenthub.evidence.entries import NewEvidence
from talenthub.evidence.ledger import record
from talenthub.framework.library import published, role_profile
from talenthub.people.persons import add_person, person, persons
from talenthub.people.posts import assign, vacant_posts
from talenthub.people.relations import managers_of, reports_of
from talenthub.people.units import unit
from talenthub.storage.transaction import SYSTEM

KINDS = ("sqlite", "postgresql")
ENABLED = {("plugins", "enabled"): ["recruitment", "performance"]}
INTERVIEW = {"CIT": "11/3", "TRU": "3", "COM": "7/3", "JDG": "11/3", "DEL": "3"}
DAY_90 = {"CIT": 3, "TRU": 3, "COM": 2, "INI": 3, "COL": 3, "JDG": 3, "DEL": 4, "DEV": 3}
RATED = {"CIT": 3, "TRU": 3, "COM": 2, "INI": 3, "COL": 3, "JDG": 4, "DEL": 3, "DEV": 3}
PEERS = (2, 2, 2, 1)
REQUIRED = {"CIT": 2, "TRU": 2, "COM": 2, "INI": 2, "COL": 2, "JDG": 2, "DEL": 2, "DEV": 1}
EXPECTED = {
    "CIT": 2.028,
    "TRU": 2.0,
    "COM": 1.463,
    "INI": 2.0,
    "COL": 2.0,
    "JDG": 2.385,
    "DEL": 2.101,
    "DEV": 1.0,
}
APPRAISAL = date(2027, 2, 26)


def rung(code: str, rating: Fraction | int) -> Fraction:
    return max(Fraction(0), min(Fraction(5), REQUIRED[code] + (Fraction(rating) - 3) / 2))


def expected(code: str, today: date) -> float:
    """Return the standing worked out from the ratings alone."""
    rows = [(0.5, date(2026, 2, 10), Fraction(INTERVIEW[code]))] if code in INTERVIEW else []
    rows.append((0.8, date(2026, 5, 31), Fraction(DAY_90[code])))
    rows.append((1.0, APPRAISAL, Fraction(RATED[code])))
    if code == "COM":
        rows.append((0.8, APPRAISAL, Fraction(sum(PEERS), len(PEERS))))
    aged = [(w * 2.0 ** (-(today - day).days / 180), float(rung(code, r))) for w, day, r in rows]
    return sum(w * v for w, v in aged) / sum(w for w, _ in aged)


class Year:
    """A demo in which Amara works in Harbour and was rated twice."""

    def __init__(self, world: Any) -> None:
        self.world = world
        world.tick(date(2026, 3, 2))
        with world.open() as workspace:
            workspace.run(SYSTEM, self._hire)
        world.tick(date(2026, 6, 1))
        with world.open() as workspace:
            workspace.run(SYSTEM, lambda tx: self._before(workspace, tx))

    def _hire(self, tx: Any) -> None:
        who = add_person(tx, "Amara Okoye")
        seat = vacant_posts(tx, "case-officer", unit(tx, "harbour").id)[0]
        assign(tx, who.id, seat.id, tx.today)

    def _before(self, workspace: Any, tx: Any) -> None:
        who = person(tx, "amara.okoye").id
        version = published(tx, "hpsa-core")
        profile = role_profile(tx, version.id, "case-officer")
        rows = [("interview", "selection", date(2026, 2, 10), INTERVIEW)]
        rows.append(("onboarding", "development", date(2026, 5, 31), DAY_90))
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
                )
                for source, purpose, day, ratings in rows
                for code, rating in ratings.items()
            ],
            workspace.engine.evidence,
        )
        manager = managers_of(tx, [who])[who]
        assert manager is not None
        upper = managers_of(tx, [manager])[manager]
        colleagues = [each for each in reports_of(tx, manager) if each != who]
        named = persons(tx, [manager, upper, *colleagues])
        self.manager, self.upper = named[manager].handle, named[upper].handle
        self.colleagues = [named[each].handle for each in colleagues]

    def talent(self, *words: str, who: str, code: int = 0) -> Any:
        return self.world.talent("performance", *words, who=who, code=code)

    def items(self, *words: str, who: str) -> list[Mapping[str, Any]]:
        found: list[Mapping[str, Any]] = self.world.figures("performance", *words, who=who)["items"]
        return found

    def open_cycle(self, *more: str) -> None:
        words = ("--from", "2026-03-02", "--to", "2027-02-26", "--unit", "harbour")
        self.talent("cycle", "open", "Year 2026", *words, *more, who=HR)
        self.talent("cycle", "launch", "CYC-1", "--leave-out-faulty", who=HR)

    @property
    def review(self) -> str:
        with self.world.open() as workspace:
            ref: str = workspace.run(
                SYSTEM,
                lambda tx: (
                    workspace.engine.of_workflow(
                        tx, "performance.review", subject=person(tx, "amara.okoye").id
                    )[-1].ref
                ),
            )
        return ref

    def refs(self, workflow: str) -> list[Any]:
        with self.world.open() as workspace:
            found: list[Any] = workspace.run(
                SYSTEM, lambda tx: workspace.engine.of_workflow(tx, f"performance.{workflow}")
            )
        return found


HR = "grace.lindqvist"
HEAD = "noor.haddad"


AMARA = "amara.okoye"
OBJECTIVES = (
    "letters:0.8:Answer in plain letters:40:20:percent asked again",
    "files:0.2:Close files in time:60:90:percent",
)
MONTHS = [date(2026, month, 15) for month in range(6, 13)] + [date(2027, 1, 15), date(2027, 2, 15)]
TALKS = ["3.4"] * 7 + ["2.7", "2.9"]


@pytest.mark.timeout(300)
@pytest.mark.parametrize("kind", KINDS)
def test_the_appraisal(kind: str, make_world: Any) -> None:
    year = Year(make_world(kind, ENABLED))
    year.open_cycle()
    agree_on_objectives(year)
    talk_each_month(year)
    year.world.tick(APPRAISAL)
    ref = year.review
    year.talent("review", "begin", AMARA, who=year.manager)
    ask_peers(year, ref)
    rate_apart(year, ref)
    sign_and_release(year, ref)
    assert_shown(year, ref)
    assert_standings(year)
    appeal_to_others(year, ref)
    after = ledger(year, "appraisal")
    assert after["COM", "manager"] == "3"
    assert after["COM", "peers"] == "7/4"
    with year.world.open() as workspace:
        workspace.run(SYSTEM, workspace.engine.verify)


def agree_on_objectives(year: Year) -> None:
    words = [word for each in OBJECTIVES for word in ("--objective", each)]
    year.talent("review", "objectives", AMARA, *words, who=AMARA)
    year.talent("review", "objectives", AMARA, "--agree", who=year.manager)
    year.talent("review", "objectives", AMARA, "--progress", "letters=25", who=AMARA)


def talk_each_month(year: Year) -> None:
    for number, (day, rating) in enumerate(zip(MONTHS, TALKS, strict=True), 1):
        ref = f"CON-{number}"
        year.world.tick(day)
        year.talent("conversation", "schedule", AMARA, "--on", str(day), who=year.manager)
        given = ("--next", "letters", "--action", "three letters anew", "--rating", rating)
        year.talent("conversation", "hold", ref, *given, who=year.manager)
        year.talent("conversation", "agree", ref, who=year.manager, code=3)
        year.talent("conversation", "agree", ref, who=AMARA)
    carried = year.items("conversation", "list", AMARA, who=AMARA)
    assert len(carried[-1]["actions"]) == len(MONTHS)


def ask_peers(year: Year, ref: str) -> None:
    peers = year.colleagues[:4]
    raters = [word for each in peers for word in ("--rater", f"peers={each}")]
    year.talent("round", "nominate", ref, *raters, "--competency", "COM", who=AMARA)
    year.talent("round", "approve", "RND-1", who=year.manager)
    for each, rating in zip(peers, PEERS, strict=True):
        own = year.items("round", "mine", who=each)
        year.talent("round", "answer", own[0]["answer"], "--competency", f"COM={rating}", who=each)


def rate_apart(year: Year, ref: str) -> None:
    """Let manager and self write; neither reads the other before both are in."""
    said = [word for code, rating in RATED.items() for word in ("--competency", f"{code}={rating}")]
    said += ["--objective", "letters=3", "--objective", "files=4", "--submit"]
    year.talent("review", "rate", ref, *said, "--text", "a solid year", who=year.manager, code=3)
    note = ("--note", "COM=letters are asked about again")
    year.talent("review", "rate", ref, *said, *note, "--text", "SECRET-M", who=year.manager)
    hidden = year.world.ask("performance", "review", "show", ref, who=AMARA)
    assert hidden.code == 4
    assert "SECRET-M" not in hidden.out + hidden.err
    year.talent("review", "self", ref, "--text", "SECRET-S", "--submit", who=AMARA)
    assert year.world.ask("performance", "review", "show", ref, who=AMARA).code == 4


def sign_and_release(year: Year, ref: str) -> None:
    year.talent("review", "sign", ref, who=year.upper, code=3)  # a round still collects
    year.talent("round", "close", "RND-1", who=year.manager)
    year.talent("review", "sign", ref, who=year.manager, code=3)
    year.talent("review", "sign", ref, who=year.upper)
    assert ledger(year, "appraisal") == {}
    year.talent("review", "release", ref, who=year.manager)


def assert_shown(year: Year, ref: str) -> None:
    shown = {row["item"]: row for row in year.items("review", "show", ref, who=AMARA)}
    assert shown["performance"]["exact"] == "31/10"
    assert shown["what"]["exact"] == "16/5"
    assert shown["how"]["exact"] == "3"
    assert shown["surprise"]["exact"] == "3/10"
    assert shown["letters"]["progress"] == "3/4"
    assert shown["peers COM"]["exact"] == "7/4"
    assert shown["manager"]["says"] == "SECRET-M"


def assert_standings(year: Year) -> None:
    for row in year.world.figures("evidence", "show", AMARA, "--framework", "hpsa-core", who=HEAD)["items"]:
        code = row["competency"]
        assert row["standing"] == pytest.approx(expected(code, APPRAISAL), abs=1e-9)
        assert row["standing"] == pytest.approx(EXPECTED[code], abs=5e-4)
    gap = year.world.figures("gap", "person", AMARA, who=HEAD)["items"]
    com = next(row for row in gap if row["competency"] == "COM")
    assert com["gap"] == pytest.approx(0.537, abs=5e-4)
    assert com["band"] == "material"


def appeal_to_others(year: Year, ref: str) -> None:
    """Have the appeal judged; who rated or signed does not."""
    year.talent("review", "acknowledge", ref, "--statement", "seen, not agreed", who=AMARA)
    year.talent("review", "appeal", ref, "--reason", "COM leaves out the autumn", who=AMARA)
    for barred in (year.manager, year.upper):
        judged = year.world.ask("performance", "review", "judge", "OBJ-1", "--admit", who=barred)
        assert judged.code in (3, 4, 5)
    year.talent("review", "judge", "OBJ-1", "--admit", who=HEAD)
    better = ("--reason", "the autumn counts", "--competency", "COM=3")
    year.talent("review", "judge", "OBJ-1", "--uphold", *better, who=HEAD)


def ledger(year: Year, purpose: str) -> dict[tuple[str, str], str]:
    """Return the newest rating by competency and source."""
    rows = year.world.figures("evidence", "show", "amara.okoye", "--framework", "hpsa-core", "--rows",
                              who="noor.haddad")["items"]  # fmt: skip
    return {
        (row["competency"], row["source"]): str(row["rating"])
        for row in sorted(rows, key=lambda each: int(each["number"]))
        if row["purpose"] == purpose
    }


@pytest.mark.timeout(300)
def test_a_cycle_over_everybody_is_checked_launched_and_asked(make_world: Any) -> None:
    world = make_world("sqlite", ENABLED)

    def talent(*words: str, who: str = HR, code: int = 0) -> Any:
        return world.talent("performance", "cycle", *words, who=who, code=code)

    talent("open", "All", "--from", "2026-01-01", "--to", "2026-12-31")
    faults = world.figures("performance", "cycle", "check", "CYC-1", who=HR)["items"]
    said = world.talent("performance", "cycle", "check", "CYC-1", who=HR).err
    assert "cycle launch CYC-1 --leave-out-faulty, or mend them first" in said
    assert [(each["person"], each["what"]) for each in faults] == [("helena.marsh", "nobody is above")]
    talent("launch", "CYC-1", code=3)
    talent("leave-out", "CYC-1", "helena.marsh", "--reason", "the board reviews her")
    talent("launch", "CYC-1", "--dry-run")
    talent("launch", "CYC-1", who="maria.costa", code=5)
    talent("launch", "CYC-1")
    waiting = world.figures("performance", "cycle", "status", "CYC-1", who=HEAD)["items"]
    assert [each["count"] for each in waiting] == [1198]  # the own one is for somebody else
    talent("launch", "CYC-1", who=HEAD)
    assert "0\t1199" in talent("launch", "CYC-1", who=HEAD).out
    assert "No review waits for this: talent performance cycle status CYC-1" in talent("sign", "CYC-1").err
    none = world.talent("performance", "review", "sign", "--all", who="tomas.lind")
    assert "No review waits for this by you" in none.err
    talent("close", "CYC-1", code=3)
