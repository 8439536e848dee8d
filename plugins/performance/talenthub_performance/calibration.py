"""Calibration: a session that compares evidence across managers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from talenthub.sdk import (
    AddParticipant,
    CaseView,
    Context,
    Detail,
    Fact,
    FireCase,
    Intent,
    Outcome,
    RemoveParticipant,
    Stage,
    State,
    Task,
    Transaction,
    Transition,
    UpdateData,
    Verdict,
    Workflow,
    allow,
    cases_by_id,
    effect,
    guard,
    of_form,
    plain,
    refuse,
)
from talenthub_performance.cases import Calibration, Change, SessionChange
from talenthub_performance.facts import BOSSES
from talenthub_performance.forms import Because, Discussed, Members, Recalibrated, Seats
from talenthub_performance.relations import auditor, facilitator, hr, hr_head
from talenthub_performance.review_guards import strange

CALIBRATED = ("submitted", "calibrated")


def _reviews(tx: Transaction, cases: Sequence[CaseView]) -> Mapping[int, tuple[CaseView, ...]]:
    found = cases_by_id(tx, {each for case in cases for each in case.data.reviews})
    return {case.id: tuple(found[each] for each in case.data.reviews if each in found) for case in cases}


SESSION: Fact[tuple[CaseView, ...]] = Fact("performance.session", _reviews)
"""The reviews of a session."""


@guard(facts=[SESSION])
def reviews_are_ready(ctx: Context) -> Verdict:
    """Each is a submitted review of the session's cycle."""
    found = ctx.fact(SESSION)
    sentence = "Each is a submitted review of this cycle"
    if not found:
        return refuse(sentence, "there are none")
    wrong = [
        Detail(f"{each.ref}: {each.state.replace('_', ' ')}", each.id)
        for each in found
        if each.workflow != "performance.review"
        or each.parent != ctx.case.parent
        or each.state not in CALIBRATED
    ]
    mend = f"talent performance calibrate remove {ctx.case.ref} REV-…"
    return refuse(sentence, *wrong, mend=mend) if wrong else allow(sentence, f"{len(found)} reviews")


@guard(facts=[SESSION, BOSSES])
def nobody_over_own_row(ctx: Context) -> Verdict:
    """Nobody who takes part, or acts, looks at the own row or the own boss's."""
    above = ctx.fact(BOSSES)
    rows = {each.subject: each for each in ctx.fact(SESSION)}
    barred = [
        rows[person] for member, bosses in above.items() for person in (member, *bosses) if person in rows
    ]
    sentence = "Nobody looks at the own row or at that of somebody above"
    mend = "put those reviews into another session"
    refs = sorted({each.ref for each in barred})
    return refuse(sentence, *refs, mend=mend) if refs else allow(sentence)


@guard(facts=[SESSION])
def change_fits(ctx: Context) -> Verdict:
    """The change is of a rating in the session, and on its scale."""
    form: Recalibrated | None = ctx.form
    sentence = "A change is of a rating in the session, on its scale, and changes it"
    if form is None:
        return allow(sentence)
    rows = {each.ref: each.data for each in ctx.fact(SESSION)}
    faults = strange([form.review], list(rows), "review")
    if not faults:
        review = rows[form.review]
        measures = {each.competency: each for each in review.measures}
        faults = strange([form.competency], list(measures), "competency")
        if not faults and form.rating not in measures[form.competency].allowed:
            faults = [
                f"found {form.rating}; allowed: {', '.join(map(str, measures[form.competency].allowed))}"
            ]
        if not faults and _now(ctx.data, form.review, form.competency, review) == form.rating:
            faults = [f"{form.competency} is {form.rating} already"]
    return of_form(refuse(sentence, *faults)) if faults else allow(sentence)


def _now(session: Calibration, ref: str, competency: str, review: Any) -> int | None:
    made = [each.after for each in session.changes if each.review == ref and each.competency == competency]
    now: int | None = made[-1] if made else review.ratings.get(competency)
    return now


def left_over(tx: Transaction, session: CaseView) -> list[str]:
    """Return the references of a session that nobody has talked about."""
    return [] if session.data is None else _not_seen(session.data, SESSION.load(tx, [session])[session.id])


def _not_seen(session: Calibration, reviews: Sequence[CaseView]) -> list[str]:
    done = {*session.seen, *(each.review for each in session.changes)}
    return [each.ref for each in reviews if each.ref not in done]


@guard(facts=[SESSION])
def all_discussed(ctx: Context) -> Verdict:
    """Every review was talked about or changed."""
    reviews = ctx.fact(SESSION)
    missing = _not_seen(ctx.data, reviews)
    sentence = "Every review was talked about"
    mend = f"talent performance calibrate discussed {ctx.case.ref} REV-…"
    return refuse(sentence, *missing[:20], mend=mend) if missing else allow(sentence)


@effect()
def seat(ctx: Context) -> Iterator[Intent]:
    """Let people join the session and leave it."""
    form: Seats = ctx.form
    yield from (RemoveParticipant("member", each) for each in form.remove)
    yield from (AddParticipant("member", each) for each in form.add)


@effect()
def change_members(ctx: Context) -> Iterator[Intent]:
    """Let reviews join the session and leave it."""
    form: Members = ctx.form
    kept = [each for each in ctx.data.reviews if each not in form.remove]
    yield UpdateData({"reviews": list(dict.fromkeys((*kept, *form.add)))})


@effect(facts=[SESSION])
def keep_change(ctx: Context) -> Iterator[Intent]:
    """Keep the change and its reason; it counts once somebody else approves."""
    form: Recalibrated = ctx.form
    review = next(each.data for each in ctx.fact(SESSION) if each.ref == form.review)
    made = SessionChange(
        review=form.review,
        competency=form.competency,
        before=_now(ctx.data, form.review, form.competency, review),
        after=form.rating,
        code=form.code,
        reason=form.reason,
        evidence=form.evidence,
        by=ctx.actor.person or 0,
    )
    yield UpdateData({"changes": plain((*ctx.data.changes, made))})


@effect()
def keep_discussed(ctx: Context) -> Iterator[Intent]:
    """Note which reviews were talked about."""
    yield UpdateData({"seen": list(dict.fromkeys((*ctx.data.seen, *ctx.form.reviews)))})


@effect(facts=[SESSION])
def apply_changes(ctx: Context) -> Iterator[Intent]:
    """Put the changes into the reviews; those without any are calibrated too."""
    data: Calibration = ctx.data
    for each in ctx.fact(SESSION):
        made = [
            Change(ref=ctx.case.ref, **change.model_dump(exclude={"review"}))
            for change in data.changes
            if change.review == each.ref
        ]
        yield FireCase(each.id, "calibrate", {"changes": plain(made)})


calibration = Workflow(
    name="performance.calibration",
    ref="CAL",
    version=1,
    stage=Stage.PERFORMANCE,
    title="calibration",
    data=Calibration,
    parent="performance.cycle",
    initial="setup",
    open_by=hr,
    viewers=hr_head | auditor,
    participants=("facilitator", "member"),
    personal=("changes", "reason", "evidence"),
    states=[
        State("setup", tasks=(Task("Choose the reviews and begin", facilitator),)),
        State("in_progress", tasks=(Task("Talk about each review, then propose to close", facilitator),)),
        State("approving", tasks=(Task("Approve the session, or give it back", hr_head),)),
        State("approved", outcome=Outcome.SUCCESS),
        State("cancelled", outcome=Outcome.NEUTRAL),
    ],
    transitions=[
        *(
            Transition(
                "change_members",
                state,
                state,
                by=facilitator | hr_head,
                form=Members,
                effects=[change_members],
            )
            for state in ("setup", "in_progress")
        ),
        Transition("seat", "setup", "setup", by=facilitator | hr_head, form=Seats, effects=[seat]),
        Transition(
            "start", "setup", "in_progress", by=facilitator, guards=[reviews_are_ready, nobody_over_own_row]
        ),
        Transition(
            "change",
            "in_progress",
            "in_progress",
            by=facilitator,
            form=Recalibrated,
            guards=[nobody_over_own_row, change_fits],
            effects=[keep_change],
        ),
        Transition(
            "discuss",
            "in_progress",
            "in_progress",
            by=facilitator,
            form=Discussed,
            effects=[keep_discussed],
        ),
        Transition(
            "propose_close",
            "in_progress",
            "approving",
            by=facilitator,
            guards=[reviews_are_ready, nobody_over_own_row, all_discussed],
        ),
        Transition(
            "approve",
            "approving",
            "approved",
            by=hr_head,
            guards=[reviews_are_ready, nobody_over_own_row],
            effects=[apply_changes],
            four_eyes=("change", "discuss", "propose_close"),
        ),
        Transition("give_back", "approving", "in_progress", by=hr_head, form=Because),
        Transition("cancel", ["setup", "in_progress", "approving"], "cancelled", by=hr_head, form=Because),
    ],
)
