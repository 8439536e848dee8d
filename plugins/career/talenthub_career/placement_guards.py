"""Guards of a placement: conditions that answer with a reason."""

from __future__ import annotations

from talenthub.sdk import FRAMEWORK, Context, Detail, Verdict, allow, guard, must_discuss, refuse
from talenthub_career import forms
from talenthub_career.cases import Placement
from talenthub_career.facts import ASSESSMENTS, GAPS
from talenthub_career.judging import rating_faults, strange, typed
from talenthub_career.settings import CareerSettings


@guard(facts=[GAPS, FRAMEWORK])
def role_is_known(ctx: Context) -> Verdict:
    """The framework that the placement pins says what the role asks."""
    sentence = "The framework says what the role asks"
    known = ctx.fact(GAPS) is not None and ctx.fact(FRAMEWORK) is not None
    return allow(sentence) if known else refuse(sentence)


@guard()
def not_prepared_yet(ctx: Context) -> Verdict:
    """The raters were not asked yet."""
    sentence = "The raters were not asked yet"
    return refuse(sentence) if ctx.data.measures else allow(sentence)


@guard(facts=[ASSESSMENTS])
def all_have_locked(ctx: Context) -> Verdict:
    """So many raters as the organisation wants have rated, and none is open."""
    fewest = ctx.settings.fewest_raters
    sentence = f"All raters have locked what they say, {fewest} or more"
    open_ones = [each for each in ctx.fact(ASSESSMENTS) if each.state == "asked"]
    locked = sum(each.state == "locked" for each in ctx.fact(ASSESSMENTS))
    if not open_ones and locked >= fewest:
        return allow(sentence)
    return refuse(sentence, *(Detail(f"{each.ref} is open", each.id) for each in open_ones))


@guard()
def did_not_rate(ctx: Context) -> Verdict:
    """Who calibrates has not rated."""
    sentence = "Who calibrates and agrees has not rated"
    rated = set(ctx.case.people("rater")) & ctx.actor.identities
    return refuse(sentence, "you have rated") if rated else allow(sentence)


@guard()
def raters_agree_or_discussed(ctx: Context) -> Verdict:
    """Ratings that lie apart were discussed."""
    data: Placement = ctx.data
    sentence = "The raters agree on learning agility, or it was discussed"
    apart = [
        f"{item}: {', '.join(map(str, ratings))}"
        for item, ratings in _by_item(data).items()
        if must_discuss(ratings)
    ]
    if not apart or data.discussion:
        return allow(sentence, *(Detail(each, ctx.case.id) for each in apart))
    mend = f'talent career discuss {ctx.case.ref} --note "…"'
    return refuse(sentence, *(Detail(each, ctx.case.id) for each in apart), mend=mend)


def _by_item(data: Placement) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for each in data.agility:
        for item, rating in each.items():
            found.setdefault(item, []).append(rating)
    return found


@guard()
def performance_is_known(ctx: Context) -> Verdict:
    """What was reached and how are rated."""
    data: Placement = ctx.data
    sentence = "What was reached and how are rated, by the manager or by a review"
    faults = [] if data.results else ["no results of objectives"]
    faults += [] if data.ratings or data.competencies else ["no ratings of competencies"]
    return refuse(sentence, *faults) if faults else allow(sentence)


@guard()
def changes_have_words(ctx: Context) -> Verdict:
    """A rating that changes has a reason, and stays on its scale."""
    form: forms.Calibrated | None = ctx.form
    data: Placement = ctx.data
    sentence = "A rating that changes has a reason, and stays on its scale"
    if form is None or not form.ratings:
        return allow(sentence)
    faults = strange(form.ratings, list(data.ratings), "rating")
    faults += rating_faults(form.ratings, dict.fromkeys(form.ratings, form.reason), data.measures)
    if not form.reason:
        faults.append("reason: say why")
    return typed(sentence, list(dict.fromkeys(faults)))


@guard()
def not_weighed_yet(ctx: Context) -> Verdict:
    """What the ratings mean was not worked out yet."""
    sentence = "What the ratings mean was not worked out yet"
    return refuse(sentence) if ctx.data.performance else allow(sentence)


@guard()
def potential_is_known(ctx: Context) -> Verdict:
    """Agility, aspiration and fit are known, so the potential is."""
    data: Placement = ctx.data
    sentence = "Learning agility, aspiration and fit to the next role are known"
    if data.potential is not None:
        return allow(sentence)
    faults = []
    if data.aspiration is None:
        faults.append("how far they want to go is not shared with a rater; it is theirs to share")
    if data.fit is None:
        faults.append(f"the fit to {data.next_role or 'a next role'} is unknown")
    mend = f"once it is shared: talent career weigh {ctx.case.ref}"
    return refuse(sentence, *(Detail(each, ctx.case.id) for each in faults), mend=mend)


@guard()
def strategy_or_reason(ctx: Context) -> Verdict:
    """The strategy is what the figures mean, or a reason is given."""
    form: forms.Placed | None = ctx.form
    data: Placement = ctx.data
    settings: CareerSettings = ctx.settings
    sentence = "The strategy is the one that the figures mean, or a reason is given"
    if form is None:
        return allow(sentence)
    chosen = form.strategy or data.proposed
    if chosen is None:
        return typed(sentence, ["strategy: the figures mean none, so one is named"])
    faults = strange([chosen], [each.name for each in settings.strategies], "strategy")
    if not faults and chosen != data.proposed and not form.reason:
        faults.append(f"the figures mean {data.proposed or 'none'}: say why it is {chosen}")
    return typed(sentence, faults)
