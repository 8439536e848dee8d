"""Reports on consultations, in the view of whoever runs them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from talenthub.sdk import Engine, Transaction
from talenthub_consultation.cases import Review
from talenthub_consultation.finding import REVIEW, settings_for
from talenthub_consultation.settings import ConsultationSettings
from talenthub_consultation.telling import buy_in_rows, relevance_rows

Row = dict[str, Any]
Tell = Callable[[Review, ConsultationSettings], list[Row]]


def buyin(engine: Engine, tx: Transaction) -> list[Row]:
    """Return the accepting share of each level, of each consultation."""
    return _each(engine, tx, buy_in_rows)


def relevance(engine: Engine, tx: Transaction) -> list[Row]:
    """Return what is known of each indicator, of each consultation."""
    return _each(engine, tx, lambda data, settings: relevance_rows(data.items, settings))


def _each(engine: Engine, tx: Transaction, tell: Tell) -> list[Row]:
    return [
        {"consultation": each.ref, **row}
        for each in engine.of_workflow(tx, REVIEW)
        if each.data is not None
        for row in tell(each.data, settings_for(engine, tx, each))
    ]
