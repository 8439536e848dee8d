"""The hooks: what the host itself asks when it loads a plugin."""

from __future__ import annotations

from collections.abc import Iterator

from talenthub.cli.table import COMMANDS
from talenthub.conformance.finding import Level, doubt, fault
from talenthub.conformance.places import plugin_file
from talenthub.errors import Problem
from talenthub.host import Host, Installed, State
from talenthub.host.host import function
from talenthub.host.loading import attribute
from talenthub.host.status import place_of, sentence


def problems(plugin: Installed) -> Iterator[tuple[Level, Problem]]:
    """Yield why the host would turn the plugin off."""
    host = Host([plugin.name], COMMANDS)
    status = host.status(plugin.name)
    if status is None or status.state is not State.LOADED:
        said, place = (status.error, status.place) if status is not None else (None, None)
        yield fault(said or "it does not load", place=place or plugin_file(plugin), code="plugin.broken")
        return
    yield from _targets(host, plugin)
    if not host.hooks_of(plugin.name):
        yield doubt(
            "it implements no hook, so it does nothing", place=plugin_file(plugin), code="plugin.idle"
        )


def _targets(host: Host, plugin: Installed) -> Iterator[tuple[Level, Problem]]:
    """Yield what a workspace would import only when it is used, and cannot."""
    pictures = [each.value.picture for each in host.reports() if each.value.picture is not None]
    formats = [way for each in host.framework_formats() for way in (each.value.read, each.value.write) if way]
    named = [each.value.target for each in host.reports()]
    named += [each.value.target for each in host.event_handlers()]
    named += [each.value.target for each in host.campaigns()]
    named += [each.value.target for each in host.executors()]
    for target in (*named, *pictures, *formats):
        try:
            function(target, attribute(target))
        except Exception as error:
            yield fault(sentence(error), place=place_of(error) or plugin_file(plugin), code="plugin.target")
