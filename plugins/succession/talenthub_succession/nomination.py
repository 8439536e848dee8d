"""The nomination: one person, one post or role, one purpose."""

from __future__ import annotations

from talenthub.sdk import (
    Outcome,
    Stage,
    State,
    Task,
    Transition,
    Workflow,
    days,
    manager_of,
    subject,
    system,
)
from talenthub_succession.cases import Nomination
from talenthub_succession.effects import (
    keep_assessment,
    keep_nomination,
    keep_vote,
    score_anew,
    seat_board,
    set_validity,
)
from talenthub_succession.forms import Because, Called, Discussed, Submitted, Voted
from talenthub_succession.guards import (
    assessment_is_fresh,
    board_fits,
    evidence_covers,
    holds_the_post,
    levels_are_known,
    most_say_yes,
    no_twin,
    not_assessed_today,
    quorum_is_met,
    readiness_is_argued,
    reasons_fit,
)
from talenthub_succession.relations import auditor, board, head, hr, nominator, owner

ASSESSED = ("reviewed", "at_board", "approved", "active")
LIVE = ("draft", "submitted", "evidenced", *ASSESSED)
ARGUED = (evidence_covers, levels_are_known, readiness_is_argued)

nomination = Workflow(
    name="succession.nomination",
    ref="NOM",
    version=1,
    stage=Stage.SUCCESSION,
    title="nomination",
    data=Nomination,
    parent="succession.post",
    initial="draft",
    open_by=hr | manager_of(subject),
    viewers=hr | auditor,
    # Not even that it exists: nobody learns from here that they are on a list.
    subject_sees="nothing",
    participants=("nominator", "owner", "board"),
    confidential=True,
    personal=("rationale", "competencies", "reference", "assessments", "votes", "reason"),
    states=[
        State("draft", due=days(14), tasks=(Task("Say why, and submit the nomination", nominator | hr),)),
        State("submitted", due=days(14), tasks=(Task("Check the evidence", hr),)),
        State("evidenced", due=days(21), tasks=(Task("Talk about the readiness", hr),)),
        State("reviewed", due=days(14), tasks=(Task("Call the board", hr),)),
        State("at_board", due=days(14), tasks=(Task("Vote on the nomination", board),)),
        State("approved", due=days(14), tasks=(Task("Put the nomination in force", hr),)),
        State("active", tasks=()),
        State("appointed", outcome=Outcome.SUCCESS),
        State("rejected", outcome=Outcome.FAILURE, afterwards="talent succession nominate PERSON"),
        State("withdrawn", outcome=Outcome.NEUTRAL, afterwards="talent succession nominate PERSON"),
        State("expired", outcome=Outcome.NEUTRAL, afterwards="talent succession nominate PERSON"),
    ],
    transitions=[
        Transition(
            "submit",
            "draft",
            "submitted",
            by=nominator | hr,
            form=Submitted,
            guards=[reasons_fit],
            effects=[keep_nomination],
        ),
        Transition("give_back", "submitted", "draft", by=hr, form=Because),
        Transition("check", "submitted", "evidenced", by=hr, guards=[evidence_covers, no_twin]),
        Transition(
            "discuss",
            "evidenced",
            "reviewed",
            by=hr,
            form=Discussed,
            guards=ARGUED,
            effects=[keep_assessment],
        ),
        Transition(
            "call_board",
            ["reviewed", "at_board"],
            "at_board",
            by=hr,
            form=Called,
            guards=[board_fits],
            effects=[seat_board],
        ),
        Transition(
            "vote",
            "at_board",
            "at_board",
            by=board,
            form=Voted,
            effects=[keep_vote],
            four_eyes=("submit",),
        ),
        Transition(
            "approve",
            "at_board",
            "approved",
            by=board | head,
            guards=[quorum_is_met, most_say_yes],
            four_eyes=("submit", "discuss"),
        ),
        Transition(
            "reject",
            "at_board",
            "rejected",
            by=board | head,
            form=Because,
            guards=[quorum_is_met],
            four_eyes=("submit", "discuss"),
        ),
        Transition(
            "activate", "approved", "active", by=hr, guards=[assessment_is_fresh], effects=[set_validity]
        ),
        Transition(
            "revalidate",
            "active",
            "active",
            by=hr | owner,
            form=Discussed,
            guards=ARGUED,
            effects=[keep_assessment, set_validity],
        ),
        *(
            Transition(
                "rescore",
                state,
                state,
                by=system,
                guards=[not_assessed_today],
                effects=[score_anew],
                title="score anew",
            )
            for state in ASSESSED
        ),
        Transition("expire", "active", "expired", by=system),
        Transition("appoint", "active", "appointed", by=hr, guards=[holds_the_post]),
        Transition("withdraw", LIVE, "withdrawn", by=hr | nominator, form=Because),
        Transition("lapse", LIVE, "withdrawn", by=system, title="lapse as the person left"),
    ],
)
