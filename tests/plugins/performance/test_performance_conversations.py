"""Conversations: carried over, missed, and how people find them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, update

from talenthub.errors import NotFound, Refused
from talenthub.sdk import workflow_case
from talenthub.workflow.tables import OPEN, case_task, case_timer
from talenthub_performance.pulsing import pulse_asked_of, pulse_rows

OPEN_LOOKS = select(func.count()).where(case_task.c.name == "missed", case_task.c.status == OPEN)
OPEN_NUDGES = select(case_timer.c.due_at).where(case_timer.c.name == "overdue", case_timer.c.status == "open")
OPEN_CYCLE = update(workflow_case).where(workflow_case.c.ref == "CYC-1").values(state="open")


def test_actions_are_carried_over_until_done(house: Any) -> None:
    house.cycle_with("ada")
    first = house.fire("kim", "REV-1", "schedule", {"on": "2027-02-26"}).opened[0]
    house.fire("ada", first, "prepare", {"note": "letters"})
    assert house.case(first).state == "scheduled"
    house.fire("kim", first, "prepare", {"note": "files"})
    assert house.case(first).state == "prepared"
    house.fire("kim", first, "hold", {"actions": [{"title": "letters anew"}, {"title": "a guide"}]})
    assert house.refused("kim", first, "agree")
    house.fire("ada", first, "agree")
    house.now += timedelta(days=30)
    second = house.fire("ada", "REV-1", "schedule", {"on": "2027-03-28"}).opened[0]
    assert house.refused("ada", second, "hold", {"done": ["CON-9.9"]})
    assert house.refused("ada", second, "hold", {"rating": "2.75"})
    house.fire("ada", second, "hold", {"done": [f"{first}.1"], "actions": [{"title": "next"}]})
    actions = {each.key: each.done for each in house.case(second).data.actions}
    assert actions == {f"{first}.1": True, f"{first}.2": False, f"{second}.1": False}
    assert house.refused("hr", second, "agree")


def miss(house: Any, on: str) -> Any:
    """Schedule a conversation of Ada and say that it was missed."""
    ref = house.fire("kim", "REV-1", "schedule", {"on": on}).opened[0]
    return house.fire("ada", ref, "miss", {"reason": "no time"})


def asked_above(house: Any) -> bool:
    """Return whether the manager above is asked about missed conversations."""
    with house.tx() as tx:
        return bool(tx.value(OPEN_LOOKS))


def due_moments(house: Any) -> list[Any]:
    """Return when the conversations that are not held are brought to mind."""
    with house.tx() as tx:
        return [row.due_at for row in tx.rows(OPEN_NUDGES)]


def test_two_missed_in_a_row_ask_the_manager_above(house: Any) -> None:
    house.cycle_with("ada")
    miss(house, "2027-01-10")
    held = house.fire("kim", "REV-1", "schedule", {"on": "2027-01-20"}).opened[0]
    house.fire("kim", held, "hold", {"going_well": "letters"})
    miss(house, "2027-02-01")
    assert not asked_above(house), "two missed, but one was held between them"
    assert house.refused("hr", "REV-1", "look_after", {"note": "nothing to look after"})
    miss(house, "2027-02-10")
    assert asked_above(house)
    for barred in ("kim", "ada"):
        assert house.refused(barred, "REV-1", "look_after", {"note": "we will talk"})
    house.fire("hr", "REV-1", "look_after", {"note": "Kim has an hour a week for it now"})
    assert not asked_above(house)
    miss(house, "2027-02-20")
    assert asked_above(house), "a third one asks anew"


def test_a_late_conversation_is_brought_to_mind_ten_days_after_its_day(house: Any) -> None:
    house.cycle_with("ada")
    ref = house.fire("kim", "REV-1", "schedule", {"on": "2027-04-30"}).opened[0]
    assert [each.date().isoformat() for each in due_moments(house)] == ["2027-05-10"]
    house.fire("ada", ref, "prepare", {"note": "letters"})
    house.fire("kim", ref, "prepare", {"note": "files"})
    assert [each.date().isoformat() for each in due_moments(house)] == ["2027-05-10"]


# --- the pulse -----------------------------------------------------------------------------------

PEOPLE = ("ada", "p1", "p2", "p3")


def talked(house: Any, *people: str) -> None:
    """Open a cycle with these people, who have all had a conversation with Kim."""
    house.cycle_with(*people)
    with house.tx() as tx:
        tx.connection.execute(OPEN_CYCLE)
    for ref in house.refs("review"):
        held = house.fire("kim", ref, "schedule", {"on": "2027-02-01"}).opened[0]
        house.fire("kim", held, "hold", {"going_well": "letters"})


def answer(house: Any, who: str, useful: int, heard: int, clear: int) -> None:
    with house.tx(who) as tx:
        case = pulse_asked_of(house.engine, tx, None)
        house.engine.fire(tx, case.ref, "answer", {"useful": useful, "heard": heard, "clear": clear})


def shown(house: Any, who: str) -> list[dict[str, Any]]:
    with house.tx(who) as tx:
        return pulse_rows(house.engine, tx, ())


def test_a_pulse_is_read_by_the_manager_once_it_is_closed(house: Any) -> None:
    talked(house, *PEOPLE)
    ref = house.fire("hr", "CYC-1", "ask_pulse").opened[0]
    assert house.refused("hr", "CYC-1", "ask_pulse"), "one at a time"
    before = {who: shown(house, who) for who in ("kim", "hr", "head")}
    for who, said in zip(PEOPLE, ((5, 4, 1), (4, 4, 2), (3, 5, 1)), strict=False):
        answer(house, who, *said)
    assert {who: shown(house, who) for who in before} == before, "an answer shows in nothing"
    with pytest.raises(NotFound):
        answer(house, "ada", 1, 1, 1)
    assert house.refused("kim", ref, "close"), "not by whom it is about"
    house.fire("hr", ref, "close")
    (row,) = shown(house, "kim")
    assert (row["asked"], row["answered"]) == (4, 3)
    assert row["useful"] == 12 / 3
    assert row["heard"] == pytest.approx(13 / 3)
    assert row["clear"] == pytest.approx(4 / 3)
    assert shown(house, "ada") == shown(house, "lee") == []


def test_two_answers_are_shown_to_nobody(house: Any) -> None:
    talked(house, *PEOPLE)
    ref = house.fire("hr", "CYC-1", "ask_pulse").opened[0]
    for who in PEOPLE[:2]:
        answer(house, who, 1, 1, 1)
    house.fire("hr", ref, "close")
    for who in ("kim", "hr", "head"):
        (row,) = shown(house, who)
        assert [row[each] for each in ("answered", "useful", "heard", "clear")] == [None] * 4


def test_nobody_is_asked_about_a_manager_of_two(house: Any) -> None:
    talked(house, *PEOPLE[:2])
    with pytest.raises(Refused) as refusal:
        house.fire("hr", "CYC-1", "ask_pulse")
    assert "3 people or more" in next(each.text for each in refusal.value.verdicts if not each.ok)
