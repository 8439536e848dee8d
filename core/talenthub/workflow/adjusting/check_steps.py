"""Faults of adjusted transitions: who, which guards and fields at all."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from talenthub.config.adjusting import AdjustedTransition, WorkflowAdjustment
from talenthub.errors import Problem
from talenthub.workflow.adjusting.adjust import may_be, people_of
from talenthub.workflow.adjusting.words import Page
from talenthub.workflow.checks.words import choice
from talenthub.workflow.definition import Transition, Workflow


def transition_problems(
    page: Page, workflow: Workflow, given: WorkflowAdjustment, guards: Collection[str]
) -> Iterator[Problem]:
    """Return what is wrong with what is said of transitions."""
    names = workflow.transition_names()
    for name, own in given.transition.items():
        edges = [each for each in workflow.transitions if each.name == name]
        if not edges:
            found = choice(name, names)
            yield page.problem(("transition", name), "unknown transition", "transition", **found)
            continue
        for edge in edges[:1]:
            yield from _forbidden(page, edge, own)
        yield from _people(page, edges, own)
        yield from _names(page, edges, own, guards)


def _forbidden(page: Page, edge: Transition, own: AdjustedTransition) -> Iterator[Problem]:
    """Yield what no organisation may change of this transition."""
    for key in ("by", "guard", "field"):
        why = _why_not(edge, own, key) if page.is_set("transition", edge.name, key) else None
        if why is not None:
            yield page.problem(("transition", edge.name, key), why, "forbidden", found=key, allowed="title")


def _why_not(edge: Transition, own: AdjustedTransition, key: str) -> str | None:
    needs = key == "guard" or (key == "field" and any(each.required for each in own.field))
    if edge.sealed:
        return "its answers are sealed: nothing but its title can be changed"
    if edge.adjustable is False and key != "by":
        return "the plugin lets nobody add to this transition"
    if needs and edge.by.includes_system:
        return "the system does this too, and what is added would stop it"
    if needs and edge.adjustable is None and edge.by.names_subject:
        return "the person whom the case is about may do this: nothing may stand in their way"
    return None


def _people(page: Page, edges: list[Transition], own: AdjustedTransition) -> Iterator[Problem]:
    for index, name in enumerate(own.by or ()):
        for edge in edges:
            known = {who.words: who for who in may_be(edge)}
            if name in known or name in map(str, known.values()):
                continue
            path = ("transition", edge.name, "by", index)
            text = "the plugin does not let these people do it"
            if not people_of(edge.by):
                text = "only the system does this"
            yield page.problem(path, text, "by", **choice(name, known))
            break


def _names(
    page: Page, edges: list[Transition], own: AdjustedTransition, guards: Collection[str]
) -> Iterator[Problem]:
    edge = edges[0]
    for index, guard in enumerate(own.guard):
        if guard.name not in guards:
            path = ("transition", edge.name, "guard", index, "name")
            found = choice(guard.name, guards)
            yield page.problem(path, "unknown guard", "guard", mend="talent workflow guards", **found)
    taken = {name for each in edges if each.form is not None for name in each.form.model_fields}
    for index, field in enumerate(own.field):
        if field.name in taken:
            path = ("transition", edge.name, "field", index, "name")
            yield page.problem(path, "there is a field of this name", "twice", found=field.name)
        taken.add(field.name)
