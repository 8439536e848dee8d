"""The worker: rounds of the executor until somebody asks it to stop."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from math import inf
from threading import Event, Lock, Thread
from time import monotonic

from talenthub.errors import Refused, StorageError
from talenthub.outbound.executor import Embedded
from talenthub.outbound.machine import TURN, Machine, end_turn, take_turn, this_machine
from talenthub.outbound.pieces import Tally, told
from talenthub.outbound.port import Shift
from talenthub.outbound.upkeep import keep_up
from talenthub.storage.migrate import NewerTablesError

POLL = 1.0
"""Seconds between two looks when nothing was due."""

UPKEEP = 60.0
"""Seconds between two times of upkeep."""

LONGEST_PAUSE = 30.0
"""Seconds between two tries while the database is away."""


def serve_here(shift: Shift, *, once: bool) -> None:
    """Run work by the embedded executor until `shift.stop` is set."""
    executor = Embedded(shift.pieces, shift.concurrency, stopping=shift.stop.is_set)
    worker = Worker(executor, shift.stop, shift.say, tally=shift.tally)
    # A campaign takes longer than a turn lasts, and digests do not wait for its end.
    worker.executor = replace(executor, between=worker.keep_on)
    worker.once() if once else worker.forever()


@dataclass(slots=True)
class Worker:
    """Runs what is due, in this process, until it is told to stop."""

    executor: Embedded
    stop: Event
    say: Callable[[str], None]
    machine: Machine = field(default_factory=this_machine)
    tally: Tally = field(default_factory=Tally)
    _counting: Lock = field(default_factory=Lock)
    _until: datetime | None = None
    _taken: float = -inf
    _upkeep: float = -inf

    def once(self) -> None:
        """Do all that is due now, then return."""
        self._take_turn()
        try:
            self._keep_up()
            while self._round() and not self.stop.is_set():
                pass
        finally:
            self._end_turn()

    def forever(self) -> None:
        """Work until `stop` is set; Refused when another machine works.

        What leaves has a thread of its own: a slow receiver holds up no timer.
        """
        self._take_turn()
        lane = Thread(target=self._go_on, args=(self._outgoing,), name="outgoing")
        lane.start()
        try:
            self._go_on(self._inside, refused=Refused)
        finally:
            self.stop.set()
            lane.join()
        self._end_turn()

    def keep_on(self) -> None:
        """Keep the turn, and do the upkeep, where it is time."""
        self._take_turn()
        self._keep_up()

    def _inside(self) -> int:
        self.keep_on()
        return self._count(self.executor.inside())

    def _outgoing(self) -> int:
        return self._count(self.executor.outgoing())

    def _count(self, done: Tally) -> int:
        with self._counting:
            self.tally.add(done)
        return done.total

    def _go_on(self, once: Callable[[], int], *, refused: type[Exception] | tuple[()] = ()) -> None:
        """Do something until `stop` is set; what it raises ends only this time."""
        pause = POLL
        while not self.stop.is_set():
            try:
                pause = 0 if once() else POLL
            except refused:
                raise
            except NewerTablesError:
                return  # no other time will be better; it is told at the end
            except Exception as error:  # whatever it is, what is due later is still to be done
                pause = min(max(pause, POLL) * 2, LONGEST_PAUSE)
                self.say(f"{told(error)}; next try in {pause:.0f} s")
            self.stop.wait(pause)

    def _round(self) -> int:
        return self._count(self.executor.round())

    def _take_turn(self) -> None:
        # By a clock that nobody sets: the database keeps the time of the turn itself.
        if monotonic() - self._taken > TURN.total_seconds() / 3:
            self._until = self.executor.pieces.run(lambda tx: take_turn(tx, self.machine))
            self._taken = monotonic()

    def _end_turn(self) -> None:
        until = self._until
        if until is not None:
            with suppress(StorageError):  # it ends by itself a minute later
                self.executor.pieces.run(lambda tx: end_turn(tx, self.machine, until))

    def _keep_up(self) -> None:
        if monotonic() - self._upkeep >= UPKEEP:
            self._upkeep = monotonic()
            pieces = self.executor.pieces
            pieces.run(lambda tx: keep_up(pieces.engine, tx, pieces.office.settings.mail))
