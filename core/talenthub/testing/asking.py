"""Asking every command of `talent`, to compare what two worlds tell.

What nobody may learn must show in no answer, error, file or completion. So
two worlds are made that differ in nothing but that, and are asked the same.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import chdir, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click
import pytest
from click.shell_completion import BashComplete

from talenthub.cli import talent
from talenthub.cli.base import Desk
from talenthub.cli.parameters import Name
from talenthub.testing.worlds import World
from talenthub.workspace import Workspace

Route = tuple[str, ...]
"""A command by its words: `("people", "show")`."""
Asked = tuple[str, ...]
"""All words of one question."""

GIVEN, MADE = "given.csv", "made.csv"
"""A file that a question names, and one that an answer is written to."""

_SILENT = {"--debug", "--no-pager", "--yes", "--dry-run"}
_TYPED = ("", "nom-", "no")


def commands(folder: Path) -> dict[Route, click.Command]:
    """Return every command of a workspace, those of plugins among them."""
    context = click.Context(talent)
    context.meta["talent.folder"] = str(folder)
    return dict(_below(talent, context, ()))


def _below(group: click.Group, context: click.Context, route: Route) -> Iterator[tuple[Route, click.Command]]:
    for name in group.list_commands(context):
        found = group.get_command(context, name)
        if isinstance(found, click.Group):
            yield from _below(found, click.Context(found, parent=context), (*route, name))
        elif found is not None:
            yield (*route, name), found


class Kept:
    """Workspaces that stay open between commands."""

    def __init__(self) -> None:
        self._opened: dict[Path, Workspace] = {}

    def of(self, folder: Path, *, check_tables: bool = True) -> Workspace:
        """Return the workspace of a folder, opened when first asked for."""
        if folder not in self._opened:
            self._opened[folder] = Workspace.open(folder, check_tables=check_tables)
        return self._opened[folder]

    def close(self) -> None:
        """Close them all; the next command opens its own again."""
        while self._opened:
            self._opened.popitem()[1].close()


@contextmanager
def keeping_open() -> Iterator[Kept]:
    """Keep workspaces open meanwhile, for tests that run thousands."""
    kept = Kept()

    def opened(desk: Desk, *, check_tables: bool) -> Workspace:
        assert desk.common.folder is not None
        return kept.of(desk.common.folder, check_tables=check_tables)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Desk, "_opened", opened)
        yield kept
        kept.close()


@dataclass(frozen=True, slots=True)
class Questions:
    """What commands are asked about, and in which ways."""

    words: Sequence[str]
    """Cases and people: an argument of no kind of its own gets each in turn."""
    values: Mapping[str, str] = field(default_factory=dict)
    """What an argument or option of a kind is given."""
    about: Mapping[Route, Sequence[str]] = field(default_factory=dict)
    """Commands and groups that are asked about something else."""
    after: Mapping[Route, Sequence[Asked]] = field(default_factory=dict)
    """What follows the first argument."""
    briefly: Collection[str] = ()
    """Groups whose commands are asked once each, and not with each flag."""

    def of_all(self, known: Mapping[Route, click.Command]) -> list[Asked]:
        """Return all questions to some commands, each once."""
        asked = (each for route, command in known.items() for each in self.asked(route, command))
        return list(dict.fromkeys(asked))

    def asked(self, route: Route, command: click.Command) -> Iterator[Asked]:
        """Yield the ways to ask a command; one that writes is asked dry.

        With each word for programs; with the first word for people, and with
        each of its flags; what is asked briefly once, for programs.
        """
        options = [each for each in command.params if isinstance(each, click.Option)]
        names = {name for each in options for name in each.opts}
        needed = [word for each in options if each.required for word in self._option(each)]
        end = (*needed, *(["--dry-run"] if "--dry-run" in names else []))
        asked = list(self._arguments(route, command))
        is_brief = route[0] in self.briefly
        for each in asked[:1] if is_brief else asked:
            yield (*route, *each, *end, *(["-o", "json"] if "-o" in names else []))
        for flag in () if is_brief else self._flags(options):
            yield (*route, *asked[0], *flag, *end)

    def _arguments(self, route: Route, command: click.Command) -> Iterator[Asked]:
        arguments = [each for each in command.params if isinstance(each, click.Argument)]
        if not arguments:
            yield from self.after.get(route, [()])
            return
        rest = [self._value(each, self.words[0]) for each in arguments[1:] if each.required]
        for word in self._about(route, arguments[0]):
            for after in self.after.get(route, [()]):
                yield (word, *rest, *after)
        if not arguments[0].required:
            yield ()

    def _about(self, route: Route, argument: click.Argument) -> Sequence[str]:
        for end in range(len(route), 0, -1):
            if route[:end] in self.about:
                return self.about[route[:end]]
        fixed = self._value(argument, "")
        return (fixed,) if fixed else self.words

    def _option(self, option: click.Option) -> Asked:
        return (option.opts[0],) if option.is_flag else (option.opts[0], self._value(option, "0.5"))

    def _value(self, given: click.Parameter, otherwise: str) -> str:
        if isinstance(given.type, click.Path):
            return GIVEN if isinstance(given, click.Argument) else MADE
        words = getattr(given.type, "words", None)
        return str(words[0]) if words else self.values.get(given.type.name, otherwise)

    def _flags(self, options: Sequence[click.Option]) -> Iterable[Asked]:
        flags = [each.opts[0] for each in options if each.is_flag and not each.required]
        return [(each,) for each in flags if each not in _SILENT] or [()]


@dataclass(frozen=True, slots=True)
class Heard:
    """What a command answered: its code, what it printed and wrote."""

    code: int
    out: str
    err: str
    written: bytes = b""


def hear(world: World, who: str, *asked: str) -> Heard:
    """Return what a world answers, asked in its folder, which is HERE."""
    given, made, here = world.folder / GIVEN, world.folder / MADE, str(world.folder)
    given.write_text("person,name\n", encoding="utf-8")
    with chdir(world.folder):
        said = world.ask(*asked, who=who)
    written = made.read_bytes() if made.is_file() else b""
    made.unlink(missing_ok=True)
    return Heard(said.code, said.out.replace(here, "HERE"), said.err.replace(here, "HERE"), written)


def hear_all(world: World, who: str, asked: Iterable[Asked]) -> dict[Asked, Heard]:
    """Return what a world answers somebody, one question after another."""
    return {each: hear(world, who, *each) for each in asked}


def complete_all(
    world: World, who: str, known: Mapping[Route, click.Command], typed: Sequence[str] = _TYPED
) -> dict[tuple[str, str], list[str]]:
    """Return what the shell offers somebody for each kind of word, once."""
    given = ["--workspace", str(world.folder), "--as", who]
    found: dict[tuple[str, str], list[str]] = {}
    for kind, before in _kinds(known).items():
        for each in typed:
            shell = BashComplete(talent, {}, "talent", "_TALENT_COMPLETE")
            offered = shell.get_completions([*given, *before], each)
            found[kind, each] = [f"{one.value} {one.help}" for one in offered]
    return found


def _kinds(known: Mapping[Route, click.Command]) -> dict[str, Asked]:
    """Return each kind of word that is completed, with a command that takes it."""
    found: dict[str, Asked] = {}
    for route, command in known.items():
        for each in command.params:
            if isinstance(each.type, Name):
                option = (each.opts[0],) if isinstance(each, click.Option) else ()
                found.setdefault(each.type.name, (*route, *option))
    return found


def told(before: Mapping[Any, Any], after: Mapping[Any, Any]) -> list[str]:
    """Return what differs between two worlds, a line each; none is right."""
    return [
        f"{each}: {answer} against {after[each]}" for each, answer in before.items() if answer != after[each]
    ]
