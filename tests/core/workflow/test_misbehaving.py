"""Plugins that misbehave at run time: named, undone, and nobody else hurt."""

from __future__ import annotations

import sys

import pytest
from pydantic import BaseModel
from sqlalchemy import func, insert, select, text

from talenthub.errors import PluginError
from talenthub.sdk import (
    Fact,
    Outcome,
    State,
    Transition,
    UpdateData,
    Workflow,
    allow,
    effect,
    guard,
    holds,
    subject,
)
from talenthub.storage.hub import workspace_setting
from talenthub.storage.transaction import SYSTEM, Transaction
from talenthub.workflow.deliveries import Handler, deliver, due_deliveries
from talenthub.workflow.tables import case_event, case_task, outbox, workflow_case

HERE = "test_misbehaving.py:"


class Bag(BaseModel, extra="forbid"):
    things: list[str] = []
    note: str = ""


@guard()
def guard_raises(context):
    raise ValueError("no luck")


@guard()
def guard_leaves(context):
    raise SystemExit(3)


@guard()
def guard_says_yes(context):
    return True


@guard()
def guard_mutates(context):
    context.data.things.append("smuggled in")
    return allow("All is well")


@effect()
def effect_raises(context):
    yield UpdateData({"note": "half"})
    raise KeyError("gone")


@effect()
def effect_leaves(context):
    yield UpdateData({"note": "half"})
    sys.exit(4)


@effect()
def effect_asks_for_a_word(context):
    yield "please"


@effect()
def effect_mutates(context):
    context.data.things.append("smuggled in")
    yield UpdateData({"note": "and a note beside"})


@effect()
def effect_asks_for_wrong_data(context):
    yield UpdateData({"note": 7})


def reading(name, load):
    """Return a guard that asks for a fact."""
    fact = Fact(name, load)

    @guard(facts=[fact])
    def asks(context):
        return allow("All is well")

    return asks


def commits(tx, cases):
    tx.connection.commit()


def rolls_back(tx, cases):
    tx.connection.rollback()


def commits_in_words(tx, cases):
    tx.connection.execute(text("COMMIT"))


def writes(tx, cases):
    tx.write(insert(workspace_setting), {"key": "smuggled", "value": "in"})


def raises(tx, cases):
    raise LookupError("nothing there")


WRONG = {
    "guard_raises": ([guard_raises], [], "ValueError: no luck"),
    "guard_leaves": ([guard_leaves], [], "SystemExit: 3"),
    "guard_says_yes": ([guard_says_yes], [], "it returned bool, not a Verdict"),
    "guard_mutates": ([guard_mutates], [], "it changed the data it was given"),
    "effect_raises": ([], [effect_raises], "KeyError: 'gone'"),
    "effect_leaves": ([], [effect_leaves], "SystemExit: 4"),
    "effect_word": ([], [effect_asks_for_a_word], "it asked for a str, which is no intent"),
    "effect_mutates": ([], [effect_mutates], "it changed the data it was given"),
    "effect_wrong_data": ([], [effect_asks_for_wrong_data], "note"),
    **{
        f"fact_{each.__name__}": ([reading(each.__name__, each)], [], says)
        for each, says in (
            (commits, "commit(): a transaction is ended by who began it"),
            (rolls_back, "rollback(): a transaction is ended by who began it"),
            (commits_in_words, "a transaction is ended by who began it"),
            (writes, "it writes where it may only read"),
            (raises, "LookupError: nothing there"),
        )
    },
}

TRIAL = Workflow(
    name="trial.bag",
    ref="BAG",
    version=1,
    data=Bag,
    initial="open",
    open_by=holds("hr_officer") | subject,
    viewers=holds("hr_officer"),
    states=[State("open"), State("done", outcome=Outcome.SUCCESS)],
    transitions=[
        *(
            Transition(name, "open", "done", by=holds("hr_officer"), guards=guards, effects=effects)
            for name, (guards, effects, _) in WRONG.items()
        ),
        Transition("finish", "open", "done", by=holds("hr_officer")),
    ],
)


def stored(house):
    """Return all that a step could have left."""
    tables = (workflow_case, case_event, case_task, outbox, workspace_setting)
    with house.acting() as tx:
        counts = [tx.value(select(func.count()).select_from(each)) for each in tables]
        return counts, tx.rows(select(workflow_case.c.state, workflow_case.c.version, workflow_case.c.data))


def test_what_a_step_calls_is_named_and_leaves_nothing(build):
    house = build(workflows=(TRIAL,))
    with house.acting("olga") as tx:
        house.engine.open(tx, "trial.bag", subject=house.people["sam"], data={"things": ["one"]})
    before = stored(house)
    for name, (_, _, says) in WRONG.items():
        with pytest.raises(PluginError) as caught:
            house.fire("olga", "BAG-1", name)
        (problem,) = caught.value.problems
        assert "the plugin trial failed in trial.bag" in problem.text, name
        assert says in str(problem.found), (name, problem)
        if "mutates" not in name and name != "effect_wrong_data":
            assert str(problem.place).startswith(HERE), (name, problem)
        assert "nothing was changed" in str(problem.mend)
        assert stored(house) == before, name
    assert house.fire("olga", "BAG-1", "finish").target == "done"


def put_and(then):
    """Return a handler that writes before it goes wrong."""

    def run(tx, case, event):
        tx.write(insert(workspace_setting), {"key": "smuggled", "value": "in"})
        then(tx, case)

    return run


def leaves(tx, cases):
    sys.exit(5)


@pytest.mark.parametrize("wrong", [commits, rolls_back, commits_in_words, raises, leaves])
def test_a_handler_that_misbehaves_is_named_and_the_others_run(build, wrong):
    heard = []
    house = build(
        workflows=(TRIAL,),
        handlers=(
            Handler("trial:wrong", "*", put_and(wrong)),
            Handler("other:right", "*", lambda *told: heard.append(told[-1].transition)),
        ),
    )
    with house.acting("olga") as tx:
        house.engine.open(tx, "trial.bag", subject=house.people["sam"])
    with house.acting() as tx:
        numbers = due_deliveries(house.engine, tx)
    for number in numbers:
        with house.database.begin() as connection:
            deliver(house.engine, house.engine.enter(Transaction(connection, SYSTEM, house.now)), number)
    assert heard == ["open"]
    with house.acting() as tx:
        rows = {row.handler: row for row in tx.rows(select(outbox))}
        smuggled = tx.value(select(func.count()).where(workspace_setting.c.key == "smuggled"))
    assert smuggled == 0
    assert rows["other:right"].done_at is not None
    assert (rows["trial:wrong"].done_at, rows["trial:wrong"].attempts) == (None, 1)
    assert rows["trial:wrong"].error.startswith(HERE)
    assert "the plugin trial failed in the handler wrong" in rows["trial:wrong"].error
