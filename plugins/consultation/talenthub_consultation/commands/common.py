"""What the commands of consultation share: parameters and columns."""

from __future__ import annotations

from typing import Any

import click

from talenthub.sdk import Column, Desk, Fired, Name, fired_row

REVIEW = Name("consultation or framework")
ITEM = Name("item")
FIRED = (Column("ref"), Column("step"), Column("before", extra=True), Column("now"))
REVIEWS = (
    *(Column(each) for each in ("ref", "framework", "number", "state")),
    *(Column(each, right=True) for each in ("round", "until", "items", "accepted")),
)

review_argument = click.argument("word", metavar="CNS", type=REVIEW)


def tell(desk: Desk, fired: Fired, *, following: str = "") -> None:
    """Print what a step did, and the command to go on with."""
    desk.emit([fired_row(fired)], FIRED)
    if following:
        desk.say(f"Next: {following}")


def share(value: Any) -> str:
    """Return a share with three decimals."""
    return "unknown" if value is None else f"{float(value):.3f}"
