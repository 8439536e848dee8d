"""The ballot: what one voter says in one consultation, round by round."""

from __future__ import annotations

from talenthub.sdk import Outcome, State, Task, Transition, Workflow, days, system
from talenthub_consultation.cases import Ballot
from talenthub_consultation.effects import keep_release, keep_votes, remind_in_time
from talenthub_consultation.forms import Asked, Because, Voted
from talenthub_consultation.guards import nothing_is_left, votes_fit
from talenthub_consultation.relations import auditor, facilitator, officer, voter

ballot = Workflow(
    name="consultation.ballot",
    ref="BAL",
    version=1,
    data=Ballot,
    parent="consultation.review",
    initial="waiting",
    open_by=officer,
    viewers=officer | auditor,
    participants=("voter", "facilitator"),
    personal=("votes", "sortings", "reason"),
    states=[
        State("waiting", tasks=()),
        State("open", due=days(21), tasks=(Task("Vote on the framework", voter),)),
        State("voted", tasks=()),
        State("released", outcome=Outcome.NEUTRAL),
    ],
    transitions=[
        Transition("ask", "waiting", "open", by=system, form=Asked, effects=[remind_in_time]),
        Transition(
            "vote",
            ["open", "voted"],
            "voted",
            by=voter | facilitator | officer,
            form=Voted,
            guards=[votes_fit, nothing_is_left],
            effects=[keep_votes],
        ),
        Transition(
            "vote",
            "open",
            "open",
            by=voter | facilitator | officer,
            form=Voted,
            guards=[votes_fit],
            effects=[keep_votes],
        ),
        Transition("rest", ["open", "voted"], "waiting", by=system),
        Transition(
            "release",
            ["waiting", "open", "voted"],
            "released",
            by=officer | facilitator,
            form=Because,
            effects=[keep_release],
            title="let go",
        ),
    ],
)
