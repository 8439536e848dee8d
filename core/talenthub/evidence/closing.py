"""Closing: whether a gap that was open may be called closed, and since when.

A gap opens on the day its size reaches the smallest band. It closes on the
day it is smaller again and enough sources of the last days agree, each by its
own rows alone: own ladder ≥ required − the smallest band. One rater's good
day closes nothing. A standing changes only where a rating was observed, so
the days of the rows are all the days on which a gap can open or close.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import groupby

from talenthub.evidence.exact import rounded
from talenthub.evidence.gap import Gap
from talenthub.evidence.rows import LedgerRow, Scope, read
from talenthub.evidence.settings import EvidenceSettings
from talenthub.evidence.sums import Sum
from talenthub.storage.portions import portions
from talenthub.storage.transaction import Transaction

ORDINALS = {1: "a first", 2: "a second", 3: "a third"}


class Phase(StrEnum):
    """How far a gap has come on its way to being closed."""

    MET = "met"
    """It never was a gap."""
    OPEN = "open"
    CLOSING = "closing"
    """Small enough, and not yet confirmed by enough sources."""
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class SourceLadder:
    """What one source alone says of the last days."""

    source: str
    ladder: float
    """Of its own rows alone, aged like a standing, to nine decimals."""
    rows: tuple[int, ...]
    """Their numbers in the person's ledger."""
    newest_on: date
    agrees: bool
    """Whether it sees no gap either: ladder ≥ required − smallest band."""


@dataclass(frozen=True, slots=True)
class Closing:
    """Whether a gap is closed, since when, and by which sources."""

    phase: Phase
    opened_on: date | None
    closed_on: date | None
    sources: tuple[SourceLadder, ...]
    """Of the last days; of a closed gap those of the day it closed."""
    needed: int
    """How many sources must agree."""
    within_days: int
    """How recent their rows must be."""

    @property
    def is_closed(self) -> bool:
        """Return whether it was a gap and is none any more."""
        return self.phase is Phase.CLOSED

    @property
    def agreeing(self) -> tuple[str, ...]:
        """Return the sources that see no gap either, by name."""
        return tuple(each.source for each in self.sources if each.agrees)

    @property
    def missing(self) -> int:
        """Return how many more sources must agree; 0 unless it is closing."""
        return self.needed - len(self.agreeing) if self.phase is Phase.CLOSING else 0

    @property
    def words(self) -> str:
        """Return the phase as a clause: "closing: needs a second source"."""
        if self.phase is Phase.CLOSING:
            return f"closing: needs {self._missing_words} within {self.within_days} days"
        if self.phase is Phase.CLOSED:
            return f"closed on {self.closed_on} by {', '.join(self.agreeing)}"
        return self.phase if self.phase is Phase.MET else f"open since {self.opened_on}"

    @property
    def _missing_words(self) -> str:
        ordinal = ORDINALS.get(self.needed)
        return f"{ordinal} source" if self.missing == 1 and ordinal else f"{self.missing} more sources"


def closing(rows: Iterable[LedgerRow], required: int, on: date, settings: EvidenceSettings) -> Closing | None:
    """Return how far one gap is closed on a day; None: nothing is known.

    `rows` are one person's on one competency; `required` is today's level.
    """
    counted = sorted(_counted(rows, on), key=lambda row: (row.observed_on, row.sequence))
    opened: date | None = None
    closed: date | None = None
    total = Sum()
    is_gap = False
    for day, observed in groupby(counted, key=lambda row: row.observed_on):
        for row in observed:
            total.add(row.weight, row.ladder, row.observed_on, settings)
        is_gap = settings.is_gap(rounded(max(0.0, required - rounded(total.ladder / total.weight))))
        if is_gap and (opened is None or closed is not None):
            opened, closed = day, None
        elif (
            opened is not None and closed is None and not is_gap and _agreed(counted, required, day, settings)
        ):
            closed = day
    if not counted:
        return None
    sources = own_ladders(counted, required, closed or on, settings)
    phase = _phase(opened, closed, is_gap)
    return Closing(phase, opened, closed, sources, settings.close_sources, settings.close_days)


def own_ladders(
    rows: Iterable[LedgerRow], required: int, on: date, settings: EvidenceSettings
) -> tuple[SourceLadder, ...]:
    """Return what each source of the last days says alone, by its name."""
    recent = [row for row in _counted(rows, on) if (on - row.observed_on).days <= settings.close_days]
    by_source: dict[str, list[LedgerRow]] = {}
    for row in recent:
        by_source.setdefault(row.source, []).append(row)
    least = rounded(required - settings.smallest_band)
    return tuple(_own_ladder(name, by_source[name], least, settings) for name in sorted(by_source))


def closings(
    tx: Transaction,
    gaps: Collection[Gap],
    framework_code: str,
    purpose: str,
    settings: EvidenceSettings,
    on: date | None = None,
) -> dict[Gap, Closing]:
    """Return how far each of these gaps is closed; read from the ledger."""
    if not gaps:
        return {}
    scope = Scope(framework_code, settings.usable(purpose), on or tx.today)
    rows: dict[tuple[int, str], list[LedgerRow]] = {}
    for some in portions({each.person for each in gaps}):
        for row in read(tx, scope, some):
            rows.setdefault((row.person, row.competency), []).append(row)
    closed: dict[Gap, Closing] = {}
    for gap in gaps:
        mine = rows.get((gap.person, gap.competency), ())
        if (found := closing(mine, gap.required, scope.on, settings)) is not None:
            closed[gap] = found
    return closed


def _counted(rows: Iterable[LedgerRow], on: date) -> list[LedgerRow]:
    return [row for row in rows if row.counts and row.observed_on <= on]


def _agreed(rows: Iterable[LedgerRow], required: int, day: date, settings: EvidenceSettings) -> bool:
    agreeing = [each for each in own_ladders(rows, required, day, settings) if each.agrees]
    return len(agreeing) >= settings.close_sources


def _own_ladder(
    source: str, rows: Sequence[LedgerRow], least: float, settings: EvidenceSettings
) -> SourceLadder:
    total = Sum()
    for row in rows:
        total.add(row.weight, row.ladder, row.observed_on, settings)
    ladder = rounded(total.ladder / total.weight)
    return SourceLadder(source, ladder, tuple(row.sequence for row in rows), total.newest, ladder >= least)


def _phase(opened: date | None, closed: date | None, is_gap: bool) -> Phase:
    if opened is None:
        return Phase.MET
    if closed is not None:
        return Phase.CLOSED
    return Phase.OPEN if is_gap else Phase.CLOSING
