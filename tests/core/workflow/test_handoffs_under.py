"""Handoffs under a case: the field that names it, and what it says to that."""

from __future__ import annotations

from dataclasses import replace

import pytest
from pydantic import BaseModel
from sqlalchemy import select

from talenthub.sdk import (
    OpenCase,
    Outcome,
    State,
    Transition,
    Verdict,
    Workflow,
    allow,
    children,
    effect,
    guard,
    holds,
    refuse,
    system,
)
from talenthub.workflow.catalogue import Loaded
from talenthub.workflow.checks import check_catalogue
from talenthub.workflow.handoffs import HandoffRule
from talenthub.workflow.tables import handoff

officer = holds("hr_officer")
VISITS = children("welcome.visit")


def rows(house):
    with house.acting() as tx:
        return tx.rows(select(handoff).order_by(handoff.c.id))


class Visit(BaseModel, extra="forbid", frozen=True):
    place: str = ""


class Visitors(BaseModel, extra="forbid", frozen=True):
    people: tuple[int, ...]


@guard(facts=[VISITS])
def once_each(ctx) -> Verdict:
    there = {each.subject for each in ctx.fact(VISITS)}
    sentence = "Each visits once"
    return refuse(sentence) if there & set(ctx.form.people) else allow(sentence)


@effect()
def let_in(ctx):
    for person in ctx.form.people:
        yield OpenCase("welcome.visit", subject=person, data={"place": ctx.case.about})


HOUSE = Workflow(
    name="welcome.house",
    ref="HSE",
    version=1,
    initial="open",
    open_by=officer,
    viewers=officer,
    states=[State("open"), State("ended", outcome=Outcome.SUCCESS)],
    transitions=[
        Transition("end", "open", "ended", by=officer),
        Transition("let_in", "open", "open", by=system, form=Visitors, guards=[once_each], effects=[let_in]),
    ],
)

VISIT = Workflow(
    name="welcome.visit",
    ref="VIS",
    version=1,
    data=Visit,
    initial="begun",
    parent="welcome.house",
    viewers=officer,
    states=[State("begun"), State("over", outcome=Outcome.SUCCESS)],
    transitions=[Transition("end", "begun", "over", by=officer)],
    from_handoff=lambda case: {"people": [case.subject]},
    entered_by="let_in",
)
BELOW = HandoffRule("trial.loan.refuse", "welcome.visit", under="note")


def named_house(build, loan):
    house = build(workflows=(loan, HOUSE, VISIT), handoffs=(BELOW,))
    with house.acting("olga") as tx:
        house.engine.open(tx, "welcome.house", about="The old mill")
    return house


def refuse_for(house, note: str) -> str:
    ref = house.open().ref
    house.fire("olga", ref, "refuse", note=note)
    return rows(house)[-1].error or ""


def test_the_case_above_opens_what_names_it(build, loan):
    house = named_house(build, loan)
    assert refuse_for(house, "hse-1") == ""
    opened, above = house.case("VIS-1"), house.case("HSE-1")
    assert (opened.parent, opened.subject, opened.data.place) == (
        above.id,
        house.people["sam"],
        "The old mill",
    )
    assert above.version == 2, "it stands in the history of the case above"
    assert rows(house)[0].opened_case_id == opened.id


def test_what_the_case_above_refuses_waits(build, loan):
    house = named_house(build, loan)
    refuse_for(house, "HSE-1")
    assert "Each visits once" in refuse_for(house, "HSE-1"), "its own guards hold"
    assert "names no case of welcome.house" in refuse_for(house, "HSE-9")
    assert "names no case of welcome.house" in refuse_for(house, "LOAN-1"), "of another workflow"
    house.fire("olga", "HSE-1", "end")
    house.fire("olga", house.open().ref, "refuse", note="HSE-1")
    assert rows(house)[-1].error.count("it ended on") == 1
    assert [row.status for row in rows(house)] == ["opened", *["pending"] * 4]


def test_a_mended_rule_helps_what_waits(build, loan, reload):
    blank = HandoffRule(BELOW.on, BELOW.opens)
    house = build(workflows=(loan, HOUSE, VISIT), handoffs=(blank,))
    with house.acting("olga") as tx:
        house.engine.open(tx, "welcome.house", about="The old mill")
    assert "does not say which" in refuse_for(house, "HSE-1")
    house.engine = reload((loan, HOUSE, VISIT), handoffs=(BELOW,))
    with house.acting() as tx:
        assert house.engine.retry_handoffs(tx) == 1
    assert house.case("VIS-1").subject == house.people["sam"]


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        (replace(VISIT, parent=None), "there is none"),
        (replace(VISIT, entered_by="end"), "that the system may fire"),
    ],
)
def test_a_wrong_entrance_is_told_when_the_plugin_loads(loan, broken, said):
    catalogue = [Loaded(each, "welcome") for each in (HOUSE, broken)]
    assert said in str(check_catalogue(catalogue))
