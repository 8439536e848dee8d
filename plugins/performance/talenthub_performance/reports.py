"""Reports: what was rated before and after calibration, and by whom.

Each figure comes with the references it is made of, as far as the reader may
see: nobody reads out of a number what stays hidden in a list.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from talenthub.sdk import CaseView, Engine, Transaction, persons
from talenthub_performance.cases import Review
from talenthub_performance.leniency import Leniency
from talenthub_performance.opening import CYCLE
from talenthub_performance.telling import first_ratings, leniency_of, reviews_of

Row = dict[str, Any]


def ratings(engine: Engine, tx: Transaction) -> list[Row]:
    """Return how often each rating stood before and after calibration."""
    found = [(cycle, _readable(engine, tx, cycle)) for cycle in engine.of_workflow(tx, CYCLE)]
    return [row for cycle, reviews in found for row in _distribution(cycle, reviews)]


def _readable(engine: Engine, tx: Transaction, cycle: CaseView) -> list[CaseView]:
    return [each for each in reviews_of(engine, tx, cycle.id) if each.data is not None and each.data.rated_by]


def _distribution(cycle: CaseView, reviews: Sequence[CaseView]) -> Iterable[Row]:
    after = Counter(_given(each.data.ratings for each in reviews))
    before = Counter(_given({**each.data.ratings, **first_ratings(each.data)} for each in reviews))
    if not before:
        return
    points = range(1, 6) if _is_relative(reviews) else range(min(before | after), max(before | after) + 1)
    for point in points:
        now = [each.ref for each in reviews if point in each.data.ratings.values()]
        changed = [each.ref for each in reviews if point in first_ratings(each.data).values()]
        yield {
            "cycle": cycle.ref,
            "about": cycle.about,
            "rating": point,
            "before": before[point],
            "after": after[point],
            "rows": now,
            "changed_rows": changed,
        }


def _given(ratings: Iterable[Mapping[str, int | None]]) -> list[int]:
    return [each for some in ratings for each in some.values() if each is not None]


def _is_relative(reviews: Sequence[CaseView]) -> bool:
    return all(each.mode == "relative" for review in reviews for each in review.data.measures)


def leniency(engine: Engine, tx: Transaction) -> list[Row]:
    """Return how each manager rated beside the others, before calibration."""
    rows = []
    for cycle in engine.of_workflow(tx, CYCLE):
        found, behind = leniency_of(engine, tx, cycle), defaultdict[int, list[str]](list)
        for each in _readable(engine, tx, cycle):
            data: Review = each.data
            behind[data.rated_by or 0].append(each.ref)
        people = persons(tx, {each.manager for each in found})
        rows += [_leaning(cycle, people[each.manager].handle, each, behind[each.manager]) for each in found]
    return rows


def _leaning(cycle: CaseView, handle: str, each: Leniency, refs: Sequence[str]) -> Row:
    return {
        "cycle": cycle.ref,
        "manager": handle,
        "mean": each.mean,
        "ratees": each.ratees,
        "apart": each.apart,
        "z": each.z,
        "flagged": each.flagged,
        "rows": list(refs),
    }
