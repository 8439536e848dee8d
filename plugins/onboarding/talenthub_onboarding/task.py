"""The task: one thing to do in somebody's first days, and whose it is."""

from __future__ import annotations

from talenthub.sdk import Effect, Outcome, Stage, State, Task, Transition, Workflow, system, working_days
from talenthub_onboarding import task_parts as parts
from talenthub_onboarding.cases import PlanTask
from talenthub_onboarding.forms import Because, Buddy, Done, Redated
from talenthub_onboarding.relations import OWNERS, WAIVERS, any_of, buddys_manager, manager, onlookers

LIVE = ("open", "in_progress", "blocked")
owner = any_of(OWNERS)


def _by_the_plan(name: str, form: type[Buddy] | type[Redated], effect: Effect) -> list[Transition]:
    return [Transition(name, state, state, by=system, form=form, effects=[effect]) for state in LIVE]


task = Workflow(
    name="onboarding.task",
    ref="OTK",
    version=1,
    stage=Stage.ONBOARDING,
    title="task",
    data=PlanTask,
    parent="onboarding.plan",
    initial="open",
    viewers=onlookers | buddys_manager,
    subject_sees="all",
    participants=("buddy",),
    personal=("note", "reason", "blocked_by", "person"),
    opening=[parts.ask_owner],
    states=[
        State("open", tasks=()),
        State("in_progress", tasks=()),
        State("blocked", due=working_days(2), tasks=(Task("Clear the way", manager),)),
        State("done", outcome=Outcome.SUCCESS),
        State("waived", outcome=Outcome.NEUTRAL),
    ],
    transitions=[
        Transition(
            "done",
            ["open", "in_progress"],
            "done",
            by=owner,
            form=Done,
            guards=[parts.owner_does_it, parts.done_says_what],
            effects=[parts.keep_note, parts.wake_plan],
            locks=("parent",),
            title="say it is done",
        ),
        Transition(
            "begin",
            "open",
            "in_progress",
            by=owner,
            guards=[parts.owner_does_it],
            effects=[parts.ask_owner],
        ),
        Transition(
            "block",
            ["open", "in_progress"],
            "blocked",
            by=owner,
            form=Because,
            guards=[parts.owner_does_it],
            effects=[parts.keep_obstacle],
            title="say what stands in the way",
        ),
        Transition(
            "unblock",
            "blocked",
            "open",
            by=owner,
            effects=[parts.drop_obstacle, parts.ask_owner],
            title="go on",
        ),
        Transition(
            "waive",
            LIVE,
            "waived",
            by=any_of(WAIVERS),
            form=Because,
            guards=[parts.owners_manager_lets_go],
            effects=[parts.keep_reason, parts.wake_plan],
            locks=("parent",),
            title="let it go",
        ),
        *_by_the_plan("name_buddy", Buddy, parts.give_to_buddy),
        *_by_the_plan("redate", Redated, parts.redate),
    ],
)
