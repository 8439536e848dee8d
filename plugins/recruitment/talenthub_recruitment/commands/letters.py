"""Letters and calendar invitations, written to files."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from talenthub.sdk import Desk, FileError, Name, Problem, UsageError, reads, writes
from talenthub_recruitment.commands.common import REFERENCE
from talenthub_recruitment.invitations import cancel, invitation, send
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
@click.option("--at", help='When: "2026-02-10 10:00", in the time of the organisation.')
@click.option("--minutes", type=click.IntRange(5, 1440), default=60, show_default=True, help="How long.")
@click.option("--place", default="", help="Where, or a link.")
@click.option("-O", "--to", "file", type=click.Path(path_type=Path), help="Write it to a FILE.ics.")
@click.option("--send", "by_mail", is_flag=True, help="Mail it to each; sent again, it is a change.")
@click.option("--cancel", "off", is_flag=True, help="Mail everybody invited that it is called off.")
@writes
def invite(
    desk: Desk,
    ref: str,
    at: str | None,
    minutes: int,
    place: str,
    file: Path | None,
    by_mail: bool,
    off: bool,
) -> None:
    """Invite to an interview: the panel of a selection, or a candidate too."""
    if sum((file is not None, by_mail, off)) != 1 or (at is None) != off:
        allowed = "--at with -O FILE or --send, or --cancel alone"
        raise UsageError(Problem(text="say how to invite", place="-O", allowed=allowed))
    engine = desk.workspace.engine
    if off:
        told = desk.run(lambda tx: cancel(engine, tx, ref))
        desk.say(f"{told.ref}: called off; everybody invited gets a mail.")
        return
    moment = _moment(at or "")
    if file is not None:
        _write(desk, file, desk.run(lambda tx: invitation(engine, tx, ref, moment, minutes, place)))
        return
    told = desk.run(lambda tx: send(engine, tx, ref, moment, minutes, place))
    desk.say(f"{told.ref}: {len(told.people)} invited by mail, change {told.sequence}.")
    if desk.workspace.settings.mail.backend == "off":
        desk.say("No mail is set up: invitations wait until [mail] is.")


def _moment(at: str) -> datetime:
    try:
        return datetime.fromisoformat(at)
    except ValueError:
        raise UsageError(
            Problem(text="not a day and time", place="--at", found=at, allowed='"2026-02-10 10:00"')
        ) from None


def _write(desk: Desk, file: Path, content: bytes) -> None:
    try:
        file.write_bytes(content)
    except OSError as error:
        text = (error.strerror or "the file cannot be written").lower()
        raise FileError(Problem(text=text, place=str(file), code="file.unusable")) from None
    desk.say(f"{file}: {len(content)} bytes")
