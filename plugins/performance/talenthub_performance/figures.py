"""The figures of a review, exact from the ratings to the cut.

What was reached and how it was reached stay apart; only the performance
joins them, by the share that the organisation has set.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from talenthub.sdk import Answers
from talenthub_performance.cases import Group, Measure, Objective, Rating, Review
from talenthub_performance.settings import PerformanceSettings


@dataclass(frozen=True, slots=True)
class Figures:
    """What a review says in numbers; None: not assessed."""

    what: Fraction | None
    how: Fraction | None
    performance: Fraction | None
    assessed: int
    asked: int


def figures_of(review: Review, settings: PerformanceSettings) -> Figures:
    """Return what, how and performance of a review.

    what = Σ weight·rating / Σ weight over the objectives that were assessed;
    how = the mean over the competencies that were; performance =
    share·what + (1 − share)·how, and unknown where either is.
    """
    what, how = reached(review.objectives, review.results), mean_of(review.measures, review.ratings)
    share = settings.share
    both = None if what is None or how is None else share * what + (1 - share) * how
    if share == 0:
        both = how
    elif share == 1:
        both = what
    assessed = sum(review.ratings.get(each.competency) is not None for each in review.measures)
    return Figures(what, how, both, assessed, len(review.measures))


def reached(objectives: Sequence[Objective], results: Mapping[str, Rating]) -> Fraction | None:
    """Return the weighted mean over the objectives that were assessed."""
    given = [
        (Fraction(each.weight), rating)
        for each in objectives
        if (rating := results.get(each.key)) is not None
    ]
    total = sum((weight for weight, _ in given), Fraction(0))
    return sum((weight * rating for weight, rating in given), Fraction(0)) / total if total else None


def mean_of(measures: Sequence[Measure], ratings: Mapping[str, Rating]) -> Fraction | None:
    """Return the mean on the five points over what was assessed."""
    return mean(
        each.as_points(rating) for each in measures if (rating := ratings.get(each.competency)) is not None
    )


def mean(numbers: Iterable[Fraction]) -> Fraction | None:
    """Return the exact mean; None of nothing."""
    given = list(numbers)
    return sum(given, Fraction(0)) / len(given) if given else None


def surprise(performance: Fraction | None, conversations: Sequence[str]) -> Fraction | None:
    """Return |performance − mean of the last conversations' ratings|.

    None where the review or the conversations give no rating.
    """
    before = mean(Fraction(each) for each in conversations)
    return None if performance is None or before is None else abs(performance - before)


def groups_of(answers: Sequence[Answers], asked: Mapping[str, int], minimum: int) -> tuple[Group, ...]:
    """Return what each group said; a competency too few rated is left out."""
    return tuple(_group(each, answers, asked, minimum) for each in answers)


def _group(shown: Answers, all_shown: Sequence[Answers], asked: Mapping[str, int], minimum: int) -> Group:
    ratings: dict[str, list[int]] = {}
    for payload in shown.payloads:
        for code, rating in payload["ratings"].items():
            ratings.setdefault(code, []).append(rating)
    enough = {code: given for code, given in ratings.items() if len(given) >= minimum}
    own = {each.group for each in all_shown}
    others = sum(many for name, many in asked.items() if name not in own)
    return Group(
        name=shown.group,
        answered=shown.count,
        asked=asked.get(shown.group, max(others, shown.count)),
        means={code: str(Fraction(sum(given), len(given))) for code, given in sorted(enough.items())},
        counts={code: len(given) for code, given in sorted(enough.items())},
    )


def share_shown(number: Fraction) -> str:
    """Return a share as people write it, such as 0.8."""
    return f"{float(number):g}"
