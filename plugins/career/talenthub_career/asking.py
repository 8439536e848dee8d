"""The question to colleagues: pulse or ratings, read together only."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

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
    manager_of,
    subject,
    system,
)
from talenthub_career.cases import Answering, Asking
from talenthub_career.forms import Answered, Because
from talenthub_career.judging import strange, typed
from talenthub_career.relations import auditor, colleague, hr_desk

owners = subject | manager_of(subject)


@effect(facts=[WORKDAYS])
def ask_each(ctx: Context) -> Iterator[Intent]:
    """Ask each colleague, and close the question after its days."""
    data: Asking = ctx.data
    for person in data.people:
        yield OpenCase(
            "career.answer",
            subject=ctx.case.subject,
            data={"kind": data.kind, "measures": [each.model_dump(mode="json") for each in data.measures]},
            participants={"colleague": (person,)},
        )
    over = ctx.today + timedelta(days=ctx.settings.asking_days)
    yield SetTimer("close", ctx.fact(WORKDAYS).end_of(over), "close")


@effect()
def hand_over(ctx: Context) -> Iterator[Intent]:
    """Have the plan take over what was said together."""
    assert ctx.case.parent is not None, "a question belongs to a plan"
    if ctx.data.kind == "pulse":
        yield FireCase(ctx.case.parent, "take_pulse", {"case": ctx.case.id}, if_possible=True)
    else:
        yield FireCase(ctx.case.parent, "settle", if_possible=True)


@guard()
def answer_fits(ctx: Context) -> Verdict:
    """The answer is to what was asked, and on its scale."""
    form: Answered | None = ctx.form
    data: Answering = ctx.data
    sentence = "The answer is to what was asked, and on its scale"
    if form is None:
        return allow(sentence)
    if data.kind == "pulse":
        asked = form.change is not None and not form.ratings
        return typed(sentence, [] if asked else ["change: found none; allowed: -3 to 3, and no ratings"])
    allowed = {each.competency: each.allowed for each in data.measures}
    faults = strange(form.ratings, list(allowed), "competency")
    faults += [f"{code}: not rated" for code in allowed if code not in form.ratings]
    faults += [
        f"{code}: found {value}; allowed: {', '.join(map(str, allowed[code]))}"
        for code, value in form.ratings.items()
        if code in allowed and value not in allowed[code]
    ]
    return typed(sentence, faults)


asking = Workflow(
    name="career.asking",
    ref="ASK",
    version=1,
    stage=Stage.CAREER,
    title="question",
    data=Asking,
    parent="career.plan",
    initial="collecting",
    viewers=owners | hr_desk | auditor,
    subject_sees="status",
    personal=("people", "reason"),
    opening=[ask_each],
    states=[
        State("collecting", tasks=()),
        State("closed", outcome=Outcome.SUCCESS),
        State("cancelled", outcome=Outcome.NEUTRAL),
    ],
    transitions=[
        Transition(
            "close",
            "collecting",
            "closed",
            by=owners | system,
            effects=[hand_over],
            locks=("parent",),
        ),
        Transition("cancel", "collecting", "cancelled", by=owners | hr_desk, form=Because),
    ],
)

answer = Workflow(
    name="career.answer",
    ref="ANW",
    version=1,
    stage=Stage.CAREER,
    title="answer",
    data=Answering,
    parent="career.asking",
    initial="asked",
    # Nobody but the colleague: who has answered when would narrow down who said what.
    subject_sees="nothing",
    participants=("colleague",),
    confidential=True,
    personal=("ratings", "change"),
    states=[
        State("asked", due=days(14), tasks=(Task("Say what you see; nobody reads it alone", colleague),)),
        State("answered", outcome=Outcome.SUCCESS),
        State("declined", outcome=Outcome.NEUTRAL),
    ],
    transitions=[
        Transition(
            "answer",
            "asked",
            "answered",
            by=colleague,
            form=Answered,
            guards=[answer_fits],
            sealed=True,
        ),
        Transition("decline", "asked", "declined", by=colleague),
    ],
)
