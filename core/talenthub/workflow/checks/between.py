"""Faults between workflows: names taken twice, parents nobody brings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from talenthub.errors import Problem
from talenthub.workflow.catalogue import Loaded
from talenthub.workflow.checks.words import Desk, choice
from talenthub.workflow.context import Effect, Guard


def problems_between(loaded: Sequence[Loaded]) -> Iterator[tuple[str, Problem]]:
    """Return pairs of a plugin and a fault; the one loaded later has to mend."""
    versions: dict[tuple[str, int], Loaded] = {}
    names: dict[str, Loaded] = {}
    refs: dict[str, Loaded] = {}
    known = {each.workflow.name: each for each in loaded}
    for each in loaded:
        workflow, desk = each.workflow, Desk(each.workflow, each.plugin)
        first = names.setdefault(workflow.name, each)
        if first.plugin != each.plugin:
            text = f"the name is taken: {workflow.name} is provided by {first.plugin} and by {each.plugin}"
            yield each.plugin, desk.of_workflow(text, "duplicate-name")
        elif versions.setdefault((workflow.name, workflow.version), each) is not each:
            yield (
                each.plugin,
                desk.of_workflow(
                    "this version is declared twice", "duplicate-version", found=str(workflow.version)
                ),
            )
        holder = refs.setdefault(workflow.ref, each)
        if holder.workflow.name != workflow.name:
            text = (
                f"the ref is taken: {workflow.ref} belongs to {holder.workflow.name} of {holder.plugin}"
                f" and to {workflow.name} of {each.plugin}"
            )
            yield each.plugin, desk.of_workflow(text, "duplicate-ref", found=workflow.ref)
        yield from ((each.plugin, problem) for problem in _family(desk, known))


def _family(desk: Desk, known: dict[str, Loaded]) -> Iterator[Problem]:
    workflow = desk.workflow
    if workflow.parent is not None and workflow.parent not in known:
        yield desk.of_workflow("unknown parent workflow", "unknown-parent", **choice(workflow.parent, known))
    elif workflow.parent is not None and known[workflow.parent].workflow.parent is None:
        for edge in workflow.transitions:
            if "grandparent" in edge.locks:
                yield desk.of_transition(
                    edge, "it locks its grandparent, but its parent has no parent", "lock"
                )
    if workflow.entered_by:
        yield from _entrance(desk, known)
    for edge in workflow.transitions:
        parts: tuple[Guard | Effect, ...] = (*edge.guards, *edge.effects)
        for part in parts:
            for name in _asked_children(part):
                if name not in known:
                    text = f"{part.name} asks for cases of an unknown workflow"
                    yield desk.of_transition(edge, text, "unknown-workflow", **choice(name, known))


def _entrance(desk: Desk, known: dict[str, Loaded]) -> Iterator[Problem]:
    """Return what is wrong with the parent's transition that takes one in."""
    workflow = desk.workflow
    above = known.get(workflow.parent or "")
    if workflow.parent is None:
        yield desk.of_workflow("entered_by is a transition of the parent, and there is none", "entered-by")
    elif above is not None:
        names = {each.name for each in above.workflow.transitions if each.by.includes_system}
        if workflow.entered_by not in names:
            text = f"entered_by names no transition of {workflow.parent} that the system may fire"
            yield desk.of_workflow(text, "entered-by", **choice(workflow.entered_by, names))


def _asked_children(part: Guard | Effect) -> Iterator[str]:
    for fact in part.facts:
        kind, colon, name = fact.name.partition(":")
        if colon and kind in ("children", "siblings"):
            yield name
