"""The command `talent`: the core's commands and those of the enabled plugins."""

from __future__ import annotations

import gc
import sys
from collections.abc import Mapping, Sequence
from typing import Any, NoReturn

import click

from talenthub import __version__
from talenthub.cli.base import as_option, debug_option, workspace_option
from talenthub.cli.failures import guarded
from talenthub.cli.lazy import Entry, LazyGroup
from talenthub.cli.table import COMMANDS, PLUGINS

_FOLDER = "talent.folder"
_ENTRIES = "talent.entries"
NEW_OBJECTS = 50_000
"""So many are made before Python looks for those nobody needs."""


class Talent(LazyGroup):
    """The root group: the core's commands and those of enabled plugins."""

    def entries(self, ctx: click.Context) -> Mapping[str, Entry]:
        """Return the core's commands, then those in the workspace's manifest."""
        if _ENTRIES not in ctx.meta:
            found = _plugin_entries(ctx)
            more = {name: entry for name, entry in found.items() if name not in self._entries}
            ctx.meta[_ENTRIES] = {**self._entries, **more}
        entries: Mapping[str, Entry] = ctx.meta[_ENTRIES]
        return entries

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command; an unknown word has the plugins looked at anew."""
        if args and args[0] not in self.entries(ctx) and _renew_manifest(ctx):
            del ctx.meta[_ENTRIES]
        if args and args[0] not in self.entries(ctx):
            _look_at_plugins_off(ctx, args[0], self.entries(ctx))
        return super().resolve_command(ctx, args)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Note `--workspace` wherever it stands: it decides which commands exist."""
        ctx.meta[_FOLDER] = _named_folder(args)
        return super().parse_args(ctx, args)

    def main(  # type: ignore[override]
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        **more: Any,
    ) -> NoReturn:
        """Run the words and leave with the exit code of what happened."""
        words = list(sys.argv[1:] if args is None else args)
        more["standalone_mode"] = False
        run = super().main
        sys.exit(guarded(lambda: run(words, prog_name or "talent", **more), debug="--debug" in words))


def _named_folder(args: Sequence[str]) -> str | None:
    for index, word in enumerate(args):
        if word == "--workspace" and index + 1 < len(args):
            return args[index + 1]
        if word.startswith("--workspace="):
            return word.partition("=")[2]
    return None


def _plugin_entries(ctx: click.Context) -> Mapping[str, Entry]:
    from talenthub.cli.manifest import plugin_entries

    return plugin_entries(ctx.meta.get(_FOLDER), PLUGINS)


def _renew_manifest(ctx: click.Context) -> bool:
    from talenthub.cli.manifest import renew

    return renew(ctx.meta.get(_FOLDER), COMMANDS)


def _look_at_plugins_off(ctx: click.Context, word: str, known: Mapping[str, Entry]) -> None:
    """Fail where a word is, or is nearest to, the command of a plugin that is off."""
    from talenthub.cli.manifest import commands_off
    from talenthub.errors import nearest

    off = commands_off(ctx.meta.get(_FOLDER))
    if word in off:
        ctx.fail(f"No such command {word!r} here. {off[word]}")
    close = nearest(word, [*known, *off])
    if close in off:
        ctx.fail(f"No such command {word!r} here. Did you mean {close!r}? {off[close]}")


@click.group(
    cls=Talent,
    entries=COMMANDS,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, "--version", prog_name="talent")
@workspace_option
@as_option
@debug_option
def talent(**_given: object) -> None:
    """Talent decisions, rated against one published competency framework.

    \b
    talent init --demo my-demo      a workspace with an invented organisation
    talent inbox                    what waits for me
    talent why APP-12 hire          what a step still needs
    """


def main() -> NoReturn:
    """Run `talent` with the words of the command line."""
    # What is imported stays: looking through it for garbage 300 times took a tenth of a command.
    gc.set_threshold(NEW_OBJECTS)
    for stream in (sys.stdout, sys.stderr):
        if stream is not None and hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    talent.main()
