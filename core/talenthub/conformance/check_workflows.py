"""The workflows: imported, and checked as when a workspace opens."""

from __future__ import annotations

from collections.abc import Iterator

from talenthub.conformance.finding import Level, fault
from talenthub.conformance.places import plugin_file
from talenthub.errors import Problem
from talenthub.host import Found, Host, State
from talenthub.workflow.catalogue import Loaded
from talenthub.workflow.checks import check_catalogue
from talenthub.workflow.context import NoData


def problems(found: Found) -> Iterator[tuple[Level, Problem]]:
    """Yield each fault of each workflow, with the line it was declared at."""
    host = Host([found.name])
    workflows = host.workflows()
    status = host.status(found.name)
    if status is not None and status.state is State.BROKEN:
        yield fault(status.error or "it does not load", place=plugin_file(found), code="plugin.workflow")
        return
    loaded = [Loaded(each.value, each.plugin, NoData, NoData()) for each in workflows]
    yield from ((Level.ERROR, each) for each in check_catalogue(loaded))
