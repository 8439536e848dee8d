"""Effects of a review: what follows from a transition, as intents."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, time, timedelta
from fractions import Fraction
from typing import Any

from talenthub.sdk import (
    WORKDAYS,
    AddParticipant,
    Context,
    FireCase,
    Intent,
    OpenCase,
    RecordEvidence,
    RecordUsage,
    RemoveParticipant,
    SetTimer,
    UpdateData,
    effect,
    plain,
)
from talenthub_performance.cases import Group, Objective, Review
from talenthub_performance.facts import ANSWERS, ROUNDS, STATEMENTS
from talenthub_performance.figures import groups_of
from talenthub_performance.forms import Changes, Lodged, NewManager, Nomination, Objectives, Progress, Release

PURPOSE = "appraisal"
MANAGER = "manager"


@effect()
def keep_objectives(ctx: Context) -> Iterator[Intent]:
    """Put these in place of the old objectives; only the author agrees yet."""
    form: Objectives = ctx.form
    kept = [Objective.model_validate(each.model_dump()) for each in form.objectives]
    by = sorted(ctx.actor.identities)[:1] if ctx.actor.person is None else [ctx.actor.person]
    yield UpdateData({"objectives": plain(kept), "agreed_by": by})


@effect()
def agree_objectives(ctx: Context) -> Iterator[Intent]:
    """Note who agreed to the objectives."""
    yield UpdateData({"agreed_by": sorted({*ctx.data.agreed_by, *filter(None, [ctx.actor.person])})})


@effect()
def keep_progress(ctx: Context) -> Iterator[Intent]:
    """Keep where the objectives stand now."""
    form: Progress = ctx.form
    data: Review = ctx.data
    moved = [
        each.model_copy(update={"current": form.current.get(each.key, each.current)})
        for each in data.objectives
    ]
    yield UpdateData({"objectives": plain(moved)})


@effect()
def change_manager(ctx: Context) -> Iterator[Intent]:
    """Let somebody else rate."""
    form: NewManager = ctx.form
    for person in ctx.case.people("manager"):
        yield RemoveParticipant("manager", person)
    yield AddParticipant("manager", form.person)


@effect()
def open_conversation(ctx: Context) -> Iterator[Intent]:
    """Open the next conversation of person and manager."""
    yield OpenCase(
        "performance.conversation",
        subject=ctx.case.subject,
        data={"on": ctx.form.on.isoformat()},
        participants={"manager": ctx.case.people("manager")},
    )


@effect()
def open_round(ctx: Context) -> Iterator[Intent]:
    """Open the round that asks those who were nominated."""
    form: Nomination = ctx.form
    data: Review = ctx.data
    wanted = form.competencies or tuple(each.competency for each in data.measures)
    yield OpenCase(
        "performance.round",
        subject=ctx.case.subject,
        data={
            "raters": {group: list(people) for group, people in form.raters.items()},
            "measures": plain(each for each in data.measures if each.competency in wanted),
            "minimum": ctx.settings.minimum_group,
            "policy": ctx.settings.small_groups,
        },
        participants={"manager": ctx.case.people("manager")},
    )


@effect(facts=[ROUNDS, ANSWERS])
def keep_answers(ctx: Context) -> Iterator[Intent]:
    """Keep what each group of the round said; nobody's own answer is in it."""
    closed = next(each for each in ctx.fact(ROUNDS) if each.id == ctx.form.case)
    asked = {group: len(people) for group, people in closed.data.raters.items()}
    found = groups_of(ctx.fact(ANSWERS).get(closed.id, ()), asked, closed.data.minimum)
    yield UpdateData({"groups": plain(found), "groups_on": ctx.today.isoformat()})


@effect()
def open_statements(ctx: Context) -> Iterator[Intent]:
    """Ask the person and the manager, each without a look at the other."""
    assert ctx.case.subject is not None, "a review is about somebody"
    raters = {"self": (ctx.case.subject,), "manager": ctx.case.people("manager")}
    for kind, people in raters.items():
        yield OpenCase(
            "performance.statement",
            subject=ctx.case.subject,
            data={"kind": kind},
            participants={"rater": people, "manager": ctx.case.people("manager")},
        )


@effect(facts=[STATEMENTS])
def reveal_statements(ctx: Context) -> Iterator[Intent]:
    """Show both to each other, and take the manager's ratings over."""
    for each in ctx.fact(STATEMENTS):
        if each.state == "submitted":
            yield FireCase(each.id, "reveal")
    said = {each.data.kind: each for each in ctx.fact(STATEMENTS) if each.state != "excused"}
    own = said["manager"]
    yield UpdateData(
        {
            "ratings": own.data.ratings,
            "notes": own.data.notes,
            "results": own.data.results,
            "texts": {kind: each.data.text for kind, each in said.items()},
            "rated_on": own.data.rated_on and own.data.rated_on.isoformat(),
            "rated_by": own.people("rater")[0],
            # What a session changed spoke of the ratings before they were given back.
            "changes": [],
        }
    )


@effect(facts=[STATEMENTS])
def reopen_manager_statement(ctx: Context) -> Iterator[Intent]:
    """Give the manager's statement back."""
    for each in ctx.fact(STATEMENTS):
        if each.data.kind == "manager" and each.state == "revealed":
            yield FireCase(each.id, "reopen")


@effect(facts=[STATEMENTS])
def close_statements(ctx: Context) -> Iterator[Intent]:
    """Close what was said: from here on only calibrated words change."""
    for each in ctx.fact(STATEMENTS):
        if each.state == "revealed":
            yield FireCase(each.id, "close")


@effect()
def keep_changes(ctx: Context) -> Iterator[Intent]:
    """Change ratings, and keep those from before beside them."""
    yield UpdateData(_changed(ctx.data, ctx.form))


def _changed(data: Review, form: Changes) -> dict[str, Any]:
    ratings = {**data.ratings, **{each.competency: each.after for each in form.changes}}
    return {"ratings": ratings, "changes": plain((*data.changes, *form.changes))}


@effect()
def sign(ctx: Context) -> Iterator[Intent]:
    """Keep who signed."""
    yield UpdateData({"signed_by": ctx.actor.person})


@effect(facts=[WORKDAYS])
def release(ctx: Context) -> Iterator[Intent]:
    """Show the review to the person, and let the days of appeal begin."""
    form: Release = ctx.form
    yield UpdateData(
        {
            "explanation": form.explanation or ctx.data.explanation,
            "talked_on": (form.talked_on or ctx.today).isoformat(),
            "released_on": ctx.today.isoformat(),
            "released_by": ctx.actor.person,
        }
    )
    yield _closes_after(ctx, ctx.today)


def _closes_after(ctx: Context, released: date) -> SetTimer:
    over = released + timedelta(days=ctx.settings.appeal_days + 1)
    return SetTimer("appeal_over", ctx.fact(WORKDAYS).at(over, time(6)), "close")


@effect()
def record_evidence(ctx: Context) -> Iterator[Intent]:
    """Put the ratings into the person's ledger: here and nowhere else."""
    data: Review = ctx.data
    if data.rated:
        yield from manager_rows(ctx, data.ratings)
        for group in data.groups:
            yield from _group_rows(ctx, group)


def manager_rows(
    ctx: Context, ratings: dict[str, int | None], *, corrects: str | None = None
) -> Iterator[Intent]:
    """Yield the manager's rows; what was not assessed gives none."""
    data: Review = ctx.data
    assert ctx.case.subject is not None, "a review is about somebody"
    for each in data.measures:
        rating = ratings.get(each.competency)
        if rating is not None:
            yield RecordEvidence(
                person=ctx.case.subject,
                competency=each.competency,
                purpose=PURPOSE,
                ladder=each.ladder(rating),
                rating=Fraction(rating),
                source=MANAGER,
                observed_on=data.rated_on or ctx.today,
                descriptor_hash=each.descriptor,
                author=data.rated_by,
                corrects=corrects,
            )


def _group_rows(ctx: Context, group: Group) -> Iterator[Intent]:
    data: Review = ctx.data
    assert ctx.case.subject is not None, "a review is about somebody"
    for each in data.measures:
        if each.competency in group.means:
            found = Fraction(group.means[each.competency])
            yield RecordEvidence(
                person=ctx.case.subject,
                competency=each.competency,
                purpose=PURPOSE,
                ladder=each.ladder(found),
                rating=found,
                source=group.name,
                observed_on=data.groups_on or ctx.today,
                descriptor_hash=each.descriptor,
                group=(group.counts[each.competency], group.asked),
            )


@effect()
def use_descriptors(ctx: Context) -> Iterator[Intent]:
    """Say that the rated descriptors were used for real work."""
    data: Review = ctx.data
    if data.rated:
        yield from (
            RecordUsage(each.competency)
            for each in data.measures
            if data.ratings.get(each.competency) is not None
        )


@effect(facts=[WORKDAYS])
def keep_statement(ctx: Context) -> Iterator[Intent]:
    """Keep what the person says of it."""
    yield UpdateData({"statement": ctx.form.statement})
    # A change of state cancels the timers of the state before.
    yield _closes_after(ctx, ctx.data.released_on or ctx.today)


@effect()
def open_appeal(ctx: Context) -> Iterator[Intent]:
    """Open the appeal; those who decided have no part in it."""
    form: Lodged = ctx.form
    yield OpenCase(
        "performance.appeal",
        subject=ctx.case.subject,
        data={"reason": form.reason, "wanted": form.wanted},
        participants={"manager": ctx.case.people("manager")},
    )


@effect()
def settle(ctx: Context) -> Iterator[Intent]:
    """Take over what the appeal changed; days of appeal do not begin anew."""
    form: Changes = ctx.form
    if form.changes:
        yield UpdateData(_changed(ctx.data, form))
        yield from manager_rows(
            ctx,
            {each.competency: each.after for each in form.changes},
            corrects=form.changes[0].reason,
        )
    yield SetTimer("settled", ctx.now + timedelta(days=ctx.settings.appeal_days), "close")
