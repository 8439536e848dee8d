"""Each fault of a declaration is found, named and placed; a sound one passes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from pydantic import BaseModel

from talenthub.errors import Problem
from talenthub.sdk import (
    Blind,
    Duration,
    Outcome,
    State,
    Task,
    Timer,
    Transition,
    Workflow,
    allow,
    children,
    days,
    effect,
    guard,
    holds,
    manager_of,
    participant,
    subject,
    system,
    working_days,
)
from talenthub.workflow.catalogue import Catalogue, Loaded
from talenthub.workflow.checks import check_catalogue, faults_by_plugin, problems, sound
from talenthub.workflow.diagram import mermaid

HERE = Path(__file__).name
officer = holds("hr_officer")


class Form(BaseModel, extra="forbid", frozen=True):
    note: str = ""


class Loose(BaseModel):
    note: str = ""


@guard()
def fine(context):
    return allow("fine")


@effect()
def nothing(context):
    return ()


STATES = (State("open"), State("done", outcome=Outcome.SUCCESS), State("lost", outcome=Outcome.FAILURE))
EDGES = (
    Transition("finish", "open", "done", by=officer),
    Transition("lose", "open", "lost", by=officer, four_eyes=("open",)),
)


def made(*, states=STATES, edges=EDGES, **more) -> Workflow:
    given = {"name": "trial.loan", "ref": "LOAN", "version": 1, "initial": "open"} | more
    return Workflow(states=states, transitions=edges, **given)


def found(workflow: Workflow, plugin: str = "trial") -> dict[str, Problem]:
    return {each.code.removeprefix("workflow."): each for each in problems(workflow, plugin=plugin)}


def edge(name: str, source: object, target: str, by=officer, **more) -> Transition:
    return Transition(name, source, target, by=by, **more)


def with_edges(*more: Transition) -> Workflow:
    return made(edges=(*EDGES, *more))


def with_states(*more: State, edges=()) -> Workflow:
    return made(states=(*STATES, *more), edges=(*EDGES, *edges))


def test_a_sound_workflow_has_no_faults():
    assert found(made()) == {}
    assert check_catalogue([Loaded(made(), "trial")]) == []


def timed(**timer) -> Workflow:
    return made(
        states=(State("open", timers=(Timer("late", **({"after": days(3)} | timer)),)), *STATES[1:]),
        edges=(*EDGES, edge("expire", "open", "done", by=system)),
    )


FAULTS = {
    "no-initial": made(initial=""),
    "unknown-initial": made(initial="opn"),
    "no-states": made(states=()),
    "no-final": made(
        states=(State("open"), State("done")), edges=(edge("a", "open", "done"), edge("b", "done", "open"))
    ),
    "duplicate-state": made(states=(*STATES, State("open"))),
    "unknown-state": with_edges(edge("go", "open", "dome")),
    "no-source": with_edges(edge("go", (), "done")),
    "never-chosen": with_edges(edge("finish", "open", "lost")),
    "unreachable": with_states(State("island"), edges=(edge("go", "island", "done"),)),
    "dead-end": with_states(State("pit"), edges=(edge("fall", "open", "pit"),)),
    "no-end": with_states(
        State("east"),
        State("west"),
        edges=(edge("a", "open", "east"), edge("b", "east", "west"), edge("c", "west", "east")),
    ),
    "leaves-end": with_edges(edge("again", "done", "open")),
    "final-work": made(
        states=(*STATES[:2], State("lost", outcome=Outcome.FAILURE, timers=(Timer("t", days(1)),)))
    ),
    "nobody": with_edges(Transition("ghost", "open", "done")),
    "nobodys-task": made(states=(State("open", tasks=(Task("Do", system),)), *STATES[1:])),
    "four-eyes": with_edges(edge("sign", "open", "done", four_eyes=("finsh",))),
    "four-eyes-late": with_states(
        State("two"), edges=(edge("step", "open", "two", four_eyes=("end",)), edge("end", "two", "done"))
    ),
    "self-approval": with_states(
        State("two"),
        edges=(
            edge("ask", "open", "two", by=subject),
            edge("ok", "two", "done", by=subject, four_eyes=("ask",)),
        ),
    ),
    "adverse": with_edges(edge("drop", "open", "lost", by=officer | system)),
    "loop": with_states(
        State("two"),
        edges=(
            edge("a", "open", "two", by=system),
            edge("b", "two", "open", by=system),
            edge("c", "two", "done"),
        ),
    ),
    "timer-fires": timed(fires="expired"),
    "timer-right": timed(fires="finish"),
    "timer-days": timed(after=days(0)),
    "timer-both": timed(fires="expire", escalates=True),
    "duplicate-timer": made(
        states=(State("open", timers=(Timer("t", days(1)), Timer("t", days(2)))), *STATES[1:])
    ),
    "due": made(states=(State("open", due=days(-1)), *STATES[1:])),
    "unknown-role": with_edges(edge("go", "open", "done", by=participant("chair"))),
    "unknown-lock": with_edges(edge("go", "open", "done", locks=("parnet",))),
    "lock": with_edges(edge("go", "open", "done", locks=("parent",))),
    "blind": made(blind=Blind("rater", ("open",), ()), participants=("rater",)),
    "personal": made(personal=("nots",)),
    "sealed": with_edges(edge("go", "open", "done", sealed=True)),
    "name": made(name="other.loan"),
    "ref": made(ref="Loan"),
    "version": made(version=0),
    "subject-sees": made(subject_sees="everything"),
    "confidential": made(confidential=True, subject_sees="all", viewers=subject),
    "model": with_edges(edge("go", "open", "done", form=Loose)),
}


@pytest.mark.parametrize("code", FAULTS)
def test_each_fault_is_found_and_says_where(code):
    problem = found(FAULTS[code])[code]
    assert problem.place is not None
    assert problem.place.rpartition(":")[0].endswith(HERE)
    assert int(problem.place.rpartition(":")[2]) > 0
    assert problem.path is not None
    assert problem.path.startswith("plugin trial, ")


@pytest.mark.parametrize(
    ("code", "nearest"),
    [
        ("unknown-initial", "open"),
        ("unknown-state", "done"),
        ("four-eyes", "finish"),
        ("timer-fires", "expire"),
        ("unknown-lock", "parent"),
    ],
)
def test_a_mistyped_name_gets_the_nearest(code, nearest):
    assert found(FAULTS[code])[code].nearest == nearest


WRONG_TYPES = [
    with_edges(edge("go", "open", "done", by="officer")),
    with_edges(edge("go", "open", "done", guards=[len])),
    with_edges(edge("go", "open", "done", effects=[nothing.produce])),
    with_edges(edge("go", "open", "done", form=dict)),
    with_edges(edge("go", "open", "done", four_eyes="finish")),
    made(open_by="officer"),
    made(stage="selection"),
    made(states=(*STATES, "pending")),
    made(edges=(*EDGES, ("go", "open", "done"))),
    made(states=(*STATES, State("x", outcome="success"))),
    made(participants="chair"),
    made(initial=None),
]


@pytest.mark.parametrize("workflow", WRONG_TYPES, ids=range(len(WRONG_TYPES)))
def test_a_value_of_another_type_is_a_fault_and_no_crash(workflow):
    assert set(found(workflow)) == {"type"}


@pytest.mark.parametrize("name", ["Open", "open now", "оpen", "\u202eopen", "", "a" * 81, "1st"])
def test_names_that_cannot_be_typed_are_faults(name):
    assert "name" in found(
        with_states(State(name), edges=(edge("go", "open", name), edge("on", name, "done")))
    )
    assert "name" in found(with_edges(edge(name, "open", "done")))


def test_an_edge_behind_one_of_other_rights_or_forms_can_be_chosen():
    assert "never-chosen" not in found(with_edges(edge("finish", "open", "lost", by=holds("hr_head"))))
    assert "never-chosen" not in found(with_edges(edge("finish", "open", "lost", form=Form)))
    guarded = (edge("finish", "open", "done", guards=[fine]), edge("finish", "open", "lost"))
    assert "never-chosen" not in found(made(edges=(*guarded, EDGES[1])))


def test_a_loop_with_a_guard_a_form_or_a_person_is_none():
    def loop(**more) -> Workflow:
        back = edge("b", "two", "open", **({"by": system} | more))
        return with_states(
            State("two"), edges=(edge("a", "open", "two", by=system), back, edge("c", "two", "done"))
        )

    assert "loop" in found(loop())
    for more in ({"guards": [fine]}, {"form": Form}, {"by": officer}):
        assert "loop" not in found(loop(**more))


def test_a_loop_that_timers_keep_going_is_found():
    states = (
        State("open", timers=(Timer("t", days(1), fires="on"),)),
        State("two", timers=(Timer("t", days(1), fires="back"),)),
        *STATES[1:],
    )
    edges = (edge("on", "open", "two", by=officer | system), edge("back", "two", "open", by=officer | system))
    assert "loop" in found(made(states=states, edges=(*EDGES, *edges)))


def test_an_adverse_end_is_a_humans_even_after_human_steps():
    # A person moves it to two; that the timer then fails it is nobody's decision.
    states = (State("two", timers=(Timer("t", days(9), fires="drop"),)),)
    edges = (edge("move", "open", "two"), edge("drop", "two", "lost", by=system), edge("c", "two", "done"))
    problem = found(with_states(*states, edges=edges))["adverse"]
    assert "a timer could reach" in problem.text
    neutral = (replace(STATES[2], outcome=Outcome.NEUTRAL),)
    assert "adverse" not in found(made(states=(*STATES[:2], *neutral, *states), edges=(*EDGES, *edges)))


def test_a_manager_may_approve_what_the_subject_asked():
    edges = (
        edge("ask", "open", "two", by=subject),
        edge("ok", "two", "done", by=manager_of(subject), four_eyes=("ask",)),
    )
    assert found(with_states(State("two"), edges=edges)) == {}


def test_ten_years_are_the_longest_timer():
    assert "timer-days" not in found(timed(after=days(3_653)))
    assert "timer-days" in found(timed(after=days(3_654)))
    assert "timer-days" in found(timed(after=working_days(-5)))


@pytest.mark.parametrize("many", [3_000, pytest.param(10_000, marks=pytest.mark.storm)])
def test_thousands_of_states_are_checked_in_moments(many):
    names = [f"s{number}" for number in range(many)]
    states = (*(State(name) for name in names), State("end", outcome=Outcome.SUCCESS))
    edges = tuple(
        edge("go", source, target) for source, target in zip(names, [*names[1:], "end"], strict=True)
    )
    assert found(made(states=states, edges=edges, initial="s0")) == {}


def test_clashes_between_plugins_name_both_owners():
    one, other = made(), made(name="trial.other")
    mine = [Loaded(one, "trial"), Loaded(replace(one, ref="LO", version=2), "second")]
    assert any("provided by trial and by second" in each.text for each in check_catalogue(mine))
    clash = check_catalogue([Loaded(one, "trial"), Loaded(other, "trial")])
    assert [each.code for each in clash] == ["workflow.duplicate-ref"]
    assert "trial.loan of trial and to trial.other of trial" in clash[0].text
    twice = check_catalogue([Loaded(one, "trial"), Loaded(one, "trial")])
    assert [each.code for each in twice] == ["workflow.duplicate-version"]
    versions = [Loaded(one, "trial"), Loaded(replace(one, version=2), "trial")]
    assert check_catalogue(Catalogue(versions)) == []


def test_a_parent_nobody_brings_is_a_fault():
    child = made(name="trial.review", ref="REV", parent="trial.lone")
    faults = check_catalogue([Loaded(made(), "trial"), Loaded(child, "trial")])
    assert [(each.code, each.nearest) for each in faults] == [("workflow.unknown-parent", "trial.loan")]
    high = replace(
        child, parent="trial.loan", transitions=(*EDGES, edge("go", "open", "done", locks=("grandparent",)))
    )
    assert [each.code for each in check_catalogue([Loaded(made(), "trial"), Loaded(high, "trial")])] == [
        "workflow.lock"
    ]


def test_a_fact_about_cases_of_an_unknown_workflow_is_a_fault():
    @guard(facts=[children("trial.reveiw")])
    def all_in(context):
        return allow("in")

    faults = check_catalogue([Loaded(with_edges(edge("go", "open", "done", guards=[all_in])), "trial")])
    assert [each.code for each in faults] == ["workflow.unknown-workflow"]


def test_a_broken_plugin_takes_along_only_those_that_build_on_it():
    broken = Loaded(made(name="one.loan", ref="ONE", initial="opn"), "one")
    child = Loaded(made(name="two.part", ref="TWO", parent="one.loan"), "two")
    well = Loaded(made(name="three.loan", ref="THR"), "three")
    kept, faults = sound([broken, child, well])
    assert [each.plugin for each in kept] == ["three"]
    assert set(faults) == {"one", "two"}
    assert set(faults_by_plugin([broken, child, well])) == {"one"}


def test_the_diagram_says_who_when_and_on_what_condition():
    workflow = made(
        states=(
            State(
                "open", title='In "doubt": really', timers=(Timer("late", working_days(1), escalates=True),)
            ),
            *STATES[1:],
        ),
        edges=(edge("finish", "open", "done", by=officer | subject, guards=[fine]), EDGES[1]),
    )
    lines = [line.strip() for line in mermaid(workflow).splitlines()]
    assert lines[3] == "stateDiagram-v2"
    for line in (
        "state \"In 'doubt'∶ really\" as open",
        "[*] --> open",
        "open --> done : finish (hr officer or the subject)<br/>if fine",
        "open --> lost : lose (hr officer)<br/>not by who did open",
        "done --> [*] : success",
        "after 1 working day: escalates",
    ):
        assert line in lines


def test_the_workflows_that_are_shipped_are_sound():
    from talenthub_recruitment import workflows

    loaded = [Loaded(getattr(workflows, name), "recruitment") for name in workflows.__all__]
    assert check_catalogue(loaded) == []


def test_a_duration_is_in_days():
    assert days(3) == Duration(3)
