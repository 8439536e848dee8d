"""Sharing: people whom several managed in a period, by days."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from talenthub.sdk import Transaction, persons
from talenthub_performance.checking import Checked, Shared


def with_shared(tx: Transaction, found: Checked) -> tuple[Checked, list[dict[str, Any]]]:
    """Return a data check, and a row for each person with several managers."""
    known = {manager for each in found.shared for manager in each.days}
    handles = {number: each.handle for number, each in persons(tx, known).items()}
    return found, [shared_row(each, handles) for each in found.shared]


def shared_row(each: Shared, handles: Mapping[int, str]) -> dict[str, Any]:
    """Return who managed somebody for how many days, the longest first."""
    longest = sorted(each.days.items(), key=lambda days: (-days[1], handles[days[0]]))
    total = sum(each.days.values())
    shares = [f"{handles[manager]} {days} days ({share(days, total)})" for manager, days in longest]
    rater = "nobody" if each.rater is None else handles[each.rater]
    return {
        "person": each.handle,
        "what": f"managed by {', '.join(shares)}; {rater} rates",
        "mend": "",
        "days": {handles[manager]: days for manager, days in longest},
    }


def share(days: int, total: int) -> str:
    """Return a share of the days in whole per cent."""
    return f"{round(Fraction(100 * days, total))} %"
