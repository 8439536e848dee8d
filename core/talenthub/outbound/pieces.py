"""Pieces: single pieces of work, named by ids, run by any executor.

Work inside the database is one transaction a piece: its lock is its claim,
and a killed worker's piece was never begun. What leaves is claimed with a
lease, sent outside of any transaction and marked: at least once, with a key.
"""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.exc import InterfaceError, OperationalError

from talenthub.blame import line_of
from talenthub.clock import Clock
from talenthub.errors import StorageError, TalentError
from talenthub.outbound.claims import Claimed, claim, finish, lease_clock, lease_time, wanted_now
from talenthub.outbound.letters import Office, mail_parcel, spread_urgent
from talenthub.outbound.sending import Parcel, Sent, broken, parked
from talenthub.outbound.webhooks import webhook_parcel
from talenthub.storage.transaction import Transaction
from talenthub.workflow.calls import Caller, Run, call
from talenthub.workflow.engine import Engine
from talenthub.workflow.outbox import MESSAGE, OUTSIDE, URGENT, WEBHOOK
from talenthub.workflow.parking import ParkedError
from talenthub.workflow.ticking import fail_timer, next_timer, park_timer, run_timer

NOT_ITS_OWN = (StorageError, OperationalError, InterfaceError, KeyboardInterrupt)
"""What speaks of the database or the user, not of the piece of work."""


@dataclass(slots=True)
class Tally:
    """What was done: in one round, in one piece, or by one worker."""

    fired: int = 0
    delivered: int = 0
    sent: int = 0
    failed: int = 0

    @property
    def total(self) -> int:
        """Return how many pieces of work there were."""
        return self.done + self.failed

    @property
    def done(self) -> int:
        """Return how many of them went well."""
        return self.fired + self.delivered + self.sent

    def ticked(self, went_well: bool | None) -> None:
        """Count a timer, where it was run."""
        self.fired += went_well is True
        self.failed += went_well is False

    def called(self, went_well: bool | None) -> None:
        """Count a call of a handler, where it was made."""
        self.delivered += went_well is True
        self.failed += went_well is False

    def add(self, other: Tally) -> None:
        """Count what another tally has counted, too."""
        self.fired += other.fired
        self.delivered += other.delivered
        self.sent += other.sent
        self.failed += other.failed


def this_process() -> str:
    """Return what this process is called where it has claimed something."""
    return f"process {os.getpid()} on {platform.node() or 'this machine'}"[:120]


@dataclass(frozen=True, slots=True)
class Pieces:
    """Runs pieces of work by id; several threads may use it at once.

    Running one again that is done does nothing.
    """

    engine: Engine
    run: Run
    office: Office
    clock: Clock | None = None
    """What leases go by; None: the database server's clock, or the machine's."""
    holder: str = field(default_factory=this_process)
    made: set[str] = field(default_factory=set)
    """The handlers that were called here and came back."""
    claimed: set[int] = field(default_factory=set)
    """The calls that were claimed here and are to be made."""

    @property
    def with_mail(self) -> bool:
        """Return whether there is a way to send mail."""
        return self.office.settings.mail.backend != "off"

    def timers(self, cases: Sequence[int]) -> Tally:
        """Run all due timers of these cases, in the order they fell due."""
        done, last = Tally(), None
        while number := self.run(lambda tx: next_timer(self.engine, self.engine.enter(tx), cases)):
            if number == last:
                break  # somebody else is at them
            done.ticked(self.timer(number))
            last = number
        return done

    def timer(self, number: int) -> bool | None:
        """Run one timer; a failure is kept with it, and False returned.

        None where somebody else has run it meanwhile, or it is parked.
        """
        try:
            ticked = self.run(lambda tx: run_timer(self.engine, self.engine.enter(tx), number))
            return None if ticked is None else True
        except NOT_ITS_OWN:
            raise
        except ParkedError as error:
            lacking = error.why
            self.run(lambda tx: park_timer(tx, number, lacking))
            return None
        except BaseException as error:  # sys.exit() in a guard must not end the worker
            why = told(error)
            self.run(lambda tx: fail_timer(tx, number, why))
            return False

    def deliveries(self, ids: Sequence[int], *, again: bool = False) -> Tally:
        """Run what is due of these rows of the outbox, whatever they are.

        `again` says that some process may have ended in one of them before.
        """
        done = Tally()
        for number, handler in self.run(lambda tx: wanted_now(tx, ids)):
            kind = handler.partition(":")[0]
            if kind == URGENT:
                self.spread_urgent()
            elif kind not in OUTSIDE:
                done.called(self.call(number, again=again))
            elif kind != MESSAGE or self.with_mail:
                self._send(number, done)
        return done

    def call(self, number: int, *, again: bool = False) -> bool | None:
        """Call one delivery's handler; return whether it went well.

        None where somebody else has it, or it is parked. `again` says that
        some process may have ended in it before.
        """
        return call(self.engine, self.run, number, self._caller, again=again)

    def spread_urgent(self) -> None:
        """Turn urgent messages into mails, if there is a way to send them."""
        if self.with_mail:
            self.run(lambda tx: spread_urgent(self.engine, self.engine.enter(tx)))

    def claim(self, *, most: int = 1, only: int | None = None, letters_first: bool = False) -> list[Claimed]:
        """Return what is due to leave, taken for the time of a lease."""
        return self.run(
            lambda tx: claim(
                tx,
                self.holder,
                self._clock(tx),
                brought=self.engine.brought(),
                most=most,
                with_mail=self.with_mail,
                only=only,
                letters_first=letters_first,
            )
        )

    def parcel(self, claimed: Claimed) -> Parcel:
        """Return what is to be sent; a failure to make it is one to send it."""
        try:
            return self.run(lambda tx: self._made(self.engine.enter(tx), claimed))
        except NOT_ITS_OWN:
            raise
        except ParkedError as error:
            return parked(error.why)
        except BaseException as error:
            return broken(told(error))

    def finish(self, claimed: Claimed, sent: Sent) -> None:
        """Write what came of sending."""
        self.run(lambda tx: finish(tx, claimed, sent))

    @property
    def _caller(self) -> Caller:
        return Caller(self.holder, self._clock, lease_time(), self.made, self.claimed)

    def _send(self, number: int, done: Tally) -> None:
        for claimed in self.claim(only=number):
            sent = send(self.parcel(claimed))
            self.finish(claimed, sent)
            done.sent += sent.error is None
            done.failed += sent.failed

    def _made(self, tx: Transaction, claimed: Claimed) -> Parcel:
        office, now = self.office, self._clock(tx)
        if claimed.handler.startswith(f"{WEBHOOK}:"):
            written = self.engine.hearing.names
            return webhook_parcel(tx, claimed, office.settings.webhook, office.folder, now, written=written)
        return mail_parcel(office, self.engine, tx, claimed, now)

    def _clock(self, tx: Transaction) -> datetime:
        return lease_clock(tx) if self.clock is None else self.clock()


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
