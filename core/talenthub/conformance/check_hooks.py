"""The hooks: what the host itself asks when it loads a plugin."""

from __future__ import annotations

from collections.abc import Iterator

from talenthub.cli import COMMANDS
from talenthub.conformance.finding import Level, doubt, fault
from talenthub.conformance.places import plugin_file
from talenthub.errors import Problem
from talenthub.hooks import CONTRACT
from talenthub.host import Found, Host, State


def problems(found: Found) -> Iterator[tuple[Level, Problem]]:
    """Yield why the host would turn the plugin off."""
    host = Host([found.name], COMMANDS)
    status = host.status(found.name)
    if status is None or status.state is not State.LOADED:
        said = status.error if status is not None else None
        yield fault(said or "it does not load", place=plugin_file(found), code="plugin.broken")
        return
    if not hasattr(found.entry.load(), "CONTRACT"):
        yield doubt(
            "it does not say which contract it was written for",
            place=plugin_file(found),
            mend=f'CONTRACT = "{CONTRACT}"',
            code="plugin.contract",
        )
    if not host.hooks_of(found.name):
        yield doubt("it implements no hook, so it does nothing", place=plugin_file(found), code="plugin.idle")
