"""Calls: one process makes calls of handlers, and what ends it is counted.

A handler that fails says so. One that ends the process, or its line to the
database, does not: its transaction never was. So a call that is suspected of
it is first claimed with a lease, in a transaction of its own: where a lease
has run out, the process has ended in the call.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeVar

from sqlalchemy import Row, bindparam, update

from talenthub.storage.transaction import Transaction
from talenthub.workflow.deliveries import CutOffError, free_call, keep_failure, make
from talenthub.workflow.tables import outbox

if TYPE_CHECKING:
    from talenthub.workflow.engine import Engine

T = TypeVar("T")

CLAIMED: Final = "claimed"
"""What came of a call that was only claimed: now it is to be made."""

_lease = (
    update(outbox)
    .where(outbox.c.id == bindparam("which"))
    .values(lease_until=bindparam("until"), leased_by=bindparam("holder"))
)


_free = (
    update(outbox)
    .where(outbox.c.id == bindparam("which"), outbox.c.leased_by == bindparam("own"))
    .values(lease_until=None, leased_by=None)
)


@dataclass(frozen=True, slots=True)
class Caller:
    """Who makes calls: one process, as long as it lives."""

    holder: str
    clock: Callable[[Transaction], datetime]
    """Tells the moment that leases go by."""
    lease: timedelta
    made: set[str]
    """The handlers that were called here and came back: the first call of
    each is suspected of having ended the process before this one."""
    claimed: set[int]
    """The calls that were claimed here and are to be made."""


class Run(Protocol):
    """Runs a function in a transaction of the system and commits it."""

    def __call__(self, function: Callable[[Transaction], T]) -> T:
        """Return what the function returned."""


def call(engine: Engine, run: Run, number: int, caller: Caller, *, again: bool = False) -> bool | None:
    """Make one call, if it is open; return whether it went well, as `deliver`.

    `again` says that some process may have ended in it before.
    """

    def attempt(tx: Transaction) -> bool | str | None:
        return _made(engine, engine.enter(tx), number, caller, again=again)

    try:
        went = run(attempt)
        if went == CLAIMED:
            went = run(attempt)
    except CutOffError as error:
        cut = error
        run(lambda tx: _keep(tx, number, cut))
        return False
    except BaseException:
        if number in caller.claimed:  # it was not the handler: nobody need wait for the lease
            with suppress(Exception):
                run(lambda tx: tx.write(_free, {"which": number, "own": caller.holder}))
            caller.claimed.discard(number)
        raise
    assert not isinstance(went, str), "it is claimed once"
    return went


def _made(engine: Engine, tx: Transaction, number: int, caller: Caller, *, again: bool) -> bool | str | None:
    row = free_call(tx, number)
    if row is None:
        return None
    if number not in caller.claimed:
        if row.leased_by is not None:
            return _ended(tx, row) if row.lease_until <= caller.clock(tx) else None
        if again or row.attempts or row.handler not in caller.made:
            _claim(tx, row, caller)
            return CLAIMED
    went = make(engine, tx, row)
    caller.claimed.discard(number)
    caller.made.add(row.handler)
    return went


def _claim(tx: Transaction, row: Row[Any], caller: Caller) -> None:
    until = caller.clock(tx) + caller.lease
    tx.write(_lease, {"which": row.id, "until": until, "holder": caller.holder})
    caller.claimed.add(row.id)


def _ended(tx: Transaction, row: Row[Any]) -> bool:
    # Once it may have been killed for other reasons: it is tried again at once.
    plugin, _, name = row.handler.partition(":")
    why = f"{row.leased_by} ended in the handler {name} of the plugin {plugin}"
    keep_failure(tx, row.id, row.attempts + 1, why, at_once=not row.attempts)
    return False


def _keep(tx: Transaction, number: int, cut: CutOffError) -> None:
    """Count a try that took its connection along, unless somebody was at it meanwhile."""
    row = free_call(tx, number)
    if row is not None and row.attempts == cut.attempts:
        keep_failure(tx, number, row.attempts + 1, cut.problems[0].text)
