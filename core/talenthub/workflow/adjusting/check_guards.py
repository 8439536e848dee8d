"""Faults of added guards: what stands beside their names."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from pydantic import BaseModel, ValidationError

from talenthub.config.adjusting import AddedGuard, WorkflowAdjustment
from talenthub.config.loading import problems_of
from talenthub.errors import Problem
from talenthub.workflow.adjusting.named_guards import NamedGuard, NameOf
from talenthub.workflow.adjusting.words import Page
from talenthub.workflow.checks.words import choice
from talenthub.workflow.definition import Workflow

KINDS = {
    NameOf.FIELD: "unknown field of this transition's form",
    NameOf.FIELD_OF_STEP: "unknown field of that transition's form",
    NameOf.STEP: "unknown transition",
    NameOf.STATE: "unknown state",
    NameOf.WORKFLOW: "no workflow that everybody may know of",
    NameOf.GRANT: "unknown grant",
}


def guard_problems(
    page: Page,
    workflow: Workflow,
    given: WorkflowAdjustment,
    guards: Mapping[str, NamedGuard],
    workflows: Collection[str],
    grants: Collection[str],
) -> Iterator[Problem]:
    """Return what is wrong with the values of the guards that were added.

    `workflow` has all else that was added: guards may name it.
    """
    for name, own in given.transition.items():
        for index, guard in enumerate(own.guard):
            if guard.name not in guards or name not in workflow.transition_names():
                continue  # told already
            path = ("transition", name, "guard", index)
            yield from _Reader(page, workflow, workflows, grants).problems(
                path, name, guard, guards[guard.name].takes
            )


@dataclass(frozen=True, slots=True)
class _Reader:
    page: Page
    workflow: Workflow
    workflows: Collection[str]
    grants: Collection[str]

    def problems(
        self, path: tuple[str | int, ...], step: str, guard: AddedGuard, takes: type[BaseModel]
    ) -> Iterator[Problem]:
        """Yield what is wrong with the values of one guard."""
        try:
            values = takes.model_validate(guard.values)
        except ValidationError as error:
            yield from problems_of(takes, self.page.layers, (*self.page.table, *path), error)
            return
        for name, kind in _named(takes):
            known = self._known(kind, step, values)
            found = str(getattr(values, name))
            if known is not None and found not in known:
                yield self.page.problem((*path, name), KINDS[kind], "name", **choice(found, known))

    def _known(self, kind: NameOf, step: str, values: BaseModel) -> Collection[str] | None:
        """Return what a value may be; None where that cannot be told."""
        steps = self.workflow.transition_names()
        if kind is NameOf.FIELD_OF_STEP:
            named = str(getattr(values, "step", ""))
            return self._fields(named) if named in steps else None
        known: dict[NameOf, Collection[str]] = {
            NameOf.FIELD: self._fields(step),
            NameOf.STEP: steps,
            NameOf.STATE: [each.name for each in self.workflow.states],
            NameOf.WORKFLOW: self.workflows,
            NameOf.GRANT: sorted(self.grants),
        }
        return known[kind]

    def _fields(self, step: str) -> list[str]:
        forms = [each.form for each in self.workflow.transitions if each.name == step]
        return [name for form in forms if form is not None for name in form.model_fields]


def _named(takes: type[BaseModel]) -> Iterator[tuple[str, NameOf]]:
    for name, info in takes.model_fields.items():
        for kind in info.metadata:
            if isinstance(kind, NameOf):
                yield name, kind
