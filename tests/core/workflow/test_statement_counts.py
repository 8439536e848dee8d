"""Statements: their number does not grow with the number of cases."""

from __future__ import annotations

import pytest
from pydantic import BaseModel, Field

from talenthub.people.units import add_unit
from talenthub.sdk import (
    AddParticipant,
    CancelTimer,
    CloseTasks,
    FireCase,
    Notify,
    OpenCase,
    Outcome,
    SetTimer,
    State,
    Timer,
    Transition,
    UpdateData,
    Workflow,
    allow,
    days,
    effect,
    guard,
    holds,
    manager_of,
    participant,
    refuse,
    siblings,
    subject,
)
from talenthub.storage.late import settle
from talenthub.workflow.firing import Request
from talenthub.workflow.handoffs import HandoffRule
from talenthub.workflow.opening import Opening
from talenthub.workflow.sight import sights

MANY = 500
MOST = 20
"""How many statements a chunk of 500 may take (architecture, section 9)."""


class Memo(BaseModel, extra="forbid", frozen=True):
    note: str = ""


class MemoForm(BaseModel, extra="forbid", frozen=True):
    note: str = Field(min_length=1)


SIBLINGS = siblings("bulk.item")


@guard(facts=[SIBLINGS])
def not_alone(context):
    sentence = "It has siblings, or no parent"
    return allow(sentence) if context.case.parent is None or context.fact(SIBLINGS) else refuse(sentence)


@effect()
def everything(context):
    """Ask for all that costs a statement of its own."""
    yield UpdateData({"note": context.form.note})
    yield AddParticipant("helper", context.case.people("owner")[0])
    yield CloseTasks("read")
    yield CancelTimer("slow")
    yield SetTimer("look", context.now)
    yield OpenCase("bulk.part", subject=context.case.subject)
    yield Notify(manager_of(subject) | participant("owner"), "Sent", "An item was sent")


@effect()
def count_up(context):
    yield FireCase(context.case.parent, "counted", if_possible=True)


officer = holds("hr_officer")
LIST = Workflow(
    name="bulk.list",
    ref="LIST",
    version=1,
    initial="open",
    viewers=officer,
    states=[State("open", tasks=()), State("over", outcome=Outcome.NEUTRAL)],
    transitions=[Transition("counted", "open", "over", by=officer)],
)
ITEM = Workflow(
    name="bulk.item",
    ref="ITEM",
    version=1,
    data=Memo,
    initial="new",
    open_by=officer,
    viewers=officer | manager_of(subject),
    participants=("owner", "helper"),
    states=[
        State("new", due=days(2), timers=(Timer("slow", days(9)),)),
        State("sent", due=days(2), timers=(Timer("later", days(9)),)),
        State("done", outcome=Outcome.SUCCESS),
    ],
    transitions=[
        Transition(
            "send", "new", "sent", by=officer, form=MemoForm, guards=[not_alone], effects=[everything]
        ),
        Transition("finish", "sent", "done", by=officer | manager_of(subject), four_eyes=("never",)),
    ],
)
PART = Workflow(
    name="bulk.part",
    ref="PART",
    version=1,
    initial="new",
    viewers=officer,
    states=[State("new"), State("done", outcome=Outcome.SUCCESS)],
    transitions=[Transition("do", "new", "done", by=subject | officer)],
)


@pytest.fixture
def yard(build):
    return build(workflows=(LIST, ITEM, PART), handoffs=(HandoffRule("bulk.item.done", "bulk.part"),))


def opened(house, many: int):
    """Open items and return them; unit and people differ from one to the next."""
    with house.acting() as tx:
        unit = add_unit(tx, f"unit{many}", "A unit").id
    people = list(house.people.values())
    with house.acting("olga") as tx:
        return house.engine.open_many(
            tx,
            [
                Opening(
                    workflow="bulk.item",
                    subject=people[1:][number % 5],
                    participants={"owner": (people[number % 6],)},
                    unit=unit if number % 2 else None,
                )
                for number in range(many)
            ],
        )


def cost(house, many: int, act) -> int:
    """Return how many statements `act` takes on `many` new items."""
    items = opened(house, many)
    with house.acting("olga") as tx, house.counted() as sent:
        came = act(tx, items)
        settle(tx)
    assert not [each for each in came if isinstance(each, Exception)], came
    return len(sent)


def test_opening_five_hundred_stays_under_twenty(yard):
    with yard.counted() as sent:
        opened(yard, 3)
    few = len(sent)
    with yard.counted() as sent:
        opened(yard, MANY)
    assert len(sent) <= max(few, MOST), sent


def test_firing_five_hundred_does_not_cost_more_than_three(yard):
    """All that an effect can ask for, in one transition."""

    def send(tx, items):
        requests = [Request(each.ref, "send", {"note": "x"}) for each in items]
        return yard.engine.fire_many(tx, requests, request_id=items[0].ref)

    few, many = cost(yard, 3, send), cost(yard, MANY, send)
    assert many <= few + 2, "it grows with the number of cases"
    assert many <= 28, "more than the kinds cost by themselves (docs/guarantees.md)"


def test_a_plain_transition_of_five_hundred_stays_under_twenty(build, loan, review):
    house = build()
    with house.acting("olga") as tx:
        cases = house.engine.open_many(
            tx, [Opening(workflow="trial.loan", subject=house.people["sam"]) for _ in range(MANY)]
        )
    requests = [Request(each.ref, "refuse", {"note": "too late"}) for each in cases]
    with house.acting("olga") as tx, house.counted() as sent:
        came = house.engine.fire_many(tx, requests)
        settle(tx)
    assert not [each for each in came if isinstance(each, Exception)]
    assert len(sent) < MOST, sent


def test_handing_over_five_hundred_does_not_cost_more_than_three(yard):
    def hand_over(tx, items):
        requests = [Request(each.ref, "send", {"note": "x"}) for each in items]
        assert not [e for e in yard.engine.fire_many(tx, requests) if isinstance(e, Exception)]
        settle(tx)
        with yard.counted() as sent:
            came = yard.engine.fire_many(tx, [Request(each.ref, "finish") for each in items])
            settle(tx)
        spent.append(len(sent))
        return came

    spent: list[int] = []
    cost(yard, 3, hand_over)
    cost(yard, MANY, hand_over)
    assert spent[1] <= spent[0] + 2, "it grows with the number of cases"


@pytest.mark.parametrize("look", ["inbox", "sights", "why"])
def test_looking_costs_the_same_among_three_and_among_hundreds(yard, look):
    def look_at(tx, items):
        if look == "inbox":
            return yard.engine.inbox(tx, limit=MANY)
        if look == "why":
            return yard.engine.why(tx, items[0].ref)
        return sights(tx, yard.engine.catalogue, items).by_case.values()

    assert cost(yard, 3, look_at) == cost(yard, 200, look_at)
