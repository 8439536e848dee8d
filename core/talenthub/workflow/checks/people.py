"""Faults about people: nobody able to act, self-approval, unknown roles."""

from __future__ import annotations

from collections.abc import Iterator

from talenthub.errors import Problem
from talenthub.workflow.checks.paths import reachable, steps
from talenthub.workflow.checks.words import Desk, choice
from talenthub.workflow.definition import Transition
from talenthub.workflow.relations import Kind, Relation

OPENED = "open"
"""What the event of the opening is called: four eyes may bar who opened."""


def people_problems(desk: Desk) -> Iterator[Problem]:
    """Return what is wrong with who may do, see and rate."""
    workflow = desk.workflow
    yield from _roles(desk)
    for edge in workflow.transitions:
        if not edge.by:
            mend = "say who: by=holds(…), or by=system for timers and effects"
            yield desk.of_transition(edge, "nobody can fire it", "nobody", mend=mend)
        yield from _four_eyes(desk, edge)
    yield from _blind(desk)
    yield from _personal(desk)


def _roles(desk: Desk) -> Iterator[Problem]:
    workflow = desk.workflow
    for name, relation in (("open_by", workflow.open_by), ("viewers", workflow.viewers)):
        for role in _unknown(desk, relation):
            yield desk.of_workflow(
                f"{name} names an unknown role", "unknown-role", **choice(role, workflow.participants)
            )
    for state in workflow.states:
        for task in state.tasks or ():
            for role in _unknown(desk, task.to):
                text = f"the task {task.title!r} names an unknown role"
                yield desk.of_state(state, text, "unknown-role", **choice(role, workflow.participants))
            if not task.to.includes_people:
                yield desk.of_state(state, f"the task {task.title!r} is nobody's", "nobodys-task")
    for edge in workflow.transitions:
        for name, relation in (("by", edge.by), ("or_by", edge.or_by)):
            for role in _unknown(desk, relation):
                text = f"{name} names an unknown role"
                yield desk.of_transition(edge, text, "unknown-role", **choice(role, workflow.participants))


def _unknown(desk: Desk, relation: Relation) -> Iterator[str]:
    for who in relation.alternatives:
        if who.kind is Kind.PARTICIPANT and who.name not in desk.workflow.participants:
            yield who.name


def _four_eyes(desk: Desk, edge: Transition) -> Iterator[Problem]:
    workflow = desk.workflow
    names = (*workflow.transition_names(), OPENED)
    for name in edge.four_eyes:
        if name not in names:
            yield desk.of_transition(
                edge, "four_eyes names no transition", "four-eyes", **choice(name, names)
            )
            continue
        barred = [each for each in workflow.transitions if each.name == name]
        if barred and not _comes_before(desk, barred, edge) and name != OPENED:
            text = f"four_eyes names {name!r}, which can never have happened before"
            yield desk.of_transition(edge, text, "four-eyes-late")
        if barred and _only_subject(edge.by) and all(_only_subject(each.by) for each in barred):
            text = f"only the subject can fire this and {name!r}, so four eyes leave nobody"
            yield desk.of_transition(edge, text, "self-approval")


def _only_subject(relation: Relation) -> bool:
    """Return whether the subject is the only person who could act."""
    people = [who for who in relation.alternatives if who.kind is not Kind.SYSTEM]
    return bool(people) and all(who.kind is Kind.SUBJECT and who.up == 0 for who in people)


def _comes_before(desk: Desk, barred: list[Transition], edge: Transition) -> bool:
    after = reachable({each.target for each in barred}, steps(desk.workflow.transitions))
    return any(source in after for source in edge.sources)


def _blind(desk: Desk) -> Iterator[Problem]:
    workflow, blind = desk.workflow, desk.workflow.blind
    if blind is None:
        return
    if workflow.parent is None:
        yield desk.of_workflow("blind hides siblings, but without a parent there are none", "blind")
    if blind.role not in workflow.participants:
        yield desk.of_workflow(
            "blind names an unknown role", "unknown-role", **choice(blind.role, workflow.participants)
        )
    names = [state.name for state in workflow.states]
    for name in (*blind.states, *blind.until_revealed):
        if name not in names:
            yield desk.of_workflow("blind names an unknown state", "unknown-state", **choice(name, names))
    if workflow.initial not in blind.states:
        yield desk.of_workflow("blind must hold from the initial state on", "blind", found=workflow.initial)


def _personal(desk: Desk) -> Iterator[Problem]:
    workflow = desk.workflow
    models = [workflow.data, *(edge.form for edge in workflow.transitions if edge.form is not None)]
    fields = dict.fromkeys(name for model in models for name in model.model_fields)
    for name in workflow.personal:
        if name not in fields:
            yield desk.of_workflow(
                "personal names no field of data or forms", "personal", **choice(name, fields)
            )
