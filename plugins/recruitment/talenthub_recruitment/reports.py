"""Reports: how many, how long, what waits, and how well the kit rates.

Each figure comes with the references it is made of, as far as the reader may
see: nobody reads out of a number what stays hidden in a list.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from fractions import Fraction
from statistics import median
from typing import Any

from sqlalchemy import bindparam, select

from talenthub.sdk import CaseView, Engine, Transaction, case_event
from talenthub_recruitment.application import application
from talenthub_recruitment.opening import selections_of

STATES = tuple(each.name for each in application.states)
KINDS = ("requisition", "selection", "application", "scorecard", "appeal")
CHUNK = 5000
"""So many cases are asked for in one statement."""

Row = dict[str, Any]

_steps = (
    select(case_event.c.case_id, case_event.c.target, case_event.c.at)
    .where(case_event.c.case_id.in_(bindparam("ids", expanding=True)))
    .order_by(case_event.c.case_id, case_event.c.version)
)


def funnel_of(engine: Engine, tx: Transaction, refs: Sequence[str] = ()) -> list[Row]:
    """Return how many applications stand in each state, and stayed how long.

    Of the selections named, or of all that the reader may see. `reached` are
    those that were ever there; `days` is the median of their stay.
    """
    selections = (
        list({each.id: each for each in selections_of(engine, tx, refs).values()}.values())
        if refs
        else engine.of_workflow(tx, "recruitment.selection")
    )
    listed = engine.children_of(tx, [each.id for each in selections], "recruitment.application")
    stays = stays_of(tx, [each for found in listed.values() for each in found])
    rows = [row for each in selections for row in _counts(each, listed[each.id], stays)]
    return [each for each in rows if each["reached"]]


def _counts(selection: CaseView, listed: Sequence[CaseView], stays: Stays) -> Iterator[Row]:
    for state in STATES:
        if state == "hired" and selection.data is not None and selection.data.shared:
            # One selection, several requisitions: each hire tells which one it filled.
            for ref in sorted({filled_by(each) for each in listed if each.state == state}):
                filling = [each for each in listed if filled_by(each) == ref]
                yield {**_count(selection, state, filling, stays), "requisition": ref}
        else:
            yield _count(selection, state, listed, stays)


def filled_by(hired: CaseView) -> str:
    """Return the reference of the requisition a hire filled; "" if unknown."""
    return hired.data.requisition if hired.data is not None else ""


def _count(selection: CaseView, state: str, listed: Sequence[CaseView], stays: Stays) -> Row:
    there = [each.ref for each in listed if each.state == state]
    reached = [each for each in listed if state in stays[each.id]]
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


Stays = Mapping[int, Mapping[str, float | None]]
"""Days by case and state; None: the state is final, nobody leaves it."""


def stays_of(tx: Transaction, cases: Sequence[CaseView]) -> Stays:
    """Return how many days each case was in each state it has reached."""
    paths = _paths(tx, cases)
    return {each.id: _stays(paths[each.id], each, tx.now) for each in cases}


def _stays(path: Sequence[tuple[str, datetime]], case: CaseView, now: datetime) -> dict[str, float | None]:
    found: dict[str, float | None] = {}
    ends = [*(at for _, at in path[1:]), now]
    for (state, at), end in zip(path, ends, strict=True):
        final = case.closed_at is not None and state == case.state
        found[state] = None if final else (found.get(state) or 0.0) + (end - at).total_seconds() / 86_400
    return found


def _paths(tx: Transaction, cases: Sequence[CaseView]) -> dict[int, list[tuple[str, datetime]]]:
    """Return the states each case entered, and when; loops left out."""
    found: dict[int, list[tuple[str, datetime]]] = {each.id: [] for each in cases}
    ids = list(found)
    for start in range(0, len(ids), CHUNK):
        for number, target, at in tx.connection.execute(_steps, {"ids": ids[start : start + CHUNK]}):
            if not found[number] or found[number][-1][0] != target:
                found[number].append((target, at))
    return found


def funnel(engine: Engine, tx: Transaction) -> list[Row]:
    """Return the funnel of every selection that the reader may see."""
    return funnel_of(engine, tx)


def time_to_fill(engine: Engine, tx: Transaction) -> list[Row]:
    """Return how long each requisition took until its last hire."""
    asked = engine.of_workflow(tx, "recruitment.requisition")
    selections = {each.id: each for each in engine.of_workflow(tx, "recruitment.selection")}
    applications = engine.children_of(tx, list(selections), "recruitment.application")
    own = {each.id: each.ref for each in asked}
    filled: dict[str, list[CaseView]] = defaultdict(list)
    for number, listed in applications.items():
        for each in listed:
            if each.state == "hired":
                filled[filled_by(each) or own.get(selections[number].parent or 0, "")].append(each)
    return [_filled(each, filled[each.ref], tx.now) for each in asked]


def _filled(case: CaseView, hired: Sequence[CaseView], now: datetime) -> Row:
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
        "asked_on": case.opened_at.date(),
        "filled_on": last.date() if last else None,
        "days_to_fill": (last - case.opened_at).days if last else None,
        "days_waiting": (now - case.opened_at).days if waits else None,
        "rows": [each.ref for each in hired],
    }


def open_work(engine: Engine, tx: Transaction) -> list[Row]:
    """Return what is open in each state, and how long the oldest waits."""
    rows = []
    for kind in KINDS:
        there: dict[str, list[CaseView]] = defaultdict(list)
        for each in engine.of_workflow(tx, f"recruitment.{kind}", open_only=True):
            there[each.state].append(each)
        rows += [_waiting(kind, state, cases, tx.now) for state, cases in there.items()]
    return rows


def _waiting(kind: str, state: str, cases: Sequence[CaseView], now: datetime) -> Row:
    return {
        "kind": kind,
        "state": state.replace("_", " "),
        "count": len(cases),
        "oldest_days": max((now - each.entered_at).days for each in cases),
        "rows": [each.ref for each in cases],
    }


def kit_quality(engine: Engine, tx: Transaction) -> list[Row]:
    """Return how well panels could rate each competency, and agreed on it."""
    found: dict[str, list[tuple[CaseView, Any]]] = defaultdict(list)
    for each in engine.of_workflow(tx, "recruitment.application"):
        if each.data is not None and each.data.consensus is not None and each.data.follows is None:
            for finding in each.data.consensus.findings:
                found[finding.competency].append((each, finding))
    return [_quality(code, found[code]) for code in sorted(found)]


def _quality(code: str, found: Sequence[tuple[CaseView, Any]]) -> Row:
    ratings = [rating for _, each in found for rating in each.ratings]
    agreed = [Fraction(each.r_wg) for _, each in found if each.r_wg is not None]
    discussed = [case.ref for case, each in found if each.first]
    return {
        "competency": code,
        "applications": len(found),
        "ratings": len(ratings),
        "not_observed": sum(each is None for each in ratings),
        "discussed": len(discussed),
        "mean_r_wg": _mean(agreed),
        "mean_rating": _mean(Fraction(each.mean) for _, each in found),
        "rows": [case.ref for case, _ in found],
        "discussed_rows": discussed,
    }


def _mean(values: Iterable[Fraction]) -> Fraction | None:
    listed = list(values)
    return sum(listed, Fraction(0)) / len(listed) if listed else None
