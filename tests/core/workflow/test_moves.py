"""Open tasks follow the people: to the next manager, else to HR partners."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from talenthub.people.changes import leave, move, set_reporting_line
from talenthub.people.posts import add_post, assign
from talenthub.people.units import add_unit
from talenthub.sdk import Outcome, State, Task, Transition, Workflow, holds, manager_of, participant, subject
from talenthub.workflow.versions.moves import resolve_open_tasks

SINCE = date(2025, 1, 1)
officer = holds("hr_officer")
TALK = Workflow(
    name="trial.talk",
    ref="TALK",
    version=1,
    initial="asked",
    open_by=officer,
    viewers=officer | manager_of(subject),
    participants=("helper",),
    states=[
        State(
            "asked",
            tasks=(Task("Talk", manager_of(subject), "talk"), Task("Help", participant("helper"), "help")),
        ),
        State("over", outcome=Outcome.NEUTRAL),
    ],
    transitions=[Transition("end", "asked", "over", by=manager_of(subject))],
)


@pytest.fixture
def office(build, open_tasks):
    """Nora leads Hedda, who leads Rita, who leads Sam."""
    house = build(workflows=(TALK,))
    with house.acting() as tx:
        unit = add_unit(tx, "branch", "Branch").id
        above, house.posts = None, {}
        for name in ("nora", "hedda", "rita", "sam"):
            made = add_post(
                tx, name, name, framework_code="core", role_code="any", unit_id=unit, since=SINCE
            ).id
            assign(tx, house.people[name], made, SINCE)
            if above is not None:
                set_reporting_line(tx, made, above, SINCE)
            house.posts[name], above = made, made
        house.posts["other"] = add_post(
            tx, "other", "Other", framework_code="core", role_code="any", unit_id=unit, since=SINCE
        ).id
        house.engine.follow_people(tx)
    with house.acting("olga") as tx:
        house.talk = house.engine.open(
            tx,
            "trial.talk",
            subject=house.people["sam"],
            participants={"helper": (house.people["rolf"],)},
            unit=unit,
        )
    house.unit, house.open_tasks = unit, open_tasks
    return house


def holders(house, title: str) -> list[str]:
    """Return who has a task, by name; a grant's pool as it is written."""
    names = {f"person:{number}": name for name, number in house.people.items()}
    return sorted(names.get(pool, pool) for pool in house.open_tasks(house, house.talk.id)[title])


def change(house, act) -> None:
    with house.acting() as tx:
        act(tx)
    with house.acting() as tx:
        assert house.engine.follow_people(tx) > 0
    with house.acting() as tx:
        assert house.engine.follow_people(tx) == 0
        assert resolve_open_tasks(tx) == 0, "once resolved, all is where it belongs"


def test_a_task_goes_up_when_posts_fall_vacant_and_at_last_to_hr(office):
    assert holders(office, "Talk") == ["rita"]
    change(office, lambda tx: leave(tx, office.people["rita"]))
    assert holders(office, "Talk") == ["hedda"]
    change(office, lambda tx: leave(tx, office.people["hedda"]))
    assert holders(office, "Talk") == ["nora"]
    change(office, lambda tx: leave(tx, office.people["nora"]))
    assert holders(office, "Talk") == ["grant:hr_partner@*", f"grant:hr_partner@{office.unit}"]


def test_a_task_goes_to_whoever_takes_the_post(office):
    change(office, lambda tx: move(tx, office.people["rita"], office.posts["other"], office.now.date()))
    assert holders(office, "Talk") == ["hedda"]
    change(office, lambda tx: assign(tx, office.people["olga"], office.posts["rita"], office.now.date()))
    assert holders(office, "Talk") == ["olga"]
    with office.acting("olga") as tx:
        assert [each.title for each in office.engine.inbox(tx)] == ["Talk"]
    with office.acting("rita") as tx:
        assert office.engine.inbox(tx) == []


def test_the_task_of_someone_who_left_goes_to_hr(office):
    change(office, lambda tx: leave(tx, office.people["rolf"]))
    assert holders(office, "Help") == ["grant:hr_partner@*", f"grant:hr_partner@{office.unit}"]


def test_the_right_to_fire_moves_with_the_task(office):
    change(office, lambda tx: leave(tx, office.people["rita"]))
    office.fire("hedda", "TALK-1", "end")
    assert office.open_tasks(office, office.talk.id) == {}


def test_a_closed_task_moves_no_more(office):
    office.fire("rita", "TALK-1", "end")
    with office.acting() as tx:
        leave(tx, office.people["rita"])
        before = tx.connection.exec_driver_sql("SELECT count(*) FROM task_pool").scalar()
        office.engine.follow_people(tx)
        assert tx.connection.exec_driver_sql("SELECT count(*) FROM task_pool").scalar() == before


def test_what_is_hidden_leaves_no_gap_in_an_inbox(build):
    """A short page would tell somebody that there is a case about them."""
    secret = replace(TALK, name="trial.secret", ref="SEC", subject_sees="nothing", participants=("helper",))
    ask = State("asked", tasks=(Task("Decide", officer, "decide"),))
    house = build(workflows=(replace(secret, states=[ask, secret.states[1]]),))
    with house.acting() as tx:
        for who in ("olga", "sam", "rita"):
            house.engine.open(tx, "trial.secret", subject=house.people[who], about=who)
    with house.acting("olga") as tx:
        assert [each.about for each in house.engine.inbox(tx, limit=2)] == ["sam", "rita"]
