"""Statements: what each kind of intent adds, the same for 3 cases and for 60.

The bounds stand in docs/guarantees.md. Evidence is counted where the ledger
is (tests/core/evidence/test_ledger.py): it needs a framework.
"""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from pydantic import BaseModel

from talenthub.people.persons import add_person
from talenthub.people.posts import add_post
from talenthub.people.units import add_unit
from talenthub.sdk import (
    AddParticipant,
    AssignTask,
    CancelTimer,
    CloseTasks,
    FillPost,
    FireCase,
    Notify,
    OpenCase,
    Outcome,
    RemoveParticipant,
    SetTimer,
    State,
    Transition,
    UpdateData,
    Workflow,
    days,
    effect,
    holds,
    subject,
    system,
)
from talenthub.sdk import Timer as StateTimer
from talenthub.storage.late import settle
from talenthub.workflow.firing import Request
from talenthub.workflow.handoffs import HandoffRule
from talenthub.workflow.opening import Opening

officer = holds("hr_officer")


class Answer(BaseModel, extra="forbid", frozen=True):
    said: int


class Memo(BaseModel, extra="forbid", frozen=True):
    note: str = ""


KINDS = {
    "nothing": lambda _ctx: (),
    "data": lambda _ctx: (UpdateData({"note": "new"}),),
    "add": lambda ctx: (AddParticipant("helper", ctx.case.subject),),
    "remove": lambda ctx: (RemoveParticipant("owner", ctx.case.subject),),
    "fill": lambda ctx: (FillPost(ctx.case.subject, f"seat-{ctx.case.subject}", ctx.today),),
    "close_tasks": lambda ctx: (CloseTasks("wait"), CloseTasks(f"of {ctx.case.ref}")),
    "assign": lambda _ctx: (AssignTask("look", "Look", officer), AssignTask("see", "See", subject)),
    "cancel": lambda ctx: (CancelTimer("slow"), CancelTimer(f"of {ctx.case.ref}")),
    "set": lambda ctx: (SetTimer("later", ctx.now + timedelta(days=1)),),
    "open": lambda ctx: (OpenCase("kinds.part", subject=ctx.case.subject),),
    "fire": lambda ctx: (FireCase(ctx.case.parent, "hear", if_possible=True),),
    "notify": lambda _ctx: (Notify(subject, "Done", "It is done"),),
}
BOUNDS = {
    "nothing": 0,
    "data": 0,
    "add": 1,
    "remove": 1,
    "fill": 6,
    "close_tasks": 2,
    "assign": 3,
    "cancel": 1,
    "set": 1,
    "open": 9,
    "fire": 3,
    "notify": 1,
    "seal": 5,
    "hand_over": 12,
}
"""Beyond a transition that asks for nothing and keeps its state; as documented."""
MOST = 7
"""That transition itself."""


def _transition(name: str) -> Transition:
    produced = effect()(KINDS[name])
    return Transition(name, "open", "open", by=officer, effects=[produced])


BOX = Workflow(
    name="kinds.box",
    ref="BOX",
    version=1,
    initial="open",
    viewers=officer,
    open_by=officer,
    states=[State("open", tasks=()), State("over", outcome=Outcome.NEUTRAL)],
    transitions=[
        Transition("hear", "open", "open", by=system),
        Transition("end", "open", "over", by=officer),
    ],
)
ITEM = Workflow(
    name="kinds.item",
    ref="ITEM",
    version=1,
    data=Memo,
    initial="open",
    open_by=officer,
    viewers=officer,
    participants=("owner", "helper"),
    parent="kinds.box",
    states=[
        State("open", due=days(3), timers=(StateTimer("slow", days(9)),)),
        State("done", outcome=Outcome.SUCCESS),
    ],
    transitions=[
        *(_transition(name) for name in KINDS),
        Transition("seal", "open", "open", by=officer, form=Answer, sealed=True),
        Transition("hand_over", "open", "open", by=officer),
        Transition("end", "open", "done", by=officer),
    ],
)
PART = Workflow(
    name="kinds.part",
    ref="PART",
    version=1,
    initial="new",
    viewers=officer,
    states=[State("new"), State("done", outcome=Outcome.SUCCESS)],
    transitions=[Transition("do", "new", "done", by=officer)],
)


@pytest.fixture(scope="module")
def sizes() -> tuple[int, int]:
    return 3, 60


@pytest.fixture
def shop(build, sizes):
    """Return a house with a group of cases for each size, each with a person and a vacant post."""
    house = build(workflows=(BOX, ITEM, PART), handoffs=(HandoffRule("kinds.item.hand_over", "kinds.part"),))
    with house.acting() as tx:
        house.engine.store_versions(tx)
        unit = add_unit(tx, "shop", "The shop").id
        people = [
            add_person(tx, f"Person {n}", kind="employee", handle=f"p{n}").id for n in range(max(sizes))
        ]
        for each in people:
            add_post(
                tx,
                f"seat-{each}",
                "A seat",
                framework_code="core",
                role_code="clerk",
                unit_id=unit,
                since=date(2025, 1, 1),
            )
    return house, people


def items(shop, many: int):
    house, people = shop
    with house.acting("olga") as tx:
        box = house.engine.open(tx, "kinds.box")
        return house.engine.open_many(
            tx,
            [
                Opening("kinds.item", subject=each, parent=box, participants={"owner": (each,)})
                for each in people[:many]
            ],
        )


def cost(shop, many: int, kind: str) -> int:
    """Return how many statements it takes; taken back afterwards."""
    house, _ = shop
    cases = items(shop, many)
    form = {"said": 3} if kind == "seal" else {}
    with house.acting("olga") as tx:
        tx.memory["warm"] = house.engine.fire(tx, cases[0].ref, "nothing")  # settings are read once
        settle(tx)
        try:
            with tx.savepoint(), house.counted() as sent:
                came = house.engine.fire_many(tx, [Request(each.ref, kind, form) for each in cases])
                assert not [each for each in came if isinstance(each, Exception)], came
                settle(tx)
                raise InterruptedError
        except InterruptedError:
            return len(sent)


def test_each_kind_costs_what_is_documented_however_many_cases(shop, sizes):
    few, many = sizes
    plain = cost(shop, few, "nothing")
    assert plain <= MOST
    for kind, bound in BOUNDS.items():
        spent = cost(shop, many, kind)
        assert spent == cost(shop, few, kind), f"{kind} grows with the number of cases"
        assert spent - plain <= bound, kind
