"""The rating: what manager or coach says again, blind until locked."""

from __future__ import annotations

from collections.abc import Iterator

from talenthub.sdk import Context, Intent, Stage, UpdateData, Workflow, effect
from talenthub_career.cases import Rating
from talenthub_career.forms import Said
from talenthub_career.raters import BLIND, blind_states, blind_steps, ratings_fit
from talenthub_career.relations import auditor, hr_desk


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
    blind=BLIND,
    states=blind_states("Rate by the role's descriptors"),
    transitions=blind_steps(Said, [ratings_fit], keep, "settle"),
)
