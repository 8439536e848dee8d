"""Which dated rows are in force on a day."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Date, Table, and_, bindparam, or_

from talenthub.storage.transaction import Transaction


def in_force(dated: Table | Any, day: BindParameter[date] | date | None = None) -> ColumnElement[bool]:
    """Return the condition that a row of `dated` holds on the day `:day`.

    A row holds from `since` on, up to but without `until`.
    """
    shown = bindparam("day", type_=Date) if day is None else day
    return and_(dated.c.since <= shown, or_(dated.c.until.is_(None), dated.c.until > shown))


def lasting(dated: Table | Any, day: BindParameter[date] | date | None = None) -> ColumnElement[bool]:
    """Return the condition that a row of `dated` has not ended on `:day`.

    It may not have begun either: planned ones last too. One that was ended
    before it began holds on no day, and does not last.
    """
    shown = bindparam("day", type_=Date) if day is None else day
    ends_later = and_(dated.c.until > shown, dated.c.until > dated.c.since)
    return or_(dated.c.until.is_(None), ends_later)


def chosen(tx: Transaction, on: date | None) -> date:
    """Return the day meant: `on`, or today where none is given."""
    return tx.today if on is None else on
