"""The statement: what self or manager says, blind until both have."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from talenthub.sdk import (
    PARENT,
    Blind,
    Context,
    Detail,
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
    refuse,
    subject,
    system,
)
from talenthub_performance.cases import Measure, Review, Statement
from talenthub_performance.forms import Because, Said
from talenthub_performance.relations import auditor, hr, rater
from talenthub_performance.review_guards import strange

PARENT_TOO = ("parent",)
FIVE = (1, 2, 3, 4, 5)


@guard()
def own_statement(ctx: Context) -> Verdict:
    """Each writes the own statement: nobody for the other."""
    sentence = "Each writes the own statement"
    if ctx.data.kind == "self":
        return allow(sentence) if ctx.actor.person == ctx.case.subject else refuse(sentence)
    return refuse(sentence) if ctx.case.subject in ctx.actor.identities else allow(sentence)


@guard(facts=[PARENT])
def fits_the_review(ctx: Context) -> Verdict:
    """Ratings are of the role's competencies and the review's objectives."""
    form: Said | None = ctx.form
    sentence = "Each rating is of a competency or an objective of the review, and on its scale"
    review = _review(ctx)
    if form is None:
        return allow(sentence)
    if not review.rated and (form.ratings or form.results):
        return of_form(refuse(sentence, "conversations come first here: nobody is asked for a rating"))
    known = {each.competency: each for each in review.measures}
    keys = [each.key for each in review.objectives]
    faults = strange([*form.ratings, *form.notes], list(known), "competency")
    faults += strange(list(form.results), keys, "objective")
    faults += _off_scale(form.values(), {code: each.allowed for code, each in known.items()})
    faults += _off_scale(form.reached(), dict.fromkeys(keys, FIVE))
    if form.rated_on is not None and not review.first <= form.rated_on <= ctx.today:
        faults.append(f"the day {form.rated_on} is not between {review.first} and today")
    return of_form(refuse(sentence, *faults)) if faults else allow(sentence)


def _off_scale(given: Mapping[str, int | None], allowed: Mapping[str, Sequence[int]]) -> list[str]:
    return [
        f"{code}: found {value}; allowed: {', '.join(map(str, allowed[code]))}, not assessed"
        for code, value in given.items()
        if code in allowed and value is not None and value not in allowed[code]
    ]


def _review(ctx: Context) -> Review:
    parent = ctx.fact(PARENT)
    assert parent is not None, "a statement belongs to a review"
    review: Review = parent.data
    return review


@guard(facts=[PARENT])
def complete(ctx: Context) -> Verdict:
    """1, 2 and 5 have a note; something is said, and a manager has rated."""
    data: Statement = ctx.data
    review = _review(ctx)
    sentence = "Something is said, and 1, 2 and 5 have a note; what is not rated is not assessed"
    faults = [
        f"{each.competency}: a {data.ratings[each.competency]} needs a note"
        for each in review.measures
        if data.kind == "manager" and _needs_note(each, data)
    ]
    given = [*data.ratings.values(), *data.results.values()]
    rated = any(each is not None for each in given)
    if data.kind == "manager" and review.rated and not rated:
        faults.append("nothing is rated")
    if not rated and not data.text:
        faults.append("nothing is said")
    return refuse(sentence, *(Detail(each, ctx.case.id) for each in faults)) if faults else allow(sentence)


def _needs_note(measure: Measure, data: Statement) -> bool:
    rating = data.ratings.get(measure.competency)
    if rating is None or data.notes.get(measure.competency):
        return False
    points = measure.as_points(rating)
    return points <= 2 or points >= 5


@guard()
def is_own_view(ctx: Context) -> Verdict:
    """Only the person's own view may be let go, never the manager's."""
    sentence = "The person's own statement may be let go, the manager's may not"
    return allow(sentence) if ctx.data.kind == "self" else refuse(sentence)


@effect()
def keep(ctx: Context) -> Iterator[Intent]:
    """Merge what was said into what stands there."""
    form: Said = ctx.form
    data: Statement = ctx.data
    yield UpdateData(
        {
            "ratings": {**data.ratings, **form.values()},
            "notes": {**data.notes, **form.notes},
            "results": {**data.results, **form.reached()},
            "text": form.text or data.text,
            "rated_on": (form.rated_on or ctx.today).isoformat(),
        }
    )


@effect()
def wake_review(ctx: Context) -> Iterator[Intent]:
    """Show both to each other, if this was the last."""
    assert ctx.case.parent is not None, "a statement belongs to a review"
    yield FireCase(ctx.case.parent, "reveal", if_possible=True)


def _writes(state: str) -> tuple[Transition, ...]:
    return (
        Transition(
            "write",
            state,
            state,
            by=rater | subject,
            form=Said,
            guards=[own_statement, fits_the_review],
            effects=[keep],
            locks=PARENT_TOO,
        ),
        Transition(
            "submit",
            state,
            "submitted",
            by=rater | subject,
            guards=[own_statement, complete],
            effects=[wake_review],
            locks=PARENT_TOO,
        ),
    )


statement = Workflow(
    name="performance.statement",
    ref="STA",
    version=1,
    stage=Stage.PERFORMANCE,
    title="statement",
    data=Statement,
    parent="performance.review",
    initial="drafting",
    viewers=manager_of(subject) | hr | auditor,
    subject_sees="nothing",
    participants=("rater", "manager"),
    personal=("ratings", "notes", "results", "text", "reason"),
    blind=Blind("rater", states=("drafting",), until_revealed=("submitted", "excused")),
    states=[
        State("drafting", due=days(14), tasks=(Task("Write your statement and submit it", rater),)),
        State("submitted", tasks=()),
        State("revealed", tasks=()),
        State("reopened", due=days(7), tasks=(Task("Change what was given back, and submit it", rater),)),
        State("closed", outcome=Outcome.SUCCESS),
        State("excused", outcome=Outcome.NEUTRAL),
    ],
    transitions=[
        *_writes("drafting"),
        *_writes("reopened"),
        Transition("reveal", "submitted", "revealed", by=system),
        Transition("reopen", "revealed", "reopened", by=system),
        Transition("close", "revealed", "closed", by=system),
        Transition(
            "excuse",
            "drafting",
            "excused",
            by=hr,
            form=Because,
            guards=[is_own_view],
            effects=[wake_review],
            locks=PARENT_TOO,
        ),
    ],
)
