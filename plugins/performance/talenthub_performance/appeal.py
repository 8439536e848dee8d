"""The appeal: decided by people who had no part in the review."""

from __future__ import annotations

from collections.abc import Iterator

from talenthub.sdk import (
    PARENT,
    Context,
    FireCase,
    Intent,
    Outcome,
    Stage,
    State,
    Task,
    Transition,
    UpdateData,
    Verdict,
    Workflow,
    allow,
    days,
    effect,
    guard,
    manager_of,
    of_form,
    plain,
    refuse,
    subject,
)
from talenthub_performance.cases import Appeal, Change, Review
from talenthub_performance.forms import Because, Upheld
from talenthub_performance.relations import auditor, hr, upper
from talenthub_performance.review_guards import strange

judge = hr | manager_of(upper)
PARENT_TOO = ("parent",)


@guard(facts=[PARENT])
def did_not_decide(ctx: Context) -> Verdict:
    """Who judges has not rated, calibrated, signed or released it."""
    parent = ctx.fact(PARENT)
    sentence = "Who judges has not rated, calibrated, signed or released it"
    barred = set() if parent is None else parent.data.deciders | set(parent.people("manager"))
    return refuse(sentence, "you had a part in it") if barred & ctx.actor.identities else allow(sentence)


@guard(facts=[PARENT])
def finding_fits(ctx: Context) -> Verdict:
    """What is changed is a rating of the review, on its scale."""
    form: Upheld | None = ctx.form
    parent = ctx.fact(PARENT)
    sentence = "What is changed is a rating of the review, on its scale"
    if form is None or parent is None:
        return allow(sentence)
    allowed = {each.competency: each.allowed for each in parent.data.measures}
    faults = strange(list(form.changes), list(allowed), "competency")
    faults += [
        f"{code}: found {value}; allowed: {', '.join(map(str, allowed[code]))}"
        for code, value in form.changes.items()
        if code in allowed and value not in allowed[code]
    ]
    return of_form(refuse(sentence, *faults)) if faults else allow(sentence)


@effect(facts=[PARENT])
def uphold(ctx: Context) -> Iterator[Intent]:
    """Change the review as was found; the ledger gets superseding rows."""
    form: Upheld = ctx.form
    parent = ctx.fact(PARENT)
    assert parent is not None, "an appeal is against a review"
    review: Review = parent.data
    changes = [
        Change(
            competency=code,
            before=review.ratings.get(code),
            after=value,
            code="appeal",
            reason=form.finding,
            by=ctx.actor.person or 0,
            ref=ctx.case.ref,
        )
        for code, value in form.changes.items()
    ]
    yield UpdateData({"finding": form.finding, "changes": form.changes})
    yield FireCase(parent.id, "settle", {"changes": plain(changes)})


@effect()
def leave_as_it_is(ctx: Context) -> Iterator[Intent]:
    """Keep the reason, and let the review stand."""
    assert ctx.case.parent is not None, "an appeal is against a review"
    yield UpdateData({"finding": ctx.form.reason})
    yield FireCase(ctx.case.parent, "settle", {"changes": []})


appeal = Workflow(
    name="performance.appeal",
    ref="OBJ",
    version=1,
    stage=Stage.PERFORMANCE,
    title="appeal",
    data=Appeal,
    parent="performance.review",
    initial="lodged",
    viewers=hr | auditor,
    subject_sees="all",
    participants=("manager",),
    personal=("reason", "wanted", "finding", "changes"),
    states=[
        State("lodged", due=days(7), tasks=(Task("Say whether the appeal is admitted", judge),)),
        State("under_review", due=days(21), tasks=(Task("Hear both sides and decide", judge),)),
        State("upheld", outcome=Outcome.SUCCESS),
        State("dismissed", outcome=Outcome.FAILURE),
        State("inadmissible", outcome=Outcome.FAILURE),
        State("withdrawn", outcome=Outcome.NEUTRAL),
    ],
    transitions=[
        Transition("admit", "lodged", "under_review", by=judge, guards=[did_not_decide]),
        Transition(
            "refuse",
            "lodged",
            "inadmissible",
            by=judge,
            form=Because,
            guards=[did_not_decide],
            effects=[leave_as_it_is],
            locks=PARENT_TOO,
            title="refuse it as inadmissible",
        ),
        Transition(
            "uphold",
            "under_review",
            "upheld",
            by=judge,
            form=Upheld,
            guards=[did_not_decide, finding_fits],
            effects=[uphold],
            locks=PARENT_TOO,
        ),
        Transition(
            "dismiss",
            "under_review",
            "dismissed",
            by=judge,
            form=Because,
            guards=[did_not_decide],
            effects=[leave_as_it_is],
            locks=PARENT_TOO,
        ),
        Transition(
            "withdraw",
            ["lodged", "under_review"],
            "withdrawn",
            by=subject,
            form=Because,
            effects=[leave_as_it_is],
            locks=PARENT_TOO,
        ),
    ],
)
