"""Reserve list, reinstatement, appeal: second chances, and who may give them."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from talenthub.errors import NotPermitted, Refused

DAY = date(2026, 2, 10)
CODES = ("CIT", "TRU", "COM", "JDG", "DEL")
PANEL = ("jonas.weber", "kofi.mensah", "ana.ribeiro")
MARIA, GRACE, NOOR, RUTH = "maria.costa", "grace.lindqvist", "noor.haddad", "ruth.adeyemi"


def case(world: Any, ref: str) -> Any:
    with world.open() as workspace:
        actor = workspace.actor(as_handle=NOOR)
        return workspace.run(actor, lambda tx: workspace.engine.case(tx, ref), read_only=True)


def rate(world: Any, ref: str, value: int) -> None:
    words = [word for each in CODES for word in ("--competency", f"{each}={value}", "--note", f"{each}=seen")]
    for who in PANEL:
        world.talent("recruitment", "score", ref, *words, "--lock", who=who)


def ranked(world: Any, until_assessing: Any, decide: bool = True) -> Any:
    until_assessing(world, ["Amara Okoye", "Bram Visser"], DAY)
    rate(world, "APP-1", 4)
    rate(world, "APP-2", 3)
    world.talent("recruitment", "decide", "SEL-1", who="dario.conti")
    if decide:
        world.steps(("dario.conti", "SEL-1", "start_moderation"), (MARIA, "SEL-1", "decide"))
    return world


def finish(world: Any) -> None:
    """Hire the first, and end the selection with its requisition."""
    world.talent("recruitment", "offer", "APP-1", who=MARIA)
    world.steps((MARIA, "APP-1", "accept"))
    world.talent("recruitment", "hire", "APP-1", who=MARIA)
    world.steps((MARIA, "SEL-1", "complete"))


def open_again(world: Any) -> None:
    """Open a second vacancy of the role, as far as its applications."""
    named = [word for each in PANEL for word in ("--panel", each)]
    where = ("--unit", "harbour", "--chair", "dario.conti", "--reason", "needed again")
    world.talent("recruitment", "open", "case-officer", *where, *named, who=MARIA)
    world.steps(("tomas.lind", "REQ-2", "approve"), (MARIA, "REQ-2", "open"))
    world.steps((GRACE, "SEL-2", "approve_plan"), (MARIA, "SEL-2", "advertise"))


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_reserve_takes_somebody_into_the_next_selection(
    make_world: Any, until_assessing: Any, kind: str
) -> None:
    world = ranked(make_world(kind), until_assessing)
    reserve = ("recruitment", "reserve")
    world.talent(*reserve, "add", "APP-2", who=MARIA, code=2)  # the candidate has to agree
    late = world.talent(*reserve, "add", "APP-2", "--agreed", "--until", "2029-01-01", who=MARIA, code=3)
    assert "allowed: 2026-02-10 to 2027-02-10" in late.err
    world.talent(*reserve, "add", "APP-2", "--agreed", "--until", "2026-06-30", who=MARIA)
    (row,) = world.figures(*reserve, "list", who=MARIA)["items"]
    assert (row["ref"], row["application"], row["until"]) == ("RES-1", "APP-2", "2026-06-30")
    finish(world)
    assert (world.state("SEL-1"), world.state("REQ-1"), world.state("RES-1")) == (
        "completed",
        "completed",
        "waiting",
    )
    assert world.figures(*reserve, "list", who=MARIA)["items"] == [row]
    open_again(world)
    world.talent(*reserve, "take", "APP-1", "--for", "SEL-2", who=MARIA, code=3)
    world.talent(*reserve, "take", "RES-1", "--for", "SEL-2", who=MARIA)
    world.talent(*reserve, "take", "RES-1", "--for", "SEL-2", who=MARIA, code=3)
    before, after = case(world, "APP-2"), case(world, "APP-3")
    assert (before.outcome, after.state, world.state("RES-1")) == ("neutral", "ranked", "taken")
    assert after.data.follows == "APP-2"
    assert after.data.consensus == before.data.consensus
    # Nobody else applies: the second selection still comes to an offer.
    world.steps((MARIA, "SEL-2", "close"), (MARIA, "SEL-2", "start_assessing"))
    world.steps(("dario.conti", "SEL-2", "start_moderation"), (MARIA, "SEL-2", "decide"))
    world.talent("recruitment", "offer", "APP-3", who=MARIA)
    rows = world.figures("recruitment", "funnel", "--rows", who=MARIA)["items"]
    assert {each["selection"] for each in rows} == {"SEL-1", "SEL-2"}


def test_reserve_ends_by_itself_and_counts_against_nobody(make_world: Any, until_assessing: Any) -> None:
    world = ranked(make_world(), until_assessing)
    world.talent("recruitment", "reserve", "add", "APP-2", "--agreed", "--until", "2026-02-20", who=MARIA)
    world.talent("tick", "--to", "2026-02-23", who="sami.okafor")
    for ref in ("APP-2", "RES-1"):
        found = case(world, ref)
        assert (found.state, found.outcome) == ("expired", "neutral")


def test_who_withdraws_is_on_no_reserve_list(make_world: Any, until_assessing: Any) -> None:
    world = ranked(make_world(), until_assessing)
    for ref in ("APP-1", "APP-2"):
        world.talent("recruitment", "reserve", "add", ref, "--agreed", who=MARIA)
    world.steps((MARIA, "APP-1", "withdraw"), (MARIA, "RES-2", "withdraw"))
    assert world.figures("recruitment", "reserve", "list", who=MARIA)["items"] == []
    assert world.state("APP-2") == "expired"
    open_again(world)
    for ref in ("RES-1", "RES-2"):
        told = world.talent("recruitment", "reserve", "take", ref, "--for", "SEL-2", who=MARIA, code=3).err
        assert "on the reserve list" in told


def test_a_rejection_is_taken_back_by_two_as_a_new_application(make_world: Any, until_assessing: Any) -> None:
    world = ranked(make_world(), until_assessing, decide=False)
    world.talent("recruitment", "reject", "APP-2", "--reason", "mixed up with another", who=MARIA)
    again = ("recruitment", "reinstate", "APP-2", "--reason", "the wrong file was read")
    world.talent(*again, who=MARIA, code=5)
    world.talent(*again, "--sign", who=GRACE, code=3)
    world.talent(*again, who=GRACE)
    world.talent(*again, who=NOOR, code=3)
    world.talent(*again, "--sign", who=GRACE, code=3)
    world.talent(*again, "--sign", who=NOOR)
    before, after = case(world, "APP-2"), case(world, "APP-3")
    assert (before.state, after.state, after.data.follows) == ("rejected", "ranked", "APP-2")
    assert "carries it on already" in world.talent(*again, who=NOOR, code=3).err


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_an_upheld_appeal_asks_for_the_reinstatement(
    make_world: Any, until_assessing: Any, kind: str
) -> None:
    world = make_world(kind)
    until_assessing(world, ["Amara Okoye"], DAY)
    lodge = ("recruitment", "appeal", "APP-2", "--grounds", "nobody read my letter")
    world.talent("recruitment", "candidate", "add", "SEL-1", "Bram Visser", who=MARIA)
    world.talent(*lodge, who="bram.visser", code=3)
    world.steps((MARIA, "APP-2", "shortlist"))
    world.talent("recruitment", "reject", "APP-2", "--reason", "not enough experience", who=MARIA)
    world.talent(*lodge, who="bram.visser")
    assert "APL-1" in world.talent(*lodge, who="bram.visser", code=3).err
    with pytest.raises((NotPermitted, Refused)):
        world.steps((MARIA, "APL-1", "admit"))
    reason = {"reason": "the letter was not read"}
    world.steps((GRACE, "APL-1", "admit"), (GRACE, "APL-1", "review"), (GRACE, "APL-1", "uphold", reason))
    asked = {"application": case(world, "APP-2").id, **reason}
    with pytest.raises(Refused):  # who upheld it does not sign as well
        world.steps((GRACE, "SEL-1", "sign_reinstatement", asked))
    sign = ("recruitment", "reinstate", "APP-2", "--reason", "as upheld", "--sign")
    world.talent(*sign, who=NOOR)
    assert case(world, "APP-3").state == "shortlisted"
    world.steps((GRACE, "APL-1", "close"))
    assert case(world, "APL-1").data.finding == "upheld"


def test_nobody_judges_an_appeal_against_their_own_step(make_world: Any, until_assessing: Any) -> None:
    world = ranked(make_world(), until_assessing)
    world.steps(
        (NOOR, "APP-1", "offer"), (GRACE, "APP-1", "withdraw_offer", {"reason": "the budget is gone"})
    )
    world.talent("recruitment", "appeal", "APP-1", "--grounds", "it was promised", who=MARIA)
    for who in (NOOR, GRACE):
        with pytest.raises(Refused):
            world.steps((who, "APL-1", "admit"))


def test_reports_list_and_files(make_world: Any, until_assessing: Any, tmp_path: Any) -> None:
    world = ranked(make_world(), until_assessing)
    names = [each["name"] for each in world.figures("report", "list", who=MARIA)["items"]]
    assert names == ["funnel", "kit-quality", "open-work", "time-to-fill"]
    for name in names:
        rows = world.figures("report", "run", name, who=MARIA)["items"]
        assert rows
        for row in rows:
            assert len(row["rows"]) == row.get("count", row.get("applications", row.get("hired")))
        for suffix in ("csv", "json", "html", "xlsx", "svg"):
            file = tmp_path / f"{name}.{suffix}"
            world.talent("report", "run", name, "--to", str(file), who=MARIA)
            assert file.stat().st_size > 100
        drawn = world.talent("report", "run", name, "-o", "svg", who=MARIA).out
        assert drawn == (tmp_path / f"{name}.svg").read_text()
        assert drawn.strip() in world.talent("report", "run", name, "-o", "html", who=MARIA).out
    world.talent("report", "run", "funnel", "--to", str(tmp_path / "a.txt"), "-o", "csv", who=MARIA)
    assert (tmp_path / "a.txt").read_bytes() == (tmp_path / "funnel.csv").read_bytes()
    torn = ("report", "run", "funnel", "--to", str(tmp_path / "b.csv"), "-o", "html")
    assert "the name says csv, and -o says html" in world.talent(*torn, who=MARIA, code=2).err
    assert json.loads((tmp_path / "funnel.json").read_text())["items"]
    assert "did you mean 'funnel'" in world.talent("report", "run", "funel", who=MARIA, code=4).err
    world.talent("report", "run", "funnel", who="jonas.weber", code=5)
    world.talent("report", "run", "funnel", "--to", "x.pdf", who=MARIA, code=2)


def test_days_in_a_state_are_counted_to_today(make_world: Any, until_assessing: Any) -> None:
    world = make_world()
    until_assessing(world, ["Amara Okoye", "Bram Visser"], DAY)
    world.talent("tick", "--to", "2026-02-20", who="sami.okafor")
    rows = {
        each["state"]: each for each in world.figures("recruitment", "funnel", "SEL-1", who=MARIA)["items"]
    }
    assert rows["in assessment"]["days"] == pytest.approx(10, abs=0.6)
    assert (rows["received"]["count"], rows["received"]["reached"]) == (0, 2)
