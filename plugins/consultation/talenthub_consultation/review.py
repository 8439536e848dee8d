"""The review: one version of a framework, from draft to publication."""

from __future__ import annotations

from talenthub.sdk import Outcome, State, Task, Transition, Workflow, days, system
from talenthub_consultation.cases import Review
from talenthub_consultation.effects import (
    begin_round,
    end_round,
    keep_adjusted,
    keep_count,
    keep_decision,
    keep_signature,
    open_draft,
)
from talenthub_consultation.forms import Adjusted, Because, Decided, Signed
from talenthub_consultation.guards import (
    all_accepted,
    all_decided,
    checks_pass,
    everything_is_noted,
    groups_fit,
    notes_fit,
    rounds_are_left,
    sponsor_signed,
    version_is_in_force,
    words_are_the_accepted,
)
from talenthub_consultation.relations import auditor, head, officer, owner, sponsor

LIVE = ("draft", "in_review", "counting", "adjusting", "escalated", "accepted")

review = Workflow(
    name="consultation.review",
    ref="CNS",
    version=1,
    title="consultation",
    data=Review,
    initial="draft",
    open_by=officer | owner,
    viewers=officer | owner | sponsor | auditor,
    personal=("reason",),
    states=[
        State("draft", due=days(14), tasks=(Task("Invite the groups and open the first round", officer),)),
        State("in_review", tasks=()),
        State("counting", tasks=()),
        State("adjusting", due=days(14), tasks=(Task("Revise what was not accepted", officer),)),
        State("escalated", due=days(14), tasks=(Task("Decide what the rounds left open", sponsor),)),
        State("accepted", due=days(30), tasks=(Task("Sign and publish the framework", sponsor | owner),)),
        State("published", outcome=Outcome.SUCCESS),
        State("withdrawn", outcome=Outcome.NEUTRAL),
    ],
    transitions=[
        Transition(
            "submit",
            "draft",
            "in_review",
            by=head | officer,
            guards=[checks_pass, groups_fit],
            effects=[begin_round],
        ),
        Transition("close", "in_review", "counting", by=officer | owner | system, effects=[end_round]),
        Transition("count", "counting", "accepted", by=system, guards=[all_accepted], effects=[keep_count]),
        Transition(
            "count", "counting", "adjusting", by=system, guards=[rounds_are_left], effects=[keep_count]
        ),
        Transition("count", "counting", "escalated", by=system, effects=[keep_count]),
        Transition(
            "adjust",
            "adjusting",
            "adjusting",
            by=officer,
            form=Adjusted,
            guards=[notes_fit],
            effects=[keep_adjusted],
        ),
        Transition(
            "ask_again",
            "adjusting",
            "in_review",
            by=officer,
            guards=[checks_pass, groups_fit, everything_is_noted],
            effects=[begin_round],
        ),
        Transition(
            "decide",
            "escalated",
            "accepted",
            by=sponsor,
            form=Decided,
            guards=[notes_fit, all_decided],
            effects=[keep_decision],
        ),
        Transition(
            "decide",
            "escalated",
            "escalated",
            by=sponsor,
            form=Decided,
            guards=[notes_fit],
            effects=[keep_decision],
        ),
        Transition("sign", "accepted", "accepted", by=sponsor, form=Signed, effects=[keep_signature]),
        Transition(
            "publish",
            "accepted",
            "published",
            by=owner,
            guards=[sponsor_signed, words_are_the_accepted, version_is_in_force],
            four_eyes=("adjust",),
        ),
        Transition("withdraw", LIVE, "withdrawn", by=head, form=Because, effects=[open_draft]),
    ],
)
