"""The reserve list as rows."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from talenthub.sdk import Engine, Transaction, persons
from talenthub_recruitment.facts import still_agreed


def reserve_rows(engine: Engine, tx: Transaction) -> list[dict[str, Any]]:
    """Return who waits on the reserve list, as far as one may see."""
    waiting = still_agreed(tx, engine.of_workflow(tx, "recruitment.reserve", open_only=True))
    people = persons(tx, {each.subject for each in waiting if each.subject is not None})
    return [
        {
            "ref": each.ref,
            "application": each.data.ref,
            "candidate": people[each.subject].name if each.subject in people else None,
            "about": each.about,
            "overall": Fraction(each.data.consensus.overall) if each.data.consensus else None,
            "agreed_on": each.data.agreed_on,
            "until": each.data.until,
        }
        for each in sorted(waiting, key=lambda each: each.data.until)
    ]
