"""The port: what another engine does that runs the background work.

Rows of the outbox and timers stay the truth. An engine is told of work in
the transaction that puts it by, and has it run in as many processes as it
likes; what it was not told of, or has lost, it finds by `due_work`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from threading import Event
from typing import Protocol

from talenthub.outbound.pieces import Pieces, Tally
from talenthub.storage.migrate import Owner
from talenthub.storage.transaction import Transaction
from talenthub.workflow.outbox import DELIVERIES, Work


@dataclass(frozen=True, slots=True)
class Place:
    """Where an engine works: what its function is given."""

    url: str
    """The database, with its password: never to be printed."""
    dead_after: int
    """Seconds after which a worker that says nothing counts as dead."""


@dataclass(slots=True)
class Shift:
    """What one worker process is given to work with."""

    pieces: Pieces
    stop: Event
    say: Callable[[str], None]
    concurrency: int = 1
    tally: Tally = field(default_factory=Tally)

    def do(self, work: Work) -> None:
        """Run a piece of work; what went wrong is kept with its row.

        What speaks of the database is raised: the work is to be done again.
        """
        run = self.pieces.deliveries if work.kind == DELIVERIES else self.pieces.timers
        self.tally.add(run(work.ids))


class Background(Protocol):
    """An engine that has background work run."""

    def defer(self, tx: Transaction, work: Sequence[Work]) -> None:
        """Have work run once the transaction commits, and only then."""

    def owners(self) -> Sequence[Owner]:
        """Return whose tables it needs beside the core's; often none."""

    def serve(self, shift: Shift, *, once: bool) -> None:
        """Run work until `shift.stop` is set; with `once`, what is due."""
