"""The demo clock: kept in the database, moved by `talent tick --to` only."""

from __future__ import annotations

from datetime import datetime

from talenthub.errors import Problem, Refused
from talenthub.storage.hub import read_setting, write_setting
from talenthub.storage.transaction import Transaction

SETTING = "clock"


def demo_now(tx: Transaction) -> datetime | None:
    """Return the moment of the demo clock; None: this is no demo."""
    kept = read_setting(tx, SETTING)
    return None if kept is None else datetime.fromisoformat(kept)


def set_demo_clock(tx: Transaction, moment: datetime) -> None:
    """Start the demo clock at `moment`: this makes the workspace a demo."""
    write_setting(tx, SETTING, moment.isoformat())


def move_demo_clock(tx: Transaction, to: datetime) -> None:
    """Move the demo clock on to `to`; Refused elsewhere, and backwards."""
    now = demo_now(tx)
    if now is None:
        raise Refused(
            Problem(
                text="time moves by itself here: only the clock of a demo can be moved",
                mend="talent tick",
                code="clock.real",
            )
        )
    if to < now:
        raise Refused(
            Problem(
                text="the clock of a demo never goes back",
                found=to.date().isoformat(),
                allowed=f"{now.date().isoformat()} or later",
                code="clock.back",
            )
        )
    write_setting(tx, SETTING, to.isoformat())
