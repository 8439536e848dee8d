"""Effects of succession: what follows from a step, as intents."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from talenthub.sdk import (
    WORKDAYS,
    AddParticipant,
    AssignTask,
    CancelTimer,
    CloseTasks,
    Context,
    Intent,
    RecordUsage,
    RemoveParticipant,
    SetTimer,
    UpdateData,
    effect,
    plain,
    role,
)
from talenthub_succession.assessing import assessed, scored_anew
from talenthub_succession.cases import Assessment, Vote
from talenthub_succession.facts import GAPS
from talenthub_succession.forms import Called, Designated, Submitted, Voted
from talenthub_succession.relations import hr, owner

ROLE = role("role", level="level")
EXPIRY = "expiry"
LOOK_AGAIN = "look_again"
REVIEW = "review"


def _evening(ctx: Context, day: date) -> datetime:
    return ctx.fact(WORKDAYS).at(day, time(18))


@effect(facts=[ROLE, WORKDAYS])
def keep_designation(ctx: Context) -> Iterator[Intent]:
    """Keep criticality and probability, and review them in a year."""
    form: Designated = ctx.form
    yield UpdateData({**form.model_dump(), "reviewed_on": ctx.today.isoformat()})
    profile = ctx.fact(ROLE)
    # Said once of the post, whoever is nominated: usage is there for all to read.
    yield from (RecordUsage(each.competency) for each in (profile.requirements if profile else ()))
    yield CancelTimer(REVIEW)
    yield SetTimer(REVIEW, _evening(ctx, ctx.today + timedelta(days=ctx.settings.review_days)), "call_review")


@effect()
def keep_nomination(ctx: Context) -> Iterator[Intent]:
    """Keep why the person is nominated."""
    form: Submitted = ctx.form
    yield UpdateData(form.model_dump(mode="json"))


@effect(facts=[GAPS])
def keep_assessment(ctx: Context) -> Iterator[Intent]:
    """Keep the readiness of today, computed and agreed."""
    gaps = ctx.fact(GAPS)
    assert gaps is not None, "a nomination names a person and a role"
    made = assessed(ctx.data, ctx.form, gaps, ctx.settings, ctx.today, by=ctx.actor.person)
    yield _added(ctx, made)


@effect(facts=[GAPS])
def score_anew(ctx: Context) -> Iterator[Intent]:
    """Compute the readiness of today; what people agreed on stays."""
    gaps = ctx.fact(GAPS)
    made = scored_anew(ctx.data, gaps, ctx.settings, ctx.today, "post vacated") if gaps else None
    if made is None:
        return
    yield _added(ctx, made)
    if made.computed != made.agreed and ctx.case.state == "active":
        title = "Revalidate: the readiness is not what it was agreed to be"
        yield CloseTasks(LOOK_AGAIN)
        yield AssignTask(LOOK_AGAIN, title, hr | owner, ctx.now + timedelta(days=14))


def _added(ctx: Context, made: Assessment) -> UpdateData:
    return UpdateData({"assessments": plain((*ctx.data.assessments, made))})


@effect()
def seat_board(ctx: Context) -> Iterator[Intent]:
    """Let these members decide, and nobody else; earlier votes are void."""
    form: Called = ctx.form
    before = ctx.case.people("board")
    yield UpdateData({"votes": []})
    yield from (RemoveParticipant("board", each) for each in before if each not in form.members)
    yield from (AddParticipant("board", each) for each in form.members)


@effect()
def keep_vote(ctx: Context) -> Iterator[Intent]:
    """Keep what a member says; a later vote takes the place of an earlier one."""
    form: Voted = ctx.form
    by = ctx.actor.person or 0
    others = [each for each in ctx.data.votes if each.by != by]
    made = Vote(by=by, decision=form.decision, reason=form.reason)
    yield UpdateData({"votes": plain((*others, made))})


@effect(facts=[WORKDAYS])
def set_validity(ctx: Context) -> Iterator[Intent]:
    """Let it expire in time, and ask for another look before that."""
    until = ctx.today + timedelta(days=ctx.settings.valid_days)
    yield UpdateData({"valid_until": until.isoformat()})
    yield CloseTasks(LOOK_AGAIN)
    due = _evening(ctx, until - timedelta(days=ctx.settings.remind_days))
    yield AssignTask(LOOK_AGAIN, "Look at the readiness again before it expires", hr | owner, due)
    yield CancelTimer(EXPIRY)
    yield SetTimer(EXPIRY, _evening(ctx, until), "expire")
