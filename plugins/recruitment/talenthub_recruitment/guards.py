"""Guards of selections and applications: conditions that answer with a reason.

A guard is also asked `why` without a form: then it judges what it can. Its
sentence says the same to everybody; what only some may know is a detail.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from talenthub.sdk import PARENT, PEOPLE, CaseView, Context, Detail, Verdict, allow, guard, refuse, shown
from talenthub_recruitment.cases import Application
from talenthub_recruitment.facts import (
    APPLICATIONS,
    SCORECARDS,
)
from talenthub_recruitment.figures import failed_essentials, shortfalls, spreads
from talenthub_recruitment.forms import Rejection
from talenthub_recruitment.rating_guards import strange

IN_ASSESSMENT = ("received", "screening", "shortlisted", "in_assessment", "awaiting_consensus")
"""The states of an application that moderation waits for."""


# --- selection -----------------------------------------------------------------------------------


@guard()
def plan_is_complete(ctx: Context) -> Verdict:
    """The plan rates at least one competency and has a critical one."""
    plan = ctx.data.plan
    if plan.items:
        return allow("The plan says what is rated", ", ".join(plan.codes))
    return refuse(
        "The plan says what is rated",
        "the role names no focus competencies: the author of the plan picks them",
        mend=f"talent recruitment plan {ctx.case.ref} --competency CODE …",
    )


@guard()
def weights_have_a_reason(ctx: Context) -> Verdict:
    """The competencies weigh the same, or the plan says why not."""
    plan = ctx.data.proposal or ctx.data.plan
    sentence = "The competencies weigh the same, or the plan says why not"
    unequal = len({Fraction(each.weight) for each in plan.measures}) > 1
    return refuse(sentence) if unequal and not plan.reason else allow(sentence)


@guard()
def amendment_waits(ctx: Context) -> Verdict:
    """An amendment of the plan has been proposed."""
    sentence = "An amendment of the plan has been proposed"
    return refuse(sentence) if ctx.data.proposal is None else allow(sentence)


@guard()
def amendment_has_reason(ctx: Context) -> Verdict:
    """An amendment of a locked plan says why."""
    sentence = "An amendment of the plan says why"
    return refuse(sentence) if ctx.form is not None and not ctx.form.reason else allow(sentence)


@guard()
def panel_is_complete(ctx: Context) -> Verdict:
    """A chair and enough assessors are named."""
    assessors, chairs = ctx.case.people("assessor"), ctx.case.people("chair")
    wanted = ctx.settings.minimum_panel
    sentence = f"The panel has a chair and at least {wanted} assessors"
    if len(assessors) >= wanted and chairs:
        return allow(sentence, f"{len(assessors)} assessors")
    return refuse(
        sentence,
        f"{len(assessors)} assessors, {'a' if chairs else 'no'} chair",
        mend=f"talent recruitment panel {ctx.case.ref} --add PERSON",
    )


@guard(facts=[APPLICATIONS])
def apply_once(ctx: Context) -> Verdict:
    """Nobody has two applications for one vacancy, or is on its panel."""
    sentence = "Each candidate is new to this vacancy, and not on its panel"
    if ctx.form is None:
        return allow(sentence)
    asked = set(ctx.form.persons)
    there = [each for each in ctx.fact(APPLICATIONS) if each.closed_at is None and each.subject in asked]
    panel = {*ctx.case.people("assessor"), *ctx.case.people("chair")} & asked
    on_panel = ["somebody is on the panel"] if panel else []
    return refuse(sentence, *_standing(there), *on_panel) if there or panel else allow(sentence)


@guard(facts=[APPLICATIONS])
def somebody_to_assess(ctx: Context) -> Verdict:
    """At least one candidate is shortlisted, or came from the reserve list."""
    waiting = [each for each in ctx.fact(APPLICATIONS) if each.state in ("shortlisted", "ranked")]
    sentence = "At least one candidate is shortlisted, or came from the reserve list"
    if waiting:
        return allow(sentence, f"{len(waiting)}")
    return refuse(sentence, mend=f"talent recruitment shortlist {ctx.case.ref}")


@guard(facts=[APPLICATIONS])
def everybody_is_assessed(ctx: Context) -> Verdict:
    """Every live application has a consensus."""
    return _none_in(ctx.fact(APPLICATIONS), IN_ASSESSMENT, "Every live application has a consensus")


@guard(facts=[APPLICATIONS])
def no_override_waits(ctx: Context) -> Verdict:
    """No exception waits for its second signature."""
    return _none_in(
        ctx.fact(APPLICATIONS), ("override_requested",), "No exception waits for its second signature"
    )


@guard(facts=[APPLICATIONS])
def applications_resolved(ctx: Context) -> Verdict:
    """Every application has come to its end; a reserve outlives it."""
    live = [each for each in ctx.fact(APPLICATIONS) if each.closed_at is None and each.state != "reserve"]
    sentence = "Every application has come to its end, or is on the reserve list"
    return refuse(sentence, *_standing(live)) if live else allow(sentence)


def _none_in(cases: tuple[CaseView, ...], states: Sequence[str], sentence: str) -> Verdict:
    found = [each for each in cases if each.state in states]
    return refuse(sentence, *_standing(found)) if found else allow(sentence)


def _standing(cases: Sequence[CaseView]) -> list[Detail]:
    return [Detail(f"{each.ref}: {each.state.replace('_', ' ')}", each.id) for each in cases]


# --- application ---------------------------------------------------------------------------------


@guard(facts=[PARENT])
def selection_assesses(ctx: Context) -> Verdict:
    """The selection is assessing, so its plan is locked."""
    return _parent_is(ctx, "assessing", "The selection is assessing, and its plan is locked")


@guard(facts=[PARENT])
def selection_is_decided(ctx: Context) -> Verdict:
    """The selection is decided: the merit list stands."""
    return _parent_is(ctx, "decided", "The selection is decided and the merit list stands")


def _parent_is(ctx: Context, state: str, sentence: str) -> Verdict:
    parent = ctx.fact(PARENT)
    if parent is not None and parent.state == state:
        return allow(sentence)
    return refuse(sentence, *(_standing([parent]) if parent is not None else ()))


@guard(facts=[PARENT])
def not_on_own_panel(ctx: Context) -> Verdict:
    """The candidate is not on the panel."""
    parent = ctx.fact(PARENT)
    panel = () if parent is None else (*parent.people("assessor"), *parent.people("chair"))
    sentence = "The candidate is not on the panel"
    return refuse(sentence) if ctx.case.subject in panel else allow(sentence)


@guard(facts=[SCORECARDS, PEOPLE])
def all_scorecards_locked(ctx: Context) -> Verdict:
    """Every assessor has locked a scorecard, or was excused."""
    cards = [each for each in ctx.fact(SCORECARDS) if each.state != "excused"]
    missing = [each for each in cards if each.state != "locked"]
    sentence = "Every assessor has locked a scorecard"
    if missing:
        return refuse(sentence, *_missing(ctx, missing))
    if len(cards) < ctx.settings.minimum_panel:
        wanted = ctx.settings.minimum_panel
        mend = f"talent recruitment assessor {ctx.case.ref} PERSON"
        return refuse(sentence, f"{len(cards)} of at least {wanted} assessors are left", mend=mend)
    return allow(sentence)


def _missing(ctx: Context, cards: Sequence[CaseView]) -> list[Detail]:
    people = ctx.fact(PEOPLE)
    return [
        Detail(f"missing: {people[person].name if person in people else 'an assessor'}", card.id)
        for card in cards
        for person in card.people("assessor")
    ]


@guard(facts=[SCORECARDS])
def ratings_are_in(ctx: Context) -> Verdict:
    """No scorecard is open, also none that was opened again to discuss."""
    cards = _counted(ctx.fact(SCORECARDS))
    opened = [each for each in cards if each.state not in ("revealed", "locked_again")]
    sentence = "No scorecard is open"
    if opened:
        return refuse(sentence, *_standing(opened))
    return allow(sentence, f"{len(cards)} scorecards")


@guard(facts=[SCORECARDS])
def ratings_are_enough(ctx: Context) -> Verdict:
    """Enough assessors have observed each competency."""
    wanted = ctx.settings.minimum_ratings
    cards = _counted(ctx.fact(SCORECARDS))
    sentence = f"Each competency has at least {wanted} ratings"
    if not ctx.data.measures:
        return refuse(sentence, "nothing is rated: the assessment began without a plan")
    scarce = [each for each in spreads(ctx.data.measures, cards) if len(each.observed) < wanted]
    details = [_about_ratings(f"{each.measure.competency}: {len(each.observed)}", cards) for each in scarce]
    return refuse(sentence, *details) if scarce else allow(sentence)


@guard(facts=[SCORECARDS])
def ratings_agree_or_discussed(ctx: Context) -> Verdict:
    """Where ratings lie far apart, the panel has talked and locked again."""
    cards = _counted(ctx.fact(SCORECARDS))
    settings = ctx.settings
    apart = [
        each
        for each in spreads(ctx.data.measures, cards)
        if each.too_wide(settings) and not _discussed(cards, each.measure.competency)
    ]
    sentence = "Ratings that lie far apart were discussed and locked again"
    if not apart:
        return allow(sentence)
    rule = f"discuss at range {settings.wide_range} or r_wg under {settings.low_agreement}"
    mend = f'talent recruitment discuss {ctx.case.ref} --note "…"'
    return refuse(sentence, *(_about_ratings(str(each), cards) for each in apart), rule, mend=mend)


@guard(facts=[SCORECARDS])
def something_to_discuss(ctx: Context) -> Verdict:
    """Ratings lie far apart, or the form names what to talk about."""
    cards = _counted(ctx.fact(SCORECARDS))
    named = () if ctx.form is None else ctx.form.competencies
    sentence = "Ratings lie far apart, or the competencies to discuss are named"
    if unknown := strange(named, ctx.data.measures):
        return refuse(sentence, *unknown)
    apart = any(each.too_wide(ctx.settings) for each in spreads(ctx.data.measures, cards))
    return allow(sentence) if named or apart else refuse(sentence)


def _counted(cards: tuple[CaseView, ...]) -> list[CaseView]:
    return [each for each in cards if each.state != "excused"]


def _discussed(cards: Sequence[CaseView], competency: str) -> bool:
    return bool(cards) and all(competency in each.data.discussed for each in cards)


def _about_ratings(text: str, cards: Sequence[CaseView]) -> Detail:
    return Detail(text, cards[0].id if cards else None)


@guard()
def appointable(ctx: Context) -> Verdict:
    """The overall mean and every critical competency reach their cuts."""
    settings = ctx.settings
    sentence = (
        f"Appointable: overall at least {settings.appointable_overall}, "
        f"each critical competency at least {settings.appointable_critical}"
    )
    data: Application = ctx.data
    if data.consensus is None:
        return refuse(sentence, Detail("there is no consensus yet", ctx.case.id))
    short = shortfalls(data.measures, data.consensus, settings)
    overall = f"overall {shown(Fraction(data.consensus.overall))}"
    if not short:
        return allow(sentence, Detail(overall, ctx.case.id))
    mend = (
        f"talent recruitment reject {ctx.case.ref}; an exception needs a sponsor and a second signature: "
        f'talent recruitment override {ctx.case.ref} --reason "…"'
    )
    shown_overall = () if short[0].startswith("overall") else (overall,)
    return refuse(sentence, *(Detail(each, ctx.case.id) for each in (*shown_overall, *short)), mend=mend)


@guard()
def not_appointable(ctx: Context) -> Verdict:
    """The rule stands in the way, so there is something to except from."""
    data: Application = ctx.data
    sentence = "An exception is for candidates whom the rule stops"
    if data.consensus is not None and shortfalls(data.measures, data.consensus, ctx.settings):
        return allow(sentence)
    return refuse(sentence, mend=f"talent recruitment decide {ctx.case.ref}")


@guard()
def exception_was_asked_for(ctx: Context) -> Verdict:
    """Somebody has asked for the exception, and said why."""
    sentence = "An exception was asked for, with its reason"
    return refuse(sentence) if ctx.data.override is None else allow(sentence)


@guard()
def failed_essentials_have_reasons(ctx: Context) -> Verdict:
    """Each essential competency that was not met has its own reason."""
    data: Application = ctx.data
    form: Rejection | None = ctx.form
    failed = failed_essentials(data.measures, data.consensus, ctx.settings)
    sentence = "A rejection gives its reason, for each essential competency that was not met"
    if form is None:
        return allow(sentence, *(Detail(f"needed for {code}", ctx.case.id) for code in failed))
    missing = [Detail(f"no reason for {code}", ctx.case.id) for code in failed if not form.reasons.get(code)]
    unknown = strange(form.reasons, data.measures) if data.measures else []
    if not failed and not form.reason and not form.reasons:
        missing.append(Detail("no reason is given"))
    if not missing and not unknown:
        return allow(sentence)
    mend = f'talent recruitment reject {ctx.case.ref} --because CODE="…"'
    return refuse(sentence, *missing, *unknown, mend=mend)


@guard(facts=[SCORECARDS])
def not_yet_an_assessor(ctx: Context) -> Verdict:
    """The person named does not rate this candidate yet, and is not them."""
    sentence = "The person does not rate this candidate yet, and is somebody else"
    if ctx.form is None:
        return allow(sentence)
    rating = {person for card in _counted(ctx.fact(SCORECARDS)) for person in card.people("assessor")}
    return refuse(sentence) if ctx.form.person in rating | {ctx.case.subject} else allow(sentence)
