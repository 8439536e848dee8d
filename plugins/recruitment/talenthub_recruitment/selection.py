"""The selection: how vacancies are filled, from the plan to the decision."""

from __future__ import annotations

from talenthub.sdk import Outcome, Stage, State, Task, Transition, Workflow, days, system
from talenthub_recruitment import again, effects, following, guards, vacancy_effects, vacancy_guards
from talenthub_recruitment.cases import Selection
from talenthub_recruitment.forms import (
    Advert,
    Because,
    Candidates,
    FromReserve,
    Panel,
    PlanChange,
    Plea,
    Remark,
    Shared,
    Signature,
    Taken,
)
from talenthub_recruitment.relations import chair, hr_desk, hr_partner, onlookers, recruiter

BEFORE_ASSESSING = ("designing", "plan_approved", "open", "closed")
LIVE = (*BEFORE_ASSESSING, "assessing", "amending", "moderating", "decided")

AFTER_ADVERT = ("open", "closed", "assessing", "moderating", "decided")


def _changes_panel(state: str) -> Transition:
    return Transition(
        "change_panel",
        state,
        state,
        by=recruiter | hr_desk,
        form=Panel,
        effects=[effects.change_panel],
        title="change the panel",
    )


def _adds_candidates(state: str) -> Transition:
    return Transition(
        "add_candidates",
        state,
        state,
        by=recruiter | hr_desk,
        form=Candidates,
        guards=[guards.apply_once],
        effects=[effects.open_applications],
        title="add candidates",
    )


def _shares(state: str) -> Transition:
    return Transition(
        "share",
        state,
        state,
        by=recruiter | hr_desk,
        form=Shared,
        guards=[vacancy_guards.asks_for_the_same],
        effects=[vacancy_effects.take_in_requisitions],
        title="fill further requisitions",
    )


def _takes_from_reserve(state: str) -> Transition:
    return Transition(
        "reactivate",
        state,
        state,
        by=recruiter | hr_desk,
        form=FromReserve,
        guards=[again.waits_on_reserve, again.rated_by_the_same_words],
        effects=[following.take_from_reserve],
        title="take somebody from the reserve list",
    )


def _reinstates(state: str) -> tuple[Transition, ...]:
    return (
        Transition(
            "request_reinstatement",
            state,
            state,
            by=hr_partner | system,
            form=Plea,
            guards=[again.was_rejected, again.not_taken_up_yet, again.only_appeals_name_judges],
            effects=[following.keep_plea],
            title="ask for a reinstatement",
        ),
        Transition(
            "sign_reinstatement",
            state,
            state,
            by=hr_partner,
            form=Signature,
            guards=[again.signed_by_somebody_else, again.not_taken_up_yet],
            effects=[following.reinstate, following.drop_plea],
            title="sign a reinstatement",
        ),
        Transition(
            "refuse_reinstatement",
            state,
            state,
            by=hr_partner,
            form=Signature,
            guards=[again.plea_waits],
            effects=[following.drop_plea],
            title="refuse a reinstatement",
        ),
    )


selection = Workflow(
    name="recruitment.selection",
    ref="SEL",
    version=1,
    stage=Stage.SELECTION,
    title="selection",
    data=Selection,
    parent="recruitment.requisition",
    initial="designing",
    viewers=onlookers,
    participants=("chair", "assessor"),
    personal=("persons", "source", "sources", "cvs", "add", "remove", "pleas", "reason", "note"),
    states=[
        State("designing", due=days(5), tasks=(Task("Approve the interview plan", hr_partner),)),
        State("plan_approved", due=days(5), tasks=(Task("Advertise the vacancy", recruiter),)),
        State("open", tasks=(Task("Collect applications and close", recruiter),)),
        State("closed", due=days(5), tasks=(Task("Start the assessment", recruiter),)),
        State("assessing", tasks=()),
        State("amending", due=days(2), tasks=(Task("Approve or drop the amended plan", hr_partner),)),
        State("moderating", due=days(5), tasks=(Task("Decide the merit list", hr_desk),)),
        State("decided", tasks=(Task("Resolve the offers and complete", recruiter),)),
        State("completed", outcome=Outcome.SUCCESS),
        State("cancelled", outcome=Outcome.NEUTRAL),
    ],
    transitions=[
        Transition(
            "approve_plan",
            "designing",
            "plan_approved",
            by=hr_partner,
            four_eyes=("open", "design"),
            form=Remark,
            guards=[guards.plan_is_complete, guards.weights_have_a_reason],
            may_wait=True,
        ),
        Transition(
            "design",
            "designing",
            "designing",
            by=recruiter | chair,
            form=PlanChange,
            effects=[effects.change_plan],
            title="change the plan",
        ),
        *(_changes_panel(state) for state in BEFORE_ASSESSING),
        Transition(
            "advertise",
            "plan_approved",
            "open",
            by=recruiter | hr_desk,
            form=Advert,
            effects=[effects.set_closing_day],
        ),
        *(_shares(state) for state in LIVE),
        *(_adds_candidates(state) for state in ("open", "closed", "assessing")),
        Transition(
            "receive",
            "open",
            "open",
            by=system,
            form=Candidates,
            guards=[guards.apply_once],
            effects=[effects.open_applications],
            title="take in who applies from inside",
        ),
        Transition("close", "open", "closed", by=recruiter | hr_desk | system, title="close applications"),
        Transition(
            "start_assessing",
            "closed",
            "assessing",
            by=recruiter | hr_desk,
            guards=[
                guards.plan_is_complete,
                guards.weights_have_a_reason,
                guards.panel_is_complete,
                guards.somebody_to_assess,
            ],
            effects=[effects.begin_assessments],
            title="start assessing; the plan locks",
        ),
        Transition(
            "amend_plan",
            "assessing",
            "amending",
            by=recruiter | hr_desk,
            form=PlanChange,
            guards=[guards.amendment_has_reason],
            effects=[effects.propose_plan],
            title="propose an amended plan",
        ),
        Transition(
            "approve_amendment",
            "amending",
            "assessing",
            by=hr_partner,
            four_eyes=("amend_plan",),
            guards=[guards.amendment_waits, guards.weights_have_a_reason],
            effects=[effects.adopt_proposal],
        ),
        Transition(
            "drop_amendment", "amending", "assessing", by=recruiter | hr_desk, effects=[effects.drop_proposal]
        ),
        Transition(
            "start_moderation",
            "assessing",
            "moderating",
            by=chair,
            guards=[guards.everybody_is_assessed],
            title="start moderation",
        ),
        Transition(
            "assess_again", "moderating", "assessing", by=hr_desk, form=Because, title="go back to assessing"
        ),
        Transition(
            "decide",
            "moderating",
            "decided",
            by=hr_desk,
            four_eyes=("start_moderation",),
            form=Remark,
            guards=[guards.everybody_is_assessed, guards.no_override_waits],
            effects=[effects.list_by_merit],
        ),
        Transition(
            "take_on",
            "decided",
            "decided",
            by=system,
            form=Taken,
            effects=[vacancy_effects.pass_hire_on],
            title="count a hire",
        ),
        Transition(
            "complete",
            "decided",
            "completed",
            by=recruiter | hr_desk,
            guards=[guards.applications_resolved],
            effects=[vacancy_effects.complete_requisitions],
        ),
        *(_takes_from_reserve(state) for state in AFTER_ADVERT),
        *(each for state in AFTER_ADVERT for each in _reinstates(state)),
        Transition("cancel", LIVE, "cancelled", by=hr_desk, form=Because),
    ],
)
