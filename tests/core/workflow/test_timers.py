"""Timers: late but never lost, in order, each at its own moment."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from pydantic import BaseModel

from talenthub.people.units import add_unit
from talenthub.sdk import (
    Outcome,
    State,
    Timer,
    Transition,
    Workflow,
    allow,
    days,
    guard,
    holds,
    refuse,
    system,
)
from talenthub.workflow.history import histories, verify


class Paper(BaseModel, extra="forbid", frozen=True):
    signed: bool = False


@guard()
def signed(context):
    return allow("It is signed") if context.data.signed else refuse("It is signed", "nobody has")


officer = holds("hr_officer")
PAPER = Workflow(
    name="trial.paper",
    ref="PAP",
    version=1,
    data=Paper,
    initial="drawn",
    open_by=officer,
    viewers=officer | holds("hr_partner"),
    states=[
        State(
            "drawn",
            due=days(2),
            timers=(
                Timer("file", days(3), fires="file"),
                Timer("late", days(1)),
                Timer("upward", days(2), escalates=True),
            ),
        ),
        State("filed", timers=(Timer("shred", days(1), fires="shred"),)),
        State("shredded", outcome=Outcome.NEUTRAL),
    ],
    transitions=[
        Transition("file", "drawn", "filed", by=officer | system, guards=[signed]),
        Transition("shred", "filed", "shredded", by=system),
    ],
)


START = datetime(2026, 1, 5, 9, tzinfo=UTC)


def tick_all(house) -> list[str]:
    """Run every due timer, one transaction each; return what each did."""
    done = []
    while True:
        with house.acting() as tx:
            ticked = house.engine.tick(tx)
        if ticked is None:
            return done
        done.append(f"{ticked.ref} {ticked.timer}: {ticked.what}")


def draw(house, **data):
    with house.acting("olga") as tx:
        return house.engine.open(tx, "trial.paper", data=data)


def history(house, case: int):
    with house.acting() as tx:
        return histories(tx, [case])[case]


@pytest.fixture
def desk(build):
    return build(workflows=(PAPER,))


def test_timers_run_in_the_order_of_their_due_moments(desk):
    first = draw(desk, signed=True)
    desk.later(1)
    draw(desk, signed=True)
    desk.now += timedelta(days=60)
    assert tick_all(desk) == [
        "PAP-1 late: reminded",
        "PAP-1 upward: escalated",
        "PAP-2 late: reminded",
        "PAP-1 file: fired file",
        "PAP-2 upward: escalated",
        "PAP-2 file: fired file",
        "PAP-1 shred: fired shred",
        "PAP-2 shred: fired shred",
    ]
    days_on = [(event.at.date() - first.opened_at.date()).days for event in history(desk, first.id)]
    assert days_on == [0, 1, 2, 3, 4], "each at its own moment, the end of a day"


def test_nothing_is_due_before_its_moment(desk):
    draw(desk, signed=True)
    desk.now = START.replace(hour=23, minute=59, second=58) + timedelta(days=1)
    assert tick_all(desk) == []


def test_a_clock_that_jumps_back_makes_timers_wait(desk):
    draw(desk, signed=True)
    desk.later(-400)
    assert tick_all(desk) == []
    desk.later(402)
    assert tick_all(desk) == ["PAP-1 late: reminded"]


def test_a_refused_timer_leaves_an_event_and_a_task_and_is_not_tried_again(desk, open_tasks):
    paper = draw(desk, signed=False)
    desk.later(4)
    assert tick_all(desk)[-1] == "PAP-1 file: refused file"
    event = history(desk, paper.id)[-1]
    assert (event.kind, event.transition, event.target) == ("refused", "file", "drawn")
    assert event.payload == {"transition": "file", "reasons": ["It is signed"]}
    tasks = open_tasks(desk, paper.id)
    assert tasks["See why «file» could not happen by itself"] == ["grant:hr_partner@*"]
    with desk.acting() as tx:
        assert verify(tx) == 1
    desk.later(30)
    assert tick_all(desk) == []


def test_leaving_a_state_cancels_its_timers(desk):
    draw(desk, signed=True)
    desk.fire("olga", "PAP-1", "file")
    desk.later(400)
    assert tick_all(desk) == ["PAP-1 shred: fired shred"]


def test_an_escalation_goes_to_managers_or_hr_partners(desk, open_tasks):
    with desk.acting() as tx:
        unit = add_unit(tx, "hq", "Headquarters").id
    with desk.acting("olga") as tx:
        paper = desk.engine.open(tx, "trial.paper", unit=unit)
    desk.later(3)
    tick_all(desk)
    tasks = open_tasks(desk, paper.id)
    assert tasks["Overdue: File"] == ["grant:hr_partner@*", f"grant:hr_partner@{unit}"]


def test_a_tick_and_a_firing_each_happen_once(desk):
    draw(desk, signed=True)
    desk.later(3)
    desk.fire("olga", "PAP-1", "file")
    assert tick_all(desk) == [], "a day must pass before it is shredded"
    assert [each.transition for each in history(desk, 1)] == ["open", "file"]


def test_timers_of_a_plugin_that_is_off_wait_and_are_put_ahead(desk, reload, loan):
    draw(desk, signed=True)
    with_it, without = desk.engine, reload((loan,))
    desk.later(10)
    desk.engine = without
    assert tick_all(desk) == []
    desk.engine = with_it
    with desk.acting() as tx:
        overdue = desk.engine.rebase_overdue(tx, "trial")
    assert [(ref, name) for ref, name, _ in overdue] == [
        ("PAP-1", "late"),
        ("PAP-1", "upward"),
        ("PAP-1", "file"),
    ]
    assert tick_all(desk) == [], "none fires unasked"
    desk.later(1)
    assert tick_all(desk) == ["PAP-1 file: fired file"], "which cancels the others"


@pytest.mark.parametrize(
    ("zone", "opened", "due"),
    [
        ("Europe/Lisbon", "2026-03-27T12:00Z", "2026-03-28T23:59:59Z"),
        ("Europe/Lisbon", "2026-03-28T12:00Z", "2026-03-29T22:59:59Z"),
        ("Europe/Lisbon", "2026-10-24T12:00Z", "2026-10-25T23:59:59Z"),
        ("America/Santiago", "2026-04-03T12:00Z", "2026-04-05T03:59:59Z"),
        ("Pacific/Kiritimati", "2026-01-05T09:00Z", "2026-01-06T09:59:59Z"),
    ],
    ids=["before", "an hour short", "an hour more", "set back at midnight", "ahead of all"],
)
def test_a_timer_falls_due_at_the_end_of_a_local_day(desk, zone, opened, due):
    desk.now, moment = datetime.fromisoformat(opened), datetime.fromisoformat(due)
    with desk.acting("olga") as tx:
        tx.zone = ZoneInfo(zone)
        paper = desk.engine.open(tx, "trial.paper", data={})
    desk.now = moment - timedelta(seconds=1)
    assert tick_all(desk) == []
    desk.now = moment
    assert tick_all(desk) == ["PAP-1 late: reminded"]
    assert history(desk, paper.id)[-1].at == moment


def test_a_timer_due_in_a_year_survives_restarts_and_a_newer_version(build, reload):
    licence = replace(
        PAPER,
        states=[
            State("drawn", timers=(Timer("lapse", days(365), fires="lapse"),)),
            State("lapsed", outcome=Outcome.NEUTRAL),
        ],
        transitions=[Transition("lapse", "drawn", "lapsed", by=system)],
    )
    house = build(workflows=(licence,))
    paper = draw(house)
    house.engine = reload((licence, replace(licence, version=2)))
    house.later(364)
    assert tick_all(house) == []
    house.engine = reload((licence, replace(licence, version=2)))
    house.later(40)
    assert tick_all(house) == ["PAP-1 lapse: fired lapse"]
    assert history(house, paper.id)[-1].at.date() == START.date() + timedelta(days=365)
    house.later(-500)
    assert tick_all(house) == [], "nor does a clock set back fire it again"
