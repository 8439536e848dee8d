"""What guards of career share: verdicts on what somebody typed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from talenthub.sdk import Content, RoleProfile, Verdict, allow, nearest, refuse, relative_view, text_in
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


def measures_of(
    content: Content, profile: RoleProfile, only: Sequence[str] | None = None
) -> tuple[Measure, ...]:
    """Return how each competency of a role is rated, in the role's order."""
    language = content.framework.language
    found = []
    for each in profile.requirements:
        if only is not None and each.competency not in only:
            continue
        scale, words = content.scale_of(each.competency), profile.anchors[each.competency].at
        found.append(
            Measure(
                competency=each.competency,
                title=text_in(content.competency(each.competency).title, language),
                required=each.level,
                lowest=scale.lowest,
                highest=scale.highest,
                mode=content.framework.rating.mode.value,
                critical=each.critical,
                text="" if words.text is None else text_in(words.text, language),
                descriptor=words.hash,
            )
        )
    return tuple(found)


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
    points = rating if measure.mode == "relative" else relative_view(rating, measure.required)
    return points <= 2 or points >= 5
