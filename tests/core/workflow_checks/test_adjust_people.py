"""Who may take an adjusted step: narrowed, widened as allowed, never bared."""

from __future__ import annotations

import pytest

from talenthub.config.adjusting import WorkflowAdjustment
from talenthub.sdk import Outcome, State, Task, Transition, Workflow, holds, manager_of, subject, system
from talenthub.workflow.adjusting.adjust import adjusted, text_of
from talenthub.workflow.catalogue import Loaded

clerk, chief = holds("clerk"), holds("chief")
boss = manager_of(subject)

LEAVE = Workflow(
    name="desk.leave",
    ref="LEA",
    version=1,
    initial="asked",
    states=[
        State("asked", tasks=(Task("Decide", clerk | boss), Task("Count the days", clerk))),
        State("granted", outcome=Outcome.SUCCESS),
        State("withdrawn", outcome=Outcome.NEUTRAL),
    ],
    transitions=[
        Transition("grant", "asked", "granted", by=clerk | boss | system, or_by=chief),
        Transition("withdraw", "asked", "withdrawn", by=subject | clerk),
    ],
)


def made(step: str, *names: str) -> Workflow:
    given = WorkflowAdjustment.model_validate({"transition": {step: {"by": list(names)}}})
    return adjusted(Loaded(LEAVE, "desk"), given, {}).workflow


@pytest.mark.parametrize(
    ("names", "people"),
    [
        (["clerk"], clerk),
        (["the manager of the subject"], boss),
        (["manager_of(subject)", "chief"], boss | chief),
        (["chief"], chief),
    ],
)
def test_people_are_named_as_they_are_shown(names, people) -> None:
    grant = made("grant", *names).edges("asked", "grant")[0]
    # The system goes on doing what it does.
    assert set(grant.by.alternatives) == set((people | system).alternatives)


def test_nobody_takes_from_the_subject_what_they_may_do() -> None:
    withdraw = made("withdraw", "clerk").edges("asked", "withdraw")[0]
    assert set(withdraw.by.alternatives) == set((clerk | subject).alternatives)


def test_tasks_follow_their_step_and_others_stay() -> None:
    tasks = made("grant", "chief").state("asked").tasks
    assert tasks is not None
    assert [(each.title, each.to) for each in tasks] == [("Decide", chief), ("Count the days", clerk)]


def test_what_is_not_spoken_of_stays_as_it_was() -> None:
    workflow = made("grant", "chief")
    assert workflow.edges("asked", "withdraw") == LEAVE.edges("asked", "withdraw")
    assert workflow.state("granted") == LEAVE.state("granted")


def test_an_adjustment_reads_back_as_it_was_stored() -> None:
    given = WorkflowAdjustment.model_validate(
        {
            "state": {"asked": {"due": "2 weeks"}},
            "transition": {"grant": {"by": ["chief"], "guard": [{"name": "days_in_state", "days": 2}]}},
            "waiting": [{"name": "union", "before": "grant"}],
        }
    )
    stored = text_of(given)
    assert WorkflowAdjustment.model_validate_json(stored) == given
    assert "null" not in stored
