"""Guards of second chances: reserve list, reinstatement, appeal."""

from __future__ import annotations

from datetime import timedelta

from talenthub.sdk import WORKDAYS, CaseView, Context, Detail, Guard, Verdict, allow, guard, refuse
from talenthub_recruitment.cases import Appeal, Plea, Selection
from talenthub_recruitment.facts import APPLICATIONS, HANDS, REJECTED_FROM, RESERVE
from talenthub_recruitment.forms import Reserve

# --- the reserve list ----------------------------------------------------------------------------


@guard()
def reserve_ends_ahead(ctx: Context) -> Verdict:
    """The candidate stays on the reserve list until a day to come, in bounds."""
    form: Reserve | None = ctx.form
    longest = ctx.today + timedelta(days=ctx.settings.reserve_days)
    sentence = f"The reserve list keeps somebody at most {ctx.settings.reserve_days} days"
    if form is None or form.until is None or ctx.today <= form.until <= longest:
        return allow(sentence)
    return refuse(sentence, f"found {form.until}; allowed: {ctx.today} to {longest}")


@guard(facts=[RESERVE, APPLICATIONS])
def waits_on_reserve(ctx: Context) -> Verdict:
    """The person agreed to wait for this role, and the day is not past."""
    sentence = "The candidate waits on the reserve list of this role"
    if ctx.form is None:
        return allow(sentence)
    found = chosen_reserve(ctx)
    if found is None:
        return refuse(sentence, "no such application is on the reserve list of this role")
    if found.data.until < ctx.today:
        return refuse(sentence, Detail(f"{found.ref} waited until {found.data.until}", found.id))
    panel = {*ctx.case.people("assessor"), *ctx.case.people("chair")}
    live = {each.subject for each in ctx.fact(APPLICATIONS) if each.closed_at is None}
    if found.subject in panel | live:
        return refuse(sentence, Detail(f"{found.ref}: applies here already, or is on the panel", found.id))
    return allow(sentence)


@guard(facts=[RESERVE])
def rated_by_the_same_words(ctx: Context) -> Verdict:
    """What the plan rates was rated before, by the very same words."""
    sentence = "Everything the plan rates was rated by the same words"
    found = None if ctx.form is None else chosen_reserve(ctx)
    if found is None:
        return allow(sentence)
    before = {(each.competency, each.descriptor) for each in found.data.measures}
    new = [
        each.competency for each in ctx.data.plan.measures if (each.competency, each.descriptor) not in before
    ]
    if not new:
        return allow(sentence)
    return refuse(sentence, f"not rated, or by other words: {', '.join(new)}")


def chosen_reserve(ctx: Context) -> CaseView | None:
    """Return the place on the reserve list that the form names.

    By its own number, or by that of the application it comes from.
    """
    named = ctx.form.application
    return next((each for each in ctx.fact(RESERVE) if named in (each.id, each.data.application)), None)


def resumes(state: str) -> Guard:
    """Return the guard: the application carries another on, in this state."""

    @guard()
    def goes_on(ctx: Context) -> Verdict:
        sentence = f"It carries on an application that stood at «{state}»"
        return allow(sentence) if ctx.data.resumes == state else refuse(sentence)

    return goes_on


# --- reinstatement -------------------------------------------------------------------------------


@guard(facts=[REJECTED_FROM])
def was_rejected(ctx: Context) -> Verdict:
    """The application is one of this selection, rejected, not asked for yet."""
    data: Selection = ctx.data
    sentence = "The application was rejected here, and nobody asked for it yet"
    if ctx.form is None:
        return allow(sentence)
    number = ctx.form.application
    asked = any(each.application == number for each in data.pleas)
    return refuse(sentence) if asked or number not in ctx.fact(REJECTED_FROM) else allow(sentence)


@guard(facts=[APPLICATIONS, REJECTED_FROM])
def not_taken_up_yet(ctx: Context) -> Verdict:
    """It was rejected here, and no other application carries it on already."""
    sentence = "No application carries it on already"
    if ctx.form is None:
        return allow(sentence)
    if ctx.form.application not in ctx.fact(REJECTED_FROM):
        return refuse(sentence, "no application of that number was rejected here")
    listed = ctx.fact(APPLICATIONS)
    ref = next((each.ref for each in listed if each.id == ctx.form.application), None)
    following = [each for each in listed if ref is not None and each.data.follows == ref]
    return (
        refuse(sentence, *(Detail(each.ref, each.id) for each in following)) if following else allow(sentence)
    )


@guard()
def only_appeals_name_judges(ctx: Context) -> Verdict:
    """Only an upheld appeal says who upheld it."""
    sentence = "Only an upheld appeal fills in the appeal and who upheld it"
    by_hand = ctx.form is not None and not ctx.actor.is_system and (ctx.form.appeal or ctx.form.upheld_by)
    return refuse(sentence) if by_hand else allow(sentence)


@guard()
def signed_by_somebody_else(ctx: Context) -> Verdict:
    """The one who signs is not the one who asked."""
    sentence = "A reinstatement waits, and somebody other than who asked for it signs"
    data: Selection = ctx.data
    if ctx.form is None:
        waiting = [each for each in data.pleas if not ctx.actor.identities & set(each.asked_by)]
        return allow(sentence) if waiting else refuse(sentence)
    plea = chosen_plea(ctx)
    if plea is None:
        return refuse(sentence, "none waits for this application")
    return refuse(sentence, "that was you") if ctx.actor.identities & set(plea.asked_by) else allow(sentence)


@guard()
def plea_waits(ctx: Context) -> Verdict:
    """A reinstatement waits for its second signature."""
    sentence = "A reinstatement waits for its second signature"
    waits = bool(ctx.data.pleas) if ctx.form is None else chosen_plea(ctx) is not None
    return allow(sentence) if waits else refuse(sentence)


def chosen_plea(ctx: Context) -> Plea | None:
    """Return the reinstatement that the form names."""
    data: Selection = ctx.data
    return next((each for each in data.pleas if each.application == ctx.form.application), None)


# --- appeal --------------------------------------------------------------------------------------


@guard(facts=[HANDS])
def had_no_hand_in_it(ctx: Context) -> Verdict:
    """Who judges an appeal decided nothing about the application."""
    sentence = "Who judges an appeal had no hand in the application"
    hands = ctx.fact(HANDS)
    if hands is None:
        return refuse(sentence, "the application that it is about is not known")
    if ctx.actor.identities & hands:
        return refuse(sentence, "you took a step on it, or were on its panel")
    return allow(sentence)


@guard(facts=[WORKDAYS])
def within_the_days(ctx: Context) -> Verdict:
    """It was lodged within the days that there are for it."""
    data: Appeal = ctx.data
    last = data.decided_on + timedelta(days=ctx.settings.appeal_days)
    sentence = f"It was lodged within {ctx.settings.appeal_days} days of the decision"
    lodged_on = ctx.fact(WORKDAYS).day_of(ctx.case.opened_at)
    return allow(sentence) if lodged_on <= last else refuse(sentence, f"until {last}")
