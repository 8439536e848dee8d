"""The cycle: a period over a population, whose cases are its reviews."""

from __future__ import annotations

from collections.abc import Iterator

from talenthub.sdk import (
    Context,
    Detail,
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
    effect,
    guard,
    refuse,
)
from talenthub_performance.cases import Cycle
from talenthub_performance.checking import check
from talenthub_performance.facts import POPULATION, REVIEWS
from talenthub_performance.forms import Because, Launch, LeaveOut
from talenthub_performance.pulse import open_pulses, somebody_can_be_asked
from talenthub_performance.relations import auditor, hr, hr_desk

LISTED = 20
"""So many faults stand in a verdict; the command lists them all."""


@guard(facts=[POPULATION])
def data_is_sound(ctx: Context) -> Verdict:
    """Everybody covered has a role and a manager and is long enough here."""
    found = check(ctx.case.ref, ctx.data, ctx.fact(POPULATION), ctx.settings)
    sentence = "Everybody covered has a role, a manager and enough days, or is left out"
    if not found.ready:
        return refuse(sentence, "there is nobody to review")
    form: Launch | None = ctx.form
    if not found.faults or (form is not None and form.leave_out_faulty):
        return allow(sentence, f"{len(found.ready)} to review")
    listed = [Detail(f"{each.handle}: {each.what}", ctx.case.id) for each in found.faults[:LISTED]]
    if len(found.faults) > LISTED:
        listed.append(Detail(f"and {len(found.faults) - LISTED} more", ctx.case.id))
    return refuse(sentence, *listed, mend=f"talent performance cycle check {ctx.case.ref}")


@guard()
def asks_for_ratings(ctx: Context) -> Verdict:
    """The cycle asks for ratings: without them nothing is calibrated."""
    sentence = "The cycle asks for ratings"
    mend = f"talent performance cycle release {ctx.case.ref}"
    return allow(sentence) if ctx.data.rated else refuse(sentence, "conversations come first here", mend=mend)


@guard(facts=[REVIEWS])
def no_review_is_live(ctx: Context) -> Verdict:
    """Every review has come to its end."""
    live = [each for each in ctx.fact(REVIEWS) if each.is_open]
    sentence = "No review is open any more"
    if not live:
        return allow(sentence)
    listed = [Detail(f"{each.ref}: {each.state.replace('_', ' ')}", each.id) for each in live[:LISTED]]
    mend = f"talent performance cycle status {ctx.case.ref}"
    return refuse(sentence, f"{len(live)} are open", *listed, mend=mend)


@effect()
def leave_out(ctx: Context) -> Iterator[Intent]:
    """Keep who is not reviewed, and why."""
    form: LeaveOut = ctx.form
    yield UpdateData({"left_out": {**ctx.data.left_out, **dict.fromkeys(form.persons, form.reason)}})


@effect(facts=[POPULATION])
def freeze_population(ctx: Context) -> Iterator[Intent]:
    """Leave out whom the data check found faults with, if that was asked for."""
    found = check(ctx.case.ref, ctx.data, ctx.fact(POPULATION), ctx.settings)
    if found.faults:
        reasons = {each.person: each.what for each in found.faults}
        yield UpdateData({"left_out": {**ctx.data.left_out, **reasons}})


cycle = Workflow(
    name="performance.cycle",
    ref="CYC",
    version=1,
    stage=Stage.PERFORMANCE,
    title="cycle",
    data=Cycle,
    initial="draft",
    open_by=hr,
    viewers=hr_desk | auditor,
    personal=("left_out", "reason", "persons"),
    states=[
        State("draft", tasks=(Task("Check the data and launch the cycle", hr),)),
        State("open", tasks=()),
        State("reviewing", tasks=()),
        State("calibrating", tasks=()),
        State("releasing", tasks=()),
        State("closed", outcome=Outcome.SUCCESS),
        State("cancelled", outcome=Outcome.NEUTRAL),
    ],
    transitions=[
        Transition("leave_out", "draft", "draft", by=hr, form=LeaveOut, effects=[leave_out]),
        Transition(
            "launch",
            "draft",
            "open",
            by=hr,
            form=Launch,
            guards=[data_is_sound],
            effects=[freeze_population],
        ),
        *(
            Transition(
                "ask_pulse",
                state,
                state,
                by=hr,
                guards=[somebody_can_be_asked],
                effects=[open_pulses],
                title="ask how the conversations are",
            )
            for state in ("open", "reviewing", "calibrating", "releasing")
        ),
        Transition("start_reviewing", "open", "reviewing", by=hr, title="ask for the reviews"),
        Transition("start_calibrating", "reviewing", "calibrating", by=hr, guards=[asks_for_ratings]),
        Transition("start_releasing", ["reviewing", "calibrating"], "releasing", by=hr),
        Transition("close", "releasing", "closed", by=hr, guards=[no_review_is_live]),
        Transition(
            "cancel",
            ["draft", "open", "reviewing", "calibrating", "releasing"],
            "cancelled",
            by=hr,
            form=Because,
        ),
    ],
)
