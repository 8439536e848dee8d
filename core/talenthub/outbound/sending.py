"""Sending: what came of one try to get something out of the house."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

PAUSES = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
)
"""How long to wait after each failed try; after the last a person must look."""


@dataclass(frozen=True, slots=True)
class Sent:
    """One try: without a sentence it went well."""

    error: str | None = None
    """Why not, without addresses, names or what the other side wrote."""
    final: bool = False
    """Whether trying again cannot help."""
    closed: bool = False
    """Whether it need not leave any more, and why it did not."""
    parked: bool = False
    """Whether it is left to a process that brings what it lacks."""

    @property
    def failed(self) -> bool:
        """Return whether it should have left and did not."""
        return self.error is not None and not self.closed and not self.parked


class Parcel(Protocol):
    """What is ready to leave; sending it touches no database."""

    def send(self) -> Sent:
        """Send it and return what came of it."""


@dataclass(frozen=True, slots=True)
class Settled:
    """What does not leave: for good, for now, or because it need not."""

    sent: Sent

    def send(self) -> Sent:
        """Return what is known already."""
        return self.sent


def broken(why: str) -> Settled:
    """Return what could not be made ready; another time it may be."""
    return Settled(Sent(why))


def unsendable(why: str) -> Settled:
    """Return what cannot leave until a person mends it."""
    return Settled(Sent(why, final=True))


def parked(why: str) -> Settled:
    """Return what only another process can make ready: no try of it."""
    return Settled(Sent(why, parked=True))


def needless(why: str) -> Settled:
    """Return what need not leave any more: closed, with the reason kept."""
    return Settled(Sent(why, closed=True))
