"""The journal of a worker: lines of JSON for whoever gathers logs.

A line holds numbers, fixed words and sentences of talenthub about itself:
how much was done, what went wrong with the database. There is no place in it
for a name, an address or the text of a case.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field

from talenthub.clock import Clock, system_clock
from talenthub.outbound.pieces import Tally

Write = Callable[[str], None]


def line_of(event: str, clock: Clock, **told: int | str) -> str:
    """Return one line of the journal."""
    at = clock().isoformat(timespec="milliseconds")
    return json.dumps({"at": at, "event": event, **told}, ensure_ascii=False)


@dataclass(slots=True)
class Journal(Tally):
    """A tally that writes down each time what it is given."""

    write: Write = field(default=print, kw_only=True)
    clock: Clock = field(default=system_clock, kw_only=True)

    def add(self, other: Tally) -> None:
        """Count what another tally has counted, and write it down."""
        Tally.add(self, other)
        if other.total:
            done = {name: getattr(other, name) for name in ("fired", "delivered", "sent", "failed")}
            self.write(line_of("failed" if other.failed else "worked", self.clock, **done))

    def say(self, message: str) -> None:
        """Write down what a worker has to say about itself."""
        self.write(line_of("says", self.clock, text=message))
