"""The life of a plugin in a workspace: on, off, gone, and back again."""

from __future__ import annotations

import contextlib
import io
import tempfile
from collections.abc import Iterator
from pathlib import Path
from unittest import mock

from talenthub.conformance.finding import Level, fault
from talenthub.conformance.leaving import gone_and_back
from talenthub.conformance.places import plugin_file
from talenthub.errors import Problem
from talenthub.host import Installed, host
from talenthub.host.discovery import installed
from talenthub.testing.worlds import World
from talenthub.workspace.making import make

ADMIN = "sami.okafor"


def problems(plugin: Installed) -> Iterator[tuple[Level, Problem]]:
    """Yield what does not go well when it comes and goes."""
    with tempfile.TemporaryDirectory(prefix="talenthub-check-") as folder, _quiet():
        world = World(make(Path(folder) / "demo", {("plugins", "enabled"): []}, demo=True))
        for words in (
            ("plugin", "enable", plugin.name),
            ("db", "upgrade"),
            ("plugin", "info", plugin.name),
            ("workflow", "check"),
            ("inbox",),
            ("plugin", "disable", plugin.name),
            ("inbox",),
            ("plugin", "enable", plugin.name),
            ("db", "check"),
        ):
            yield from _asked(world, words, plugin)
        with mock.patch.object(host, "installed", _without(plugin.name)):
            yield from _asked(world, ("plugin", "list"), plugin)
            yield from _asked(world, ("inbox",), plugin)
        yield from gone_and_back(plugin, Path(folder) / "house")


def _asked(world: World, words: tuple[str, ...], plugin: Installed) -> Iterator[tuple[Level, Problem]]:
    answer = world.ask(*words, who=ADMIN)
    said = answer.err.strip()
    broken = [line for line in said.splitlines() if line.startswith("warning:") and plugin.name in line]
    gone = "not installed" in said
    if answer.code != 0 or (broken and not gone):
        yield fault(
            f"talent {' '.join(words)} ends with {answer.code}: {(broken or said.splitlines() or [''])[-1]}",
            place=plugin_file(plugin),
            code="plugin.life",
        )


def _without(name: str) -> object:
    return lambda: {each: several for each, several in installed().items() if each != name}


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    with contextlib.redirect_stdout(io.StringIO()):
        yield
