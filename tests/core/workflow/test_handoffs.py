"""Handoffs: what follows elsewhere never stops what has happened here."""

from __future__ import annotations

import pytest
from pydantic import BaseModel, Field
from sqlalchemy import select

from talenthub.sdk import Outcome, State, Transition, Workflow, holds
from talenthub.workflow.handoffs import HandoffRule, pending_handoffs
from talenthub.workflow.tables import handoff

officer = holds("hr_officer")


class Welcome(BaseModel, extra="forbid", frozen=True):
    amount: int = Field(0, le=1000)


def welcome(from_handoff=None) -> Workflow:
    return Workflow(
        name="welcome.plan",
        ref="WEL",
        version=1,
        data=Welcome,
        initial="begun",
        viewers=officer,
        states=[State("begun"), State("ended", outcome=Outcome.SUCCESS)],
        transitions=[Transition("end", "begun", "ended", by=officer)],
        from_handoff=from_handoff,
    )


def carry(case):
    return {"amount": case.data.amount}


def break_down(case):
    raise RuntimeError("this plugin is broken")


RULE = HandoffRule("trial.loan.refused", "welcome.plan")


def rows(house):
    with house.acting() as tx:
        return tx.rows(select(handoff).order_by(handoff.c.id))


def refuse(house, amount: int = 50):
    house.open(amount)
    house.fire("olga", "LOAN-1", "refuse", note="no money")


def test_the_case_opens_with_what_is_handed_over(build, loan):
    house = build(workflows=(loan, welcome(carry)), handoffs=(RULE,))
    refuse(house)
    [row] = rows(house)
    opened = house.case("WEL-1")
    assert (row.status, row.opened_case_id, row.attempts) == ("opened", opened.id, 1)
    assert (opened.data.amount, opened.subject, opened.about) == (50, house.people["sam"], "A loan")


def test_a_missing_plugin_leaves_a_row_that_waits(build, loan, reload):
    house = build(workflows=(loan,), handoffs=(RULE,))
    refuse(house)
    assert house.case("LOAN-1").state == "refused"
    with house.acting() as tx:
        [waiting] = pending_handoffs(tx)
        assert (waiting.error, waiting.case.ref) == ("no enabled plugin brings welcome.plan", "LOAN-1")
        assert house.engine.retry_handoffs(tx) == 0
    house.engine = reload((loan, welcome(carry)), handoffs=(RULE,))
    with house.acting() as tx:
        assert house.engine.retry_handoffs(tx) == 1
        assert house.engine.retry_handoffs(tx) == 0, "once"
    assert (rows(house)[0].status, rows(house)[0].attempts) == ("opened", 3)


@pytest.mark.parametrize(
    ("amount", "accept", "error"),
    [(50, break_down, "RuntimeError while opening welcome.plan"), (5000, carry, "amount")],
)
def test_a_broken_plugin_stops_nothing_and_leaves_nothing(build, loan, amount, accept, error):
    house = build(workflows=(loan, welcome(accept)), handoffs=(RULE,))
    refuse(house, amount)
    [row] = rows(house)
    assert row.status == "pending"
    assert error in row.error
    with house.acting() as tx:
        names = tx.connection.exec_driver_sql("SELECT workflow FROM workflow_case").scalars().all()
        assert names == ["trial.loan"]
        assert tx.connection.exec_driver_sql("SELECT count(*) FROM case_event").scalar() == 2


def test_in_a_chunk_only_the_one_at_fault_waits(build, loan):
    from talenthub.workflow.firing import Request

    house = build(workflows=(loan, welcome(carry)), handoffs=(RULE,))
    for amount in (10, 5000, 20):
        house.open(amount)
    with house.acting("olga") as tx:
        house.engine.fire_many(
            tx, [Request(f"LOAN-{number}", "refuse", {"note": "no money"}) for number in (1, 2, 3)]
        )
    assert [row.status for row in rows(house)] == ["opened", "pending", "opened"]


def test_two_rules_on_one_event_give_one_case_each(build, loan):
    both = (RULE, HandoffRule("trial.loan.refuse", "welcome.plan"))
    house = build(workflows=(loan, welcome(carry)), handoffs=both)
    refuse(house)
    assert [row.status for row in rows(house)] == ["opened", "opened"]
    assert {row.rule for row in rows(house)} == {str(each) for each in both}
