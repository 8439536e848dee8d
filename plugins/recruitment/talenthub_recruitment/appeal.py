"""The appeal: a decision looked at again, by people who did not take it."""

from __future__ import annotations

from talenthub.sdk import Outcome, Stage, State, Task, Transition, Workflow, days, subject
from talenthub_recruitment import again, following
from talenthub_recruitment.cases import Appeal
from talenthub_recruitment.forms import Because, Remark
from talenthub_recruitment.relations import hr_desk, hr_partner, recruiter

MAKE_GOOD = Task("See it made good, then close", hr_partner)


def _finds(name: str, state: str) -> Transition:
    effects = [following.found(state)]
    if state != "dismissed":
        effects.append(following.ask_for_reinstatement)
    return Transition(
        name,
        "under_review",
        state,
        by=hr_partner,
        form=Because,
        guards=[again.had_no_hand_in_it],
        effects=effects,
    )


appeal = Workflow(
    name="recruitment.appeal",
    ref="APL",
    version=1,
    stage=Stage.SELECTION,
    title="appeal",
    data=Appeal,
    initial="lodged",
    open_by=subject | recruiter | hr_desk,
    viewers=hr_desk,
    subject_sees="all",
    personal=("grounds", "reason", "note"),
    states=[
        State("lodged", due=days(5), tasks=(Task("Say whether the appeal can be heard", hr_partner),)),
        State("admissible", due=days(5), tasks=(Task("Take up the review", hr_partner),)),
        State("under_review", due=days(20), tasks=(Task("Decide the appeal", hr_partner),)),
        State("upheld", due=days(5), tasks=(MAKE_GOOD,)),
        State(
            "partly",
            title="partly upheld",
            due=days(5),
            tasks=(MAKE_GOOD,),
        ),
        State("dismissed", due=days(5), tasks=(Task("Tell the person, then close", hr_partner),)),
        State("inadmissible", outcome=Outcome.FAILURE),
        State("closed", outcome=Outcome.NEUTRAL),
        State("withdrawn", outcome=Outcome.NEUTRAL),
    ],
    transitions=[
        Transition(
            "admit",
            "lodged",
            "admissible",
            by=hr_partner,
            guards=[again.had_no_hand_in_it, again.within_the_days],
            title="admit the appeal",
        ),
        Transition(
            "declare_inadmissible",
            "lodged",
            "inadmissible",
            by=hr_partner,
            form=Because,
            guards=[again.had_no_hand_in_it],
            effects=[following.found("inadmissible")],
        ),
        Transition("review", "admissible", "under_review", by=hr_partner, guards=[again.had_no_hand_in_it]),
        _finds("uphold", "upheld"),
        _finds("uphold_partly", "partly"),
        _finds("dismiss", "dismissed"),
        Transition("close", ["upheld", "partly", "dismissed"], "closed", by=hr_partner, form=Remark),
        Transition(
            "withdraw",
            ["lodged", "admissible", "under_review"],
            "withdrawn",
            by=subject | recruiter,
            form=Remark,
        ),
    ],
)
