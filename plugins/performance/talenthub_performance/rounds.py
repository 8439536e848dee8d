"""The round: answers from around one person, read in groups only."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import time, timedelta

from talenthub.sdk import (
    WORKDAYS,
    Context,
    FireCase,
    Intent,
    OpenCase,
    Outcome,
    SetTimer,
    Stage,
    State,
    Task,
    Transition,
    Verdict,
    Workflow,
    allow,
    days,
    effect,
    guard,
    of_form,
    plain,
    refuse,
    system,
)
from talenthub_performance.cases import Answering, Round
from talenthub_performance.forms import Answered, Because, Remark
from talenthub_performance.relations import auditor, hr, manager, rater
from talenthub_performance.review_guards import strange


@effect(facts=[WORKDAYS])
def ask_raters(ctx: Context) -> Iterator[Intent]:
    """Ask each rater, and close the round after its days."""
    data: Round = ctx.data
    for group, people in data.raters.items():
        for person in people:
            yield OpenCase(
                "performance.answer",
                subject=ctx.case.subject,
                data={"group": group, "measures": plain(data.measures)},
                participants={"rater": (person,)},
            )
    over = ctx.today + timedelta(days=ctx.settings.collecting_days)
    yield SetTimer("collected", ctx.fact(WORKDAYS).at(over, time(18)), "close")


@effect()
def hand_over(ctx: Context) -> Iterator[Intent]:
    """Have the review take over what each group said."""
    assert ctx.case.parent is not None, "a round belongs to a review"
    yield FireCase(ctx.case.parent, "take_answers", {"case": ctx.case.id}, if_possible=True)


@guard()
def answer_fits(ctx: Context) -> Verdict:
    """The answer is of what is asked, on its scale, and in the rater's group."""
    form: Answered | None = ctx.form
    data: Answering = ctx.data
    sentence = "The answer is of what is asked, on its scale and in the own group"
    if form is None:
        return allow(sentence)
    allowed = {each.competency: each.allowed for each in data.measures}
    faults = strange(list(form.ratings), list(allowed), "competency")
    faults += [
        f"{code}: found {value}; allowed: {', '.join(map(str, allowed[code]))}"
        for code, value in form.ratings.items()
        if code in allowed and value not in allowed[code]
    ]
    if form.group != data.group:
        faults.append(f"group: found {form.group!r}; allowed: {data.group}")
    return of_form(refuse(sentence, *faults)) if faults else allow(sentence)


round_ = Workflow(
    name="performance.round",
    ref="RND",
    version=1,
    stage=Stage.PERFORMANCE,
    title="round",
    data=Round,
    parent="performance.review",
    initial="nominated",
    viewers=hr | auditor,
    subject_sees="status",
    participants=("manager",),
    personal=("raters", "reason"),
    states=[
        State("nominated", due=days(5), tasks=(Task("Approve who is asked", manager),)),
        State("collecting", tasks=()),
        State("collected", outcome=Outcome.SUCCESS),
        State("cancelled", outcome=Outcome.NEUTRAL),
    ],
    transitions=[
        Transition("approve", "nominated", "collecting", by=manager | hr, effects=[ask_raters]),
        Transition(
            "close",
            "collecting",
            "collected",
            by=manager | hr | system,
            effects=[hand_over],
            locks=("parent",),
        ),
        Transition("cancel", ["nominated", "collecting"], "cancelled", by=manager | hr, form=Because),
    ],
)

answer = Workflow(
    name="performance.answer",
    ref="ANS",
    version=1,
    stage=Stage.PERFORMANCE,
    title="answer",
    data=Answering,
    parent="performance.round",
    initial="asked",
    # Nobody but the rater: who has answered when would narrow down who said what.
    subject_sees="nothing",
    participants=("rater",),
    confidential=True,
    personal=("ratings", "note"),
    states=[
        State("asked", due=days(14), tasks=(Task("Say how you see the work; nobody reads it alone", rater),)),
        State("answered", outcome=Outcome.SUCCESS),
        State("declined", outcome=Outcome.NEUTRAL),
    ],
    transitions=[
        Transition(
            "answer",
            "asked",
            "answered",
            by=rater,
            form=Answered,
            guards=[answer_fits],
            sealed=True,
        ),
        Transition("decline", "asked", "declined", by=rater, form=Remark),
    ],
)
