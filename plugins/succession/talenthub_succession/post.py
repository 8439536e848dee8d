"""The critical post: bound to the post, whoever sits there."""

from __future__ import annotations

from talenthub.sdk import Outcome, Stage, State, Task, Transition, Workflow, days, system
from talenthub_succession.cases import CriticalPost
from talenthub_succession.effects import keep_designation
from talenthub_succession.forms import Because, Designated
from talenthub_succession.relations import auditor, hr, owner

post = Workflow(
    name="succession.post",
    ref="CRP",
    version=1,
    stage=Stage.SUCCESSION,
    title="critical post",
    data=CriticalPost,
    initial="identified",
    open_by=hr,
    viewers=hr | auditor,
    subject_sees="nothing",
    participants=("owner",),
    confidential=True,
    personal=("reason",),
    states=[
        State("identified", due=days(14), tasks=(Task("Say how much depends on the post", hr | owner),)),
        State("designated", tasks=()),
        State("review_due", due=days(14), tasks=(Task("Review the critical post", hr | owner),)),
        State("removed", outcome=Outcome.NEUTRAL, afterwards="talent succession post add POST"),
    ],
    transitions=[
        Transition(
            "designate",
            "identified",
            "designated",
            by=hr | owner,
            form=Designated,
            effects=[keep_designation],
        ),
        Transition("call_review", "designated", "review_due", by=system),
        Transition(
            "review",
            ["designated", "review_due"],
            "designated",
            by=hr | owner,
            form=Designated,
            effects=[keep_designation],
        ),
        Transition("remove", ["identified", "designated", "review_due"], "removed", by=hr, form=Because),
    ],
)
