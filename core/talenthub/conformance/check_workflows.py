"""Workflows and guards: imported, and checked as when a workspace opens."""

from __future__ import annotations

from collections.abc import Iterator

from talenthub.conformance.finding import Level, doubt, fault
from talenthub.conformance.places import plugin_file
from talenthub.errors import Problem
from talenthub.host import Host, Installed, State
from talenthub.workflow.catalogue import Loaded
from talenthub.workflow.checks import check_catalogue
from talenthub.workflow.context import NoData
from talenthub.workflow.definition import Workflow


def problems(plugin: Installed) -> Iterator[tuple[Level, Problem]]:
    """Yield each fault of each workflow, with the line it was declared at."""
    host = Host([plugin.name])
    workflows = host.workflows()
    host.guards()
    status = host.status(plugin.name)
    if status is not None and status.state is State.BROKEN:
        yield fault(
            status.error or "it does not load",
            place=status.place or plugin_file(plugin),
            code="plugin.workflow",
        )
        return
    for each in workflows:
        yield from _changeable(each.value)
    loaded = [Loaded(each.value, each.plugin, NoData, NoData()) for each in workflows]
    yield from ((Level.ERROR, each) for each in check_catalogue(loaded))


def _changeable(workflow: Workflow) -> Iterator[tuple[Level, Problem]]:
    """Yield the models that a guard could change without an event."""
    if not isinstance(workflow.data, type):
        return
    forms = [each.form for each in workflow.transitions if isinstance(each.form, type)]
    for model in dict.fromkeys((workflow.data, *forms)):
        if not getattr(model, "model_config", {}).get("frozen"):
            yield doubt(
                f"the model {model.__name__} is not frozen: a guard could change what it is given",
                place=workflow.declared_at,
                mend='model_config = ConfigDict(extra="forbid", frozen=True)',
                code="plugin.not-frozen",
            )
