"""Reports: how many, how long, what waits, and how well the kit rates.

Each figure comes with the references it is made of, as far as the reader may
see: nobody reads out of a number what stays hidden in a list.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from fractions import Fraction
from statistics import median
from typing import Any

from talenthub.sdk import CaseView, Engine, Outline, Stays, Transaction, stays_of
from talenthub_recruitment.application import application
from talenthub_recruitment.cases import Finding
from talenthub_recruitment.opening import selections_of

STATES = tuple(each.name for each in application.states)
APPLICATION = "recruitment.application"
REQUISITION = "recruitment.requisition"
SELECTION = "recruitment.selection"
KINDS = ("requisition", "selection", "application", "scorecard", "appeal")

Row = dict[str, Any]


def funnel_of(engine: Engine, tx: Transaction, refs: Sequence[str] = ()) -> list[Row]:
    """Return how many applications stand in each state, and stayed how long.

    Of the selections named, or of all that the reader may see. `reached` are
    those that were ever there; `days` is the median of their stay.
    """
    selections: Sequence[CaseView | Outline] = (
        list(selections_of(engine, tx, refs).values()) if refs else engine.outlines(tx, SELECTION)
    )
    by_id = {each.id: each for each in selections}
    found = engine.outlines(tx, APPLICATION, parents=list(by_id) if refs else None)
    listed = [each for each in found if each.parent in by_id]
    stays = stays_of(tx, listed)
    filled = _filled(engine, tx, by_id, listed)
    below: dict[int | None, list[Outline]] = defaultdict(list)
    for each in listed:
        below[each.parent].append(each)
    return [row for number, each in by_id.items() for row in _counts(each, below[number], stays, filled)]


def _filled(
    engine: Engine, tx: Transaction, selections: Mapping[int, CaseView | Outline], listed: Sequence[Outline]
) -> Mapping[int, str]:
    """Return what each hire filled, where a selection fills several requisitions."""
    hired = [each for each in listed if each.state == "hired"]
    full = engine.cases(tx, list({selections[each.parent or 0].ref for each in hired}))
    shared = {each.id for each in full.values() if each.data is not None and each.data.shared}
    told = engine.cases(tx, [each.ref for each in hired if each.parent in shared])
    return {each.id: filled_by(each) for each in told.values()}


def filled_by(hired: CaseView) -> str:
    """Return the reference of the requisition a hire filled; "" if unknown."""
    return hired.data.requisition if hired.data is not None else ""


def _counts(
    selection: CaseView | Outline, listed: Sequence[Outline], stays: Stays, filled: Mapping[int, str]
) -> Iterator[Row]:
    reached: dict[tuple[str, str], list[Outline]] = defaultdict(list)
    for each in listed:
        for state in stays[each.id]:
            # One selection, several requisitions: each hire tells which one it filled.
            reached[state, filled.get(each.id, "") if state == "hired" else ""].append(each)
    for state, ref in sorted(reached, key=_in_order):
        yield _count(selection, state, reached[state, ref], stays) | {"requisition": ref}


def _in_order(step: tuple[str, str]) -> tuple[int, str]:
    # An organisation may have applications wait in states of its own: they come last.
    state, ref = step
    return (STATES.index(state) if state in STATES else len(STATES), ref)


def _count(selection: CaseView | Outline, state: str, reached: Sequence[Outline], stays: Stays) -> Row:
    there = [each.ref for each in reached if each.state == state]
    days = [each for case in reached if (each := stays[case.id][state]) is not None]
    return {
        "selection": selection.ref,
        "about": selection.about,
        "requisition": "",
        "state": state.replace("_", " "),
        "count": len(there),
        "reached": len(reached),
        "days": median(days) if days else None,
        "rows": there,
        "reached_rows": [each.ref for each in reached],
    }


def funnel(engine: Engine, tx: Transaction) -> list[Row]:
    """Return the funnel of every selection that the reader may see."""
    return funnel_of(engine, tx)


def time_to_fill(engine: Engine, tx: Transaction) -> list[Row]:
    """Return how long each requisition took until its last hire."""
    asked = engine.of_workflow(tx, REQUISITION)
    selections = {each.id: each.parent for each in engine.outlines(tx, SELECTION)}
    listed = [each for each in engine.outlines(tx, APPLICATION) if each.parent in selections]
    hired = engine.cases(tx, [each.ref for each in listed if each.state == "hired"])
    own = {each.id: each.ref for each in asked}
    filled: dict[str, list[CaseView]] = defaultdict(list)
    for each in hired.values():
        filled[filled_by(each) or own.get(selections[each.parent or 0] or 0, "")].append(each)
    return [_time(each, filled[each.ref], tx) for each in asked]


def _time(case: CaseView, hired: Sequence[CaseView], tx: Transaction) -> Row:
    positions = case.data.positions if case.data is not None else None
    is_full = positions is not None and len(hired) >= positions
    last = max((each.entered_at for each in hired), default=None) if is_full else None
    waits = last is None and case.closed_at is None
    return {
        "requisition": case.ref,
        "about": case.about,
        "state": case.state.replace("_", " "),
        "positions": positions,
        "hired": len(hired),
        "asked_on": case.opened_at.astimezone(tx.zone).date(),
        "filled_on": last.astimezone(tx.zone).date() if last else None,
        "days_to_fill": (last - case.opened_at).days if last else None,
        "days_waiting": (tx.now - case.opened_at).days if waits else None,
        "rows": [each.ref for each in hired],
    }


def open_work(engine: Engine, tx: Transaction) -> list[Row]:
    """Return what is open in each state, and how long the oldest waits."""
    rows = []
    for kind in KINDS:
        there: dict[str, list[Outline]] = defaultdict(list)
        for each in engine.outlines(tx, f"recruitment.{kind}", open_only=True):
            there[each.state].append(each)
        rows += [_waiting(kind, state, cases, tx.now) for state, cases in there.items()]
    return rows


def _waiting(kind: str, state: str, cases: Sequence[Outline], now: datetime) -> Row:
    return {
        "kind": kind,
        "state": state.replace("_", " "),
        "count": len(cases),
        "oldest_days": max((now - each.entered_at).days for each in cases),
        "rows": [each.ref for each in cases],
    }


def kit_quality(engine: Engine, tx: Transaction) -> list[Row]:
    """Return how well panels could rate each competency, and agreed on it."""
    found: dict[str, list[tuple[str, Finding]]] = defaultdict(list)
    for each in engine.of_workflow(tx, APPLICATION):
        if each.data is not None and each.data.consensus is not None and each.data.follows is None:
            for finding in each.data.consensus.findings:
                found[finding.competency].append((each.ref, finding))
    return [_quality(code, found[code]) for code in sorted(found)]


def _quality(code: str, found: Sequence[tuple[str, Finding]]) -> Row:
    discussed = [ref for ref, each in found if each.first]
    return {
        "competency": code,
        "applications": len(found),
        "ratings": sum(len(each.ratings) for _, each in found),
        "not_observed": sum(each.ratings.count(None) for _, each in found),
        "discussed": len(discussed),
        "mean_r_wg": _mean(each.r_wg for _, each in found if each.r_wg is not None),
        "mean_rating": _mean(each.mean for _, each in found),
        "rows": [ref for ref, _ in found],
        "discussed_rows": discussed,
    }


def _mean(figures: Iterable[str]) -> Fraction | None:
    """Return the exact mean; thousands of figures are few different ones."""
    counted = Counter(figures)
    many = counted.total()
    return (
        sum((Fraction(each) * times for each, times in counted.items()), Fraction(0)) / many if many else None
    )
