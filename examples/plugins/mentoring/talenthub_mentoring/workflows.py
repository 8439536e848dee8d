"""The workflows: a programme, and the relationship of each pair in it."""

from __future__ import annotations

from talenthub.sdk import (
    Outcome,
    Stage,
    State,
    Timer,
    Transition,
    Workflow,
    days,
    holds,
    participant,
    subject,
    system,
)
from talenthub_mentoring import effects, guards
from talenthub_mentoring.cases import PROGRAMME, RELATIONSHIP, Programme, Relationship
from talenthub_mentoring.forms import Because, Contract, Joining, Note, Pairs, Reflection

organiser = holds("hr_officer") | holds("hr_partner") | holds("hr_head")
mentor = participant("mentor")
either = subject | mentor

JOINING = ("mentor_signup", "mentee_signup", "matching", "running")
"""Who comes late may still join, as long as the programme runs."""
LIVE = ("proposed", "half_accepted", "accepted", "contracted", "running", "closing")

programme = Workflow(
    name=PROGRAMME,
    ref="MPR",
    version=1,
    stage=Stage.LEARNING,
    title="mentoring programme",
    data=Programme,
    initial="draft",
    open_by=organiser,
    viewers=organiser,
    participants=("mentor", "mentee"),
    personal=("person", "pairs", "reason"),
    states=[
        State("draft"),
        State("confirmed"),
        State("mentor_signup"),
        State("mentee_signup"),
        State("matching", due=days(14)),
        State("running"),
        State("evaluating", due=days(30)),
        State("finished", outcome=Outcome.SUCCESS),
        State("cancelled", outcome=Outcome.NEUTRAL),
    ],
    transitions=[
        Transition("confirm", "draft", "confirmed", by=organiser),
        Transition("ask_mentors", "confirmed", "mentor_signup", by=organiser),
        Transition(
            "ask_mentees", "mentor_signup", "mentee_signup", by=organiser, guards=[guards.has_mentors]
        ),
        Transition("match", "mentee_signup", "matching", by=organiser),
        *(
            Transition(
                f"add_{role}",
                state,
                state,
                by=organiser,
                form=Joining,
                guards=[guards.joins_once],
                effects=[added],
                title=f"let a {role} join",
            )
            for role, added in (("mentor", effects.add_mentor), ("mentee", effects.add_mentee))
            for state in JOINING
            if (role, state) != ("mentee", "mentor_signup")
        ),
        *(
            Transition(
                "propose",
                state,
                state,
                by=organiser,
                form=Pairs,
                guards=[guards.pairs_are_free],
                effects=[effects.open_pairs],
            )
            for state in ("matching", "running")
        ),
        Transition("start", "matching", "running", by=organiser, guards=[guards.pairs_run]),
        Transition("evaluate", "running", "evaluating", by=organiser, guards=[guards.pairs_ended]),
        Transition("finish", "evaluating", "finished", by=organiser),
        Transition("cancel", ["draft", "confirmed", *JOINING], "cancelled", by=organiser, form=Because),
    ],
)

relationship = Workflow(
    name=RELATIONSHIP,
    ref="MEN",
    version=1,
    stage=Stage.LEARNING,
    title="mentoring relationship",
    data=Relationship,
    initial="proposed",
    parent=PROGRAMME,
    # Nobody views it: what the two write is for the two.
    subject_sees="all",
    participants=("mentor",),
    personal=("goals", "confidentiality", "note", "learned", "reason"),
    states=[
        State("proposed", due=days(7), timers=(Timer("unanswered", days(14), fires="expire"),)),
        State("half_accepted", due=days(7), timers=(Timer("unanswered", days(14), fires="expire"),)),
        State("accepted", due=days(14)),
        State("contracted", due=days(14)),
        State("running"),
        State("closing", due=days(14)),
        State("ended", outcome=Outcome.SUCCESS),
        State("ended_early", outcome=Outcome.NEUTRAL),
    ],
    transitions=[
        Transition("accept", "proposed", "half_accepted", by=either),
        Transition("accept", "half_accepted", "accepted", by=either, four_eyes=("accept",)),
        Transition(
            "contract",
            "accepted",
            "contracted",
            by=subject,
            form=Contract,
            effects=[effects.keep_contract],
            title="agree on goals and confidentiality",
        ),
        Transition("begin", "contracted", "running", by=mentor),
        Transition("note", "running", "running", by=either, form=Note, title="write a note"),
        Transition("wind_up", "running", "closing", by=either),
        Transition("end", "closing", "ended", by=subject, form=Reflection),
        Transition("leave", LIVE, "ended_early", by=subject, title="leave, without a reason"),
        Transition("step_down", LIVE, "ended_early", by=mentor, form=Because),
        Transition("expire", ["proposed", "half_accepted"], "ended_early", by=system),
        Transition("part", LIVE, "ended_early", by=system, title="end because somebody left"),
    ],
)
