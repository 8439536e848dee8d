"""The requisition: a request to fill positions, and its approval."""

from __future__ import annotations

from talenthub.sdk import Outcome, Stage, State, Transition, Workflow, days, system
from talenthub_recruitment import vacancy_effects as effects
from talenthub_recruitment import vacancy_guards as guards
from talenthub_recruitment.cases import Requisition
from talenthub_recruitment.forms import Because, Filled, Joined, Remark
from talenthub_recruitment.relations import budget_holder, chair, hr_desk, hr_partner, onlookers, recruiter

requisition = Workflow(
    name="recruitment.requisition",
    ref="REQ",
    version=1,
    stage=Stage.SELECTION,
    title="requisition",
    data=Requisition,
    initial="draft",
    open_by=recruiter | hr_desk,
    viewers=onlookers | budget_holder,
    participants=("chair", "assessor"),
    personal=("reason", "note"),
    states=[
        State("draft"),
        State("submitted", due=days(5)),
        State("approved", due=days(5)),
        State("open", tasks=()),
        State("on_hold"),
        State("filled", tasks=()),
        State("completed", outcome=Outcome.SUCCESS),
        State("rejected", outcome=Outcome.NEUTRAL, afterwards="talent recruitment open ROLE --unit UNIT"),
        State("cancelled", outcome=Outcome.NEUTRAL, afterwards="talent recruitment open ROLE --unit UNIT"),
    ],
    transitions=[
        Transition(
            "submit",
            "draft",
            "submitted",
            by=recruiter | hr_desk | chair,
            form=Remark,
            guards=[guards.reason_given, guards.posts_match_positions],
            may_wait=True,
        ),
        Transition(
            "approve",
            "submitted",
            "approved",
            by=budget_holder,
            form=Remark,
            four_eyes=("open", "submit"),
            or_by=hr_partner,
            may_wait=True,
        ),
        Transition("reject", "submitted", "rejected", by=budget_holder, form=Because),
        Transition("open", "approved", "open", by=recruiter | hr_desk, effects=[effects.open_selection]),
        Transition(
            "select_again",
            "open",
            "open",
            by=recruiter | hr_desk,
            form=Because,
            guards=[guards.no_running_selection],
            effects=[effects.open_selection],
            title="open another selection",
        ),
        Transition(
            "join",
            ["approved", "open"],
            "open",
            by=system,
            form=Joined,
            guards=[guards.no_running_selection],
            effects=[effects.keep_shared_selection],
            title="be filled by another selection",
        ),
        Transition(
            "hold",
            ["approved", "open"],
            "on_hold",
            by=recruiter | budget_holder,
            form=Because,
            effects=[effects.remember_state],
        ),
        Transition("resume", "on_hold", "open", by=recruiter | budget_holder, guards=[guards.was_open]),
        Transition(
            "resume",
            "on_hold",
            "approved",
            by=recruiter | budget_holder,
            guards=[guards.was_approved],
        ),
        Transition(
            "take_on",
            "open",
            "open",
            by=system,
            form=Filled,
            guards=[guards.positions_remain],
            effects=[effects.count_position],
            title="count a hire",
        ),
        Transition(
            "take_on",
            "open",
            "filled",
            by=system,
            form=Filled,
            guards=[guards.last_position],
            effects=[effects.count_position],
            title="count the last hire",
        ),
        Transition(
            "complete",
            "filled",
            "completed",
            by=system | recruiter | hr_desk,
            guards=[guards.nobody_shares_its_selection],
        ),
        Transition(
            "cancel",
            ["draft", "submitted", "approved", "open", "on_hold"],
            "cancelled",
            by=recruiter | hr_partner,
            form=Because,
            guards=[guards.nobody_shares_its_selection],
        ),
    ],
)
