"""`talent init`: make a workspace."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from talenthub.cli import output
from talenthub.cli.base import debug_option


@click.command()
@click.argument("folder", metavar="[DIR]", type=click.Path(path_type=Path), default=Path())
@click.option("--demo", is_flag=True, help="With an invented organisation of 1,200 people and its own clock.")
@click.option("--name", help="The organisation's name.")
@click.option("--timezone", help="Where its days begin and end: Europe/Lisbon.")
@click.option(
    "--database", metavar="URL", help="Another database; env:NAME or file:PATH says where its URL is kept."
)
@debug_option
def init(
    folder: Path,
    demo: bool,
    name: str | None,
    timezone: str | None,
    database: str | None,
    debug: bool,  # noqa: ARG001
) -> None:
    """Make a workspace in DIR (here).

    \b
    talent init --demo my-demo
    talent init --name "City Library" --timezone Europe/Lisbon library
    talent init --database env:TALENTHUB_DATABASE

    It never overwrites: where a workspace is, it stops, and what fails leaves
    nothing behind.
    """
    from talenthub.cli.manifest import refresh
    from talenthub.cli.table import COMMANDS
    from talenthub.workspace.making import make
    from talenthub.workspace.opening import configure

    given: dict[tuple[str, ...], Any] = {
        ("organisation", "name"): name,
        ("organisation", "timezone"): timezone,
        ("database", "url"): None if database is None else _reference(database),
    }
    settings = {keys: value for keys, value in given.items() if value is not None}
    made = make(folder, settings, demo=demo)
    refresh(made, configure(made, reserved=COMMANDS).host)
    click.echo(made)
    _say_what_next(made, demo=demo)


def _reference(text: str) -> str | dict[str, str]:
    where, colon, name = text.partition(":")
    return {where: name} if colon and where in ("env", "file") and not name.startswith("//") else text


def _say_what_next(folder: Path, *, demo: bool) -> None:
    move = "" if folder == Path() else f"cd {folder}; "
    if demo:
        output.say("Harbourline is ready: 1,200 people, a published framework, Monday 2026-01-05.")
        output.say(f"Next: {move}talent inbox --as maria.costa")
    else:
        output.say("The workspace is ready; you are its first person, an admin.")
        output.say(
            f"Next: {move}talent plugin list, talent framework import FILE, talent people import --help"
        )
