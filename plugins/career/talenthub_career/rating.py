"""The rating: what manager or coach says again, blind until locked."""

from __future__ import annotations

from collections.abc import Iterator

from talenthub.sdk import (
    Blind,
    Context,
    Intent,
    Outcome,
    Stage,
    State,
    Task,
    Transition,
    UpdateData,
    Workflow,
    days,
    effect,
    system,
)
from talenthub_career.cases import Rating
from talenthub_career.forms import Because, Said
from talenthub_career.raters import PARENT_TOO, ratings_fit, waking
from talenthub_career.relations import auditor, hr_desk, hr_partner, rater


@effect()
def keep(ctx: Context) -> Iterator[Intent]:
    """Keep the ratings, and the day on which they were given."""
    form: Said = ctx.form
    yield UpdateData(
        {
            "ratings": form.ratings,
            "notes": form.notes,
            "rated_on": (form.rated_on or ctx.today).isoformat(),
        }
    )


rating = Workflow(
    name="career.rating",
    ref="RTG",
    version=1,
    stage=Stage.CAREER,
    title="rating",
    data=Rating,
    parent="career.plan",
    initial="asked",
    viewers=hr_desk | auditor,
    subject_sees="nothing",
    participants=("rater",),
    personal=("ratings", "notes", "reason"),
    blind=Blind("rater", states=("asked",), until_revealed=("locked",)),
    states=[
        State("asked", due=days(14), tasks=(Task("Rate by the role's descriptors", rater),)),
        State("locked", tasks=()),
        State("revealed", outcome=Outcome.SUCCESS),
        State("excused", outcome=Outcome.NEUTRAL),
    ],
    transitions=[
        Transition(
            "rate",
            "asked",
            "locked",
            by=rater,
            form=Said,
            guards=[ratings_fit],
            effects=[keep, waking("settle")],
            locks=PARENT_TOO,
        ),
        Transition("reveal", "locked", "revealed", by=system),
        Transition(
            "excuse",
            "asked",
            "excused",
            by=hr_partner,
            form=Because,
            effects=[waking("settle")],
            locks=PARENT_TOO,
        ),
    ],
)
