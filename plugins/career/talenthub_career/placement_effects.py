"""Effects of a placement: what follows from a step, as intents."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from talenthub.sdk import (
    FRAMEWORK,
    SUBJECT_MANAGER,
    Context,
    FireCase,
    Intent,
    OpenCase,
    RecordEvidence,
    RecordUsage,
    UpdateData,
    effect,
    fit,
    measured,
    shown,
)
from talenthub_career import forms
from talenthub_career.cases import Assessment, Course, Measure, Placement
from talenthub_career.exact import figure, kept, mean
from talenthub_career.facts import ASSESSMENTS, GAPS, NEXT_GAPS, SHARED
from talenthub_career.placing import agility_of, figures_of, weighted
from talenthub_career.settings import CareerSettings
from talenthub_career.strategies import Strategy

PURPOSE = "appraisal"
"""What the manager's ratings of a talent review are recorded for."""


@effect()
def begin(ctx: Context) -> Iterator[Intent]:
    """Have the raters asked as soon as the case is open."""
    yield FireCase(ctx.case.id, "prepare")


@effect(facts=[GAPS, FRAMEWORK, SUBJECT_MANAGER])
def prepare(ctx: Context) -> Iterator[Intent]:
    """Keep what is rated, and ask each rater without the others."""
    gaps, content = ctx.fact(GAPS), ctx.fact(FRAMEWORK)
    assert gaps is not None, "a placement is against a role"
    assert content is not None, "a placement pins a framework"
    measures = measured(Measure, content, gaps.profile)
    yield UpdateData({"measures": [each.model_dump(mode="json") for each in measures]})
    for person in ctx.case.people("rater"):
        yield OpenCase(
            "career.assessment",
            subject=ctx.case.subject,
            data={"is_manager": person == ctx.fact(SUBJECT_MANAGER)},
            participants={"rater": (person,)},
        )


@effect(facts=[ASSESSMENTS])
def gather(ctx: Context) -> Iterator[Intent]:
    """Take over what was said; from here on it is compared."""
    locked = [each for each in ctx.fact(ASSESSMENTS) if each.state == "locked"]
    for each in locked:
        yield FireCase(each.id, "reveal")
    yield UpdateData({"agility": [each.data.agility for each in locked]})
    for each in locked:
        if each.data.is_manager:
            yield UpdateData(_of_manager(ctx, each.data, each.people("rater")[0]))


def _of_manager(ctx: Context, said: Assessment, person: int) -> dict[str, Any]:
    data: Placement = ctx.data
    return {
        "results": [list(each) for each in said.results or data.results],
        "ratings": said.ratings,
        "notes": said.notes,
        "repeated": list(said.repeated),
        "rated_on": said.rated_on and said.rated_on.isoformat(),
        "rated_by": person,
    }


@effect()
def keep_discussion(ctx: Context) -> Iterator[Intent]:
    """Keep what was discussed."""
    yield UpdateData({"discussion": "\n".join(filter(None, [ctx.data.discussion, ctx.form.reason]))})


@effect()
def calibrate(ctx: Context) -> Iterator[Intent]:
    """Change what calibration changes, and record what the manager rated."""
    form: forms.Calibrated = ctx.form
    data: Placement = ctx.data
    ratings = {**data.ratings, **form.ratings}
    changes = [
        f"{code}: {data.ratings[code]} → {after}, {form.reason}" for code, after in form.ratings.items()
    ]
    yield UpdateData({"ratings": ratings, "changes": [*data.changes, *changes]})
    for measure in data.measures:
        if measure.competency in ratings:
            yield RecordUsage(measure.competency)
            if measure.competency not in data.repeated:
                yield _row_of(ctx, measure, ratings[measure.competency])
    # Only now the ledger has it: what it means is worked out in a step of its own.
    yield FireCase(ctx.case.id, "weigh")


def _row_of(ctx: Context, measure: Measure, rating: int) -> RecordEvidence:
    data: Placement = ctx.data
    assert ctx.case.subject is not None, "a placement is about somebody"
    return RecordEvidence(
        person=ctx.case.subject,
        competency=measure.competency,
        purpose=PURPOSE,
        ladder=measure.ladder(rating),
        rating=Fraction(rating),
        source="manager",
        observed_on=data.rated_on or ctx.today,
        descriptor_hash=measure.descriptor,
        author=data.rated_by,
        narrative=data.notes.get(measure.competency),
    )


@effect(facts=[NEXT_GAPS, SHARED])
def weigh(ctx: Context) -> Iterator[Intent]:
    """Work out performance, potential and the strategy they mean."""
    data: Placement = ctx.data
    settings: CareerSettings = ctx.settings
    found = figures_of(
        weighted((Fraction(rating), Fraction(weight)) for rating, weight in data.results),
        how_of(data),
        agility_of(data.agility),
        _aspiration(ctx),
        _fit(ctx),
        settings,
    )
    known = found.performance is not None and found.potential is not None
    meant = (
        settings.strategy_of(found.performance, found.potential)
        if known and found.performance is not None and found.potential is not None
        else None
    )
    yield UpdateData(
        {
            "performance": kept(found.performance),
            "aspiration": found.aspiration,
            "fit": kept(found.fit),
            "potential": kept(found.potential),
            "proposed": None if meant is None else meant.name,
        }
    )


def how_of(data: Placement) -> Fraction | None:
    """Return the mean rating on five points: the manager's or a review's."""
    own = [
        each.as_points(rating)
        for each in data.measures
        if (rating := data.ratings.get(each.competency)) is not None
    ]
    return mean(own) if own else figure(data.competencies)


def _aspiration(ctx: Context) -> int | None:
    shared = ctx.fact(SHARED)
    told = shared is not None and set(shared.confidants) & set(ctx.case.people("rater"))
    return shared.reach if shared is not None and told else None


def _fit(ctx: Context) -> float | None:
    gaps = ctx.fact(NEXT_GAPS)
    if gaps is None:
        return None
    return fit(gaps.profile.requirements, {each.competency: each.standing for each in gaps.gaps}).value


@effect()
def place(ctx: Context) -> Iterator[Intent]:
    """Keep the strategy that was agreed on, as the person will read it."""
    form: forms.Placed = ctx.form
    data: Placement = ctx.data
    settings: CareerSettings = ctx.settings
    chosen = settings.strategy(form.strategy or data.proposed or "")
    assert chosen is not None, "the guards saw to it"
    yield UpdateData({"course": course_of(chosen).model_dump(mode="json"), "reason": form.reason})


def course_of(strategy: Strategy) -> Course:
    """Return a strategy as people are shown it."""
    return Course(
        name=strategy.name,
        title=strategy.title,
        meaning=strategy.meaning,
        targets=strategy.targets,
        every=strategy.every,
        sponsor=strategy.sponsor,
    )


def formula_of(settings: CareerSettings) -> str:
    """Return how performance and potential are made, as one reads it."""
    share = Fraction(settings.objectives_share)
    return (
        f"performance = {shown(share)}·objectives + {shown(1 - share)}·competencies; potential = "
        f"{settings.agility_weight}·agility + {settings.aspiration_weight}·aspiration + "
        f"{settings.fit_weight}·(1 + 4·fit)"
    )
