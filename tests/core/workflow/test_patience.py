"""What hangs in a step is ended, named and undone, on whatever thread it is."""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from pydantic import BaseModel, field_validator
from sqlalchemy import text

from talenthub.errors import PluginError
from talenthub.patience import LOOKS, Overtime, Patience, called
from talenthub.sdk import Fact, Outcome, State, Transition, Workflow, allow, effect, guard, holds
from talenthub.workflow.deliveries import Handler, due_deliveries
from talenthub.workflow.handoffs import HandoffRule, pending_handoffs

# Each would end by itself, so that a test fails where nobody ends it sooner.
FOREVER = 100.0
SHORT = 0.05
ASKING = 0.75
"""The driver of PostgreSQL hears of an alarm ten times a second, if none comes sooner."""

pytestmark = pytest.mark.timeout(0)  # whose alarm would be in the way


def sleeps() -> None:
    time.sleep(FOREVER)


def turns() -> None:
    end = time.monotonic() + FOREVER
    while time.monotonic() < end:
        pass


def swallows() -> None:
    end = time.monotonic() + FOREVER
    while time.monotonic() < end:
        try:
            time.sleep(1)
        except Exception:
            continue


def matches() -> None:
    re.fullmatch(r"(a+)+b", "a" * 30)


HANGS: list[Callable[[], None]] = [sleeps, turns, swallows, matches]


def guarded(hang):
    @guard()
    def hangs(context):
        hang()
        return allow("All is well")

    return hangs


@effect()
def effect_hangs(context) -> Iterator[Any]:
    turns()
    yield from ()


def _asks(tx, cases):
    if tx.connection.dialect.name == "postgresql":
        tx.connection.execute(text("SELECT pg_sleep(:long)"), {"long": FOREVER})
    else:
        sleeps()
    return {}


class Turning(BaseModel, extra="forbid", frozen=True):
    word: str

    @field_validator("word")
    @classmethod
    def check(cls, word: str) -> str:
        turns()
        return word


ASKED = Fact("asked", _asks)


@guard(facts=[ASKED])
def asks(context):
    return allow("It was asked")


OFFICER = holds("hr_officer")
SLOW = Workflow(
    name="trial.slow",
    ref="SLOW",
    version=1,
    initial="open",
    open_by=OFFICER,
    viewers=OFFICER,
    states=[State("open"), State("done", outcome=Outcome.SUCCESS)],
    transitions=[
        *(Transition(each.__name__, "open", "done", by=OFFICER, guards=[guarded(each)]) for each in HANGS),
        Transition("effect", "open", "done", by=OFFICER, effects=[effect_hangs]),
        Transition("fact", "open", "done", by=OFFICER, guards=[asks]),
        Transition("finish", "open", "done", by=OFFICER),
        Transition("fill", "open", "done", by=OFFICER, form=Turning),
    ],
)


HANDED = Workflow(
    name="trial.handed",
    ref="HAND",
    version=1,
    initial="begun",
    viewers=OFFICER,
    states=[State("begun"), State("ended", outcome=Outcome.SUCCESS)],
    transitions=[Transition("end", "begun", "ended", by=OFFICER)],
    from_handoff=lambda _case: turns(),
)


def open_slow(house):
    with house.acting("olga") as tx:
        return house.engine.open(tx, "trial.slow").ref


def test_a_step_that_hangs_is_ended_named_and_undone(build):
    house = build(workflows=(SLOW,))
    ref = open_slow(house)
    for step in [*(each.__name__ for each in HANGS), "effect", "fact"]:
        limit = ASKING if step == "fact" and house.database.engine.name == "postgresql" else SHORT
        with pytest.raises(PluginError) as caught, Patience(limit).watching():
            house.fire("olga", ref, step)
        (problem,) = caught.value.problems
        assert "the plugin trial failed in trial.slow, " in problem.text, step
        assert f"of the step {step}" in problem.text
        assert "plugins.longest_call" in str(problem.found)
        assert str(problem.place).startswith("test_patience.py:"), (step, problem)
    with Patience(SHORT).watching():
        assert house.fire("olga", ref, "finish").target == "done"


def test_a_form_that_hangs_is_ended_and_its_line_named(build):
    house = build(workflows=(SLOW,))
    ref = open_slow(house)
    with pytest.raises(PluginError, match=r"test_patience\.py:\d+.*longest_call"), Patience(SHORT).watching():
        house.fire("olga", ref, "fill", word="slow")
    assert house.case(ref).state == "open"


def test_a_handoff_that_hangs_waits_and_the_step_before_it_stands(build):
    rule = HandoffRule("trial.slow.done", "trial.handed")
    house = build(workflows=(SLOW, HANDED), handoffs=(rule,))
    ref = open_slow(house)
    with Patience(SHORT).watching():
        assert house.fire("olga", ref, "finish").target == "done"
    with house.acting() as tx:
        [waits] = pending_handoffs(tx)
    assert "it did not end within plugins.longest_call while opening trial.handed" in waits.error
    assert waits.error.startswith("test_patience.py:")


def test_a_thread_is_ended_as_well():
    patience = Patience(SHORT)

    def work():
        with patience.watching():
            called(turns)

    try:
        with ThreadPoolExecutor(1) as pool, pytest.raises(PluginError, match="longest_call"):
            pool.submit(work).result()
    finally:
        patience.close()


def test_only_what_a_plugin_does_is_ended():
    with Patience(0.01).watching():
        time.sleep(0.3)
        for _ in range(30):  # each in time, all of them not
            called(time.sleep, 0.001)


def test_a_machine_that_stood_still_ends_nothing():
    patience, ended = Patience(10.0), []

    def look(times):
        # What the alarm would do, had the process been stopped in between.
        for _ in range(times):
            try:
                patience._alarm(0, sys._getframe())
            except Overtime:
                ended.append(True)

    called(look, LOOKS)
    assert not ended
    called(look, LOOKS + 1)
    assert ended


def test_a_handler_that_hangs_is_kept_as_a_failure(build):
    def hangs(tx, case, event):
        called(turns)

    house = build(workflows=(SLOW,), handlers=(Handler("trial:hangs", "*", hangs),))
    open_slow(house)
    with house.acting() as tx:
        (number,) = due_deliveries(house.engine, tx)
    with Patience(SHORT).watching(), house.acting() as tx:
        assert house.engine.deliver(tx, number) is False
