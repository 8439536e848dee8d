"""From the hire to the confirmation: the story's first ninety days."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

CODES = ("CIT", "TRU", "COM", "JDG", "DEL")
INTERVIEW = {"CIT": (4, 4, 3), "TRU": (3, 3, 3), "COM": (2, 2, 3), "JDG": (3, 4, 4), "DEL": (3, 3, 3)}
DAY_90 = {"CIT": 3, "TRU": 3, "COM": 2, "INI": 3, "COL": 3, "JDG": 3, "DEL": 4, "DEV": 3}
REQUIRED = {"CIT": 2, "TRU": 2, "COM": 2, "INI": 2, "COL": 2, "JDG": 2, "DEL": 2, "DEV": 1}
PANEL = ("jonas.weber", "kofi.mensah", "ana.ribeiro")
FIRST, LAST = date(2026, 3, 2), date(2026, 5, 31)
MARIA, DARIO, GRACE, NOOR, TOMAS, SAMI, AMARA = (
    *("maria.costa", "dario.conti", "grace.lindqvist", "noor.haddad", "tomas.lind", "sami.okafor"),
    "amara.okoye",
)
_played: dict[str, Path] = {}


def tick(world: Any, day: date) -> Any:
    return world.talent("tick", "--to", day.isoformat(), who=SAMI)


def ratings_of(given: Mapping[str, Any]) -> list[str]:
    return [word for code, each in given.items() for word in ("--competency", f"{code}={each}")]


def check(
    world: Any, given: Mapping[str, Any], *more: str, who: str = DARIO, code: int = 0, word: str = AMARA
) -> Any:
    notes = [word for each in given for word in ("--note", f"{each}=seen at work")]
    return world.talent("onboarding", "check", word, *ratings_of(given), *notes, *more, who=who, code=code)


def hire(world: Any, until_assessing: Callable[..., None]) -> None:
    """Play the story of the first hire until Amara has the post."""
    until_assessing(world, ["Amara Okoye"], date(2026, 2, 10))
    for place, who in enumerate(PANEL):
        given = {code: each[place] for code, each in INTERVIEW.items()}
        notes = [word for code in given for word in ("--note", f"{code}=seen")]
        world.talent("recruitment", "score", "APP-1", *ratings_of(given), *notes, "--lock", who=who)
    world.talent("recruitment", "decide", "APP-1", who=DARIO)
    world.steps((DARIO, "SEL-1", "start_moderation"), (MARIA, "SEL-1", "decide"))
    world.talent("recruitment", "offer", "APP-1", who=MARIA)
    world.steps((MARIA, "APP-1", "accept"))
    world.tick(FIRST)
    world.talent("recruitment", "hire", "APP-1", who=MARIA)


def enable(world: Any) -> None:
    world.talent("plugin", "enable", "onboarding", who=SAMI)
    world.talent("tick", who=SAMI)


def begin(world: Any) -> None:
    """Release the plan, do what comes before work, and so start."""
    world.talent("onboarding", "release", AMARA, "--buddy", "jonas.weber", who=DARIO)
    required = [each["task"] for each in tasks(world) if each["required"]]
    world.talent("onboarding", "task", "done", *required, "--note", "all is ready", who=MARIA)


def tasks(world: Any, who: str = MARIA) -> list[dict[str, Any]]:
    return list(world.figures("onboarding", "plan", AMARA, who=who)["items"])


def show(world: Any, who: str = MARIA) -> dict[str, Any]:
    return dict(world.figures("onboarding", "show", AMARA, who=who))


def inbox(world: Any, who: str) -> list[str]:
    return [each["what"] for each in world.figures("inbox", who=who)["items"]]


@pytest.fixture
def hired(make_world: Any, until_assessing: Any, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Return a world right after the hire, with the plan open."""
    world = make_world()
    if "hired" not in _played:
        hire(world, until_assessing)
        enable(world)
        _played["hired"] = tmp_path_factory.mktemp("played") / "hired"
        shutil.copytree(world.folder, _played["hired"])
    shutil.rmtree(world.folder)
    shutil.copytree(_played["hired"], world.folder)
    return world


@pytest.fixture
def started(hired: Any) -> Any:
    """Return a world in which Amara's plan is running."""
    begin(hired)
    return hired


@pytest.fixture
def rated(started: Any) -> Any:
    """Return a world on day 90, with the check done."""
    tick(started, LAST)
    check(started, DAY_90)
    return started


def rung(required: int, rating: Fraction) -> Fraction:
    return max(Fraction(0), min(Fraction(5), required + (rating - 3) / 2))


@pytest.mark.timeout(300)
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_the_first_ninety_days(kind: str, make_world: Any, until_assessing: Any) -> None:
    world = make_world(kind)
    hire(world, until_assessing)
    waiting = world.talent("doctor", who=SAMI)
    assert "onboarding.plan" in waiting.out
    enable(world)
    world.talent("tick", who=SAMI)
    plans = world.figures("onboarding", "board", who=MARIA)["items"]
    assert [(each["ref"], each["state"]) for each in plans] == [("ONB-1", "planned")]
    assert "waits" not in world.talent("doctor", who=SAMI).out

    (com,) = [each for each in tasks(world) if each["part"] == "gap"]
    assert com["competencies"] == ["COM"]
    assert (com["day"], com["band"], com["owner"]) == (60, "minor", "newcomer")
    # Day 60 is the first of May, when nobody works: it is due the day before.
    assert com["due"] == "2026-04-30"
    assert "applicant who is refused knows why" in com["descriptor"]
    (unseen,) = [each for each in tasks(world) if each["part"] == "observation"]
    assert unseen["competencies"] == ["INI", "COL", "DEV"]
    parts = {"compliance", "clarification", "confidence", "connection", "culture", "check-back"}
    assert {each["part"] for each in tasks(world)} >= parts

    begin(world)
    assert show(world)["state"] == "active"
    for day, word in ((30, "on-track"), (60, "too-early")):
        asked = f"Day {day}: talk about the start"
        assert asked not in inbox(world, DARIO)
        tick(world, FIRST + timedelta(days=day))
        assert asked in inbox(world, DARIO)
        world.talent("onboarding", "talk", AMARA, "--outcome", word, who=DARIO)
        assert asked not in inbox(world, DARIO)
    before = world.figures("evidence", "show", AMARA, who=NOOR)["items"]
    assert sum(each["rows"] for each in before) == len(CODES)

    tick(world, LAST)
    assert "Day 90: rate by the role's descriptors" in inbox(world, DARIO)
    check(world, DAY_90)
    record = show(world)
    assert (record["state"], record["mean_exact"], record["confirmation"]) == ("deciding", "3", "proposed")
    compare_standings(world)
    refused = world.talent("onboarding", "confirm", AMARA, who=DARIO, code=3)
    assert "Only hr partner" in refused.err
    assert "that was you" in refused.err
    world.talent("onboarding", "confirm", AMARA, who=GRACE)
    assert show(world)["state"] == "confirmed"
    world.talent("evidence", "verify", who=NOOR)
    world.talent("db", "check", who=SAMI)
    told = world.figures("onboarding", "quality", "--rows", who=NOOR)["items"]
    assert {each["r"] for each in told} == {None}
    assert {each["said"] for each in told} == {"withheld: 1 of at least 10 people"}


def compare_standings(world: Any) -> None:
    """Compare each standing with one worked out here, row by row."""
    shown = world.figures("evidence", "show", AMARA, "--framework", "hpsa-core", who=NOOR)["items"]
    found = {each["competency"]: each for each in shown}
    age = (LAST - date(2026, 2, 10)).days
    for code, rating in DAY_90.items():
        rows = [(0.8, float(rung(REQUIRED[code], Fraction(rating))))]
        if code in INTERVIEW:
            mean = Fraction(sum(INTERVIEW[code]), 3)
            rows.append((0.5 * 2.0 ** (-age / 180), float(rung(REQUIRED[code], mean))))
        weight = sum(each for each, _ in rows)
        expected = sum(each * value for each, value in rows) / weight
        assert found[code]["standing"] == pytest.approx(expected, abs=1e-9)
        assert found[code]["weight"] == pytest.approx(weight, abs=1e-9)
    assert round(found["COM"]["standing"], 3) == 1.548
    assert round(found["COM"]["weight"], 3) == 1.127


def test_the_handoff_opens_once_and_only_when_the_plugin_is_on(hired: Any) -> None:
    for _ in range(2):
        hired.talent("tick", who=SAMI)
    assert len(hired.figures("onboarding", "board", who=MARIA)["items"]) == 1
    hired.talent("plugin", "disable", "onboarding", who=SAMI)
    hired.talent("show", "APP-1", who=MARIA)
    hired.talent("onboarding", "board", who=MARIA, code=2)
    enable(hired)
    assert len(hired.figures("onboarding", "board", who=MARIA)["items"]) == 1


def test_work_does_not_start_before_what_it_needs(hired: Any) -> None:
    for step in ("confirm", "drop_end"):
        hired.talent("do", "ONB-1", step, "--reason", "too soon", who=GRACE, code=3)
    needs_buddy = hired.talent("onboarding", "release", AMARA, who=DARIO, code=3)
    assert "--buddy" in needs_buddy.err
    own = hired.talent("onboarding", "release", AMARA, "--buddy", AMARA, who=DARIO, code=3)
    assert "nobody is the own buddy" in own.err
    hired.talent("onboarding", "release", AMARA, "--buddy", "jonas.weber", who=DARIO)
    assert "Be there on the first day and show the place" in inbox(hired, "jonas.weber")
    hired.talent("show", "ONB-1", who="jonas.weber", code=4)
    answer = hired.talent("do", "ONB-1", "start", who=DARIO, code=3)
    assert "Have desk, device and access ready: open" in answer.err
    first, second = [each["task"] for each in tasks(hired) if each["required"]]
    hired.talent("onboarding", "task", "done", first, who=MARIA)
    assert show(hired)["state"] == "preboarding"
    hired.talent("onboarding", "task", "waive", second, who=GRACE, code=3)
    hired.talent("onboarding", "task", "waive", second, "--reason", "works from home", who=GRACE)
    assert show(hired)["state"] == "active"


def test_tasks_belong_to_their_owner_and_go_by_their_owners_manager(started: Any) -> None:
    named = {each["part"]: each["task"] for each in tasks(started)}
    gap, culture = named["gap"], named["culture"]
    started.talent("onboarding", "task", "done", gap, "--note", "no", who=DARIO, code=5)
    started.talent("onboarding", "task", "done", gap, culture, who=AMARA, code=2)
    barred = started.talent("onboarding", "task", "waive", gap, "--reason", "no need", who=AMARA, code=5)
    assert "Only the manager of the newcomer or the head of HR may waive it" in barred.err
    unsaid = started.talent("onboarding", "task", "done", gap, who=AMARA, code=3)
    assert "--note" in unsaid.err
    started.talent("onboarding", "task", "waive", culture, "--reason", "no time", who=DARIO, code=5)
    started.talent("onboarding", "task", "waive", culture, "--reason", "done in March", who=TOMAS)
    started.talent("onboarding", "task", "block", gap, "--reason", "no letters yet", who=AMARA)
    assert "Clear the way" in inbox(started, DARIO)
    started.talent("onboarding", "task", "unblock", gap, who=DARIO)
    started.talent("onboarding", "task", "begin", gap, who=AMARA)
    started.talent("onboarding", "task", "done", gap, "--note", "three letters", who=AMARA)
    found = {each["task"]: each for each in tasks(started)}
    assert found[culture]["state"] == "waived"
    assert (found[gap]["state"], found[gap]["note"]) == ("done", "three letters")
    tick(started, FIRST + timedelta(days=20))
    assert any(each["overdue"] for each in tasks(started))
    assert all(each["state"] == "open" for each in tasks(started) if each["overdue"])


def test_time_is_extended_once_and_checked_again(rated: Any) -> None:
    extend = ("onboarding", "extend", AMARA, "--reason", "long leave", "--plan", "two cases a week", "--days")
    assert "at most 90 days" in rated.talent(*extend, "91", who=DARIO, code=3).err
    rated.talent(*extend, "90", "--dry-run", who=DARIO)
    rated.talent(*extend, "90", who=DARIO)
    assert (show(rated)["state"], show(rated)["extended_until"]) == ("active", "2026-08-29")
    early = check(rated, DAY_90, code=3)
    assert "day 180" in early.err
    tick(rated, date(2026, 8, 29))
    check(rated, {**DAY_90, "COM": 4})
    again = rated.talent(*extend, "10", who=DARIO, code=3)
    assert "has not been extended before" in again.err
    rated.talent("onboarding", "confirm", AMARA, who=TOMAS)
    assert show(rated)["state"] == "confirmed"


def test_below_the_rule_people_confirm_with_a_reason_only(started: Any) -> None:
    tick(started, LAST)
    check(started, {**DAY_90, "TRU": 2})
    assert show(started)["confirmation"] == "not proposed"
    plain = started.talent("onboarding", "confirm", AMARA, who=GRACE, code=3)
    assert "TRU 2 is below 3, and it is critical" in plain.err
    started.talent("onboarding", "confirm", AMARA, "--reason", "one case, talked over", who=GRACE)


def test_an_end_needs_feedback_a_talk_an_appeal_and_four_eyes(started: Any) -> None:
    end = ("onboarding", "end", AMARA)
    propose = (*end, "--reason", "letters stay unclear", "--talk-on", "today")
    appeal = ("--appeal", "to the head of HR, within 14 days")
    assert "Written feedback" in started.talent(*propose, *appeal, who=DARIO, code=3).err
    started.talent("onboarding", "talk", AMARA, "--outcome", "at-risk", who=DARIO, code=3)
    note = ("--outcome", "at-risk", "--note", "Applicants call again")
    # Dated back, it still counts from the day it was written down.
    tick(started, date(2026, 4, 1))
    started.talent("onboarding", "talk", AMARA, *note, "--on", "2026-03-05", who=DARIO)
    assert show(started, who=AMARA)["feedback"] == ["Applicants call again"]
    assert "Written feedback" in started.talent(*propose, *appeal, who=DARIO, code=3).err
    tick(started, date(2026, 4, 15))
    assert "appeal" in started.talent(*propose, who=DARIO, code=3).err
    started.talent(*propose, *appeal, who=NOOR)
    assert show(started)["state"] == "ending"
    started.talent(*end, "--sign", who=DARIO, code=5)
    assert "that was you" in started.talent(*end, "--sign", who=NOOR, code=3).err
    started.talent(*end, "--drop", "--reason", "one more month", who=NOOR)
    assert show(started)["state"] == "active"
    tick(started, LAST)
    assert "Day 90: rate by the role's descriptors" in inbox(started, DARIO)
    started.talent(*propose, *appeal, who=DARIO)
    started.talent(*end, "--sign", who=GRACE)
    record = show(started)
    assert (record["state"], record["appeal"]) == ("not confirmed", "to the head of HR, within 14 days")


def test_cancelling_keeps_everything(started: Any) -> None:
    gap = next(each["task"] for each in tasks(started) if each["part"] == "gap")
    started.talent("onboarding", "task", "done", gap, "--note", "three letters", who=AMARA)
    before = tasks(started)
    started.talent("onboarding", "cancel", AMARA, "--reason", "no-show after all", who=MARIA)
    after = tasks(started)
    assert [each["task"] for each in after] == [each["task"] for each in before]
    states = {each["task"]: each["state"] for each in after}
    assert states[gap] == "done"
    assert set(states.values()) == {"done", "cancelled"}
    events = started.figures("log", "ONB-1", who=MARIA)["items"]
    assert events[-1]["what"] == "cancel"
    assert started.figures("evidence", "show", AMARA, who=NOOR)["items"]
    started.talent("onboarding", "cancel", AMARA, "--reason", "twice", who=MARIA, code=3)


def test_a_move_uses_the_same_plan_without_what_newcomers_sign(hired: Any) -> None:
    answer = hired.talent("onboarding", "start", "kofi.mensah", "--move", "--dry-run", who=MARIA)
    assert "Dry run" in answer.err
    hired.talent("onboarding", "start", "kofi.mensah", "--move", "--from", "2026-03-16", who=MARIA)
    again = hired.talent("onboarding", "start", "kofi.mensah", "--move", who=MARIA, code=3)
    assert "ONB-2" in again.err
    hired.talent("onboarding", "start", "kofi.mensah", who=AMARA, code=5)
    rows = hired.figures("onboarding", "plan", "ONB-2", who=MARIA)["items"]
    titles = {each["title"] for each in rows}
    assert "Hand over the former work" in titles
    assert "Have the contract and the forms signed" not in titles
    assert {each["part"] for each in rows if each["competencies"]} == {"observation"}
    hired.talent("onboarding", "release", "ONB-2", "--buddy", AMARA, who=DARIO)
    access = next(each["task"] for each in rows if each["required"])
    hired.talent("onboarding", "task", "done", access, who=MARIA)
    assert hired.figures("onboarding", "show", "ONB-2", who=MARIA)["state"] == "preboarding"
    moved = ("onboarding", "first-day", "ONB-2", "2026-03-23", "--reason", "a course before")
    hired.talent(*moved, who=DARIO)
    tick(hired, date(2026, 3, 22))
    assert hired.figures("onboarding", "show", "ONB-2", who=MARIA)["state"] == "preboarding"
    tick(hired, date(2026, 3, 23))
    assert hired.figures("onboarding", "show", "ONB-2", who=MARIA)["state"] == "active"
    after = hired.figures("onboarding", "plan", "ONB-2", who=MARIA)["items"]
    due = {each["title"]: each["due"] for each in after}
    assert due["Hand over the former work"] == "2026-03-30"


def test_a_late_check_goes_to_the_manager_above(started: Any) -> None:
    tick(started, LAST)
    assert "Day 90: the check is late" not in inbox(started, TOMAS)
    tick(started, date(2026, 6, 8))
    assert "Day 90: the check is late" in inbox(started, TOMAS)


def test_files_do_many_and_name_what_is_wrong(rated: Any, tmp_path: Path) -> None:
    sheet = tmp_path / "talks.csv"
    sheet.write_text("plan,outcome,day\namara.okoye,fine,x\n", encoding="utf-8")
    answer = rated.talent("onboarding", "talk", "--file", str(sheet), who=DARIO, code=9)
    assert "talks.csv:2" in answer.err
    assert "on track" in answer.err
    assert "no day of a plan" in answer.err
    done = tmp_path / "tasks.csv"
    mine = [each["task"] for each in tasks(rated) if each["owner"] == "newcomer" and each["state"] == "open"]
    lines = ["task,note", *(f"{each},done" for each in mine), "OTK-999,done"]
    done.write_text("\n".join(lines), encoding="utf-8")
    answer = rated.talent("onboarding", "task", "done", "--file", str(done), who=AMARA, code=3)
    assert "1 of" in answer.err
    assert not [each for each in tasks(rated) if each["task"] in mine and each["state"] != "done"]


def test_who_comes_next_week_is_released_before_the_first_day(make_world: Any) -> None:
    world = make_world()
    world.talent("plugin", "enable", "onboarding", who=SAMI)
    file = world.folder / "people.csv"
    seat = "harbour-case-officer-19"
    file.write_text(
        f"handle,name,kind,post,since\nada.alder,Ada Alder,employee,{seat},2026-01-12\n", encoding="utf-8"
    )
    world.talent("people", "import", str(file), who=MARIA)
    early = world.talent("onboarding", "start", "ada.alder", who=MARIA, code=2)
    assert f"talent people move ada.alder POST --on {date(2026, 1, 5)}" in early.err
    world.talent("onboarding", "start", "ada.alder", "--from", "2026-01-12", who=MARIA)
    world.talent("onboarding", "release", "ada.alder", "--buddy", "jonas.weber", who=MARIA)
    assert world.figures("onboarding", "show", "ada.alder", who=MARIA)["state"] == "preboarding"


def test_the_board_counts_its_plans_as_people_do(make_world: Any) -> None:
    world = make_world()
    world.talent("plugin", "enable", "onboarding", who=SAMI)
    people = world.figures("people", "list", "--unit", "harbour", who=MARIA)["items"]
    file = world.folder / "start.csv"
    file.write_text("\n".join(["person", *(each["handle"] for each in people[:11])]), encoding="utf-8")
    world.talent("onboarding", "start", "--file", str(file), who=MARIA)
    board = world.figures("onboarding", "board", who=MARIA)["items"]
    assert [each["ref"] for each in board] == [f"ONB-{number}" for number in range(1, 12)]
