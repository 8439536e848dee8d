"""The reserve: somebody found able who waits for a post of the same role.

It stands by itself: the selection it comes from may be completed.
"""

from __future__ import annotations

from talenthub.sdk import Outcome, Stage, State, Transition, Workflow, subject, system
from talenthub_recruitment import following
from talenthub_recruitment.cases import Reserved
from talenthub_recruitment.forms import Remark
from talenthub_recruitment.relations import onlookers, recruiter

reserve = Workflow(
    name="recruitment.reserve",
    ref="RES",
    version=1,
    stage=Stage.SELECTION,
    title="place on the reserve list",
    data=Reserved,
    initial="waiting",
    opening=[following.wait_until],
    viewers=onlookers,
    subject_sees="status",
    personal=("consensus", "override", "source", "note"),
    states=[
        State("waiting", tasks=()),
        State("taken", title="carried on elsewhere", outcome=Outcome.SUCCESS),
        State("expired", outcome=Outcome.NEUTRAL),
        State("withdrawn", outcome=Outcome.NEUTRAL),
    ],
    transitions=[
        Transition("take", "waiting", "taken", by=system, effects=[following.ends("move_on")]),
        Transition("expire", "waiting", "expired", by=system, effects=[following.ends("expire")]),
        Transition(
            "withdraw",
            "waiting",
            "withdrawn",
            by=subject | recruiter,
            form=Remark,
            effects=[following.ends("expire")],
        ),
    ],
)
