"""What cases of other stages hand over: reviews and placements."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from pydantic import BaseModel

from talenthub.sdk import CaseView, relative_view
from talenthub_career.exact import kept, mean


def read(value: Any, name: str) -> Any:
    """Return a field of a model or of a mapping; None where there is none."""
    return value.get(name) if isinstance(value, Mapping) else getattr(value, name, None)


def accept(case: CaseView) -> Mapping[str, Any]:
    """Return what a plan carries that a placement hands over.

    Never the two bands: the person reads the plan.
    """
    return {
        "role": read(case.data, "role"),
        "level": read(case.data, "level"),
        "near_role": read(case.data, "next_role"),
        "near_level": read(case.data, "next_level"),
        "course": _plain(read(case.data, "course")),
    }


def _plain(value: Any) -> Any:
    return value.model_dump(mode="json") if isinstance(value, BaseModel) else value


def accept_review(case: CaseView) -> Mapping[str, Any]:
    """Return what a placement carries that a review hands over.

    Read by the names of its fields, so that whoever reviews can hand over:
    `objectives` with `key` and `weight`, their `results`, `measures` and
    `ratings`. The plugin that reviewed may be off: then they are plain values.
    """
    results = read(case.data, "results") or {}
    return {
        "occasion": case.about,
        "results": [
            (str(rating), str(read(each, "weight")))
            for each in read(case.data, "objectives") or ()
            if (rating := results.get(read(each, "key"))) is not None
        ],
        "competencies": kept(_mean_of(case.data)),
        "source": case.ref,
    }


def _mean_of(data: Any) -> Fraction | None:
    ratings = read(data, "ratings") or {}
    return mean(
        _points(measure, Fraction(rating))
        for measure in read(data, "measures") or ()
        if (rating := ratings.get(read(measure, "competency"))) is not None
    )


def _points(measure: Any, rating: Fraction) -> Fraction:
    if read(measure, "mode") == "level":
        return relative_view(rating, read(measure, "required"))
    return rating
