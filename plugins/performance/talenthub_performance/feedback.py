"""Feedback: a few words on something seen, given soon after it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from talenthub.sdk import (
    SUBJECT_MANAGER,
    AddParticipant,
    Context,
    Intent,
    Outcome,
    Stage,
    State,
    Task,
    Transition,
    UpdateData,
    Verdict,
    Workflow,
    allow,
    days,
    effect,
    guard,
    of_form,
    participant,
    refuse,
    subject,
)
from talenthub_performance.cases import Feedback
from talenthub_performance.forms import FeedbackGiven, Remark

giver = participant("giver")


@guard()
def seen_lately(ctx: Context) -> Verdict:
    """It comes soon after what was seen."""
    form: FeedbackGiven | None = ctx.form
    sentence = f"Feedback comes within {ctx.settings.feedback_days} days of what was seen"
    if form is None:
        return allow(sentence)
    earliest = ctx.today - timedelta(days=ctx.settings.feedback_days)
    if earliest <= form.seen_on <= ctx.today:
        return allow(sentence)
    return of_form(refuse(sentence, f"found {form.seen_on}; allowed: {earliest} to {ctx.today}"))


@guard(facts=[SUBJECT_MANAGER])
def has_a_manager(ctx: Context) -> Verdict:
    """There is a manager to show it to."""
    sentence = "There is a manager to show it to"
    return refuse(sentence) if ctx.fact(SUBJECT_MANAGER) is None else allow(sentence)


@effect()
def keep(ctx: Context) -> Iterator[Intent]:
    """Keep what was seen."""
    form: FeedbackGiven = ctx.form
    yield UpdateData(form.model_dump(mode="json"))


@effect(facts=[SUBJECT_MANAGER])
def show_to_manager(ctx: Context) -> Iterator[Intent]:
    """Let the manager read it, as the person wishes."""
    manager = ctx.fact(SUBJECT_MANAGER)
    if manager is not None:
        yield AddParticipant("reader", manager)


feedback = Workflow(
    name="performance.feedback",
    ref="FBK",
    version=1,
    stage=Stage.PERFORMANCE,
    title="feedback",
    data=Feedback,
    initial="asked",
    open_by=giver | participant("asker") | subject,
    subject_sees="status",
    subject_sees_all_in=("given", "shared", "kept"),
    participants=("giver", "asker", "reader"),
    personal=("text", "question", "note"),
    states=[
        State("asked", due=days(14), tasks=(Task("Give the feedback you were asked for", giver),)),
        State("given", tasks=(Task("Read your feedback; show it to your manager or keep it", subject),)),
        State("shared", outcome=Outcome.SUCCESS),
        State("kept", outcome=Outcome.SUCCESS),
        State("declined", outcome=Outcome.NEUTRAL),
    ],
    transitions=[
        Transition(
            "give", "asked", "given", by=giver, form=FeedbackGiven, guards=[seen_lately], effects=[keep]
        ),
        Transition("decline", "asked", "declined", by=giver, form=Remark),
        Transition(
            "share",
            "given",
            "shared",
            by=subject,
            guards=[has_a_manager],
            effects=[show_to_manager],
            title="show it to the manager",
        ),
        Transition("keep", "given", "kept", by=subject, title="keep it to oneself"),
    ],
)
