"""The port: what another engine does that runs the background work.

Rows of the outbox and timers stay the truth. An engine is told of work in
the transaction that puts it by, and has it run in as many processes as it
likes; what it was not told of, or has lost, it finds by `Shift.due`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from threading import Event, Lock
from typing import Protocol

from talenthub.outbound.claims import lease_clock
from talenthub.outbound.pieces import Pieces, Tally
from talenthub.outbound.sweeping import due_work
from talenthub.outbound.upkeep import keep_up
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
    _counting: Lock = field(default_factory=Lock)

    def due(self) -> list[Work]:
        """Return what is due and nobody has claimed, timers of a family together.

        It may be run already: what is done twice is done once.
        """
        pieces = self.pieces
        return pieces.run(
            lambda tx: due_work(
                pieces.engine, pieces.engine.enter(tx), lease_clock(tx), with_mail=pieces.with_mail
            )
        )

    def keep_up(self) -> None:
        """Do what is done once a minute, whether or not rows are due.

        Digests are made, handoffs tried again, changes among people followed,
        evidence carried over to versions in force.
        """
        pieces = self.pieces
        engine, mail = pieces.engine, pieces.office.settings.mail
        pieces.run(engine.follow_people)
        pieces.run(lambda tx: keep_up(engine, tx, mail))
        while not self.stop.is_set() and pieces.run(engine.carry_evidence):
            pass

    def do(self, work: Work, *, again: bool = False) -> None:
        """Run a piece of work; what went wrong is kept with its row.

        What speaks of the database is raised: the work is to be done again.
        `again` says that this was begun before and its worker came to an end:
        where a handler ends each worker that calls it, that is found out.
        """
        if work.kind == DELIVERIES:
            done = self.pieces.deliveries(work.ids, again=again)
        else:
            done = self.pieces.timers(work.ids)
        with self._counting:
            self.tally.add(done)


class Background(Protocol):
    """An engine that has background work run."""

    def defer(self, tx: Transaction, work: Sequence[Work]) -> None:
        """Have work run once the transaction commits, and only then."""

    def serve(self, shift: Shift, *, once: bool) -> None:
        """Run work until `shift.stop` is set; with `once`, what is due."""
