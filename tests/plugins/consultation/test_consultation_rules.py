"""What a consultation refuses, and what happens by itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest

OFFICER, OWNER, SPONSOR, EDITOR = "maria.costa", "noor.haddad", "eva.sand", "grace.lindqvist"
ROUNDS = ("plugin", "consultation", "rounds")


@pytest.fixture
def hall(make_hall: Callable[..., Any]) -> Any:
    return make_hall()


@pytest.fixture
def voters(hall: Any, draw: Any) -> Sequence[Any]:
    found: Sequence[Any] = draw(hall, {1: (5, 5), 2: (5, 5)}, 5, 3)
    return found


@pytest.fixture
def begun(hall: Any, voters: Sequence[Any]) -> str:
    """Return a consultation in its first round."""
    ref: str = hall.open()
    hall.invite(ref, voters)
    hall.talent("begin", ref)
    return ref


def all_vote(hall: Any, ref: str, voters: Sequence[Any], against: Sequence[str] = ()) -> list[str]:
    """Let everybody accept all but some items; return every item of the round."""
    items = [row["item"] for row in hall.rows("sheet", ref)]
    hall.vote(
        ref,
        [
            {"person": each.handle, "item": item, "vote": "reject" if item in against else "accept"}
            for each in voters
            for item in items
        ],
    )
    return items


def group(hall: Any, ref: str, facilitator: str, members: Sequence[str], code: int = 0) -> Any:
    people = [word for each in members for word in ("--person", each)]
    return hall.talent("groups", ref, "--group", "one", "--facilitator", facilitator, *people, code=code)


def test_groups_are_fit_for_candour(hall: Any, voters: Sequence[Any]) -> None:
    ref = hall.open()
    handles = [each.handle for each in voters]
    fit = hall.facilitators(voters)[voters[0].group]
    assert "4 people; 5 to 12 make a group" in group(hall, ref, fit, handles[:4], 3).err
    many = [each for each in hall.levels if each != fit][:13]
    assert "13 people; 5 to 12" in group(hall, ref, fit, many, 3).err
    boss = next(iter(hall.above[handles[0]]))
    assert "the facilitator manages" in group(hall, ref, boss, [e for e in handles[:6] if e != boss], 3).err
    assert "the facilitator is a member" in group(hall, ref, handles[0], handles[:5], 3).err
    assert "stand there twice" in group(hall, ref, fit, [handles[0], *handles[:4]], 3).err
    assert hall.rows("groups", ref) == []
    _told_by_line(hall, ref, handles[0], fit)
    assert "nobody is invited" in hall.talent("begin", ref, code=3).err
    group(hall, ref, fit, handles[:5])
    assert "1 are invited already" in group(hall, ref, fit, handles[:1], 3).err
    hall.talent(
        "groups", ref, "--group", "two", "--facilitator", fit, "--person", handles[5], "--dry-run", code=3
    )
    assert [row["invited"] for row in hall.rows("groups", ref)] == [5]


def _told_by_line(hall: Any, ref: str, voter: str, fit: str) -> None:
    """All unknown handles of a file are told where they stand, and no empty cell is taken."""
    lines = [(voter, fit), ("jonas.wber", fit), (voter, "kofi.mensh")]
    rows = [{"group": "a", "person": who, "facilitator": leader} for who, leader in lines]
    said = hall.talent("groups", ref, "--file", hall.file("groups.csv", rows), code=9).err
    assert "groups.csv:3: unknown person; found 'jonas.wber'" in said
    assert "groups.csv:4: unknown person; found 'kofi.mensh'" in said
    rows[0]["person"] = ""
    said = hall.talent("groups", ref, "--file", hall.file("groups.csv", rows), code=9).err
    assert "groups.csv:2 person: this must be filled in" in said
    assert hall.rows("groups", ref) == []


def test_one_votes_alone_item_by_item(hall: Any, begun: str, voters: Sequence[Any]) -> None:
    own, other = voters[0].handle, voters[1].handle
    items = [row["item"] for row in hall.rows("sheet", begun, who=own)]
    assert len(items) == 40
    assert "Vote on the framework" in hall.world.talent("inbox", who=own).out
    hall.talent("vote", begun, items[0], items[1], "--vote", "accept", "--dry-run", who=own)
    hall.talent("vote", begun, items[0], items[1], "--vote", "accept", who=own)
    hall.talent("vote", begun, items[0], "--vote", "edit", "--text", "Said in short words", who=own)
    hall.talent("vote", begun, f"{items[0]}.1", "--need", "essential", who=own)
    # Nobody votes for another, outside the round, or half.
    hall.talent("vote", begun, items[0], "--vote", "reject", "--by", other, who=own, code=4)
    assert "did you mean" in hall.talent("vote", begun, "COM.L33", "--vote", "accept", who=own, code=3).err
    assert (
        "say whether it is needed"
        in hall.talent("vote", begun, f"{items[0]}.1", "--vote", "accept", who=own, code=3).err
    )
    hall.talent("vote", begun, items[0], "--vote", "edit", who=own, code=3)
    hall.talent("vote", begun, items[0], who=own, code=3)
    rest = hall.record("vote", begun, *items[2:], "--vote", "accept", who=own)["items"]
    assert [row["now"] for row in rest] == ["voted"]
    assert "Vote on the framework" not in hall.world.talent("inbox", who=own).out
    hall.talent("show", begun, who=own, code=4)
    assert sum(row["voted"] for row in hall.rows("groups", begun)) == 1
    # A later word takes the place of an earlier one, and only the group's people see it.
    leader = hall.facilitators(voters)[voters[0].group]
    hall.talent("vote", begun, items[1], "--vote", "reject", "--by", own, who=leader)
    hall.talent("close", begun)
    told = {row["item"]: row for row in hall.rows("items", begun)}
    assert [told[items[0]][word] for word in ("accept", "edit", "reject")] == [0, 1, 0]
    assert [told[items[1]][word] for word in ("accept", "edit", "reject")] == [0, 0, 1]
    assert {row["state"] for row in told.values()} == {"no quorum"}
    assert hall.rows("items", begun, "--levels") == []
    assert "Buy-in is unknown" in hall.talent("buy-in", begun).err
    page = hall.talent("dossier", begun).out
    assert "Round 1: Said in short words" in page
    assert own not in page


def test_who_is_late_is_reminded_and_the_round_ends_by_itself(
    hall: Any, begun: str, voters: Sequence[Any]
) -> None:
    all_vote(hall, begun, voters[1:])
    until = date.fromisoformat(hall.record("show", begun)["until"])
    ticked = hall.world.figures("tick", "--to", str(until.replace(day=until.day - 6)), who=OFFICER)["items"]
    assert [row["what"] for row in ticked] == ["reminded"]
    ticked = hall.world.figures("tick", "--to", str(until.replace(day=until.day + 1)), who=OFFICER)["items"]
    assert [row["what"] for row in ticked] == ["fired close"]
    assert hall.record("show", begun)["state"] == "accepted"
    hall.talent("vote", begun, "COM.L1", "--vote", "accept", who=voters[0].handle, code=3)


def test_a_draft_under_review_changes_only_through_it(hall: Any, begun: str, voters: Sequence[Any]) -> None:
    path = hall.world.folder / "next.yaml"
    text = path.read_text("utf-8")
    path.write_text(text.replace("Citizen Focus", "Citizens first"), "utf-8")
    hall.world.talent("framework", "import", str(path), who=EDITOR, code=3)
    items = all_vote(hall, begun, voters, against=["COM.L3", "TRU.L2"])
    assert len(items) == 40
    hall.talent("adjust", begun, "--item", "COM.L3", "--because", "too early", code=3)
    hall.talent("close", begun)
    assert hall.talent("begin", begun, code=3).err.count("COM.L3") > 0
    said = ("--because", "it was too long")
    assert "not asked about" in hall.talent("adjust", begun, "--item", "CIT.L1", *said, code=3).err
    hall.talent("adjust", begun, "--item", "COM.L3", "--text", "Writes so that people act on it", *said)
    hall.talent("adjust", begun, "--item", "TRU.L2", "--because", "the wording is the law's")
    words = hall.world.talent(
        "framework", "show", "hpsa-next", "1.0.0", "--competency", "COM", "-o", "csv", who=OWNER
    ).out
    assert "Writes so that people act on it" in words
    hall.talent("begin", begun)
    assert [row["item"] for row in hall.rows("sheet", begun)] == ["TRU.L2", "COM.L3"]
    all_vote(hall, begun, voters)
    hall.talent("close", begun)
    hall.talent("sign", begun, "--effective", "2026-03-02", who=OWNER, code=5)
    hall.talent("sign", begun, "--effective", "2026-03-02", who=SPONSOR)
    # Who edited last cannot publish: the officer adjusted, whatever else is given to them.
    _give(hall, OFFICER, "framework_owner")
    refused = hall.talent("publish", begun, who=OFFICER, code=3).err
    assert "who edited it last cannot publish it" in refused
    hall.talent("publish", begun, who=OWNER)
    assert "Earlier words" in hall.talent("dossier", begun).out
    page = hall.world.folder / "dossier.html"
    hall.talent("dossier", begun, "--to", str(page))
    assert "<table>" in page.read_text("utf-8")


def test_what_the_rounds_leave_open_the_sponsors_decide(make_hall: Callable[..., Any], draw: Any) -> None:
    hall = make_hall(settings={ROUNDS: 1})
    voters = draw(hall, {1: (5, 5)}, 5, 4)
    ref = hall.open()
    hall.invite(ref, voters)
    hall.talent("begin", ref)
    all_vote(hall, ref, voters, against=["COM.L3", "TRU.L2"])
    hall.talent("close", ref)
    assert hall.record("show", ref)["state"] == "escalated"
    assert "Decide what the rounds left open" in hall.world.talent("inbox", who=SPONSOR).out
    hall.talent("decide", ref, "--item", "COM.L3", "--because", "the law asks for it", code=5)
    hall.talent("decide", ref, "--item", "COM.L3", code=2, who=SPONSOR)
    hall.talent("decide", ref, "--item", "COM.L3", "--because", "the law asks for it", who=SPONSOR)
    assert hall.record("show", ref)["state"] == "escalated"
    hall.talent(
        *("decide", ref, "--item", "TRU.L2", "--text", "Keeps what is promised"),
        *("--because", "shorter"),
        who=SPONSOR,
    )
    assert hall.record("show", ref)["state"] == "accepted"
    told = {row["item"]: (row["state"], row["reason"]) for row in hall.rows("items", ref)}
    assert told["COM.L3"] == ("decided by sponsors", "the law asks for it")
    assert "the law asks for it" in hall.talent("dossier", ref).out


def test_a_withdrawn_consultation_leaves_an_open_draft(hall: Any, begun: str) -> None:
    hall.talent("withdraw", begun, "--because", "the law changes first", code=5)
    hall.talent("withdraw", begun, "--because", "the law changes first", who=OWNER)
    hall.world.talent("framework", "import", str(hall.world.folder / "next.yaml"), who=EDITOR)
    assert hall.open("--roles") != begun
    [row] = [each for each in hall.rows("list") if each["state"] == "draft"]
    assert row["items"] > 40


FAULTS = {
    "person,item,vote\nNAME,COM.L3,acept\n": "did you mean",
    "person,item,vote,edit\nNAME,COM.L3,edit,\n": "say the words in the column edit",
    "person,item,vote,edit\nNAME,COM.L3,accept,Other words\n": "words without the vote edit",
    "person,item,vote\nNAME,COM.L3,accept\nNAME,COM.L3,reject\n": "line 2 says it already",
    "item,vote\nCOM.L3,accept\n": "whose vote is this",
    "person,item,sorted_competency,sorted_level\nNAME,COM.L3.1,COM,high\n": "this is no level",
}


def test_a_file_is_right_or_nothing_is_taken(
    hall: Any, begun: str, voters: Sequence[Any], tmp_path: Path
) -> None:
    own = voters[0].handle
    for number, (text, said) in enumerate(FAULTS.items()):
        file = tmp_path / f"votes{number}.csv"
        file.write_text(text.replace("NAME", own), "utf-8")
        assert said in hall.talent("vote", begun, "--file", str(file), code=9).err
    assert sum(row["voted"] for row in hall.rows("groups", begun)) == 0
    sheet = tmp_path / "votes.xlsx"
    hall.talent("sheet", begun, "--to", str(sheet), who=own)
    assert "0 voters, 0 votes" in hall.talent("vote", begun, "--file", str(sheet), "--by", own).err
    judged = tmp_path / "judged.csv"
    rows = ["item,need,sorted_competency,sorted_level", "COM.L3.1,essential,COM,3", "COM.L3.2,useful,TRU,2"]
    judged.write_text("\n".join(rows), "utf-8")
    hall.talent("vote", begun, "--file", str(judged), "--by", own)
    hall.talent("close", begun)
    found = {row["indicator"]: row for row in hall.rows("relevance", begun)}
    assert [found["COM.L3.1"][name] for name in ("essential", "of", "sorted")] == [1, 1, 1.0]
    assert [found["COM.L3.2"][name] for name in ("essential", "of", "sorted")] == [0, 1, 0.0]


def _give(hall: Any, handle: str, grant: str) -> None:
    from talenthub.people.grants import give
    from talenthub.people.persons import person
    from talenthub.storage.transaction import SYSTEM

    with hall.world.open() as workspace:
        workspace.run(SYSTEM, lambda tx: give(tx, person(tx, handle).id, grant))


def test_a_draft_that_people_vote_on_is_not_published_aside(make_hall: Any, draw: Any) -> None:
    hall = make_hall()
    ref = hall.open()
    hall.invite(ref, draw(hall, {1: (5, 5)}, 5, 3))
    hall.talent("begin", ref)
    for words in (("publish", "hpsa-next"), ("withdraw", "hpsa-next", "--yes")):
        refused = hall.world.talent("framework", *words, who="noor.haddad", code=3)
        assert "it is locked: people are asked about it" in refused.err
        assert "talent search hpsa-next" in refused.err
        assert ref in hall.world.talent("search", "hpsa-next", who="noor.haddad").out
    hall.talent("withdraw", ref, "--because", "no need any more", who="noor.haddad")
    hall.world.talent("framework", "publish", "hpsa-next", who="noor.haddad")


def test_the_draft_is_locked_and_opened_whichever_way_the_steps_are_taken(make_hall: Any, draw: Any) -> None:
    hall = make_hall()
    ref = hall.open()
    hall.invite(ref, draw(hall, {1: (5, 5)}, 5, 3))
    hall.world.steps(("grace.lindqvist", ref, "submit"))
    refused = hall.world.talent("framework", "publish", "hpsa-next", who="noor.haddad", code=3)
    assert "it is locked: people are asked about it" in refused.err
    hall.world.talent("do", ref, "withdraw", "--reason", "no need", who="noor.haddad")
    hall.world.talent("framework", "publish", "hpsa-next", who="noor.haddad")
