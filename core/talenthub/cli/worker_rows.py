"""The work of `talent worker`: a worker, its signals and its right."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from threading import Event
from types import FrameType
from typing import TypeVar

import click

from talenthub.cli.base import Desk
from talenthub.cli.casework import engine_of
from talenthub.cli.jobs_rows import print_due, require_keeper
from talenthub.cli.notify_rows import digest_text
from talenthub.outbound.journal import Journal
from talenthub.outbound.letters import Office
from talenthub.outbound.overtaken import WhileCurrent
from talenthub.outbound.pieces import Pieces, Tally
from talenthub.outbound.port import Shift
from talenthub.outbound.wording import wordings_of
from talenthub.outbound.worker import serve_here
from talenthub.storage.migrate import watch_tables
from talenthub.storage.transaction import SYSTEM, Transaction

T = TypeVar("T")

SIGNALS = (signal.SIGINT, signal.SIGTERM)


def run_worker(desk: Desk, *, once: bool, concurrency: int) -> None:
    """Run a worker here and tell what it did."""
    require_keeper(desk)
    if desk.dry_run:
        print_due(desk)
        desk.say("Dry run: nothing was done.")
        return
    engine, workspace = engine_of(desk), desk.workspace
    stop = Event()
    run = WhileCurrent(partial(_run, desk), watch_tables(workspace.owners), stop)
    office = Office(
        workspace.settings,
        workspace.folder,
        digest_text,
        wordings_of(workspace.settings, workspace.folder),
    )
    say: Callable[[str], None] = desk.say
    tally = Tally()
    if workspace.settings.log.format == "json":
        tally = Journal(write=partial(click.echo, err=True))
        say = tally.say
    shift = Shift(Pieces(engine, run, office), stop, say, concurrency, tally)
    background = workspace.background
    serve = serve_here if background is None else background.serve
    with _stopped_by_signals(stop):
        run(engine.write_down)
        if not once:
            say("Working; Ctrl-C ends it.")
        serve(shift, once=once)
    # Not how much it was: what is due on confidential cases is among it.
    say(f"What was due is done, {tally.failed} failed")
    run.tell()


def _run(desk: Desk, function: Callable[[Transaction], T]) -> T:
    return desk.workspace.run(SYSTEM, function)


@contextmanager
def _stopped_by_signals(stop: Event) -> Iterator[None]:
    """Let a signal set `stop`: the piece of work at hand is finished first."""

    def ask(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    before = {number: signal.signal(number, ask) for number in SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
