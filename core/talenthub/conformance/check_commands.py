"""The commands: each answers --help, and says what it does."""

from __future__ import annotations

from collections.abc import Iterator

import click
from click.testing import CliRunner

from talenthub.conformance.finding import Level, fault
from talenthub.errors import Problem
from talenthub.host import Host, Installed, State
from talenthub.host.loading import attribute


def problems(plugin: Installed) -> Iterator[tuple[Level, Problem]]:
    """Yield each command that fails, or that says nothing about itself."""
    host = Host([plugin.name])
    status = host.status(plugin.name)
    if status is None or status.state is not State.LOADED:
        return
    for each in host.commands():
        target = attribute(each.value.target)
        if not isinstance(target, click.Command):
            yield fault(
                f"the command {each.value.name} is a {type(target).__name__}, not a click command",
                place=each.value.target,
                code="plugin.command",
            )
            continue
        yield from _below(target, (each.value.name,), each.value.target)


def _below(command: click.Command, path: tuple[str, ...], target: str) -> Iterator[tuple[Level, Problem]]:
    words = " ".join(path)
    result = CliRunner().invoke(command, ["--help"])
    if result.exit_code != 0:
        yield fault(f"talent {words} --help fails: {result.exception!r}", place=target, code="plugin.command")
    elif not (command.help or "").strip():
        yield fault(
            f"talent {words} does not say what it does",
            place=target,
            mend="give its function a docstring",
            code="plugin.command-words",
        )
    if isinstance(command, click.Group):
        for name, each in command.commands.items():
            yield from _below(each, (*path, name), target)
