"""The reserve list as rows."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from talenthub.sdk import Engine, Transaction, persons


def reserve_rows(engine: Engine, tx: Transaction) -> list[dict[str, Any]]:
    """Return who waits on the reserve list, as far as one may see."""
    found = engine.of_workflow(tx, "recruitment.application", open_only=True)
    waiting = [each for each in found if each.state == "reserve" and each.data is not None]
    people = persons(tx, {each.subject for each in waiting if each.subject is not None})
    return [
        {
            "application": each.ref,
            "candidate": people[each.subject].name if each.subject in people else None,
            "about": each.about,
            "overall": Fraction(each.data.consensus.overall) if each.data.consensus else None,
            "agreed_on": each.data.reserve.agreed_on,
            "until": each.data.reserve.until,
        }
        for each in sorted(waiting, key=lambda each: each.data.reserve.until)
    ]
