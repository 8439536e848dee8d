"""What a plan does when things go another way: refused, missed, moved, new."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from talenthub.access.rules import Decision
from talenthub.config.shipped import shipped
from talenthub.errors import NotFound, Refused, TalentError
from talenthub.framework.content import retitled
from talenthub.framework.formats.yaml import read_file
from talenthub.framework.publishing import import_framework, publish
from talenthub.people.changes import move, name_deputy
from talenthub.people.posts import add_post
from talenthub.people.units import unit
from talenthub.workflow.handoffs import HandoffRule
from talenthub_career.starting import Placing, interest, place
from talenthub_onboarding.accepting import accept

EVEN = dict.fromkeys(("CIT", "TRU", "COM", "INI", "COL", "JDG", "DEL", "DEV"), "1/2")
ENTRY = {"action": "a letter", "reflection": "shorter"}
COM = {"competency": "COM", "why": "now", "sign": "less asked"}


def seat(tx: Any) -> Any:
    """Return a new post for a field inspector in Amara's branch."""
    there = unit(tx, "harbour").id
    return add_post(
        tx, "harbour-inspector", "Field inspector", framework_code="hpsa-core", role_code="field-inspector",
        unit_id=there, since=date(2027, 1, 1),
    )  # fmt: skip


def stand_in(house: Any, who: str) -> str:
    """Name the first colleague deputy of somebody, and return who that is."""
    deputy: str = house.colleagues[0]
    of, number, today = house.number(who), house.number(deputy), date(2027, 2, 26)
    house.run(lambda tx: name_deputy(tx, of, number, today, today + timedelta(days=90)), who)
    return deputy


def test_nobody_signs_for_both(quick_house: Any) -> None:
    house = quick_house
    ref = house.start()
    house.see(ref, EVEN, EVEN)
    with pytest.raises(Refused):
        house.fire("manager", ref, "sign")  # nothing is chosen
    house.fire("manager", ref, "choose", {"targets": [COM]})
    house.refused("both sign", "manager", ref, "sign")
    deputy = stand_in(house, "manager")
    house.refused("both sign", deputy, ref, "sign")  # the manager's side has signed: two of one side are one
    house.fire("amara.okoye", ref, "sign")
    house.activate(ref, level=2)
    assert house.case(ref).state == "active"


def test_a_deputy_does_not_sign_for_the_person(quick_house: Any) -> None:
    house = quick_house
    ref = house.start()
    house.see(ref, EVEN, EVEN)
    house.fire("amara.okoye", ref, "choose", {"targets": [COM]})
    deputy = stand_in(house, "amara.okoye")
    with pytest.raises(TalentError):
        house.fire(deputy, ref, "sign")
    assert house.case(ref).state == "seeing"


def test_another_than_the_top_needs_a_reason_and_stays_among_the_first(quick_house: Any) -> None:
    house = quick_house
    ref = house.start()
    house.see(ref, EVEN, EVEN)
    order = [each.competency for each in house.case(ref).data.rows if each.priority is not None]
    third, fourth = ({**COM, "competency": code} for code in order[2:4])
    house.refused("has a reason", "amara.okoye", ref, "choose", {"targets": [third]})
    with pytest.raises(Refused):
        house.fire("amara.okoye", ref, "choose", {"targets": [{**fourth, "reason": "I like it"}]})
    house.fire("amara.okoye", ref, "choose", {"targets": [{**third, "reason": "the branch needs it"}]})
    assert house.case(ref).data.targets[0].reason == "the branch needs it"


def test_a_second_plan_over_the_limit_is_refused(house: Any) -> None:
    house.running()
    second = house.start()
    house.see(second, EVEN, EVEN)
    with pytest.raises(Refused) as refused:
        house.fire("amara.okoye", second, "choose", {"targets": [COM]})
    assert "PLN-1: COM" in str([each.text for v in refused.value.verdicts for each in v.details])
    house.fire("amara.okoye", "PLN-1", "abandon", {"reason": "another one is better"})
    house.fire("amara.okoye", second, "choose", {"targets": [COM]})


def test_two_missed_entries_go_to_the_manager(house: Any) -> None:
    ref = house.running()
    first = date(2027, 2, 26) + timedelta(days=21)
    house.day(first)
    assert "Write your entry: what you did, and what changed" in house.tasks("amara.okoye")
    house.day(first + timedelta(days=7))
    assert house.case(ref).data.missed == (first,)
    assert not any("missed" in each for each in house.tasks("manager"))
    house.day(first + timedelta(days=21 + 7))
    data = house.case(ref).data
    assert (len(data.missed), data.missed_in_a_row) == (2, 2)
    assert "2 entries in a row were missed: talk about the plan" in house.tasks("manager")
    house.fire("amara.okoye", ref, "track", ENTRY)
    assert house.case(ref).data.missed_in_a_row == 2, "long before the next one is due: written in between"
    house.day(first + timedelta(days=42))
    house.fire("amara.okoye", ref, "track", ENTRY)
    assert house.case(ref).data.missed_in_a_row == 0
    assert not any("missed" in each for each in house.tasks("manager"))


def test_a_move_returns_the_plan_to_seeing_it(house: Any) -> None:
    ref = house.running()
    pinned = house.case(ref).framework_version

    house.run(lambda tx: move(tx, house.who, seat(tx).id))
    house.day(date(2027, 3, 1))
    case = house.case(ref)
    assert case.state == "seeing"
    assert case.data.role != "case-officer"
    assert [each.competency for each in case.data.earlier] == ["COM"], "what was aimed at is kept"
    assert (case.data.targets, case.framework_version) == ((), pinned)
    assert "Look again: the post has changed" in house.tasks("amara.okoye")


def test_a_new_version_asks_for_a_review_and_changes_nothing(house: Any) -> None:
    ref = house.running()
    before = house.case(ref)

    def bring_out(tx: Any) -> None:
        document = retitled(read_file(shipped() / "harbourline" / "framework.yaml"), number="1.1.0")
        made = import_framework(tx, document)
        publish(tx, made.version.id, right=Decision(True, "for the test"))

    house.run(bring_out)
    house.day(date(2027, 3, 1))
    after = house.case(ref)
    assert (after.state, after.framework_version) == ("active", before.framework_version)
    assert after.data.targets == before.data.targets
    task = "Version 1.1.0 of the framework is out: review the plan against it"
    assert task in house.tasks("amara.okoye")
    assert task in house.tasks("manager")


def test_an_aspiration_is_seen_by_those_it_is_shared_with(quick_house: Any) -> None:
    house = quick_house
    engine = house.workspace.engine
    told = {"reach": 4, "role": "branch manager", "words": "one day"}
    ref = house.run(
        lambda tx: engine.open(tx, "career.aspiration", subject=house.who, data=told), "amara.okoye"
    ).ref
    others = ("manager", "noor.haddad", "sami.okafor")
    assert all(_unseen(house, ref, each) for each in others), "not even the head of HR"
    sharing = {"people": [house.number("manager")], "until": "2027-03-31"}
    house.fire("amara.okoye", ref, "share", sharing)
    assert house.run(lambda tx: engine.case(tx, ref), "manager").data.reach == 4
    assert _unseen(house, ref, "noor.haddad")
    house.day(date(2027, 4, 1))
    assert house.case(ref).state == "private"
    assert _unseen(house, ref, "manager")
    house.fire("amara.okoye", ref, "share", {**sharing, "until": "2027-12-31"})
    house.fire("amara.okoye", ref, "revoke")
    assert _unseen(house, ref, "manager")


def _unseen(house: Any, ref: str, who: str) -> bool:
    engine = house.workspace.engine
    listed = house.run(lambda tx: engine.of_workflow(tx, "career.aspiration"), who)
    try:
        house.run(lambda tx: engine.case(tx, ref), who)
    except NotFound:
        return not listed
    return False


def test_a_placement_is_seen_by_raters_after_they_locked_and_never_by_the_person(quick_house: Any) -> None:
    house = quick_house
    engine = house.workspace.engine
    wanted = Placing(who="amara.okoye", occasion="Spring")
    house.run(lambda tx: place(engine, tx, wanted), "grace.lindqvist")
    agility = dict.fromkeys(("curiosity", "feedback", "experience", "newness"), 3)
    with pytest.raises(Refused):
        house.fire("upper", "ASM-2", "rate", {"agility": agility, "ratings": {"COM": 3}})
    ratings = dict.fromkeys(EVEN, 3)
    said = {"agility": agility, "ratings": ratings, "results": [["3", "1"]]}
    house.fire("manager", "ASM-1", "rate", said)
    with pytest.raises(NotFound):
        house.run(lambda tx: engine.case(tx, "ASM-1"), "upper")
    with pytest.raises(NotFound):
        house.run(lambda tx: engine.case(tx, "PLC-1"), "amara.okoye")
    apart = {**agility, "curiosity": 5, "feedback": 1}
    house.fire("upper", "ASM-2", "rate", {"agility": apart})
    assert house.case("PLC-1").state == "calibrating"
    house.refused("discussed", "noor.haddad", "PLC-1", "calibrate", {})
    house.refused("Only hr partner", "manager", "PLC-1", "calibrate", {})
    house.fire("noor.haddad", "PLC-1", "discuss", {"reason": "one saw her in the clinic only"})
    with pytest.raises(Refused):
        house.fire("noor.haddad", "PLC-1", "calibrate", {"ratings": {"COM": 2}})  # no words
    house.fire("noor.haddad", "PLC-1", "calibrate", {"ratings": {"COM": 2}, "reason": "the clinic"})
    assert house.case("PLC-1").data.ratings["COM"] == 2
    house.refused("aspiration", "noor.haddad", "PLC-1", "place", {})


def test_too_few_answers_show_nothing(quick_house: Any) -> None:
    house = quick_house
    ref = house.running()
    people = [house.number(each) for each in house.colleagues[:3]]
    with pytest.raises(Refused):
        house.fire("amara.okoye", ref, "ask_colleagues", {"people": people[:2]})
    with pytest.raises(Refused):
        house.fire("amara.okoye", ref, "ask_colleagues", {"people": [*people, house.number("manager")]})
    house.fire("amara.okoye", ref, "ask_colleagues", {"people": people})
    for each, own in zip(house.colleagues[:2], house.of("answer"), strict=False):
        mine = next(a for a in house.of("answer") if a.people("colleague") == (house.number(each),))
        house.fire(each, mine.ref, "answer", {"change": 1})
        assert own.ref.startswith("ANW-")
    house.fire("amara.okoye", "ASK-1", "close")
    assert house.case(ref).data.pulses == ()


def test_a_plan_is_extended_when_its_gap_is_open_and_cannot_be_called_closed(quick_house: Any) -> None:
    house = quick_house
    ref = house.running()
    house.day(date(2027, 9, 6))
    assert house.case(ref).state == "reassessing", "after the last day and the days of grace"
    mine = house.of("rating")[0]
    house.fire("manager", mine.ref, "rate", {"ratings": {"COM": 2}, "notes": {"COM": "still long"}})
    assert house.case(ref).state == "reassessed"
    house.fire("amara.okoye", ref, "close", {"reflection": "hard"})
    house.refused("gap", "manager", ref, "close", {"reflection": "hard"})
    house.refused("at most", "amara.okoye", ref, "extend", {"days": 365, "reason": "more"})
    house.fire("amara.okoye", ref, "extend", {"days": 60, "reason": "with a coach"})
    data = house.case(ref).data
    assert (house.case(ref).state, data.ends_on) == ("active", date(2027, 11, 5))
    assert house.case(ref).data.targets[0].result is not None


def test_a_move_inside_is_agreed_by_both_sides_and_fills_the_post(quick_house: Any) -> None:
    house = quick_house
    engine = house.workspace.engine
    opened = house.run(
        lambda tx: interest(engine, tx, "amara.okoye", "field-inspector", None, "outdoors"), "amara.okoye"
    )
    ref = opened.ref
    house.fire("amara.okoye", ref, "view_gap")
    assert any(each.startswith("COM") for each in house.case(ref).data.viewed)
    with pytest.raises(TalentError):
        house.run(lambda tx: engine.case(tx, ref), "manager")  # not before it is proposed
    house.fire("amara.okoye", ref, "propose")
    with pytest.raises(TalentError):
        house.fire("amara.okoye", ref, "release")
    house.fire("manager", ref, "release")
    post = house.run(lambda tx: seat(tx).code)
    with pytest.raises(Refused):
        house.fire("noor.haddad", ref, "agree", {"post": "nowhere", "starts_on": "2027-04-01"})
    house.fire("noor.haddad", ref, "agree", {"post": post, "starts_on": "2027-04-01"})
    agreed = house.case(ref)
    assert agreed.state == "agreed"
    handed = accept(agreed)
    assert (handed["kind"], handed["role"], handed["first_day"]) == (
        "move", "field-inspector", date(2027, 4, 1),
    )  # fmt: skip


def test_a_placement_opens_a_plan_that_tells_the_strategy_and_no_bands(quick_house: Any) -> None:
    house = quick_house
    engine = replace(house.workspace.engine, handoffs=(HandoffRule("career.placement.place", "career.plan"),))
    house.run(lambda tx: place(engine, tx, Placing(who="amara.okoye", occasion="Spring")), "grace.lindqvist")
    agility = dict.fromkeys(("curiosity", "feedback", "experience", "newness"), 3)
    said = {"agility": agility, "ratings": dict.fromkeys(EVEN, 3), "results": [["3", "1"]]}
    house.fire("manager", "ASM-1", "rate", said)
    house.fire("upper", "ASM-2", "rate", {"agility": agility})
    told = {"reach": 3}
    ref = house.run(
        lambda tx: engine.open(tx, "career.aspiration", subject=house.who, data=told), "amara.okoye"
    ).ref
    sharing = {"people": [house.number("manager")], "until": "2027-03-31"}
    house.fire("amara.okoye", ref, "share", sharing)
    house.fire("noor.haddad", "PLC-1", "calibrate", {})
    house.refused("say why", "noor.haddad", "PLC-1", "place", {"strategy": "accelerate"})
    chosen = {"strategy": "ignite", "reason": "she asked for a stretch"}
    house.run(lambda tx: engine.fire(tx, "PLC-1", "place", chosen), "noor.haddad")
    plan = house.case("PLN-1")
    assert (plan.subject, plan.data.course.title, plan.data.near_role) == (
        house.who, "Ignite", "service-team-leader",
    )  # fmt: skip
    assert "middle" not in plan.data.model_dump_json()
    seen = house.run(lambda tx: engine.case(tx, "PLN-1"), "amara.okoye")
    assert seen.data is not None
