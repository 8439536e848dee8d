"""The aspiration: how far somebody wants to go; theirs alone until shared."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from talenthub.sdk import (
    WORKDAYS,
    AddParticipant,
    CancelTimer,
    Context,
    Intent,
    Outcome,
    RemoveParticipant,
    SetTimer,
    Stage,
    State,
    Transition,
    UpdateData,
    Verdict,
    Workflow,
    allow,
    effect,
    guard,
    subject,
    system,
)
from talenthub_career.cases import Aspiration
from talenthub_career.forms import Hope, Sharing
from talenthub_career.judging import typed


@guard()
def shared_with_others(ctx: Context) -> Verdict:
    """It is shared with others, until a day to come."""
    form: Sharing | None = ctx.form
    sentence = "It is shared with others, until a day to come"
    if form is None:
        return allow(sentence)
    faults = ["it is yours already"] if ctx.case.subject in form.people else []
    faults += [f"{form.until} is past"] if form.until < ctx.today else []
    return typed(sentence, faults)


@guard()
def sharing_is_over(ctx: Context) -> Verdict:
    """The day until which it was shared is past."""
    until = ctx.data.until
    sentence = "The day until which it was shared is past"
    return allow(sentence) if until is not None and ctx.today > until else refuse_still(sentence)


def refuse_still(sentence: str) -> Verdict:
    """Return the refusal of what is still shared."""
    return typed(sentence, ["it is still shared"])


@effect()
def keep_hope(ctx: Context) -> Iterator[Intent]:
    """Keep what the person says now."""
    form: Hope = ctx.form
    told = form.model_dump(mode="json")
    yield UpdateData({name: value for name, value in told.items() if value})


@effect(facts=[WORKDAYS])
def share(ctx: Context) -> Iterator[Intent]:
    """Let these people read it, and nobody else, until the day."""
    form: Sharing = ctx.form
    for person in ctx.case.people("confidant"):
        if person not in form.people:
            yield RemoveParticipant("confidant", person)
    for person in form.people:
        yield AddParticipant("confidant", person)
    yield UpdateData({"until": form.until.isoformat()})
    yield CancelTimer("expire")
    yield SetTimer("expire", ctx.fact(WORKDAYS).start_of(form.until + timedelta(days=1)), "expire")


@effect()
def hide(ctx: Context) -> Iterator[Intent]:
    """Let nobody read it any more."""
    for person in ctx.case.people("confidant"):
        yield RemoveParticipant("confidant", person)
    yield UpdateData({"until": None})
    yield CancelTimer("expire")


aspiration = Workflow(
    name="career.aspiration",
    ref="ASP",
    version=1,
    stage=Stage.CAREER,
    title="aspiration",
    data=Aspiration,
    initial="private",
    open_by=subject,
    subject_sees="all",
    participants=("confidant",),
    # Not even that there is one: numbers that count would tell.
    confidential=True,
    personal=("reach", "role", "words"),
    states=[
        State("private", tasks=()),
        State("shared", tasks=()),
        State("dropped", outcome=Outcome.NEUTRAL, afterwards="talent career aspire say"),
    ],
    transitions=[
        *(
            Transition("say", state, state, by=subject, form=Hope, effects=[keep_hope], title="say it anew")
            for state in ("private", "shared")
        ),
        Transition(
            "share",
            ["private", "shared"],
            "shared",
            by=subject,
            form=Sharing,
            guards=[shared_with_others],
            effects=[share],
        ),
        Transition("revoke", "shared", "private", by=subject, effects=[hide], title="take it back"),
        Transition(
            "expire",
            "shared",
            "private",
            by=system,
            guards=[sharing_is_over],
            effects=[hide],
        ),
        Transition("drop", ["private", "shared"], "dropped", by=subject, effects=[hide]),
    ],
)
