"""A whole cycle in bulk: opened, rated, calibrated, released, closed.

In `make test` over one branch, in `make storm` over all 1,200 people.
"""

from __future__ import annotations

import contextlib
import csv
import random
import statistics
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from talenthub.people.persons import persons
from talenthub.storage.transaction import SYSTEM

ENABLED = {("plugins", "enabled"): ["recruitment", "performance"]}
GRACE, NOOR, ABOVE, SAMI = "grace.lindqvist", "noor.haddad", "johan.ramos", "sami.okafor"
LENIENT = "mariam.molina"
PLANTED = 1.2
COLUMNS = ("review", "competency", "rating", "note", "text")

OWN_STEPS = ["opened: open", "launch", "start_reviewing", "start_calibrating", "start_releasing", "close"]
"""All that a cycle goes through itself; nothing that a review does."""

Ratings = Mapping[str, Mapping[str, int]]
"""By the person's handle: competency to rating."""


class House:
    """A demo workspace with a cycle, and what its managers think."""

    def __init__(self, world: Any, unit: str | None, seed: int) -> None:
        self.world, self.unit = world, unit
        self.chance = random.Random(seed)

    def talent(self, *words: str, who: str = GRACE, code: int = 0) -> Any:
        return self.world.talent("performance", *words, who=who, code=code)

    def items(self, *words: str, who: str = GRACE) -> list[dict[str, Any]]:
        return list(self.world.figures("performance", *words, who=who)["items"])

    def states(self) -> dict[str, int]:
        return {each["state"]: each["count"] for each in self.items("cycle", "status", "CYC-1", who=NOOR)}

    def each(self, *words: str) -> None:
        """Have two of HR do it: nobody does it to the own review."""
        for who in (NOOR, GRACE):
            self.world.ask("performance", *words, who=who)

    def launch(self) -> int:
        where = () if self.unit is None else ("--unit", self.unit)
        self.talent("cycle", "open", "Year", "--from", "2026-01-05", "--to", "2026-12-31", *where)
        for fault in self.items("cycle", "check", "CYC-1"):
            self.talent("cycle", "leave-out", "CYC-1", fault["person"], "--reason", "the board does it")
        self.talent("cycle", "launch", "CYC-1")
        self.talent("cycle", "launch", "CYC-1", who=NOOR)  # Grace's own, if she is in it
        return sum(self.states().values())

    def teams(self) -> dict[str, dict[str, tuple[str, ...]]]:
        """Return for each manager the people, and what their roles are rated on."""
        with self.world.open() as workspace:

            def run(tx: Any) -> dict[str, dict[str, tuple[str, ...]]]:
                found = workspace.engine.of_workflow(tx, "performance.review")
                people = persons(
                    tx, {who for each in found for who in (each.subject, *each.people("manager"))}
                )
                teams: dict[str, dict[str, tuple[str, ...]]] = {}
                for each in found:
                    own = teams.setdefault(people[each.people("manager")[0]].handle, {})
                    own[people[each.subject].handle] = tuple(m.competency for m in each.data.measures)
                return teams

            result: dict[str, dict[str, tuple[str, ...]]] = workspace.run(SYSTEM, run)
        return result

    def imagine(self, teams: Mapping[str, Mapping[str, tuple[str, ...]]]) -> dict[str, Ratings]:
        """Return ratings ~ skill + leniency N(0, .3) + noise N(0, .5), rounded."""
        chance = self.chance
        thought: dict[str, Ratings] = {}
        for manager, team in sorted(teams.items()):
            bias = chance.gauss(0, 0.3) + (PLANTED if manager == LENIENT else 0)
            skills = {who: chance.gauss(3, 0.4) for who in sorted(team)}
            thought[manager] = {
                who: {code: max(1, min(5, round(skill + bias + chance.gauss(0, 0.5)))) for code in team[who]}
                for who, skill in skills.items()
            }
        return thought

    def rate(self, folder: Path, thought: Mapping[str, Ratings]) -> None:
        for manager, ratings in thought.items():
            file = folder / f"{manager}.csv"
            with file.open("w", encoding="utf-8", newline="") as out:
                rows = csv.writer(out)
                rows.writerow(COLUMNS)
                for who, given in ratings.items():
                    for code, rating in given.items():
                        note = "" if rating in (3, 4) else "seen at work"
                        rows.writerow((who, code, rating, note, "a year"))
            self.talent("review", "rate", "--file", str(file), "--submit", who=manager)


def unlike(thought: Mapping[str, Ratings]) -> tuple[dict[str, float], set[str]]:
    """Return robust z by manager and who is far, worked out here by itself."""
    means = {
        manager: statistics.fmean(statistics.fmean(given.values()) for given in ratings.values())
        for manager, ratings in thought.items()
        if len(ratings) >= 5
    }
    middle = statistics.median(means.values())
    spread = statistics.median(abs(each - middle) for each in means.values())
    unlikely = {manager: 0.6745 * (each - middle) / spread for manager, each in means.items()}
    return unlikely, {
        each for each, z in unlikely.items() if abs(z) > 2.5 and abs(means[each] - middle) >= 0.5
    }


@contextlib.contextmanager
def held(world: Any) -> Iterator[None]:
    """Hold the row of the cycle, as somebody at work on it would."""
    with world.open() as workspace:
        if workspace.database.is_sqlite:  # one writer at a time, whatever the row
            yield
            return
        with pytest.MonkeyPatch.context() as patch, workspace.database.begin() as connection:
            patch.setenv("PGOPTIONS", "-c lock_timeout=4000")
            connection.execute(text("SELECT id FROM workflow_case WHERE ref = 'CYC-1' FOR UPDATE"))
            yield


def play(world: Any, folder: Path, unit: str | None, seed: int) -> tuple[int, int]:
    """Play the cycle; return how many reviews and how many honest flags."""
    house = House(world, unit, seed)
    many = house.launch()
    world.tick(date(2026, 12, 1))
    house.each("cycle", "ask", "CYC-1")
    assert house.states() == {"writing": many}
    thought = house.imagine(house.teams())
    write(house, folder, thought, many)
    flagged = look_at_the_lenient(house, thought)
    calibrate(house, thought[LENIENT], many)
    sign_and_release(house, many)
    rated = sum(len(given) for team in thought.values() for given in team.values())
    verified = world.talent("evidence", "verify", who=NOOR)
    assert f"{rated} rows in {many} ledgers" in verified.out + verified.err
    close(house, many)
    return many, len(flagged - {LENIENT})


def write(house: House, folder: Path, thought: Mapping[str, Ratings], many: int) -> None:
    """Have everybody rated, and one person write about themselves."""
    with held(house.world):
        house.rate(folder, thought)
    own = next(iter(thought[LENIENT]))
    house.talent("review", "self", own, "--text", "my own year", "--submit", who=own)
    assert house.states() == {"writing": many - 1, "submitted": 1}
    house.each("cycle", "excuse", "CYC-1", "--reason", "the day has passed")
    assert house.states() == {"submitted": many}


def look_at_the_lenient(house: House, thought: Mapping[str, Ratings]) -> set[str]:
    """Return whom the cycle flags: those whom the figures worked out here say."""
    told = house.items("calibrate", "leniency", "CYC-1", who=NOOR)
    unlikely, far = unlike(thought)
    assert {each["manager"]: each["z"] for each in told} == pytest.approx(unlikely)
    flagged = {each["manager"] for each in told if each["look"]}
    assert flagged == far
    assert LENIENT in flagged
    return flagged


def calibrate(house: House, team: Ratings, many: int) -> None:
    """Talk about the lenient manager's team and change one rating."""
    house.talent("cycle", "calibrate", "CYC-1", who=NOOR)
    about = ("--facilitator", GRACE, "--manager", LENIENT)
    house.talent("calibrate", "open", "CYC-1", "The lenient ones", *about)
    house.talent("calibrate", "start", "CAL-1")
    first, given = next((who, given) for who, given in team.items() if 5 in given.values())
    code = next(each for each, rating in given.items() if rating == 5)
    change = ("--competency", code, "--rating", "4", "--code", "anchor", "--reason", "as the anchor says")
    house.talent("calibrate", "change", "CAL-1", first, *change, "--evidence", "the files of the autumn")
    house.talent("calibrate", "discussed", "CAL-1", "--rest")
    house.talent("calibrate", "close", "CAL-1")
    house.talent("calibrate", "approve", "CAL-1", code=3)
    house.talent("calibrate", "approve", "CAL-1", who=NOOR)
    assert house.states() == {"submitted": many - len(team), "calibrated": len(team)}


def sign_and_release(house: House, many: int) -> None:
    house.talent("review", "sign", "--all", who="tomas.lind")
    house.each("cycle", "sign", "CYC-1")
    if house.unit is None:  # Noor rated Grace, so neither signs that one
        house.talent("review", "sign", "--all", who=ABOVE)
    assert house.states() == {"signed off": many}
    house.talent("review", "release", "--all", who=LENIENT)
    house.each("cycle", "release", "CYC-1")
    assert house.states() == {"released": many}


def close(house: House, many: int) -> None:
    """Close the cycle once every review has closed by itself."""
    house.talent("cycle", "close", "CYC-1", who=NOOR, code=3)
    house.world.talent("tick", "--to", "2026-12-20", who=SAMI)
    assert house.states() == {"closed": many}
    house.talent("cycle", "close", "CYC-1", who=NOOR)
    steps = [each["what"] for each in house.world.figures("log", "CYC-1", who=NOOR)["items"]]
    assert [each for each in steps if each != "leave_out"] == OWN_STEPS
    house.world.talent("db", "check", who=SAMI)


@pytest.mark.timeout(300)
@pytest.mark.parametrize("kind", ["sqlite", pytest.param("postgresql", marks=pytest.mark.storm)])
def test_a_cycle_over_a_branch_runs_in_bulk(kind: str, make_world: Any, tmp_path: Path) -> None:
    many, wrongly = play(make_world(kind, ENABLED), tmp_path, "harbour", 4)
    assert many == 65
    assert wrongly <= 3


@pytest.mark.storm
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_cycle_over_everybody_runs_in_bulk(kind: str, make_world: Any, tmp_path: Path) -> None:
    many, wrongly = play(make_world(kind, ENABLED), tmp_path, None, 5)
    assert many > 1190
    assert wrongly <= 3


@pytest.mark.timeout(300)
def test_conversations_come_first_without_any_rating(make_world: Any, tmp_path: Path) -> None:
    """By one setting: words, signatures and a release, and no figure at all."""
    who, manager = "kofi.mensah", "dario.conti"
    house = House(make_world("sqlite", ENABLED | {("plugin", "performance", "ratings"): False}), "harbour", 1)
    house.launch()
    talks = tmp_path / "talks.csv"
    talks.write_text(
        f"review,on,growth,rating\n{who},2026-01-05,plain words,\n{who},2026-01-05,,3.1\n", "utf-8"
    )
    told = house.talent("conversation", "record", "--file", str(talks), who=manager, code=3)
    assert "conversations come first" in told.out
    assert [each["rating"] for each in house.items("conversation", "list", who, who=who)] == [None]
    house.world.tick(date(2026, 12, 1))
    house.each("cycle", "ask", "CYC-1")
    raters = [
        word for each in ("nuno.soares", "oona.cabral", "yusuf.park") for word in ("--rater", f"peers={each}")
    ]
    for refused in (
        ("review", "rate", who, "--competency", "COM=3"),
        ("review", "rate", who, "--text", "a year", "--objective", "a=3"),
        ("round", "nominate", who, *raters),
    ):
        assert "conversations come first" in house.talent(*refused, who=manager, code=3).err
    house.talent("cycle", "calibrate", "CYC-1", code=3)
    house.talent("review", "rate", who, "--text", "a year of plain words", "--submit", who=manager)
    house.talent("review", "self", who, "--text", "my year", "--submit", who=who)
    house.talent("review", "sign", who, who="tomas.lind")
    house.talent("review", "release", who, who=manager)
    shown = house.items("review", "show", who, who=who)
    assert {(each["item"], each["says"]) for each in shown} == {
        ("manager", "a year of plain words"),
        ("self", "my year"),
    }
    assert {each["rating"] for each in shown} == {None}
    assert house.world.figures("evidence", "show", who, who=NOOR)["items"] == []
