"""The conversation: person and manager, once a month, about the work."""

from __future__ import annotations

from collections.abc import Iterator

from talenthub.sdk import (
    PARENT,
    CaseView,
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
    plain,
    refuse,
    subject,
)
from talenthub_performance.cases import Action, Conversation
from talenthub_performance.facts import OTHER_CONVERSATIONS
from talenthub_performance.forms import Agenda, Because, Held
from talenthub_performance.missing import keep_reason, nudge_later
from talenthub_performance.relations import manager
from talenthub_performance.review_guards import strange

either = subject | manager


def open_actions(conversations: tuple[CaseView, ...], own: int) -> dict[str, Action]:
    """Return the actions that earlier conversations left open, by key."""
    held = [each for each in conversations if each.id != own and each.data.held_on is not None]
    found: dict[str, Action] = {}
    for each in sorted(held, key=lambda case: (case.data.held_on, case.id)):
        # The later one says how it stands: an action is carried on with its key.
        found |= {action.key: action for action in each.data.actions}
    return {key: each for key, each in found.items() if not each.done}


@guard()
def other_has_prepared(ctx: Context) -> Verdict:
    """The other one has prepared, so both have."""
    others = set(ctx.data.prepared_by) - ctx.actor.identities
    sentence = "The other one has prepared as well"
    return allow(sentence) if others else refuse(sentence)


@guard()
def nobody_else_has_prepared(ctx: Context) -> Verdict:
    """The other one has still to prepare."""
    others = set(ctx.data.prepared_by) - ctx.actor.identities
    sentence = "The other one has still to prepare"
    return refuse(sentence) if others else allow(sentence)


@guard(facts=[PARENT])
def rating_is_wanted(ctx: Context) -> Verdict:
    """It is rated only where the cycle asks for ratings."""
    form: Held | None = ctx.form
    review = ctx.fact(PARENT)
    sentence = "It is rated only where the cycle asks for ratings"
    if form is None or form.rating is None or review is None or review.data.rated:
        return allow(sentence)
    return of_form(refuse(sentence, "conversations come first here: leave the rating out"))


@guard(facts=[OTHER_CONVERSATIONS])
def record_fits(ctx: Context) -> Verdict:
    """It was held on a day that is past; what is done was open."""
    form: Held | None = ctx.form
    sentence = "It was held by today, and what is done was open"
    if form is None:
        return allow(sentence)
    known = list(open_actions(ctx.fact(OTHER_CONVERSATIONS), ctx.case.id))
    faults = strange(list(form.done), known, "open action")
    if form.held_on is not None and form.held_on > ctx.today:
        faults.append(f"{form.held_on} is still to come")
    return of_form(refuse(sentence, *faults)) if faults else allow(sentence)


@guard()
def recorded_by_the_other(ctx: Context) -> Verdict:
    """Who wrote the record down does not agree to it alone."""
    sentence = "The other one agrees to the record"
    return (
        refuse(sentence, "you wrote it")
        if set(ctx.data.agreed_by) & ctx.actor.identities
        else allow(sentence)
    )


@effect()
def keep_agenda(ctx: Context) -> Iterator[Intent]:
    """Keep what somebody brings."""
    data: Conversation = ctx.data
    assert ctx.actor.person is not None, "only a person prepares"
    yield UpdateData(
        {
            "prepared_by": sorted({*data.prepared_by, ctx.actor.person}),
            "agenda": {**data.agenda, ctx.actor.person: ctx.form.note},
        }
    )


@effect(facts=[OTHER_CONVERSATIONS])
def keep_record(ctx: Context) -> Iterator[Intent]:
    """Keep what was said, and carry over the actions that are still open."""
    form: Held = ctx.form
    carried = open_actions(ctx.fact(OTHER_CONVERSATIONS), ctx.case.id)
    actions = [each.model_copy(update={"done": key in form.done}) for key, each in sorted(carried.items())]
    actions += [
        Action(key=f"{ctx.case.ref}.{number}", title=each.title, owner=each.owner)
        for number, each in enumerate(form.actions, 1)
    ]
    topics = {name: getattr(form, name) for name in ("going_well", "in_the_way", "growth", "next")}
    yield UpdateData(
        {
            "held_on": (form.held_on or ctx.today).isoformat(),
            "topics": {name: text for name, text in topics.items() if text},
            "actions": plain(actions),
            "rating": None if form.rating is None else str(form.rating),
            "agreed_by": [] if ctx.actor.person is None else [ctx.actor.person],
        }
    )


@effect()
def keep_agreement(ctx: Context) -> Iterator[Intent]:
    """Keep who agreed to the record."""
    yield UpdateData({"agreed_by": sorted({*ctx.data.agreed_by, *filter(None, [ctx.actor.person])})})


conversation = Workflow(
    name="performance.conversation",
    ref="CON",
    version=1,
    stage=Stage.PERFORMANCE,
    title="conversation",
    data=Conversation,
    parent="performance.review",
    initial="scheduled",
    subject_sees="all",
    participants=("manager",),
    personal=("topics", "agenda", "actions", "rating", "missed", "note", "reason"),
    opening=[nudge_later],
    states=[
        State("scheduled", tasks=(Task("Prepare the conversation", either),)),
        State("prepared", tasks=(Task("Hold the conversation and write it down", manager),)),
        State("held", due=days(5), tasks=(Task("Agree to the record", either),)),
        State("agreed", outcome=Outcome.SUCCESS),
        State(
            "missed", outcome=Outcome.NEUTRAL, afterwards="talent performance conversation schedule REVIEW"
        ),
    ],
    transitions=[
        Transition(
            "prepare",
            ["scheduled", "prepared"],
            "prepared",
            by=either,
            form=Agenda,
            guards=[other_has_prepared],
            effects=[keep_agenda, nudge_later],
        ),
        Transition(
            "prepare",
            "scheduled",
            "scheduled",
            by=either,
            form=Agenda,
            guards=[nobody_else_has_prepared],
            effects=[keep_agenda],
        ),
        Transition(
            "hold",
            ["scheduled", "prepared", "held"],
            "held",
            by=either,
            form=Held,
            guards=[record_fits, rating_is_wanted],
            effects=[keep_record],
        ),
        Transition(
            "agree",
            "held",
            "agreed",
            by=either,
            guards=[recorded_by_the_other],
            effects=[keep_agreement],
        ),
        Transition(
            "miss", ["scheduled", "prepared"], "missed", by=either, form=Because, effects=[keep_reason]
        ),
    ],
)
