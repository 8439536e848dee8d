"""The assessment: what one rater says for a placement, blind till locked."""

from __future__ import annotations

from collections.abc import Iterator

from talenthub.sdk import PARENT, Context, Intent, Stage, UpdateData, Verdict, Workflow, allow, effect, guard
from talenthub_career.cases import Assessment, Placement
from talenthub_career.forms import Assessed
from talenthub_career.judging import rating_faults, strange, typed
from talenthub_career.raters import BLIND, blind_states, blind_steps, late
from talenthub_career.relations import auditor, hr_desk


@guard()
def agility_is_complete(ctx: Context) -> Verdict:
    """Each item of learning agility is rated."""
    form: Assessed | None = ctx.form
    items = [each.name for each in ctx.settings.agility]
    sentence = "Each item of learning agility is rated from 1 to 5"
    if form is None:
        return allow(sentence)
    faults = strange(form.agility, items, "item of learning agility")
    return typed(sentence, faults + [f"{each}: not rated" for each in items if each not in form.agility])


@guard(facts=[PARENT])
def manager_says_the_rest(ctx: Context) -> Verdict:
    """Only the manager rates the work, completely, if no review has."""
    form: Assessed | None = ctx.form
    data: Assessment = ctx.data
    sentence = "The manager rates results and competencies, where no review has; others do not"
    parent = ctx.fact(PARENT)
    assert parent is not None, "an assessment belongs to a placement"
    review: Placement = parent.data
    if form is None:
        return allow(sentence)
    if not data.is_manager:
        extra = bool(form.ratings or form.results or form.repeated)
        return typed(sentence, ["you are asked for learning agility only"] if extra else [])
    codes = [each.competency for each in review.measures]
    faults = rating_faults(form.ratings, form.notes, review.measures)
    faults += strange(form.repeated, list(form.ratings), "rating")
    if form.ratings or not review.competencies:
        faults += [f"{code}: not rated" for code in codes if code not in form.ratings]
    if not form.results and not review.results:
        faults.append("results: none; allowed: RATING:WEIGHT, such as 3:0.8")
    return typed(sentence, [*faults, *late(form.rated_on, ctx.today)])


@effect()
def keep(ctx: Context) -> Iterator[Intent]:
    """Keep what was said, and the day."""
    form: Assessed = ctx.form
    yield UpdateData({**form.model_dump(mode="json"), "rated_on": (form.rated_on or ctx.today).isoformat()})


assessment = Workflow(
    name="career.assessment",
    ref="ASM",
    version=1,
    stage=Stage.CAREER,
    title="assessment",
    data=Assessment,
    parent="career.placement",
    initial="asked",
    viewers=hr_desk | auditor,
    subject_sees="nothing",
    participants=("rater",),
    personal=("agility", "results", "ratings", "notes", "reason"),
    blind=BLIND,
    states=blind_states("Rate learning agility, without the others"),
    transitions=blind_steps(Assessed, [agility_is_complete, manager_says_the_rest], keep, "reveal"),
)
