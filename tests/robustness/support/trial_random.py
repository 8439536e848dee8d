"""Random workflows, and what they may look like."""

from __future__ import annotations

import random

from pydantic import BaseModel, Field

from talenthub.sdk import (
    AddParticipant,
    Blind,
    FireCase,
    OpenCase,
    Outcome,
    RemoveParticipant,
    State,
    Timer,
    Transition,
    UpdateData,
    Workflow,
    allow,
    children,
    days,
    effect,
    guard,
    holds,
    manager_of,
    participant,
    refuse,
    subject,
    system,
)

CHILD = children("random.child")
PEOPLE_WHO = [
    holds("hr_officer"),
    holds("hr_head"),
    subject,
    manager_of(subject),
    participant("helper"),
    participant("helper") | holds("hr_partner"),
    manager_of(participant("helper")) | holds("hr_officer"),
]


class Carried(BaseModel, extra="forbid", frozen=True):
    number: int = 0
    word: str = ""


class Filled(BaseModel, extra="forbid", frozen=True):
    number: int = Field(ge=0, le=9)


@guard()
def number_is_even(context):
    sentence = "The number is even"
    return allow(sentence) if context.data.number % 2 == 0 else refuse(sentence)


@guard(facts=[CHILD])
def no_open_children(context):
    missing = [each for each in context.fact(CHILD) if each.is_open]
    return refuse("Its children are closed") if missing else allow("Its children are closed")


@effect()
def keep(context):
    if context.form is not None:
        yield UpdateData({"number": context.form.number})


@effect()
def open_child(context):
    helpers = context.case.people("helper")
    yield OpenCase(
        "random.child",
        subject=context.case.subject,
        participants={"helper": helpers, "rater": helpers[:1]},
    )


@effect()
def swap_helpers(context):
    helpers = context.case.people("helper")
    if helpers:
        yield RemoveParticipant("helper", helpers[0])
    if context.actor.person is not None:
        yield AddParticipant("helper", context.actor.person)


@effect()
def wake(context):
    if context.case.parent is not None:
        yield FireCase(context.case.parent, "wake", if_possible=True)


def random_workflows(seed: int) -> tuple[Workflow, Workflow]:
    """Return a parent and its child, drawn by `seed`."""
    chance = random.Random(seed)
    return _parent(chance), _child(chance)


def _parent(chance: random.Random) -> Workflow:
    names = [f"s{number}" for number in range(chance.randint(2, 5))]
    edges = []
    for number in range(chance.randint(3, 9)):
        source = chance.sample(names, chance.randint(1, min(2, len(names))))
        edges.append(
            Transition(
                f"t{number % 6}",
                source,
                chance.choice([*names, "good", "bad"]),
                by=chance.choice(PEOPLE_WHO) | chance.choice(PEOPLE_WHO),
                form=chance.choice([None, Filled]),
                guards=chance.choice([(), (number_is_even,), (no_open_children,)]),
                effects=chance.choice([(), (keep,), (open_child,), (keep, swap_helpers), (open_child, keep)]),
                four_eyes=chance.choice([(), (), ("t0",), ("t1", "t2")]),
            )
        )
    edges.append(Transition("wake", names, chance.choice(names), by=system, guards=[no_open_children]))
    edges.append(Transition("lapse", names, "bad", by=system))
    states = [
        State(
            name,
            due=chance.choice([None, days(2)]),
            timers=chance.choice(
                [
                    (),
                    (Timer("nudge", days(1)),),
                    (Timer("up", days(1), escalates=True), Timer("end", days(3), fires="lapse")),
                ]
            ),
        )
        for name in names
    ]
    return Workflow(
        name="random.parent",
        ref="PAR",
        version=1,
        data=Carried,
        initial=names[0],
        open_by=holds("hr_officer"),
        viewers=chance.choice(PEOPLE_WHO) | chance.choice(PEOPLE_WHO),
        subject_sees=chance.choice(("all", "status", "nothing")),
        participants=("helper",),
        states=[*states, State("good", outcome=Outcome.SUCCESS), State("bad", outcome=Outcome.NEUTRAL)],
        transitions=edges,
    )


def _child(chance: random.Random) -> Workflow:
    return Workflow(
        name="random.child",
        ref="CHI",
        version=1,
        data=Carried,
        initial="open",
        parent="random.parent",
        viewers=chance.choice(PEOPLE_WHO),
        participants=("helper", "rater"),
        blind=chance.choice([None, Blind("rater", states=("open",), until_revealed=())]),
        states=[State("open", due=days(1)), State("done", outcome=Outcome.NEUTRAL)],
        transitions=[
            Transition(
                "t0",
                "open",
                "done",
                by=participant("rater") | chance.choice(PEOPLE_WHO),
                form=chance.choice([None, Filled]),
                effects=[keep, wake],
                locks=chance.choice([(), ("parent",)]),
            )
        ],
    )
