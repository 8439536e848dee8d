"""What every command is made of: its common options and its desk.

    @people.command("move")
    @click.argument("handle")
    @writes
    def move(desk: Desk, handle: str) -> None:
        moved = desk.run(lambda tx: posts.move(tx, handle))
        desk.emit(...)

`reads` and `writes` stand directly above the function: they give it a Desk
as its first argument and add the options that all commands share.
"""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

import click

from talenthub.cli import output
from talenthub.cli.examples import help_option
from talenthub.cli.output import Column, Group, Style
from talenthub.cli.parameters import FieldList, OneOf
from talenthub.cli.screen import fitted
from talenthub.config.private import for_its_owner
from talenthub.errors import Problem, UsageError

if TYPE_CHECKING:
    from talenthub.storage.transaction import Actor, Transaction
    from talenthub.workspace import Workspace

P = ParamSpec("P")
T = TypeVar("T")
Wrapped = Callable[..., None]

WORKSPACE_VARIABLE = "TALENTHUB_WORKSPACE"
AS_VARIABLE = "TALENTHUB_AS"


@dataclass(frozen=True, slots=True)
class Common:
    """The values of the options that all commands share."""

    folder: Path | None = None
    as_handle: str | None = None
    style: Style = output.PLAIN
    debug: bool = False
    is_write: bool = False
    dry_run: bool = False
    request_id: str | None = None
    yes: bool = False


class Desk:
    """What a command works at: the workspace, the actor and the output."""

    def __init__(self, common: Common, stack: ExitStack) -> None:
        self.common = common
        self._stack = stack
        self._workspace: Workspace | None = None
        self._actor: Actor | None = None

    @property
    def workspace(self) -> Workspace:
        """Return the workspace, opened when first asked for."""
        if self._workspace is None:
            self._workspace = self._opened(check_tables=True)
        return self._workspace

    def unchecked(self) -> Workspace:
        """Return the workspace without a look at its tables."""
        if self._workspace is None:
            self._workspace = self._opened(check_tables=False)
        return self._workspace

    def _opened(self, *, check_tables: bool) -> Workspace:
        from talenthub.cli.manifest import refresh
        from talenthub.cli.table import COMMANDS
        from talenthub.workspace import Workspace, find

        opened = Workspace.open(find(self.common.folder), reserved=COMMANDS, check_tables=check_tables)
        self._stack.callback(opened.close)
        for line in opened.warnings:
            self.say(f"warning: {line}")
        refresh(opened.folder, opened.host)
        return opened

    @property
    def folder(self) -> Path:
        """Return the workspace's folder; nothing in it is read."""
        from talenthub.config.place import find

        return find(self.common.folder)

    @property
    def actor(self) -> Actor:
        """Return who acts: the login's person, or the one of `--as`."""
        if self._actor is None:
            self._actor = self.workspace.actor(as_handle=self.common.as_handle)
        return self._actor

    @property
    def request_id(self) -> str | None:
        """Return the id under which a repeated request is answered again."""
        return self.common.request_id

    @property
    def dry_run(self) -> bool:
        """Return whether nothing is to be written."""
        return self.common.dry_run

    @property
    def interactive(self) -> bool:
        """Return whether a person can be asked: both streams are terminals."""
        return sys.stdin is not None and sys.stdin.isatty() and output.on_terminal()

    def run(self, function: Callable[[Transaction], T]) -> T:
        """Run `function` in one transaction and return its answer.

        Repeats it after a deadlock, so it must do nothing but use the
        transaction. A reading command cannot write; `--dry-run` rolls back.
        """
        answer = self.workspace.run(
            self.actor,
            function,
            read_only=not self.common.is_write,
            dry_run=self.common.dry_run,
            bold=self.common.is_write,
        )
        if self.common.dry_run:
            self.say("Dry run: nothing was written.")
        return answer

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """Yield one transaction in the actor's name; no repeating."""
        with self.workspace.transaction(
            self.actor, read_only=not self.common.is_write, dry_run=self.common.dry_run
        ) as tx:
            yield tx

    def emit(
        self,
        rows: Iterable[Mapping[str, Any]],
        columns: Sequence[Column],
        *,
        title: str | None = None,
        following: str | None = None,
    ) -> None:
        """Print rows in the format that the user asked for."""
        output.emit(rows, columns, self.common.style, title=title, following=following)

    def emit_groups(
        self, groups: Sequence[Group], columns: Sequence[Column], *, title: str | None = None
    ) -> None:
        """Print groups of rows: tables under their titles, else one list."""
        output.emit_groups(groups, columns, self.common.style, title=title)

    def emit_record(self, record: Mapping[str, Any], *, title: str | None = None) -> None:
        """Print one record in the format that the user asked for."""
        output.emit_record(record, self.common.style, title=title)

    def say(self, message: str) -> None:
        """Print a message to standard error."""
        output.say(message)

    @property
    def for_people(self) -> bool:
        """Return whether prose may be printed in place of rows.

        That is so unless a format was asked for by `-o` or `--fields`.
        """
        return self.common.style.form in (None, "table") and not self.common.style.fields

    def write_text(self, text: str) -> None:
        """Print prose to standard output, free of terminal codes."""
        click.echo(fitted(output.clean(text, keep_lines=True), sys.stdout))

    def confirm(self, question: str) -> None:
        """Go on only after a yes; a script says it by `--yes`."""
        if self.common.yes or self.common.dry_run:
            return
        if not self.interactive:
            raise UsageError(
                Problem(
                    text="this needs a yes", found="no terminal to ask at", mend="add --yes", code="cli.yes"
                )
            )
        click.confirm(question, abort=True, err=True)


def reads(body: Callable[Concatenate[Desk, P], None]) -> Wrapped:
    """Return `body` as a command that only reads."""
    return _with_options(_desk_command(body, is_write=False), _READING)


def reads_as(*more: str) -> Callable[[Callable[Concatenate[Desk, P], None]], Wrapped]:
    """Return `reads` for a command that prints in `more` formats too."""
    options = (_format_option((*output.FORMATS, *more)), *_READING[1:])
    return lambda body: _with_options(_desk_command(body, is_write=False), options)


def writes(body: Callable[Concatenate[Desk, P], None]) -> Wrapped:
    """Return `body` as a command that writes: it may run dry."""
    return _with_options(_desk_command(body, is_write=True), _READING + _WRITING)


def _desk_command(body: Callable[..., None], *, is_write: bool) -> Wrapped:
    @functools.wraps(body)
    def command(**given: Any) -> None:
        common = _common(given, is_write)
        with ExitStack() as stack:
            stack.enter_context(for_its_owner())
            body(Desk(common, stack), **given)

    return command


def _common(given: dict[str, Any], is_write: bool) -> Common:
    root = click.get_current_context().find_root().params
    form, fields, no_pager = given.pop("form"), given.pop("fields"), given.pop("no_pager")
    return Common(
        folder=given.pop("workspace_folder") or root.get("workspace_folder"),
        as_handle=given.pop("as_handle") or root.get("as_handle"),
        style=Style(form, fields, not no_pager),
        debug=given.pop("debug") or bool(root.get("debug")),
        is_write=is_write,
        dry_run=given.pop("dry_run", False),
        request_id=given.pop("request_id", None),
        yes=given.pop("yes", False),
    )


def _with_options(command: Wrapped, options: Sequence[Callable[[Wrapped], Wrapped]]) -> Wrapped:
    command = help_option(command)
    for option in reversed(options):
        command = option(command)
    return command


def workspace_option(command: Wrapped) -> Wrapped:
    """Add `--workspace`; the nearest folder upward is the default."""
    return click.option(
        "--workspace",
        "workspace_folder",
        type=click.Path(path_type=Path),
        envvar=WORKSPACE_VARIABLE,
        metavar="DIR",
        help="The workspace; default: the nearest folder upward with talenthub.toml.",
    )(command)


def as_option(command: Wrapped) -> Wrapped:
    """Add `--as`."""
    return click.option(
        "--as",
        "as_handle",
        metavar="PERSON",
        envvar=AS_VARIABLE,
        help="Act for PERSON (grant act_for, or a demo).",
    )(command)


def debug_option(command: Wrapped) -> Wrapped:
    """Add `--debug`."""
    return click.option("--debug", is_flag=True, help="Show the traceback of an unexpected failure.")(command)


def _format_option(formats: Sequence[str]) -> Callable[[Wrapped], Wrapped]:
    return click.option("-o", "--output", "form", type=OneOf("format", formats), help="How to print.")


_READING: tuple[Callable[[Wrapped], Wrapped], ...] = (
    _format_option(output.FORMATS),
    click.option("--fields", type=FieldList(), default=(), help="Only these fields, in this order."),
    as_option,
    workspace_option,
    click.option("--no-pager", is_flag=True, help="Never page long output."),
    debug_option,
)

_WRITING: tuple[Callable[[Wrapped], Wrapped], ...] = (
    click.option("--dry-run", is_flag=True, help="Show what would happen; write nothing."),
    click.option("--request-id", metavar="ID", help="Repeat safely: the same ID gets the first answer."),
    click.option("--yes", is_flag=True, help="Answer every question with yes."),
)
