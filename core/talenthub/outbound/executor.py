"""The embedded executor: runs what is due, on one machine.

Work inside the database is one transaction a piece: its lock is its claim,
and a killed worker's piece was never begun. What leaves is claimed with a
lease, sent outside of any transaction and marked: at least once, with a key.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from typing import Protocol, TypeVar

from sqlalchemy.exc import InterfaceError, OperationalError

from talenthub.blame import line_of
from talenthub.clock import Clock, system_clock
from talenthub.errors import StorageError, TalentError
from talenthub.outbound.claims import Claimed, claim, finish
from talenthub.outbound.letters import Office, mail_parcel, spread_urgent
from talenthub.outbound.sending import Parcel, Sent, broken
from talenthub.outbound.webhooks import webhook_parcel
from talenthub.storage.transaction import Transaction
from talenthub.workflow.deliveries import WEBHOOK
from talenthub.workflow.engine import Engine
from talenthub.workflow.ticking import fail_timer, next_timer, run_timer

T = TypeVar("T")

NOT_ITS_OWN = (StorageError, OperationalError, InterfaceError, KeyboardInterrupt)
"""What speaks of the database or the user, not of the piece of work."""


class Run(Protocol):
    """Runs a function in a transaction of the system and commits it."""

    def __call__(self, function: Callable[[Transaction], T]) -> T:
        """Return what the function returned."""


@dataclass(slots=True)
class Tally:
    """What one round did."""

    fired: int = 0
    delivered: int = 0
    sent: int = 0
    failed: int = 0

    @property
    def total(self) -> int:
        """Return how many pieces of work there were."""
        return self.fired + self.delivered + self.sent + self.failed


def never() -> bool:
    """Return that nobody asks to stop."""
    return False


@dataclass(frozen=True, slots=True)
class Embedded:
    """Claims due rows and runs them here.

    Another engine brings its own: what it is told are ids, and it calls
    `timer`, `delivery` and `outgoing` with them.
    """

    engine: Engine
    run: Run
    office: Office
    concurrency: int = 1
    clock: Clock = system_clock
    stopping: Callable[[], bool] = never
    holder: str = field(default_factory=lambda: f"process {os.getpid()}")

    def round(self) -> Tally:
        """Run all that is due now; return what was done."""
        done = Tally()
        self.run(self.engine.follow_people)
        self._timers(done)
        self._deliveries(done)
        while not self.stopping() and self.run(self.engine.carry_evidence):
            pass
        self._outgoing(done)
        return done

    def timer(self, number: int) -> bool | None:
        """Run one timer; a failure is kept with it, and False returned.

        None where somebody else has run it meanwhile.
        """
        try:
            ticked = self.run(lambda tx: run_timer(self.engine, self.engine.enter(tx), number))
            return None if ticked is None else True
        except NOT_ITS_OWN:
            raise
        except BaseException as error:  # sys.exit() in a guard must not end the worker
            why = told(error)
            self.run(lambda tx: fail_timer(tx, number, why))
            return False

    def delivery(self, number: int) -> bool:
        """Run one plugin's handler; return whether it went well."""
        return self.run(lambda tx: self.engine.deliver(tx, number))

    def _timers(self, done: Tally) -> None:
        while not self.stopping():
            number = self.run(lambda tx: next_timer(self.engine, self.engine.enter(tx)))
            if number is None:
                return
            went_well = self.timer(number)
            if went_well is None:
                return  # somebody else is at the timers: the next round looks again
            done.fired += went_well
            done.failed += not went_well

    def _deliveries(self, done: Tally) -> None:
        tried: set[int] = set()
        while waiting := [each for each in self.run(self.engine.due_deliveries) if each not in tried]:
            for number in waiting:
                if self.stopping():
                    return
                tried.add(number)
                went_well = self.delivery(number)
                done.delivered += went_well
                done.failed += not went_well

    def _outgoing(self, done: Tally) -> None:
        with_mail = self.office.settings.mail.backend != "off"
        if with_mail:
            self.run(lambda tx: spread_urgent(self.engine, self.engine.enter(tx)))
        with ThreadPoolExecutor(self.concurrency) as pool:
            while not self.stopping():
                claimed = self._claim(with_mail)
                if not claimed:
                    return
                # Threads only send; the database is asked from here.
                parcels = [self._parcel(each) for each in claimed]
                for each, sent in zip(claimed, pool.map(send, parcels), strict=True):
                    self.run(partial(finish, claimed=each, sent=sent))
                    done.sent += sent.error is None
                    done.failed += sent.failed

    def _claim(self, with_mail: bool) -> Sequence[Claimed]:
        return self.run(
            lambda tx: claim(tx, self.holder, self.clock(), most=self.concurrency, with_mail=with_mail)
        )

    def _parcel(self, claimed: Claimed) -> Parcel:
        try:
            return self.run(lambda tx: self._made(self.engine.enter(tx), claimed))
        except NOT_ITS_OWN:
            raise
        except BaseException as error:
            return broken(told(error))

    def _made(self, tx: Transaction, claimed: Claimed) -> Parcel:
        office, now = self.office, self.clock()
        if claimed.handler.startswith(f"{WEBHOOK}:"):
            return webhook_parcel(tx, claimed, office.settings.webhook, office.folder, now)
        return mail_parcel(office, self.engine, tx, claimed, now)


def send(parcel: Parcel) -> Sent:
    """Return what came of sending; nothing it raises ends the worker."""
    try:
        return parcel.send()
    except TalentError as error:
        return Sent(str(error)[:500])
    except Exception as error:
        return Sent(type(error).__name__)


def told(error: BaseException) -> str:
    """Return an error in words that name no person: they are kept."""
    if isinstance(error, TalentError):
        return str(error)[:500]
    place = line_of(error)
    return f"{place}: {type(error).__name__}" if place else type(error).__name__
