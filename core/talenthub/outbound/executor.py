"""The embedded executor: looks for what is due and runs it, on one machine."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import count
from time import monotonic

from talenthub.outbound.claims import Claimed
from talenthub.outbound.pieces import Pieces, Tally, send
from talenthub.workflow.ticking import next_timer

LONG = 0.1
"""Seconds: after a call that took longer, such as a campaign's chunk, others have their turn."""

LETTERS_FIRST = 4
"""Each so many claims begin with letters to one person, whatever else waits."""


def never() -> bool:
    """Return that nobody asks to stop."""
    return False


def nothing() -> None:
    """Do nothing between two pieces."""


@dataclass(frozen=True, slots=True)
class Embedded:
    """Claims due rows and runs them here, round by round."""

    pieces: Pieces
    concurrency: int = 1
    stopping: Callable[[], bool] = never
    between: Callable[[], None] = nothing
    """Called between two pieces inside the database, however many there are."""

    def round(self) -> Tally:
        """Run all that is due now; return what was done."""
        done = self.inside()
        done.add(self.outgoing())
        return done

    def inside(self) -> Tally:
        """Run what is due inside the database; return what was done."""
        done, pieces = Tally(), self.pieces
        pieces.run(pieces.engine.follow_people)
        self._timers(done)
        self._calls(done)
        while self._goes_on() and pieces.run(pieces.engine.carry_evidence):
            pass
        return done

    def _goes_on(self) -> bool:
        self.between()
        return not self.stopping()

    def _timers(self, done: Tally) -> None:
        pieces, last = self.pieces, None
        while self._goes_on():
            number = pieces.run(lambda tx: next_timer(pieces.engine, pieces.engine.enter(tx)))
            if number is None or number == last:
                return  # somebody else is at it: the next round looks again
            done.ticked(pieces.timer(number))
            last = number

    def _calls(self, done: Tally) -> None:
        pieces = self.pieces
        tried: set[int] = set()
        while waiting := [each for each in pieces.run(pieces.engine.due_deliveries) if each not in tried]:
            for number in waiting:
                if not self._goes_on():
                    return
                tried.add(number)
                begun = monotonic()
                done.called(pieces.call(number))
                if monotonic() - begun > LONG:
                    self._timers(done)
                    break  # what was put by meanwhile goes before the next chunk

    def outgoing(self) -> Tally:
        """Send what is due to leave; return what was done.

        A receiver may be slow: a thread of its own does this beside the rest.
        """
        done, pieces = Tally(), self.pieces
        pieces.spread_urgent()
        with ThreadPoolExecutor(self.concurrency) as pool:
            for turn in count():
                claimed = self._claim(turn)
                if not claimed:
                    break
                # Threads only send; the database is asked from here.
                parcels = [pieces.parcel(each) for each in claimed]
                for each, sent in zip(claimed, pool.map(send, parcels), strict=True):
                    pieces.finish(each, sent)
                    done.sent += sent.error is None
                    done.failed += sent.failed
        return done

    def _claim(self, turn: int) -> list[Claimed]:
        if self.stopping():
            return []
        # A hundred thousand digests may be due: who is asked to act does not wait for them.
        return self.pieces.claim(most=self.concurrency, letters_first=turn % LETTERS_FIRST == 0)
