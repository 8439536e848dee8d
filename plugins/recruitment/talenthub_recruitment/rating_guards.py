"""Guards of scorecards: who rates, what, and on which scale."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from talenthub.sdk import Context, Detail, Verdict, allow, guard, nearest, of_form, refuse
from talenthub_recruitment.cases import Measure, Scorecard
from talenthub_recruitment.facts import OTHER_SCORECARDS
from talenthub_recruitment.forms import Ratings


@guard(facts=[OTHER_SCORECARDS])
def enters_or_rates(ctx: Context) -> Verdict:
    """Who types in the ratings of another rates nobody on this application.

    Otherwise somebody could read another rating before the own is locked.
    """
    assessors = set(ctx.case.people("assessor"))
    others = [each for each in ctx.fact(OTHER_SCORECARDS) if each.id != ctx.case.id]
    identities = ctx.actor.identities
    if identities - assessors and any(identities & set(each.people("assessor")) for each in others):
        return refuse("Who rates a candidate does not enter the ratings of others")
    if identities & assessors and any(identities & set(each.data.entered_by) for each in others):
        return refuse("Who has entered the ratings of another does not rate the same candidate")
    return allow("Ratings are entered by their assessor, or by somebody who rates nobody here")


@guard()
def ratings_fit_the_plan(ctx: Context) -> Verdict:
    """Each rating is of a competency of the plan, on its scale, not ahead."""
    form: Ratings | None = ctx.form
    data: Scorecard = ctx.data
    sentence = "Each rating is of a competency of the plan and on its scale"
    if form is None:
        return allow(sentence)
    faults = [*strange({**form.ratings, **form.notes}, data.measures), *_off_scale(form, data.measures)]
    if form.interviewed_on is not None and form.interviewed_on > ctx.today:
        faults.append(Detail(f"the interview day {form.interviewed_on} is still to come"))
    return of_form(refuse(sentence, *faults)) if faults else allow(sentence)


@guard()
def only_what_was_discussed(ctx: Context) -> Verdict:
    """After the reveal only competencies under discussion are rated anew."""
    form: Ratings | None = ctx.form
    data: Scorecard = ctx.data
    sentence = "Only the competencies under discussion are rated anew"
    asked = set() if form is None else {*form.ratings, *form.notes}
    beyond = sorted(asked - set(data.reopened))
    if not beyond:
        return allow(sentence)
    return of_form(refuse(sentence, f"not under discussion: {', '.join(beyond)}"))


@guard()
def scorecard_is_complete(ctx: Context) -> Verdict:
    """Every competency has a rating or 'not observed', and its note."""
    data: Scorecard = ctx.data
    by_level = any(each.mode == "level" for each in data.measures)
    noted = "a level other than the required one has a note" if by_level else "1, 2 and 5 have a note"
    sentence = f"Every competency is rated or «not observed», and {noted}"
    unrated = [Detail(f"{code}: no rating", ctx.case.id) for code in _codes(data) if code not in data.ratings]
    unsaid = [
        Detail(f"{each.competency}: a {data.ratings[each.competency]} needs a note", ctx.case.id)
        for each in data.measures
        if _needs_note(each, data) and not data.notes.get(each.competency)
    ]
    return refuse(sentence, *unrated, *unsaid) if unrated or unsaid else allow(sentence)


def _codes(data: Scorecard) -> list[str]:
    return [each.competency for each in data.measures]


def _needs_note(measure: Measure, data: Scorecard) -> bool:
    rating = data.ratings.get(measure.competency)
    if rating is None:
        return False
    points = measure.as_points(rating)
    return points <= 2 or points >= 5


def strange(codes: Iterable[str], measures: Sequence[Measure]) -> list[Detail]:
    """Return what is wrong with codes that the plan does not have."""
    known = [each.competency for each in measures]
    found = []
    for code in codes:
        if code not in known:
            close = nearest(code, known)
            hint = f"; did you mean {close!r}?" if close else ""
            found.append(Detail(f"{code!r} is not in the plan; allowed: {', '.join(known)}{hint}"))
    return found


def _off_scale(form: Ratings, measures: Sequence[Measure]) -> list[Detail]:
    allowed = {each.competency: each.allowed for each in measures}
    return [
        Detail(f"{code}: found {value}; allowed: {', '.join(map(str, allowed[code]))}, not observed")
        for code, value in form.values().items()
        if code in allowed and value is not None and value not in allowed[code]
    ]
