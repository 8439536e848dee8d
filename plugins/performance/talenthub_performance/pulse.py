"""The pulse: how people find the conversations with their manager."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta

from talenthub.sdk import (
    WORKDAYS,
    Context,
    Intent,
    NoData,
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
    refuse,
    system,
)
from talenthub_performance.cases import Pulse
from talenthub_performance.facts import PULSES, TALKED
from talenthub_performance.forms import Because, Pulsed
from talenthub_performance.relations import auditor, employee, hr


def _to_ask(ctx: Context) -> Mapping[int, tuple[int, ...]]:
    """Return managers and whom to ask about them: enough, and none running."""
    running = {each.subject for each in ctx.fact(PULSES) if each.is_open}
    return {
        manager: people
        for manager, people in sorted(ctx.fact(TALKED).items())
        if manager not in running and len(people) >= ctx.settings.minimum_group
    }


@guard(facts=[PULSES, TALKED])
def somebody_can_be_asked(ctx: Context) -> Verdict:
    """A manager has talked with enough people, and no pulse of them runs."""
    found = _to_ask(ctx)
    sentence = f"A manager has talked with {ctx.settings.minimum_group} people or more, and no pulse runs"
    return allow(sentence, f"{len(found)} managers") if found else refuse(sentence)


@effect(facts=[PULSES, TALKED])
def open_pulses(ctx: Context) -> Iterator[Intent]:
    """Open a pulse about each manager who has talked with enough people."""
    for manager, people in _to_ask(ctx).items():
        yield OpenCase(
            "performance.pulse",
            subject=manager,
            data={"people": sorted(people), "minimum": ctx.settings.minimum_group},
        )


@effect(facts=[WORKDAYS])
def ask_each(ctx: Context) -> Iterator[Intent]:
    """Ask each of the people, and close the pulse after its days."""
    data: Pulse = ctx.data
    for person in data.people:
        yield OpenCase(
            "performance.pulse_answer",
            subject=ctx.case.subject,
            participants={"employee": (person,)},
        )
    over = ctx.today + timedelta(days=ctx.settings.collecting_days)
    yield SetTimer("closed", ctx.fact(WORKDAYS).end_of(over), "close")


pulse = Workflow(
    name="performance.pulse",
    ref="PUL",
    version=1,
    stage=Stage.PERFORMANCE,
    title="pulse",
    data=Pulse,
    parent="performance.cycle",
    initial="collecting",
    viewers=hr | auditor,
    # The subject is the manager whose conversations it is about.
    subject_sees="all",
    personal=("people", "reason"),
    opening=[ask_each],
    states=[
        State("collecting", tasks=()),
        State("closed", outcome=Outcome.SUCCESS),
        State("cancelled", outcome=Outcome.NEUTRAL),
    ],
    transitions=[
        Transition("close", "collecting", "closed", by=hr | system),
        Transition("cancel", "collecting", "cancelled", by=hr, form=Because),
    ],
)

pulse_answer = Workflow(
    name="performance.pulse_answer",
    ref="PUA",
    version=1,
    stage=Stage.PERFORMANCE,
    title="answer to a pulse",
    data=NoData,
    parent="performance.pulse",
    initial="asked",
    # Nobody but who is asked: who has answered when would narrow down who said what.
    subject_sees="nothing",
    participants=("employee",),
    confidential=True,
    personal=("useful", "heard", "clear"),
    states=[
        State(
            "asked", due=days(14), tasks=(Task("Say how the conversations with your manager are", employee),)
        ),
        State("answered", outcome=Outcome.SUCCESS),
        State("declined", outcome=Outcome.NEUTRAL),
    ],
    transitions=[
        Transition("answer", "asked", "answered", by=employee, form=Pulsed, sealed=True),
        Transition("decline", "asked", "declined", by=employee),
    ],
)
