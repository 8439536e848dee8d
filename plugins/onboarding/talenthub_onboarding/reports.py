"""Reports: how well the interview told, and how far the plans are.

Each figure comes with the references it is made of, as far as the reader may
see: nobody reads out of a number what stays hidden in a list.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from talenthub.sdk import CaseView, Engine, Transaction
from talenthub_onboarding.finding import PLAN
from talenthub_onboarding.quality import pairs_of, quality, quality_rows

Row = dict[str, Any]


def quality_of_hire(engine: Engine, tx: Transaction) -> list[Row]:
    """Return the correlation of interview and day 90, by competency."""
    fewest = engine.catalogue.newest(PLAN).settings.quality_minimum
    return quality_rows(quality(pairs_of(engine.of_workflow(tx, PLAN)), fewest))


def onboarding(engine: Engine, tx: Transaction) -> list[Row]:
    """Return how many plans stand in each state, and the oldest of them."""
    there: dict[str, list[CaseView]] = defaultdict(list)
    for each in engine.of_workflow(tx, PLAN):
        there[each.state].append(each)
    return [
        {
            "state": state.replace("_", " "),
            "count": len(cases),
            "oldest_days": max((tx.now - each.entered_at).days for each in cases),
            "rows": [each.ref for each in cases],
        }
        for state, cases in there.items()
    ]
