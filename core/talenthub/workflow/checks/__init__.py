"""Checks: what is wrong with a workflow's declaration, before a case runs on it.

Pure functions of the declaration. Each fault names plugin, workflow, state
or transition, and the line it was declared at.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from talenthub.errors import Problem
from talenthub.workflow.catalogue import Catalogue, Loaded
from talenthub.workflow.checks.between import problems_between
from talenthub.workflow.checks.paths import path_problems
from talenthub.workflow.checks.people import people_problems
from talenthub.workflow.checks.shape import head_problems, shape_problems, type_problems
from talenthub.workflow.checks.system import system_problems
from talenthub.workflow.checks.timers import timer_problems
from talenthub.workflow.checks.words import Desk
from talenthub.workflow.definition import Workflow


def problems(workflow: Workflow, *, plugin: str) -> list[Problem]:
    """Return every fault of one declaration; empty if a case may run on it."""
    desk = Desk(workflow, plugin)
    wrong_types = list(type_problems(desk))
    if wrong_types:
        return wrong_types  # nothing else can be asked of it
    found = [*head_problems(desk), *shape_problems(desk)]
    if not workflow.states:
        return found
    return [
        *found,
        *path_problems(desk),
        *people_problems(desk),
        *system_problems(desk),
        *timer_problems(desk),
    ]


def check_catalogue(catalogue: Catalogue | Iterable[Loaded]) -> list[Problem]:
    """Return the faults of all workflows, and those between them."""
    return [problem for found in faults_by_plugin(catalogue).values() for problem in found]


def faults_by_plugin(catalogue: Catalogue | Iterable[Loaded]) -> dict[str, list[Problem]]:
    """Return the faults by the plugin that has to mend them.

    A list keeps two workflows of one name and version apart, which a
    catalogue cannot: give the list where plugins are loaded.
    """
    loaded = list(catalogue.versions() if isinstance(catalogue, Catalogue) else catalogue)
    found: dict[str, list[Problem]] = {}
    for plugin, problem in _all(loaded):
        found.setdefault(plugin, []).append(problem)
    return found


def sound(loaded: Sequence[Loaded]) -> tuple[list[Loaded], dict[str, list[Problem]]]:
    """Return the workflows of sound plugins, and the faults of the others.

    A plugin is sound as a whole or not at all. Leaving one out may take a
    parent workflow from another, so this goes on until nothing changes.
    """
    kept, faults = list(loaded), dict[str, list[Problem]]()
    while True:
        more = faults_by_plugin(kept)
        if not more:
            return kept, faults
        faults |= more
        kept = [each for each in kept if each.plugin not in faults]


def _all(loaded: Sequence[Loaded]) -> Iterator[tuple[str, Problem]]:
    for each in loaded:
        for problem in problems(each.workflow, plugin=each.plugin):
            yield each.plugin, problem
    broken = {each.plugin for each in loaded if list(type_problems(Desk(each.workflow, each.plugin)))}
    yield from problems_between([each for each in loaded if each.plugin not in broken])
