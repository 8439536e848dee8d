"""Tasks: done, waived, blocked, one or a file of them."""

from __future__ import annotations

from pathlib import Path

import click

from talenthub.sdk import REFERENCE, Desk, Entry, Group, Problem, UsageError, fire_entries, writes
from talenthub_onboarding.commands.common import file_option, find_task
from talenthub_onboarding.files import read_tasks

_refs = click.argument("refs", metavar="[TASK]…", type=REFERENCE, nargs=-1)


@click.group(cls=Group)
def task() -> None:
    """Tasks of plans."""


@task.command()
@_refs
@writes
def begin(desk: Desk, refs: tuple[str, ...]) -> None:
    """Say that you are at it."""
    _fire(desk, refs, None, "begin", {}, "note")


@task.command()
@_refs
@click.option("--note", default="", help="What was done; needed for several at once.")
@file_option
@writes
def done(desk: Desk, refs: tuple[str, ...], note: str, file: Path | None) -> None:
    """Say that tasks are done: each is one event of its own."""
    if len(refs) > 1 and not note:
        raise UsageError(
            Problem(text="several at once need a note", place="--note", mend='--note "what was done"')
        )
    _fire(desk, refs, file, "done", {"note": note}, "note")


@task.command()
@_refs
@click.option("--reason", default="", help="Why it need not be done.")
@file_option
@writes
def waive(desk: Desk, refs: tuple[str, ...], reason: str, file: Path | None) -> None:
    """Let tasks go, as the manager of their owner, with a reason."""
    _fire(desk, refs, file, "waive", {"reason": reason}, "reason")


@task.command()
@_refs
@click.option("--reason", default="", help="What stands in the way.")
@file_option
@writes
def block(desk: Desk, refs: tuple[str, ...], reason: str, file: Path | None) -> None:
    """Say what stands in the way; the manager is asked to clear it."""
    _fire(desk, refs, file, "block", {"reason": reason}, "reason")


@task.command()
@_refs
@writes
def unblock(desk: Desk, refs: tuple[str, ...]) -> None:
    """Say that nothing stands in the way any more."""
    _fire(desk, refs, None, "unblock", {}, "note")


def _fire(
    desk: Desk, refs: tuple[str, ...], file: Path | None, transition: str, form: dict[str, str], words: str
) -> None:
    if bool(refs) == (file is not None):
        raise UsageError(
            Problem(
                text="name tasks or a file", place=f"task {transition}", allowed="TASK… or --file, not both"
            )
        )
    entries = [Entry(each, dict(form)) for each in refs] if file is None else read_tasks(file, words)
    fire_entries(desk, entries, transition, find_task)
