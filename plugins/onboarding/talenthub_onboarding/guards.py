"""Guards of the plan: conditions that answer with a reason.

A guard is also asked `why` without a form: then it judges what it can.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from fractions import Fraction

from talenthub.sdk import (
    CaseView,
    Context,
    Detail,
    Verdict,
    allow,
    guard,
    nearest,
    refuse,
    shown,
)
from talenthub_onboarding.cases import Measure, Plan
from talenthub_onboarding.facts import FIRST_MANAGER, GAPS, TASKS
from talenthub_onboarding.forms import CheckHeld, Confirmation, EndProposed, MoreTime, OwnWords, TalkHeld
from talenthub_onboarding.schedule import check_number, due_days, opens_on
from talenthub_onboarding.settings import OnboardingSettings


@guard(facts=[GAPS])
def role_is_known(ctx: Context) -> Verdict:
    """The framework says what the role asks."""
    found = ctx.fact(GAPS)
    sentence = "The framework says what the role asks"
    return allow(sentence) if found is not None and found.profile.requirements else refuse(sentence)


@guard()
def buddy_is_named(ctx: Context) -> Verdict:
    """A buddy is named, where the organisation wants one."""
    sentence = "A buddy is named, and is somebody else than the newcomer"
    named = ctx.data.buddy if ctx.form is None or ctx.form.buddy is None else ctx.form.buddy
    if named == ctx.case.subject and named is not None:
        return refuse(sentence, "nobody is the own buddy")
    if named is not None or not ctx.settings.buddy:
        return allow(sentence)
    return refuse(sentence, mend=f"talent onboarding release {ctx.case.ref} --buddy PERSON")


@guard(facts=[FIRST_MANAGER])
def manager_is_there(ctx: Context) -> Verdict:
    """The newcomer has a post on the first day, and somebody above it."""
    sentence = "The newcomer has a manager on the first day"
    if ctx.fact(FIRST_MANAGER) is not None:
        return allow(sentence)
    return refuse(sentence, "the post says who that is", mend="talent people move PERSON POST")


@guard()
def first_day_is_here(ctx: Context) -> Verdict:
    """The first day has come."""
    data: Plan = ctx.data
    sentence = f"The first day, {data.first_day}, has come"
    return allow(sentence) if ctx.today >= data.first_day else refuse(sentence)


@guard()
def first_day_is_ahead(ctx: Context) -> Verdict:
    """The new first day is not past."""
    sentence = "The new first day is not past"
    if ctx.form is None or ctx.form.first_day >= ctx.today:
        return allow(sentence)
    return refuse(sentence, f"{ctx.form.first_day} is past")


@guard(facts=[TASKS])
def required_tasks_are_done(ctx: Context) -> Verdict:
    """What must be done before work starts is done, or waived with reason."""
    open_ones = [each for each in ctx.fact(TASKS) if each.is_open and each.data.required]
    sentence = "What must be done before work starts is done, or waived with a reason"
    if not open_ones:
        return allow(sentence)
    refs = " ".join(each.ref for each in open_ones)
    mend = f'talent onboarding task done {refs} --note "…"'
    return refuse(sentence, *(_task(each) for each in open_ones), mend=mend)


def _task(each: CaseView) -> Detail:
    return Detail(f"{each.ref} {each.data.title}: {each.state.replace('_', ' ')}", each.id)


@guard()
def something_is_due(ctx: Context) -> Verdict:
    """A talk or the check is near, and was not asked for yet."""
    data: Plan = ctx.data
    sentence = "A talk or the check is near, and was not asked for yet"
    return allow(sentence) if due_days(data, ctx.settings, ctx.today) else refuse(sentence)


@guard()
def check_is_late(ctx: Context) -> Verdict:
    """The check should have been done."""
    data: Plan = ctx.data
    sentence = "The check should have been done"
    late = data.day_of(ctx.today) > check_number(data, ctx.settings)
    return allow(sentence) if late else refuse(sentence)


@guard()
def talk_fits(ctx: Context) -> Verdict:
    """The talk was held since the first day; who is at risk reads why."""
    form: TalkHeld | None = ctx.form
    sentence = "The talk was held since the first day, and who is at risk reads why"
    if form is None:
        return allow(sentence)
    faults = _held(ctx, form.held_on)
    if form.outcome == "at risk" and not form.note:
        faults.append("«at risk» needs a note: what was seen, and what should change")
    return refuse(sentence, *faults) if faults else allow(sentence)


@guard()
def own_ratings_fit(ctx: Context) -> Verdict:
    """The own view is of competencies of the role, on their scale."""
    form: OwnWords | None = ctx.form
    sentence = "Each rating is of a competency of the role and on its scale"
    faults = [] if form is None else [*_strange(ctx.data, form.ratings), *_off_scale(ctx.data, form)]
    return refuse(sentence, *faults) if faults else allow(sentence)


@guard()
def check_is_near(ctx: Context) -> Verdict:
    """The day of the check is near, or past."""
    data: Plan = ctx.data
    number = check_number(data, ctx.settings)
    day = opens_on(data, number, ctx.settings)
    sentence = f"The check of day {number} is held from {day} on"
    form: CheckHeld | None = ctx.form
    held = ctx.today if form is None or form.held_on is None else form.held_on
    faults = _held(ctx, None if form is None else form.held_on)
    if held < day:
        faults.append(f"{held} is day {data.day_of(held)}")
    return refuse(sentence, *faults) if faults else allow(sentence)


@guard()
def ratings_are_complete(ctx: Context) -> Verdict:
    """Every competency is rated on its scale, or it is too early to tell."""
    form: CheckHeld | None = ctx.form
    data: Plan = ctx.data
    sentence = "Every competency of the role is rated, or «too early»; 1, 2 and 5 have a note"
    if form is None:
        return allow(sentence, *(Detail(f"needed for {each.competency}") for each in data.measures))
    faults = [*_strange(data, {**form.ratings, **form.notes}), *_off_scale(data, form)]
    faults += [Detail(f"{code}: no rating") for code in _codes(data) if code not in form.ratings]
    faults += [
        Detail(f"{each.competency}: a {rating} needs a note")
        for each in data.measures
        if (rating := form.values().get(each.competency)) is not None
        and rating in each.allowed
        and _needs_note(each, rating)
        and not form.notes.get(each.competency)
    ]
    return refuse(sentence, *faults) if faults else allow(sentence)


@guard()
def rule_or_reason(ctx: Context) -> Verdict:
    """The rule proposes the confirmation, or the form says why all the same."""
    settings: OnboardingSettings = ctx.settings
    sentence = (
        f"Proposed by the rule: mean at least {settings.minimum_mean}, each critical competency at least "
        f"{settings.minimum_critical}; or a reason is given"
    )
    data: Plan = ctx.data
    form: Confirmation | None = ctx.form
    last = data.checks[-1]
    if last.proposed and last.mean is not None:
        rated = ", ".join(f"{code} {each}" for code, each in last.ratings.items() if each is not None)
        return allow(sentence, Detail(f"mean {shown(Fraction(last.mean))} of {rated}", ctx.case.id))
    faults = [Detail(each, ctx.case.id) for each in last.why_not]
    if form is not None and form.reason:
        return allow(sentence, *faults)
    mend = (
        f'talent onboarding confirm {ctx.case.ref} --reason "…", or: talent onboarding extend {ctx.case.ref}'
    )
    return refuse(sentence, *faults, mend=mend)


@guard()
def extended_once_only(ctx: Context) -> Verdict:
    """The time has not been extended before."""
    data: Plan = ctx.data
    sentence = "The time has not been extended before"
    if data.extension is None:
        return allow(sentence)
    return refuse(sentence, f"it was extended until {data.extension.until}")


@guard()
def extension_is_short(ctx: Context) -> Verdict:
    """An extension ends ahead, and is as short as the organisation wants."""
    form: MoreTime | None = ctx.form
    data: Plan = ctx.data
    most = ctx.settings.longest_extension
    sentence = f"An extension lasts at most {most} days, and ends on a day to come"
    if form is None:
        return allow(sentence)
    if form.days > most:
        return refuse(sentence, f"found: {form.days} days")
    until = data.on(ctx.settings.check_day + form.days)
    return refuse(sentence, f"{until} is not ahead") if until <= ctx.today else allow(sentence)


@guard()
def feedback_stands(ctx: Context) -> Verdict:
    """The newcomer has read in time, in writing, what was wanting."""
    data: Plan = ctx.data
    days = ctx.settings.feedback_days
    sentence = f"Written feedback that the start is at risk was given at least {days} days ago"
    given = [each for each in data.talks if each.outcome == "at risk" and each.note]
    # The day it was written down counts: a talk may be dated back, its note not.
    if any((ctx.today - each.written_on).days >= days for each in given):
        return allow(sentence)
    mend = f'talent onboarding talk {ctx.case.ref} --outcome "at risk" --note "…"'
    return refuse(sentence, *(f"given on {each.written_on}" for each in given), mend=mend)


@guard()
def end_was_proposed(ctx: Context) -> Verdict:
    """Somebody has proposed the end, and said why."""
    sentence = "The end was proposed, with its reason"
    return refuse(sentence) if ctx.data.ending is None else allow(sentence)


@guard()
def end_was_talked_about(ctx: Context) -> Verdict:
    """It was talked about before, and the newcomer is told how to appeal."""
    form: EndProposed | None = ctx.form
    sentence = "It was talked about, and the newcomer is told how to appeal"
    if form is None:
        return allow(sentence)
    faults = _held(ctx, form.talk_on)
    if not form.appeal and not ctx.settings.appeal:
        faults.append("appeal: say how, or set plugin.onboarding.appeal")
    return refuse(sentence, *faults) if faults else allow(sentence)


@guard()
def came_from_active(ctx: Context) -> Verdict:
    """The end was proposed while the plan was running."""
    return _came_from(ctx, "active", "The end was proposed while the plan was running")


@guard()
def came_from_deciding(ctx: Context) -> Verdict:
    """The end was proposed after the check."""
    return _came_from(ctx, "deciding", "The end was proposed after the check")


def _came_from(ctx: Context, state: str, sentence: str) -> Verdict:
    ending = ctx.data.ending
    return allow(sentence) if ending is not None and ending.came_from == state else refuse(sentence)


def _held(ctx: Context, day: date | None) -> list[Detail | str]:
    if day is None:
        return []
    if day > ctx.today:
        return [f"{day} is still to come"]
    return [f"{day} is before the first day"] if day < ctx.data.first_day else []


def _codes(data: Plan) -> list[str]:
    return [each.competency for each in data.measures]


def _needs_note(measure: Measure, rating: int) -> bool:
    points = measure.as_points(rating)
    return points <= 2 or points >= 5


def _strange(data: Plan, codes: Iterable[str]) -> list[Detail]:
    known = _codes(data)
    found = []
    for code in codes:
        if code not in known:
            close = nearest(code, known)
            hint = f"; did you mean {close!r}?" if close else ""
            found.append(Detail(f"{code!r} is not asked of this role; allowed: {', '.join(known)}{hint}"))
    return found


def _off_scale(data: Plan, form: CheckHeld | OwnWords) -> list[Detail]:
    allowed = {each.competency: each.allowed for each in data.measures}
    return [
        Detail(f"{code}: found {value}; allowed: {', '.join(map(str, allowed[code]))}, too early")
        for code, value in form.values().items()
        if code in allowed and value is not None and value not in allowed[code]
    ]
