"""Every fault of an adjustment: with its line, what is allowed, the nearest."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from pydantic import BaseModel

from talenthub.config.layers import Layers, read_file
from talenthub.config.loading import checked
from talenthub.config.settings import Settings
from talenthub.errors import Problem
from talenthub.sdk import (
    Blind,
    Outcome,
    State,
    Timer,
    Transition,
    Workflow,
    days,
    holds,
    participant,
    subject,
)
from talenthub.sdk import system as the_system
from talenthub.workflow.adjusting.checks import Known, Written, adjusted_workflows
from talenthub.workflow.adjusting.core_guards import CORE_GUARDS
from talenthub.workflow.catalogue import Loaded

clerk, chief = holds("clerk"), holds("chief")


class Note(BaseModel, extra="forbid", frozen=True):
    note: str = ""


PARCEL = Workflow(
    name="post.parcel",
    ref="PAR",
    version=1,
    initial="sent",
    open_by=clerk,
    viewers=clerk,
    participants=("courier",),
    states=[
        State("sent", due=days(5), timers=(Timer("late", days(3)), Timer("lapse", days(30), fires="expire"))),
        State("checked"),
        State("parked", tasks=()),
        State("arrived", outcome=Outcome.SUCCESS),
        State("lost", outcome=Outcome.FAILURE),
        State("expired", outcome=Outcome.NEUTRAL),
    ],
    transitions=[
        Transition("check", "sent", "checked", by=clerk, form=Note, or_by=chief, may_wait=True),
        Transition("deliver", "checked", "arrived", by=clerk | participant("courier")),
        Transition("lose", "checked", "lost", by=chief, four_eyes=("check",)),
        Transition("expire", "sent", "expired", by=the_system),
        Transition("recall", ["sent", "checked"], "expired", by=subject | clerk, form=Note),
        Transition("park", "sent", "parked", by=clerk, adjustable=False),
        Transition("go_on", "parked", "sent", by=clerk | the_system),
    ],
)
BALLOT = replace(
    PARCEL,
    name="post.ballot",
    ref="BAL",
    parent="post.parcel",
    participants=("voter", "courier"),
    blind=Blind("voter", states=("sent",), until_revealed=()),
    transitions=[
        replace(each, sealed=each.name == "check", by=participant("voter")) if each.name == "check" else each
        for each in PARCEL.transitions
    ],
)
SECRET = replace(PARCEL, name="post.secret", ref="SEC", confidential=True)
HEADER = '[workflow."post.parcel"]\n'


def written(text: str) -> tuple[Written, list[Problem]]:
    folder = Path("/nowhere")
    layers = Layers(folder)
    layers.add(read_file(folder / "talenthub.toml", folder, text))
    settings, problems = checked(Settings, layers)
    return Written(settings.workflow if settings is not None else {}, layers), problems


def faults(text: str) -> list[Problem]:
    found, problems = written(text)
    loaded = {each.name: Loaded(each, "post") for each in (PARCEL, BALLOT, SECRET)}
    known = Known(loaded, CORE_GUARDS, ("clerk", "chief"), silent=("bank",))
    return problems + adjusted_workflows(found, known)[1]


def table(*lines: str) -> str:
    """Return lines below the header of the parcel; the first stands in line 2."""
    return HEADER + "\n".join(lines)


def guard(step: str, *lines: str) -> str:
    return table(f'[[workflow."post.parcel".transition.{step}.guard]]', *lines)


def field(step: str, *lines: str) -> str:
    return table(f'[[workflow."post.parcel".transition.{step}.field]]', *lines)


def waiting(*lines: str) -> str:
    return table('[[workflow."post.parcel".waiting]]', *lines)


def one(text: str) -> Problem:
    found = faults(text)
    assert len(found) == 1, found
    return found[0]


SAID: list[tuple[str, int, str, str | None]] = [
    ('[workflow."post.parcl"]\ntitle = "x"', 1, "unknown workflow", "post.parcel"),
    ("[workflow.post.parcel]\ntitle = 'x'", 1, "in quotes", None),
    (table('titel = "x"'), 2, "unknown setting", "title"),
    (table('state.sentt.title = "x"'), 2, "unknown state", "sent"),
    (table('state.sent.due = "5 dayz"'), 2, "no number of days", None),
    (table('state.sent.due = "0 days"'), 2, "1 to 3660 days", None),
    (table('state.arrived.due = "5 days"'), 2, "it is an end", None),
    (table('state.parked.due = "5 days"'), 2, "nobody has a task", None),
    (table('state.sent.timer.layte.after = "5 days"'), 2, "unknown timer", "late"),
    (table('state.sent.timer.lapse.after = "29 days"'), 2, "never sooner", None),
    (table('transition.chek.title = "x"'), 2, "unknown transition", "check"),
    (table('transition.check.by = ["clerc"]'), 2, "does not let these people", "clerk"),
    (table('transition.deliver.by = ["chief"]'), 2, "does not let these people", None),
    (table('transition.expire.by = ["clerk"]'), 2, "only the system", None),
    (table("transition.check.by = []"), 2, "at least 1", None),
    (guard("check", 'name = "days_in_stat"', "days = 2"), 3, "unknown guard", "days_in_state"),
    (guard("check", 'name = "days_in_state"', "dayz = 2", "days = 2"), 4, "unknown setting", "days"),
    (guard("check", 'name = "days_in_state"', 'days = "two"'), 4, "whole number", None),
    (guard("check", 'name = "field_filled"', 'field = "nte"'), 4, "unknown field of this", "note"),
    (
        guard("deliver", 'name = "step_noted"', 'step = "chek"', 'field = "note"'),
        4,
        "unknown transition",
        "check",
    ),
    (
        guard("deliver", 'name = "step_noted"', 'step = "check"', 'field = "nota"'),
        5,
        "unknown field of that",
        "note",
    ),
    (
        guard("deliver", 'name = "step_by_holder"', 'step = "check"', 'grant = "clerkk"'),
        5,
        "unknown grant",
        "clerk",
    ),
    (guard("check", 'name = "other_case"', 'workflow = "post.parcels"'), 4, "may know", "post.parcel"),
    (guard("check", 'name = "other_case"', 'workflow = "post.secret"'), 4, "may know", "post.parcel"),
    (guard("expire", 'name = "days_in_state"', "days = 2"), 2, "the system does this", None),
    (guard("go_on", 'name = "days_in_state"', "days = 2"), 2, "the system does this", None),
    (guard("recall", 'name = "days_in_state"', "days = 2"), 2, "stand in their way", None),
    (guard("park", 'name = "days_in_state"', "days = 2"), 2, "lets nobody add", None),
    (field("recall", 'name = "why"', "required = true"), 2, "stand in their way", None),
    (field("check", 'name = "note"'), 3, "a field of this name", None),
    (field("check", 'name = "Sent On"'), 3, "another form", None),
    (field("check", 'name = "size"', 'kind = "choice"', 'choices = ["L"]'), 2, "two choices", None),
    (field("check", 'name = "size"', 'kind = "numbr"'), 4, "'text', 'number'", None),
    (waiting('name = "sent"', 'before = "check"'), 3, "a state of this name", None),
    (waiting('name = "customs"', 'before = "chek"'), 4, "unknown transition", "check"),
    (waiting('name = "customs"', 'before = "deliver"'), 4, "lets no case wait", None),
    (waiting('name = "customs"', 'before = "check"', 'step = "park"'), 5, "of this name", None),
    (waiting('name = "customs"', 'before = "check"', 'by = ["chief"]'), 5, "cannot do the one", None),
    (waiting('before = "check"'), 2, "this setting is missing", None),
]


@pytest.mark.parametrize(("text", "line", "said", "close"), SAID)
def test_a_fault_has_its_line_and_the_nearest_match(text, line, said, close) -> None:
    problem = one(text)
    assert problem.place == f"talenthub.toml:{line}", problem
    assert said in problem.text, problem
    assert problem.nearest == close, problem
    assert problem.path is not None
    assert problem.path.startswith("workflow.")


def test_sealed_answers_and_blind_cases_are_left_alone() -> None:
    table = '[workflow."post.ballot"]\n'
    for more in (
        'transition.check.by = ["chief"]',
        '[[workflow."post.ballot".transition.check.guard]]\nname = "days_in_state"\ndays = 2',
        '[[workflow."post.ballot".transition.check.field]]\nname = "size"',
    ):
        assert "sealed" in one(table + more).text
    wait = '[[workflow."post.ballot".waiting]]\nname = "customs"\nbefore = "check"'
    assert "kept from others" in one(table + wait).text
    assert faults(table + 'transition.check.title = "vote"') == []


def test_every_fault_of_a_file_is_told_at_once() -> None:
    text = """[workflow."post.parcel"]
state.snt.title = "x"
transition.check.by = ["clerc"]
[[workflow."post.parcel".transition.check.guard]]
name = "field_filled"
field = "nte"
[workflow."post.secret".state.sent.timer.lapse]
after = "1 day"
"""
    assert [(each.place, each.nearest) for each in faults(text)] == [
        ("talenthub.toml:2", "sent"),
        ("talenthub.toml:3", "clerk"),
        ("talenthub.toml:6", "note"),
        ("talenthub.toml:8", None),
    ]


def test_the_checks_of_declarations_run_on_the_adjusted_one() -> None:
    own = replace(
        PARCEL,
        transitions=[
            replace(each, by=subject | clerk, four_eyes=("recall",), or_by=subject)
            if each.name == "lose"
            else each
            for each in PARCEL.transitions
        ],
    )
    found, problems = written(table('transition.check.by = ["clerk"]', 'transition.lose.title = "lose it"'))
    assert problems == []
    known = Known({"post.parcel": Loaded(own, "post")}, CORE_GUARDS, (), ())
    (fault,) = adjusted_workflows(found, known)[1]
    assert fault.place == "talenthub.toml:3"
    assert "which can never have happened before" in fault.text


def test_a_plugin_opens_the_step_of_a_subject_to_guards_by_saying_so() -> None:
    own = replace(PARCEL, transitions=[replace(each, adjustable=True) for each in PARCEL.transitions])
    known = Known({"post.parcel": Loaded(own, "post")}, CORE_GUARDS, (), ())
    found, _ = written(guard("recall", 'name = "days_in_state"', "days = 2"))
    assert adjusted_workflows(found, known)[1] == []
    # Not what the system does as well: it could not go on.
    found, _ = written(guard("go_on", 'name = "days_in_state"', "days = 2"))
    assert "the system does this too" in adjusted_workflows(found, known)[1][0].text


def test_what_is_said_of_a_plugin_that_is_off_waits() -> None:
    assert faults('[workflow."bank.loan"]\ntitle = "x"') == []


def test_good_adjustments_are_no_fault() -> None:
    text = """[workflow."post.parcel"]
title = "delivery"
state.sent.due = "2 weeks"
state.sent.timer.lapse.after = "40 days"
state.sent.timer.late.after = "1 day"
state.customs.title = "at customs"
transition.check.by = ["chief"]
transition.deliver.by = ['participant("courier")']
[[workflow."post.parcel".transition.ask_customs.field]]
name = "office"
required = true
[[workflow."post.parcel".transition.check.guard]]
name = "step_noted"
step = "ask_customs"
field = "office"
[[workflow."post.parcel".waiting]]
name = "customs"
before = "check"
"""
    assert faults(text) == []
