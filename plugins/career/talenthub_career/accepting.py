"""What cases of other stages hand over: reviews and placements."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from pydantic import BaseModel

from talenthub.sdk import CaseView, field_of, relative_view
from talenthub_career.exact import kept, mean


def accept(case: CaseView) -> Mapping[str, Any]:
    """Return what a plan carries that a placement hands over.

    Never the two bands: the person reads the plan.
    """
    return {
        "role": field_of(case.data, "role"),
        "level": field_of(case.data, "level"),
        "near_role": field_of(case.data, "next_role"),
        "near_level": field_of(case.data, "next_level"),
        "course": _plain(field_of(case.data, "course")),
    }


def _plain(value: Any) -> Any:
    return value.model_dump(mode="json") if isinstance(value, BaseModel) else value


def accept_review(case: CaseView) -> Mapping[str, Any]:
    """Return what a placement carries that a review hands over.

    Read by the names of its fields, so that whoever reviews can hand over:
    `objectives` with `key` and `weight`, their `results`, `measures` and
    `ratings`. The plugin that reviewed may be off: then they are plain values.
    """
    results = field_of(case.data, "results") or {}
    return {
        "occasion": case.about,
        "results": [
            (str(rating), str(field_of(each, "weight")))
            for each in field_of(case.data, "objectives") or ()
            if (rating := results.get(field_of(each, "key"))) is not None
        ],
        "competencies": kept(_mean_of(case.data)),
        "source": case.ref,
    }


def _mean_of(data: Any) -> Fraction | None:
    ratings = field_of(data, "ratings") or {}
    return mean(
        _points(measure, Fraction(rating))
        for measure in field_of(data, "measures") or ()
        if (rating := ratings.get(field_of(measure, "competency"))) is not None
    )


def _points(measure: Any, rating: Fraction) -> Fraction:
    if field_of(measure, "mode") == "level":
        return relative_view(rating, field_of(measure, "required"))
    return rating
