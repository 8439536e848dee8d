"""Groups of commands: with whole help, and without importing the commands."""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import click

from talenthub.blame import line_of
from talenthub.errors import PluginError, Problem, TalentError, nearest

LONGEST_HELP = 1_000
"""Characters; a help line beyond that is cut."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One command: where it is and what help says of it."""

    target: str
    """`module:attribute`, imported when the command runs."""
    help: str
    """One line."""
    section: str = "Commands"
    fault: str | None = None
    """Why it cannot run: the command of a broken plugin."""
    owner: str | None = None
    """The plugin it comes from; None for the core."""


class Group(click.Group):
    """A group whose help wraps each line rather than cutting it."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command that the first word names; suggest the nearest."""
        if args and not args[0].startswith("-") and self.get_command(ctx, args[0]) is None:
            close = nearest(args[0], self.list_commands(ctx))
            hint = f" Did you mean {close!r}?" if close else f" Try '{ctx.command_path} --help'."
            ctx.fail(f"No such command {args[0]!r}.{hint}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write names and help, whole."""
        commands = [(name, self.get_command(ctx, name)) for name in self.list_commands(ctx)]
        rows = [(name, whole_help(each)) for name, each in commands if each is not None and not each.hidden]
        if rows:
            with formatter.section("Commands"):
                formatter.write_dl(rows)


class LazyGroup(Group):
    """A group whose commands are imported one by one, when they run."""

    def __init__(self, *args: Any, entries: Mapping[str, Entry] | None = None, **more: Any) -> None:
        super().__init__(*args, **more)
        self._entries = dict(entries or {})

    def entries(self, ctx: click.Context) -> Mapping[str, Entry]:  # noqa: ARG002 - for groups that look around
        """Return the commands by name, in the order that help prints them."""
        return self._entries

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands."""
        return [*self.entries(ctx), *super().list_commands(ctx)]

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """Return the command, imported now, or None."""
        entry = self.entries(ctx).get(name)
        if entry is None:
            return super().get_command(ctx, name)
        # Help and completion of the group only need the name and the line.
        return stub(name, entry) if entry.fault is not None else load(name, entry)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write names and help, by section; nothing is imported."""
        for section, rows in self._sections(ctx):
            with formatter.section(section):
                formatter.write_dl(rows)

    def shell_complete(
        self, ctx: click.Context, incomplete: str
    ) -> list[click.shell_completion.CompletionItem]:
        """Return the commands that begin so; nothing is imported."""
        from click.shell_completion import CompletionItem

        matching = [
            CompletionItem(name, help=entry.help)
            for name, entry in self.entries(ctx).items()
            if name.startswith(incomplete)
        ]
        return matching + click.Command.shell_complete(self, ctx, incomplete)

    def _sections(self, ctx: click.Context) -> Iterator[tuple[str, list[tuple[str, str]]]]:
        rows: dict[str, list[tuple[str, str]]] = {}
        for name, entry in self.entries(ctx).items():
            line = f"{entry.help} (off: {entry.fault})" if entry.fault else entry.help
            rows.setdefault(entry.section, []).append((name, line))
        for name, command in sorted(self.commands.items()):
            rows.setdefault("Commands", []).append((name, whole_help(command)))
        yield from rows.items()


def whole_help(command: click.Command) -> str:
    """Return the first sentence of a command's help, however long."""
    return command.get_short_help_str(limit=LONGEST_HELP)


def load(name: str, entry: Entry) -> click.Command:
    """Return the command of `entry`; a plugin's failure stays its own."""
    if entry.owner is None:
        return _attribute(entry.target)
    try:
        return _attribute(entry.target)
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # a plugin may even call sys.exit() when imported
        return stub(name, _broken(entry, error))


def stub(name: str, entry: Entry) -> click.Command:
    """Return a command that takes any words and says why it cannot run."""

    @click.command(
        name,
        help=f"{entry.help}\n\nOff: {entry.fault}",
        context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False},
    )
    @click.argument("words", nargs=-1, type=click.UNPROCESSED)
    def why(words: tuple[str, ...]) -> None:  # noqa: ARG001
        raise PluginError(
            Problem(
                text=f"the commands of plugin {entry.owner} are off: {entry.fault}",
                mend=f"talent plugin info {entry.owner}",
                code="plugin.broken",
            )
        )

    return why


def _attribute(target: str) -> click.Command:
    module, _, attribute = target.partition(":")
    found = getattr(importlib.import_module(module), attribute)
    if not isinstance(found, click.Command):
        raise TypeError(f"{target} is not a click command but {type(found).__name__}")
    return found


def _broken(entry: Entry, error: BaseException) -> Entry:
    said = str(error) if isinstance(error, TalentError | ImportError | AttributeError | TypeError) else ""
    fault = f"{type(error).__name__}: {said}" if said else type(error).__name__
    if (line := line_of(error)) is not None and line not in fault:
        fault = f"{fault} at {line}"
    return Entry(entry.target, entry.help, entry.section, fault, entry.owner)
