"""Reassessing: who rates again, what that shows, and how a plan closes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from fractions import Fraction

from talenthub.sdk import (
    FRAMEWORK,
    SUBJECT_MANAGER,
    WORKDAYS,
    CaseView,
    Closing,
    Context,
    Detail,
    FireCase,
    Gap,
    Intent,
    OpenCase,
    RecordEvidence,
    UpdateData,
    Verdict,
    allow,
    effect,
    guard,
    plain,
    refuse,
)
from talenthub_career import forms
from talenthub_career.cases import Asking, Rating
from talenthub_career.choosing import rated_measures
from talenthub_career.exact import exact, kept, mean
from talenthub_career.facts import (
    ANSWERS,
    ASKINGS,
    CLOSINGS,
    GAPS,
    NEAR_CLOSINGS,
    NEAR_GAPS,
    PURPOSE,
    RATINGS,
)
from talenthub_career.judging import typed
from talenthub_career.measuring import closure
from talenthub_career.plan_cases import Plan, Result, Target
from talenthub_career.settings import CareerSettings
from talenthub_career.tracking import asking, timers

MANAGER, COACH, PEERS = "manager", "coach", "peers"


@guard(facts=[SUBJECT_MANAGER])
def raters_are_there(ctx: Context) -> Verdict:
    """There is a manager to rate; coach and peers are others."""
    form: forms.Reassess | None = ctx.form
    sentence = "The manager rates, and who rates beside them is somebody else"
    boss = ctx.fact(SUBJECT_MANAGER)
    if boss is None:
        return refuse(sentence, "nobody manages this person", mend="talent people move PERSON POST")
    if form is None:
        return allow(sentence)
    owners = {ctx.case.subject, boss}
    faults = ["person and manager are no peers of their own"] if owners & set(form.peers) else []
    if form.coach in owners:
        faults.append("the coach is neither the person nor the manager")
    if form.peers and len(set(form.peers)) < ctx.settings.minimum_group:
        faults.append(f"{len(set(form.peers))} peers; fewer than {ctx.settings.minimum_group} show nothing")
    return typed(sentence, faults)


@guard(facts=[RATINGS, ASKINGS])
def all_have_rated(ctx: Context) -> Verdict:
    """Everybody who was asked has rated, and the questions are closed."""
    waiting = [each for each in ctx.fact(RATINGS) if each.state == "asked"]
    asked = [each for each in ctx.fact(ASKINGS) if each.is_open and each.data.kind == PEERS]
    sentence = "Everybody who was asked has rated"
    rated = [each for each in ctx.fact(RATINGS) if each.state == "locked"]
    if rated and not waiting and not asked:
        return allow(sentence)
    return refuse(sentence, *(Detail(f"{each.ref} is open", each.id) for each in (*waiting, *asked)))


@guard()
def not_measured_yet(ctx: Context) -> Verdict:
    """What the last ratings changed was not measured yet."""
    sentence = "What the last ratings changed was not measured yet"
    fresh = any(each.result is None for each in ctx.data.targets)
    return allow(sentence) if fresh else refuse(sentence)


@guard()
def other_agrees(ctx: Context) -> Verdict:
    """The other of the two has said what they take along."""
    sentence = "The other one has said what they take along"
    others = _other_side(ctx)
    return allow(sentence) if others else refuse(sentence)


@guard()
def other_is_waited_for(ctx: Context) -> Verdict:
    """The other one has still to say what they take along."""
    sentence = "The other one has still to say what they take along"
    return refuse(sentence) if _other_side(ctx) else allow(sentence)


def _other_side(ctx: Context) -> set[int]:
    said = set(ctx.data.reflections) - ctx.actor.identities
    is_own = ctx.actor.person == ctx.case.subject
    return {each for each in said if (each == ctx.case.subject) is not is_own}


@guard()
def gaps_are_closed(ctx: Context) -> Verdict:
    """Every target's gap is closed, by enough sources of the last weeks."""
    data: Plan = ctx.data
    sentence = "Each target's gap is closed, and enough sources say so"
    open_ones = [each for each in data.targets if each.result is None or not each.result.achieved]
    details = (Detail(_how_far(each), ctx.case.id) for each in open_ones)
    return refuse(sentence, *details) if open_ones else allow(sentence)


@guard()
def partly_closed(ctx: Context) -> Verdict:
    """The gaps are closed by half or more, but not all of them."""
    data: Plan = ctx.data
    cut = Fraction(ctx.settings.partly)
    sentence = f"The gaps are closed by {float(cut):.0%} or more, but not wholly"
    found = mean_closure(data)
    mend = f"talent career extend {ctx.case.ref} --days N, or: talent career abandon {ctx.case.ref}"
    if all(each.result is not None and each.result.achieved for each in data.targets):
        return refuse(sentence, "they are closed")
    if found is not None and found >= cut:
        return allow(sentence, Detail(f"closed by {float(found):.0%}", ctx.case.id))
    return refuse(sentence, *(Detail(_how_far(each), ctx.case.id) for each in data.targets), mend=mend)


def mean_closure(data: Plan) -> Fraction | None:
    """Return the mean closure of the targets; None where nothing was open."""
    return mean(
        Fraction(each.result.closure)
        for each in data.targets
        if each.result is not None and each.result.closure is not None
    )


def _how_far(target: Target) -> str:
    found = target.result
    if found is None:
        return f"{target.competency}: not reassessed"
    closed = "no gap before" if found.closure is None else f"closed by {float(Fraction(found.closure)):.0%}"
    agree = ", ".join(found.sources) or "none"
    return f"{target.competency}: gap {float(Fraction(found.gap)):.3f}, {closed}; sources that agree: {agree}"


@guard()
def extension_is_short(ctx: Context) -> Verdict:
    """An extension is as short as the organisation wants."""
    form: forms.MoreTime | None = ctx.form
    most = ctx.settings.longest_extension
    sentence = f"An extension lasts at most {most} days"
    return typed(sentence, [f"found: {form.days}"] if form is not None and form.days > most else [])


@effect(facts=[SUBJECT_MANAGER, GAPS, NEAR_GAPS, FRAMEWORK])
def ask_raters(ctx: Context) -> Iterator[Intent]:
    """Ask the manager, the coach and the peers, each without the others."""
    form: forms.Reassess = ctx.form or forms.Reassess()
    measures = plain(rated_measures(ctx))
    people = {MANAGER: ctx.fact(SUBJECT_MANAGER), COACH: form.coach or ctx.data.coach}
    for source, person in people.items():
        if person is not None:
            yield OpenCase(
                "career.rating",
                subject=ctx.case.subject,
                data={"source": source, "measures": measures},
                participants={"rater": (person,)},
            )
    if form.peers:
        yield asking(ctx, PEERS, form.peers)


@effect(facts=[RATINGS, ASKINGS, ANSWERS])
def record_ratings(ctx: Context) -> Iterator[Intent]:
    """Put what was rated into the ledger: the only step that does so."""
    targets = [each.model_copy(update={"result": None}) for each in ctx.data.targets]
    yield UpdateData({"reassessed_on": ctx.today.isoformat(), "reflections": {}, "targets": plain(targets)})
    for each in ctx.fact(RATINGS):
        if each.state == "locked":
            yield from _rows_of(ctx, each)
            yield FireCase(each.id, "reveal")
    for each in ctx.fact(ASKINGS):
        if each.data.kind == PEERS and each.state == "closed" and _is_new(ctx, each):
            yield from _group_rows(ctx, each)
    yield FireCase(ctx.case.id, "measure")


def _is_new(ctx: Context, asked: CaseView) -> bool:
    # After an extension one reassesses again: earlier answers are recorded already.
    return asked.opened_at >= ctx.case.entered_at


def _rows_of(ctx: Context, case: CaseView) -> Iterator[Intent]:
    data: Rating = case.data
    assert ctx.case.subject is not None, "a plan is about somebody"
    for measure in data.measures:
        rating = data.ratings.get(measure.competency)
        if rating is not None:
            yield RecordEvidence(
                person=ctx.case.subject,
                competency=measure.competency,
                purpose=PURPOSE,
                ladder=measure.ladder(rating),
                rating=Fraction(rating),
                source=data.source,
                observed_on=data.rated_on or ctx.today,
                descriptor_hash=measure.descriptor,
                author=case.people("rater")[0],
                narrative=data.notes.get(measure.competency),
            )


def _group_rows(ctx: Context, case: CaseView) -> Iterator[Intent]:
    asked: Asking = case.data
    assert ctx.case.subject is not None, "a plan is about somebody"
    for group in ctx.fact(ANSWERS).get(case.id, ()):
        for measure in asked.measures:
            given = [
                each["ratings"][measure.competency]
                for each in group.payloads
                if measure.competency in each["ratings"]
            ]
            found = mean(given)
            if found is not None and len(given) >= asked.minimum:
                yield RecordEvidence(
                    person=ctx.case.subject,
                    competency=measure.competency,
                    purpose=PURPOSE,
                    ladder=measure.ladder(found),
                    rating=found,
                    source=PEERS,
                    observed_on=ctx.today,
                    descriptor_hash=measure.descriptor,
                    group=(len(given), len(asked.people)),
                )


@effect(facts=[GAPS, NEAR_GAPS, CLOSINGS, NEAR_CLOSINGS])
def keep_results(ctx: Context) -> Iterator[Intent]:
    """Keep what each target came to, from the whole ledger."""
    data: Plan = ctx.data
    present, near = (ctx.fact(GAPS), ctx.fact(CLOSINGS)), (ctx.fact(NEAR_GAPS), ctx.fact(NEAR_CLOSINGS))
    targets = []
    for each in data.targets:
        gaps, closings = near if each.is_near else present
        known = {gap.competency: gap for gap in (gaps.gaps if gaps else ())}
        # Of what nobody knows anything a target has come to nothing that could be told.
        gap = known.get(each.competency)
        result = None if gap is None else _result(ctx, each, gap, closings)
        targets.append(each.model_copy(update={"result": result}))
    yield UpdateData({"targets": plain(targets)})


def _result(ctx: Context, target: Target, gap: Gap, closings: Mapping[str, Closing]) -> Result:
    before, after = Fraction(target.gap), exact(gap.size)
    closing = closings.get(target.competency)
    return Result(
        standing=str(exact(gap.current)),
        gap=str(after),
        gain=str(exact(gap.current) - Fraction(target.standing)),
        closure=kept(closure(before, after)),
        days=(ctx.today - target.measured_on).days,
        achieved=not gap.is_open and (closing is None or closing.is_closed or not before),
        sources=() if closing is None else closing.agreeing,
    )


@effect()
def keep_reflection(ctx: Context) -> Iterator[Intent]:
    """Keep what somebody takes along."""
    data: Plan = ctx.data
    if ctx.actor.person is not None:
        yield UpdateData({"reflections": {**data.reflections, ctx.actor.person: ctx.form.reflection}})


@effect(facts=[WORKDAYS])
def extend(ctx: Context) -> Iterator[Intent]:
    """Give more time from today on; the entries go on."""
    form: forms.MoreTime = ctx.form
    data: Plan = ctx.data
    settings: CareerSettings = ctx.settings
    longer = data.model_copy(
        update={
            "ends_on": ctx.today + timedelta(days=form.days),
            "next_entry": ctx.today + timedelta(days=data.course.every),
            "extensions": (*data.extensions, f"{ctx.today} +{form.days} days: {form.reason}"),
            "half_way": True,
            "reflections": {},
        }
    )
    changes = longer.model_dump(mode="json")
    names = ("ends_on", "next_entry", "extensions", "half_way", "reflections")
    yield UpdateData({name: changes[name] for name in names})
    yield from timers(longer, settings, ctx.fact(WORKDAYS))
