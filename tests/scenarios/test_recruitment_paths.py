"""The other ways through a selection: timers, exceptions, files, mistakes."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from talenthub.errors import Conflict, NotPermitted, Refused
from talenthub.storage.transaction import SYSTEM

DAY = date(2026, 2, 10)
CODES = ("CIT", "TRU", "COM", "JDG", "DEL")
OPEN = ("open", "--reason", "needed", "--chair")
SCORE = ("score", "APP-1", "--for", "jonas.weber", "--competency")
PANEL = ("jonas.weber", "kofi.mensah", "ana.ribeiro")
MARIA = "maria.costa"


def score(world: Any, ref: str, who: str, value: int = 3, *more: str, code: int = 0) -> Any:
    words = [word for each in CODES for word in ("--competency", f"{each}={value}", "--note", f"{each}=seen")]
    return world.talent("recruitment", "score", ref, *words, *more, who=who, code=code)


def rated(world: Any, *refs: str, value: int = 3) -> None:
    for ref in refs:
        for who in PANEL:
            score(world, ref, who, value, "--lock")


def state(world: Any, ref: str, who: str = MARIA) -> str:
    with world.open() as workspace:
        actor = workspace.actor(as_handle=who)
        return str(workspace.run(actor, lambda tx: workspace.engine.case(tx, ref).state, read_only=True))


def tick(world: Any, day: date) -> None:
    world.talent("tick", "--to", day.isoformat(), who="sami.okafor")


@pytest.fixture
def decided(make_world: Any, until_assessing: Any) -> Any:
    """Return a world in which two candidates are ranked for one position."""
    world = make_world()
    until_assessing(world, ["Amara Okoye", "Bram Visser"], DAY)
    rated(world, "APP-1", "APP-2")
    world.talent("recruitment", "decide", "SEL-1", who="dario.conti")
    world.steps(("dario.conti", "SEL-1", "start_moderation"), (MARIA, "SEL-1", "decide"))
    return world


def test_two_hires_do_not_fill_one_position(decided: Any) -> None:
    # Equal means share the first rank, so both may be offered the position.
    for ref in ("APP-1", "APP-2"):
        decided.talent("recruitment", "offer", ref, who=MARIA)
        decided.steps((MARIA, ref, "accept"))
    decided.talent("recruitment", "hire", "APP-1", who=MARIA)
    answer = decided.talent("recruitment", "hire", "APP-2", who=MARIA, code=3)
    assert "every position of the requisition is filled" in answer.err
    assert state(decided, "REQ-1") == "filled"
    decided.steps((MARIA, "APP-2", "withdraw"), (MARIA, "SEL-1", "complete"))
    assert state(decided, "REQ-1") == "completed"
    rows = decided.figures("evidence", "show", "amara.okoye", "--rows", who="noor.haddad")["items"]
    assert len(rows) == len(CODES)


def test_a_repeated_request_is_answered_and_not_done_again(decided: Any) -> None:
    for _ in range(2):
        decided.talent("recruitment", "offer", "APP-1", "--request-id", "offer-amara", who=MARIA)
    assert state(decided, "APP-1") == "offered"


def test_an_offer_expires_by_itself_and_counts_against_nobody(decided: Any) -> None:
    decided.talent("recruitment", "offer", "APP-1", "--until", "2026-02-20", who=MARIA)
    tick(decided, date(2026, 2, 20))
    assert state(decided, "APP-1") == "offered"
    tick(decided, date(2026, 2, 23))
    with decided.open() as workspace:
        case = workspace.run(
            workspace.actor(as_handle=MARIA), lambda tx: workspace.engine.case(tx, "APP-1"), read_only=True
        )
    assert (case.state, case.outcome) == ("expired", "neutral")


def test_an_offer_is_withdrawn_by_somebody_else_only(decided: Any) -> None:
    decided.steps(("noor.haddad", "APP-1", "offer"))
    reason = {"reason": "the budget was cut"}
    with pytest.raises(Refused):
        decided.steps(("noor.haddad", "APP-1", "withdraw_offer", reason))
    decided.steps(("grace.lindqvist", "APP-1", "withdraw_offer", reason))
    assert state(decided, "APP-1") == "offer_withdrawn"


def test_candidates_withdraw_at_any_time_and_open_work_ends(make_world: Any, until_assessing: Any) -> None:
    world = make_world()
    until_assessing(world, ["Amara Okoye", "Bram Visser"], DAY)
    world.steps(("amara.okoye", "APP-1", "withdraw"))
    assert state(world, "APP-1") == "withdrawn"
    mine = world.figures("inbox", who="jonas.weber")["items"]
    assert not any("Amara" in str(each) for each in mine)
    score(world, "APP-1", "jonas.weber", 3, "--lock", code=3)


def test_candidates_see_their_status_and_no_scorecard(make_world: Any, until_assessing: Any) -> None:
    world = make_world()
    until_assessing(world, ["Amara Okoye", "Bram Visser"], DAY)
    rated(world, "APP-1")
    assert "awaiting consensus" in world.talent("show", "APP-1", who="amara.okoye").out
    for ref in ("SCO-1", "APP-2", "SEL-1", "REQ-1"):
        world.talent("show", ref, who="amara.okoye", code=4)


def test_an_exception_signed_by_two_ranks_the_candidate(make_world: Any, until_assessing: Any) -> None:
    world = make_world()
    until_assessing(world, ["Amara Okoye"], DAY)
    rated(world, "APP-1", value=2)
    world.talent("recruitment", "decide", "APP-1", who="dario.conti", code=3)
    override = ("recruitment", "override", "APP-1", "--reason", "the only one who knows the register")
    world.talent(*override, who=MARIA, code=5)
    world.talent(*override, who="eva.sand")
    world.talent(*override, "--sign", who="eva.sand", code=3)
    world.talent(*override, "--sign", who="ruth.adeyemi")
    assert state(world, "APP-1") == "ranked"
    (row,) = world.figures("recruitment", "compare", "SEL-1", who="dario.conti")["items"]
    assert row["rank"] == 1
    assert row["appointable"] is False


def test_an_excused_assessor_is_replaced_before_anything_shows(make_world: Any, until_assessing: Any) -> None:
    world = make_world()
    until_assessing(world, ["Amara Okoye"], DAY)
    for who in PANEL[:2]:
        score(world, "APP-1", who, 3, "--lock")
    cards = {"jonas.weber": "SCO-1", "kofi.mensah": "SCO-2", "ana.ribeiro": "SCO-3"}
    reason = {"reason": "they are cousins"}
    with pytest.raises(NotPermitted):
        world.steps(("ana.ribeiro", cards["ana.ribeiro"], "excuse", reason))
    world.steps(("dario.conti", cards["ana.ribeiro"], "excuse", reason))
    assert state(world, "APP-1") == "in_assessment"
    world.talent("recruitment", "assessor", "APP-1", "lin.zhao", who="dario.conti")
    score(world, "APP-1", "lin.zhao", 3, "--lock")
    assert state(world, "APP-1") == "awaiting_consensus"


def test_who_enters_for_another_does_not_rate_and_is_on_record(make_world: Any, until_assessing: Any) -> None:
    world = make_world()
    until_assessing(world, ["Amara Okoye"], DAY, panel=(*PANEL, MARIA))
    answer = score(world, "APP-1", MARIA, 3, "--for", "jonas.weber", code=4)
    assert "no scorecard" in answer.err  # an own scorecard hides all others
    score(world, "APP-1", MARIA, 3, "--lock")
    answer = score(world, "APP-1", MARIA, 3, "--for", "jonas.weber", code=3)
    assert "Who rates a candidate does not enter the ratings of others" in answer.err


def test_the_plan_is_amended_by_two_and_started_candidates_keep_theirs(
    make_world: Any, until_assessing: Any
) -> None:
    world = make_world()
    until_assessing(world, ["Amara Okoye"], DAY)
    world.talent("recruitment", "candidate", "add", "SEL-1", "Bram Visser", who=MARIA)
    world.talent("recruitment", "shortlist", "SEL-1", who=MARIA)
    words = ("recruitment", "plan", "SEL-1", "--competency", "CIT", "--competency", "TRU")
    assert "«design» does not start" in world.talent(*words, who=MARIA, code=3).err
    world.talent(*words, "--amend", who=MARIA, code=3)
    world.talent(*words, "--reason", "COM is tested in writing", "--amend", who=MARIA)
    with pytest.raises((Refused, NotPermitted)):
        world.steps((MARIA, "SEL-1", "approve_amendment"))
    world.steps(("grace.lindqvist", "SEL-1", "approve_amendment"), (MARIA, "APP-2", "start_step"))
    kit = world.figures("recruitment", "kit", "SEL-1", who=MARIA)["items"]
    assert [each["competency"] for each in kit] == ["CIT", "TRU"]
    rated(world, "APP-1")
    answer = score(world, "APP-2", "jonas.weber", 3, code=3)
    assert "'COM' is not in the plan" in answer.err


def test_hold_resume_and_cancel_end_everything_below(make_world: Any, until_assessing: Any) -> None:
    world = make_world()
    until_assessing(world, ["Amara Okoye"], DAY)
    reason = {"reason": "the budget is looked at again"}
    world.steps((MARIA, "REQ-1", "hold", reason), (MARIA, "REQ-1", "resume"))
    assert state(world, "REQ-1") == "open"
    world.steps((MARIA, "REQ-1", "cancel", reason))
    with world.open() as workspace:
        found = workspace.run(
            SYSTEM, lambda tx: workspace.engine.cases(tx, ["SEL-1", "APP-1", "SCO-1"]), read_only=True
        )
    assert all(each.closed_at is not None and each.outcome == "neutral" for each in found.values())


def test_files_of_candidates_and_ratings(make_world: Any, until_assessing: Any, tmp_path: Any) -> None:
    world = make_world()
    people = tmp_path / "candidates.csv"
    people.write_text("name,email\n" + "".join(f"Nia Test{n},nia{n}@mail.example\n" for n in range(30)))
    until_assessing(world, ["Amara Okoye"], DAY)
    added = world.talent("recruitment", "candidate", "add", "SEL-1", "--file", str(people), who=MARIA)
    assert "Next: talent recruitment shortlist SEL-1\n" in added.err
    world.talent("recruitment", "shortlist", "SEL-1", who=MARIA)
    listed = world.figures("recruitment", "candidate", "list", "SEL-1", who=MARIA)["items"]
    refs = [each["application"] for each in listed if each["state"] == "shortlisted"]
    assert len(refs) == 30
    for ref in refs:
        world.steps((MARIA, ref, "start_step"))
    scores = tmp_path / "scores.csv"
    rows = [f"{ref},{who},{code},4," for ref in refs for who in PANEL for code in CODES]
    scores.write_text("\n".join(["application,assessor,competency,rating,note", *rows]) + "\n")
    done = world.figures("recruitment", "score", "--file", str(scores), "--lock", who=MARIA)["items"]
    assert {each["state"] for each in done} == {"locked"}
    decided = world.figures("recruitment", "decide", "SEL-1", who="dario.conti")["items"]
    assert [each["overall_exact"] for each in decided] == ["4"] * 30
    counted = world.figures("recruitment", "funnel", "SEL-1", who=MARIA)["items"]
    (ranked, waiting) = [each for each in counted if each["count"]][::-1]
    assert [each["reached"] for each in counted if each["state"] == "received"] == [31]
    assert {ranked["state"]: ranked["count"], waiting["state"]: waiting["count"]} == {
        "ranked": 30,
        "in assessment": 1,
    }
    assert sorted(ranked["rows"]) == sorted(refs)


def test_a_wrong_file_is_answered_whole_and_changes_nothing(
    make_world: Any, until_assessing: Any, tmp_path: Any
) -> None:
    world = make_world()
    until_assessing(world, ["Amara Okoye"], DAY)
    scores = tmp_path / "scores.csv"
    scores.write_text(
        "application,assessor,competency,rating,interviewed_on\n"
        "APP-1,jonas.weber,CIT,good,\nAPP-1,jonas.weber,TRU,3,12.02.2026\nAPP-1,jonas.weber,TRU,4,\n"
    )
    answer = world.talent("recruitment", "score", "--file", str(scores), who=MARIA, code=9)
    for place, found in (("scores.csv:2", "'good'"), ("scores.csv:3", "no day"), ("scores.csv:4", "twice")):
        assert any(place in line and found in line for line in answer.err.splitlines()), (place, answer.err)
    scores.write_text("application,assesor,competency,rating\nAPP-1,x,CIT,3\n")
    assert "'assessor'" in world.talent("recruitment", "score", "--file", str(scores), who=MARIA, code=9).err


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (
            ("open", "case-oficer", "--unit", "harbour", "--chair", "dario.conti", "--reason", "x"),
            4,
            "'case-officer'",
        ),
        (
            ("open", "case-officer", "--unit", "harbor", "--chair", "dario.conti", "--reason", "x"),
            4,
            "'harbour'",
        ),
        (
            ("open", "case-officer", "--unit", "harbour", "--chair", "dario.comti", "--reason", "x"),
            4,
            "'dario.conti'",
        ),
        (("kit", "SEL-99"), 4, "SEL-99"),
        (("kit", "SCO-1"), 2, "selection"),
        (("compare", "nonsense"), 4, "nonsense"),
        (("score", "APP-1", "--competency", "CIT"), 2, "CODE=VALUE"),
        (("score", "APP-1", "--competency", "CIT=lots"), 2, "3 Meets"),
        (("score", "APP-1", "--competency", "CIT=3", "--for", "jonas.webber"), 4, "'jonas.weber'"),
        ((*SCORE, "CTI=3"), 3, "'CIT'"),
        ((*SCORE, "CIT=7"), 3, "1, 2, 3, 4, 5"),
        (
            ("score", "APP-1", "--competency", "CIT=3", "--on", "2026-02-30", "--for", "jonas.weber"),
            2,
            "calendar",
        ),
        (
            ("score", "APP-1", "--competency", "CIT=3", "--on", "2026-03-30", "--for", "jonas.weber"),
            3,
            "to come",
        ),
        (("score",), 2, "APPLICATION or --file"),
        (("score", "--file", "nowhere.csv"), 9, "nowhere.csv"),
        (("plan", "SEL-1", "--competency", "CIX", "--amend", "--reason", "because"), 2, "'CIT'"),
        (("candidate", "add", "SEL-1"), 2, "--file"),
        (("candidate", "add", "SEL-1", "--person", "amara.okoye"), 3, "APP-1"),
        (("candidate", "add", "SEL-1", "--person", "jonas.weber"), 3, "panel"),
        (("hire", "APP-1"), 3, "does not start from"),
        (("reject", "APP-1"), 3, "does not start from"),
        (("offer", "APP-77"), 4, "APP-77"),
    ],
)
def test_mistakes_are_answered_in_a_line_and_write_nothing(
    words: tuple[str, ...], code: int, told: str, waiting: Any
) -> None:
    answer = waiting.talent("recruitment", *words, who=MARIA, code=code)
    assert told in answer.err, answer.err
    assert state(waiting, "APP-1") == "in_assessment"


@pytest.fixture(scope="module")
def waiting_folder(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return {}


@pytest.fixture
def waiting(waiting_folder: dict[str, Any], make_world: Any, until_assessing: Any) -> Any:
    """Return a world that waits for ratings; mistakes must not change it."""
    if "world" not in waiting_folder:
        world = make_world()
        until_assessing(world, ["Amara Okoye"], DAY)
        waiting_folder["world"] = world
    return waiting_folder["world"]


def test_a_dry_run_writes_nothing(waiting: Any) -> None:
    score(waiting, "APP-1", MARIA, 3, "--for", "jonas.weber", "--lock", "--dry-run")
    assert state(waiting, "SCO-1") == "assigned"
    waiting.talent("recruitment", "candidate", "add", "SEL-1", "Nobody Yet", "--dry-run", who=MARIA)
    assert len(waiting.figures("recruitment", "candidate", "list", "SEL-1", who=MARIA)["items"]) == 1


def test_a_version_that_has_moved_on_is_a_conflict(waiting: Any) -> None:
    with waiting.open() as workspace:
        actor = workspace.actor(as_handle=MARIA)
        stale = {"expected_version": 1}
        with pytest.raises(Conflict):
            workspace.run(actor, lambda tx: workspace.engine.fire(tx, "APP-1", "withdraw", {}, **stale))


def test_all_wrong_names_of_a_vacancy_are_told_at_once(make_world: Any) -> None:
    world = make_world()
    typed = ("case-ofizer", "--unit", "harbor", "--chair", "dario.kconti", "--panel", "jonas.wber")
    answer = world.talent("recruitment", "open", *typed, "--reason", "needed", who=MARIA, code=4)
    for meant in ("case-officer", "harbour", "dario.conti", "jonas.weber"):
        assert f"did you mean '{meant}'" in answer.err
