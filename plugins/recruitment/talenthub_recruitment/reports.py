"""The funnel: how many applications stand where, and which ones."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from talenthub.sdk import CaseView, Engine, Transaction
from talenthub_recruitment.application import application
from talenthub_recruitment.opening import selection_of

STATES = tuple(each.name for each in application.states)


def funnel_of(engine: Engine, tx: Transaction, refs: Sequence[str]) -> list[dict[str, Any]]:
    """Return, for each selection, the applications in each state.

    Only those the reader may see are counted; `rows` lists them.
    """
    found = []
    for ref in refs:
        selection = selection_of(engine, tx, ref)
        listed = engine.children(tx, selection.id, "recruitment.application")
        found += [_count(selection, state, listed) for state in STATES]
    return [each for each in found if each["count"]]


def _count(selection: CaseView, state: str, listed: Sequence[CaseView]) -> dict[str, Any]:
    there = [each.ref for each in listed if each.state == state]
    return {
        "selection": selection.ref,
        "about": selection.about,
        "state": state.replace("_", " "),
        "count": len(there),
        "rows": there,
    }
