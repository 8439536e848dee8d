"""Effects of recruitment: what follows from a transition, as intents."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any

from pydantic import BaseModel

from talenthub.sdk import (
    FRAMEWORK,
    PARENT,
    WORKDAYS,
    AddParticipant,
    CaseView,
    Context,
    FillPost,
    FireCase,
    Intent,
    OpenCase,
    RecordEvidence,
    RecordUsage,
    RemoveParticipant,
    SetTimer,
    UpdateData,
    effect,
)
from talenthub_recruitment.cases import Application, Merit, Offer, Override, Selection
from talenthub_recruitment.facts import APPLICATIONS, SCORECARDS, VACANCIES
from talenthub_recruitment.figures import consensus, spreads
from talenthub_recruitment.forms import Candidates, Discussion, Hire, OfferMade, Panel, PlanChange
from talenthub_recruitment.plan import changed_plan
from talenthub_recruitment.vacancies import vacancy_for

SOURCE = "interview"
PURPOSE = "selection"


def _plain(model: BaseModel) -> dict[str, Any]:
    """Return a model as the JSON values that a case keeps."""
    return model.model_dump(mode="json")


def day_over(ctx: Context, day: date) -> datetime:
    """Return the moment when a day is over at the organisation."""
    return ctx.fact(WORKDAYS).start_of(day + timedelta(days=1))


# --- selection -----------------------------------------------------------------------------------


@effect(facts=[FRAMEWORK])
def change_plan(ctx: Context) -> Iterator[Intent]:
    """Put the changed plan in place of the old one."""
    yield UpdateData({"plan": _changed(ctx)})


@effect(facts=[FRAMEWORK])
def propose_plan(ctx: Context) -> Iterator[Intent]:
    """Keep the changed plan until somebody else approves it."""
    yield UpdateData({"proposal": _changed(ctx)})


def _changed(ctx: Context) -> dict[str, Any]:
    content = ctx.fact(FRAMEWORK)
    form: PlanChange = ctx.form
    data: Selection = ctx.data
    assert content is not None, "a selection pins the framework of its role"
    return _plain(changed_plan(data.plan, form, content, data.role, data.level))


@effect()
def adopt_proposal(ctx: Context) -> Iterator[Intent]:
    """Make the proposed plan the plan, as its next version."""
    data: Selection = ctx.data
    assert data.proposal is not None, "the guard saw to it"
    adopted = data.proposal.model_copy(update={"version": data.plan.version + 1})
    yield UpdateData({"plan": _plain(adopted), "proposal": None})


@effect()
def drop_proposal(_ctx: Context) -> Iterator[Intent]:
    """Leave the plan as it was."""
    yield UpdateData({"proposal": None})


@effect()
def change_panel(ctx: Context) -> Iterator[Intent]:
    """Let people join and leave the panel."""
    form: Panel = ctx.form
    for person in form.remove:
        yield RemoveParticipant("assessor", person)
    for person in dict.fromkeys(form.add):
        if person not in ctx.case.people("assessor"):
            yield AddParticipant("assessor", person)
    if form.chair is not None and form.chair not in ctx.case.people("chair"):
        for person in ctx.case.people("chair"):
            yield RemoveParticipant("chair", person)
        yield AddParticipant("chair", form.chair)


@effect(facts=[WORKDAYS])
def set_closing_day(ctx: Context) -> Iterator[Intent]:
    """Close the applications when their last day is over."""
    if ctx.form.closing_on is not None:
        yield SetTimer("closing", day_over(ctx, ctx.form.closing_on), "close")


@effect()
def open_applications(ctx: Context) -> Iterator[Intent]:
    """Open an application for each candidate."""
    data: Selection = ctx.data
    form: Candidates = ctx.form
    for person in dict.fromkeys(form.persons):
        yield OpenCase(
            "recruitment.application",
            subject=person,
            data={
                "role": data.role,
                "level": data.level,
                "source": form.sources.get(person, form.source),
                "cv": form.cvs.get(person, ""),
            },
            participants={"chair": ctx.case.people("chair")},
        )


@effect(facts=[APPLICATIONS])
def begin_assessments(ctx: Context) -> Iterator[Intent]:
    """Begin the assessment of everybody on the shortlist."""
    for each in ctx.fact(APPLICATIONS):
        if each.state == "shortlisted":
            yield FireCase(each.id, "start_step", if_possible=True)


@effect(facts=[APPLICATIONS])
def list_by_merit(ctx: Context) -> Iterator[Intent]:
    """Keep the merit list: who is ranked, by the exact overall mean."""
    yield UpdateData({"merit": [_plain(each) for each in merit_list(ctx.fact(APPLICATIONS))]})


def merit_list(applications: tuple[CaseView, ...]) -> list[Merit]:
    """Return the ranked by their overall mean; equal means share a rank."""
    ranked = [each for each in applications if each.state == "ranked" and each.data.consensus is not None]
    means = {each.id: Fraction(each.data.consensus.overall) for each in ranked}
    ordered = sorted(ranked, key=lambda each: (-means[each.id], each.id))
    return [
        Merit(
            case=each.id,
            ref=each.ref,
            rank=1 + sum(other > means[each.id] for other in means.values()),
            overall=each.data.consensus.overall,
        )
        for each in ordered
    ]


# --- application ---------------------------------------------------------------------------------


@effect(facts=[PARENT])
def open_scorecards(ctx: Context) -> Iterator[Intent]:
    """Take over the locked plan and open one scorecard per assessor."""
    selection = ctx.fact(PARENT)
    assert selection is not None, "an application belongs to a selection"
    plan = selection.data.plan
    measures = [_plain(each) for each in plan.measures]
    yield UpdateData({"measures": measures, "plan_version": plan.version})
    for role in ("chair", "assessor"):
        for person in selection.people(role):
            if person not in ctx.case.people(role):
                yield AddParticipant(role, person)
    for person in selection.people("assessor"):
        yield _scorecard(ctx, person, measures, selection.people("chair"))


@effect()
def add_scorecard(ctx: Context) -> Iterator[Intent]:
    """Open a scorecard for one more assessor."""
    yield AddParticipant("assessor", ctx.form.person)
    measures = [_plain(each) for each in ctx.data.measures]
    yield _scorecard(ctx, ctx.form.person, measures, ctx.case.people("chair"))


def _scorecard(
    ctx: Context, person: int, measures: Sequence[Mapping[str, Any]], chairs: tuple[int, ...]
) -> OpenCase:
    return OpenCase(
        "recruitment.scorecard",
        subject=ctx.case.subject,
        data={"measures": list(measures)},
        participants={"assessor": (person,), "chair": chairs},
    )


@effect(facts=[SCORECARDS])
def reveal_scorecards(ctx: Context) -> Iterator[Intent]:
    """Show all locked scorecards at once, and keep the interview day."""
    locked = [each for each in ctx.fact(SCORECARDS) if each.state == "locked"]
    yield from (FireCase(each.id, "reveal") for each in locked)
    held = [each.data.interviewed_on for each in locked if each.data.interviewed_on is not None]
    yield UpdateData({"interviewed_on": max(held).isoformat() if held else None})


@effect(facts=[SCORECARDS])
def reopen_scorecards(ctx: Context) -> Iterator[Intent]:
    """Give the scorecards back to their raters for what was discussed."""
    form: Discussion = ctx.form
    data: Application = ctx.data
    cards = _counted(ctx.fact(SCORECARDS))
    codes = form.competencies or tuple(
        each.measure.competency for each in spreads(data.measures, cards) if each.too_wide(ctx.settings)
    )
    for card in cards:
        yield FireCase(card.id, "reopen", {"competencies": list(codes)})


@effect(facts=[SCORECARDS])
def keep_consensus(ctx: Context) -> Iterator[Intent]:
    """Keep the exact figures the panel agreed on; close the scorecards."""
    cards = ctx.fact(SCORECARDS)
    counted = _counted(cards)
    found = consensus(ctx.data.measures, counted, len(cards), ctx.form.note if ctx.form else "")
    yield UpdateData({"consensus": _plain(found)})
    yield from (FireCase(card.id, "close") for card in counted)


def _counted(cards: tuple[CaseView, ...]) -> list[CaseView]:
    return [each for each in cards if each.state != "excused"]


@effect()
def use_descriptors(ctx: Context) -> Iterator[Intent]:
    """Say that the rated descriptors were used for real work."""
    yield from (RecordUsage(each.competency) for each in ctx.data.measures)


@effect()
def keep_override_request(ctx: Context) -> Iterator[Intent]:
    """Keep who asks for the exception, and why."""
    assert ctx.actor.person is not None, "only a person asks for an exception"
    asked = Override(reason=ctx.form.reason, requested_by=ctx.actor.person)
    yield UpdateData({"override": _plain(asked)})


@effect()
def sign_override(ctx: Context) -> Iterator[Intent]:
    """Put the second signature under the exception."""
    data: Application = ctx.data
    assert data.override is not None, "it was asked for"
    yield UpdateData({"override": _plain(data.override.model_copy(update={"signed_by": ctx.actor.person}))})


@effect()
def drop_override(_ctx: Context) -> Iterator[Intent]:
    """Take the request for an exception off the record's present state."""
    yield UpdateData({"override": None})


@effect()
def keep_reasons(ctx: Context) -> Iterator[Intent]:
    """Keep the reasons of the rejection, by competency."""
    reasons = dict(ctx.form.reasons)
    if ctx.form.reason:
        reasons[""] = ctx.form.reason
    yield UpdateData({"reasons": reasons})


@effect(facts=[WORKDAYS])
def make_offer(ctx: Context) -> Iterator[Intent]:
    """Keep the offer, and let it expire when its last day is over."""
    form: OfferMade = ctx.form
    last = form.expires_on or ctx.today + timedelta(days=ctx.settings.offer_days)
    offer = Offer(expires_on=last, exception=form.exception, requisition=form.requisition)
    yield UpdateData({"offer": _plain(offer)})
    yield SetTimer("offer_expiry", day_over(ctx, last), "expire")


@effect()
def record_ratings(ctx: Context) -> Iterator[Intent]:
    """Put the panel's findings into the ledger of the person hired.

    Observed on the day of the interview: the hire adds no evidence.
    """
    data: Application = ctx.data
    found = data.consensus
    assert found is not None, "nobody is hired without a consensus"
    assert data.interviewed_on is not None, "each scorecard keeps its day"
    assert ctx.case.subject is not None, "an application is about a candidate"
    measures = {each.competency: each for each in data.measures}
    for each in found.findings:
        measure = measures[each.competency]
        yield RecordEvidence(
            person=ctx.case.subject,
            competency=each.competency,
            purpose=PURPOSE,
            ladder=measure.ladder(Fraction(each.rating)),
            rating=Fraction(each.rating),
            source=SOURCE,
            observed_on=data.interviewed_on,
            descriptor_hash=measure.descriptor,
            group=(sum(rating is not None for rating in each.ratings), found.panel),
        )


@effect(facts=[VACANCIES])
def fill_position(ctx: Context) -> Iterator[Intent]:
    """Seat the person on a free post and count the position as filled."""
    form: Hire = ctx.form
    vacancy = vacancy_for(ctx.fact(VACANCIES), ctx.data, form)
    assert vacancy is not None, "the guard saw to it"
    assert ctx.case.subject is not None, "an application is about a candidate"
    assert ctx.case.parent is not None, "an application belongs to a selection"
    since = form.starts_on or ctx.today
    post = form.post or next(iter(vacancy.data.free_posts), None)
    yield UpdateData({"starts_on": since.isoformat(), "post": post, "requisition": vacancy.ref})
    if post is not None:
        yield FillPost(ctx.case.subject, post, since)
    yield FireCase(ctx.case.parent, "take_on", {"post": post, "requisition": vacancy.id})
