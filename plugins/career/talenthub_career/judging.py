"""What guards of career share: verdicts on what somebody typed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from talenthub.sdk import Verdict, allow, nearest, refuse
from talenthub_career.cases import Measure


def typed(sentence: str, faults: Sequence[str], mend: str | None = None) -> Verdict:
    """Return a verdict that speaks only of what the actor typed."""
    return replace(refuse(sentence, *faults, mend=mend), kind="form") if faults else allow(sentence)


def strange(given: Iterable[str], known: Sequence[str], what: str) -> list[str]:
    """Return a sentence for each word that is not known."""
    found = []
    for word in given:
        if word not in known:
            close = nearest(word, known)
            hint = f"; did you mean {close!r}?" if close else ""
            found.append(f"{word!r} is no {what} here; allowed: {', '.join(known) or 'none'}{hint}")
    return found


def rating_faults(
    ratings: Mapping[str, int], notes: Mapping[str, str], measures: Sequence[Measure]
) -> list[str]:
    """Return what is wrong with ratings: unknown, off the scale, or unsaid.

    A rating of 1, 2 or 5 on the five points needs a note.
    """
    allowed = {each.competency: each for each in measures}
    faults = strange(dict.fromkeys([*ratings, *notes]), list(allowed), "competency")
    for code, rating in ratings.items():
        measure = allowed.get(code)
        if measure is None:
            continue
        if rating not in measure.allowed:
            faults.append(f"{code}: found {rating}; allowed: {', '.join(map(str, measure.allowed))}")
        elif not notes.get(code) and _is_marked(measure, rating):
            faults.append(f"{code}: a {rating} needs a note")
    return faults


def _is_marked(measure: Measure, rating: int) -> bool:
    points = measure.as_points(rating)
    return points <= 2 or points >= 5
