"""Letters and calendar invitations, written to files."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from talenthub.sdk import Desk, FileError, Name, Problem, UsageError, reads
from talenthub_recruitment.commands.common import REFERENCE
from talenthub_recruitment.invitations import invitation
from talenthub_recruitment.letters import letter as written
from talenthub_recruitment.letters import template

_file = click.option("-O", "--to", "file", type=click.Path(path_type=Path), help="Write it to a FILE.")


@click.command()
@click.argument("ref", metavar="APPLICATION", type=REFERENCE)
@click.argument("name", metavar="LETTER", type=Name("letter"))
@_file
@reads
def letter(desk: Desk, ref: str, name: str, file: Path | None) -> None:
    """Write a letter: invitation, rejection, offer, or one of your own."""
    workspace = desk.workspace
    chosen = template(workspace.folder, name)
    organisation = workspace.settings.organisation.name
    text = desk.run(lambda tx: written(workspace.engine, tx, ref, chosen, organisation))
    if file is None:
        desk.write_text(text.rstrip("\n"))
    else:
        _write(desk, file, text.encode())


@click.command()
@click.argument("ref", metavar="REF", type=REFERENCE)
@click.option("--at", required=True, help='When: "2026-02-10 10:00", in the time of the organisation.')
@click.option("--minutes", type=click.IntRange(5, 1440), default=60, show_default=True, help="How long.")
@click.option("--place", default="", help="Where, or a link.")
@click.option("-O", "--to", "file", type=click.Path(path_type=Path), required=True, help="A FILE.ics.")
@reads
def invite(desk: Desk, ref: str, at: str, minutes: int, place: str, file: Path) -> None:
    """Write a calendar invitation: panel of a selection, or a candidate too."""
    try:
        moment = datetime.fromisoformat(at)
    except ValueError:
        raise UsageError(
            Problem(text="not a day and time", place="--at", found=at, allowed='"2026-02-10 10:00"')
        ) from None
    engine = desk.workspace.engine
    _write(desk, file, desk.run(lambda tx: invitation(engine, tx, ref, moment, minutes, place)))


def _write(desk: Desk, file: Path, content: bytes) -> None:
    try:
        file.write_bytes(content)
    except OSError as error:
        text = (error.strerror or "the file cannot be written").lower()
        raise FileError(Problem(text=text, place=str(file), code="file.unusable")) from None
    desk.say(f"{file}: {len(content)} bytes")
