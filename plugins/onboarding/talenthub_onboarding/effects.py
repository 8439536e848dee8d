"""Effects of the plan: what follows from a transition, as intents."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from fractions import Fraction
from typing import Any

from pydantic import BaseModel

from talenthub.sdk import (
    FRAMEWORK,
    LEARNING,
    WORKDAYS,
    AssignTask,
    CancelTimer,
    CloseTasks,
    Context,
    FireCase,
    Intent,
    OpenCase,
    RecordEvidence,
    RecordUsage,
    SetTimer,
    UpdateData,
    effect,
    measured,
    text_in,
)
from talenthub_onboarding.cases import Check, Ending, Extension, Measure, Plan, Reflection, Talk
from talenthub_onboarding.facts import GAPS, PURPOSE, TASKS
from talenthub_onboarding.forms import CheckHeld, EndProposed, MoreTime, OwnWords, TalkHeld
from talenthub_onboarding.making import Days, needs_of, tasks_of
from talenthub_onboarding.relations import manager, upper
from talenthub_onboarding.rule import proposal
from talenthub_onboarding.schedule import check_number, due_days, next_talk, timer_of, timers

SOURCE = "onboarding"


def plain(model: BaseModel) -> dict[str, Any]:
    """Return a model as the JSON values that a case keeps."""
    return model.model_dump(mode="json")


@effect()
def ask_for_making(ctx: Context) -> Iterator[Intent]:
    """Have the plan made as soon as its case is open."""
    yield FireCase(ctx.case.id, "make")


@effect(facts=[GAPS, FRAMEWORK, LEARNING, WORKDAYS])
def make_plan(ctx: Context) -> Iterator[Intent]:
    """Write down what is rated and what is wanting, and open the tasks."""
    gaps, content = ctx.fact(GAPS), ctx.fact(FRAMEWORK)
    assert gaps is not None, "the guard saw to it"
    assert content is not None, "a plan pins the framework of its role"
    language = content.framework.language
    data: Plan = ctx.data
    made = data.model_copy(
        update={
            "role_title": text_in(gaps.profile.role.title, language),
            "measures": measured(Measure, content, gaps.profile),
            "needs": needs_of(gaps),
        }
    )
    changes = plain(made)
    yield UpdateData({name: changes[name] for name in ("role_title", "measures", "needs")})
    days = Days(data.first_day, ctx.today, ctx.fact(WORKDAYS), ctx.settings.late_days)
    items = ctx.fact(LEARNING)
    for task in tasks_of(made, ctx.settings, days, items, language):
        yield OpenCase("onboarding.task", subject=ctx.case.subject, data=plain(task))


@effect(facts=[TASKS, WORKDAYS])
def release_plan(ctx: Context) -> Iterator[Intent]:
    """Give the buddy their tasks, and wait for the first day."""
    data: Plan = ctx.data
    buddy = ctx.form.buddy if ctx.form.buddy is not None else data.buddy
    yield UpdateData({"buddy": buddy})
    for each in ctx.fact(TASKS):
        if buddy is not None and each.is_open and each.data.owner == "buddy":
            yield FireCase(each.id, "name_buddy", {"person": buddy})
    if data.first_day > ctx.today:
        yield _first_day_timer(ctx, data)
    else:
        yield FireCase(ctx.case.id, "start", if_possible=True)


@effect(facts=[TASKS, WORKDAYS])
def move_first_day(ctx: Context) -> Iterator[Intent]:
    """Move every open task and the timer with the first day."""
    data: Plan = ctx.data
    moved = data.model_copy(update={"first_day": ctx.form.first_day})
    yield UpdateData({"first_day": moved.first_day.isoformat()})
    days = Days(moved.first_day, ctx.today, ctx.fact(WORKDAYS), ctx.settings.late_days)
    for each in ctx.fact(TASKS):
        if each.is_open:
            due = days.due(each.data.day, working=each.data.working)
            yield FireCase(each.id, "redate", {"due": due.isoformat()})
    if ctx.case.state == "preboarding":
        yield CancelTimer("first_day")
        yield _first_day_timer(ctx, moved)


def _first_day_timer(ctx: Context, data: Plan) -> SetTimer:
    return SetTimer("first_day", ctx.fact(WORKDAYS).start_of(data.first_day), "start")


@effect(facts=[WORKDAYS])
def set_timers(ctx: Context) -> Iterator[Intent]:
    """Have each talk, and the check, asked for when its day is near."""
    yield from timers(ctx.data, ctx.settings, ctx.fact(WORKDAYS))


@effect(facts=[WORKDAYS])
def invite(ctx: Context) -> Iterator[Intent]:
    """Ask the manager for the talks and the check that are near."""
    data: Plan = ctx.data
    near = due_days(data, ctx.settings, ctx.today)
    yield UpdateData({"invited": [*data.invited, *near]})
    for day in near:
        is_check = day == check_number(data, ctx.settings)
        title = f"Day {day}: " + ("rate by the role's descriptors" if is_check else "talk about the start")
        workdays = ctx.fact(WORKDAYS)
        due = workdays.end_of(workdays.on_or_after(data.on(day)))
        yield AssignTask(timer_of(day), title, manager, due)


@effect()
def press(ctx: Context) -> Iterator[Intent]:
    """Put a late check before the manager's manager as well."""
    day = check_number(ctx.data, ctx.settings)
    yield AssignTask(f"{timer_of(day)}_late", f"Day {day}: the check is late", upper, ctx.now)


@effect()
def keep_talk(ctx: Context) -> Iterator[Intent]:
    """Keep the talk; it is no rating, and no evidence."""
    form: TalkHeld = ctx.form
    data: Plan = ctx.data
    assert ctx.actor.person is not None, "only a person holds a talk"
    held_on = form.held_on or ctx.today
    day = form.day or next_talk(data, ctx.settings, held_on)
    talk = Talk(
        day=day,
        held_on=held_on,
        written_on=ctx.today,
        outcome=form.outcome,
        note=form.note,
        by=ctx.actor.person,
    )
    yield UpdateData({"talks": [*map(plain, data.talks), plain(talk)]})
    yield CloseTasks(timer_of(day))
    if day != check_number(data, ctx.settings):
        yield CancelTimer(timer_of(day))


@effect()
def keep_words(ctx: Context) -> Iterator[Intent]:
    """Keep what the newcomer says, beside what the manager says."""
    form: OwnWords = ctx.form
    data: Plan = ctx.data
    said = Reflection(on=ctx.today, note=form.note, ratings=form.values())
    yield UpdateData({"reflections": [*map(plain, data.reflections), plain(said)]})


@effect()
def keep_check(ctx: Context) -> Iterator[Intent]:
    """Keep the check and what the rule says about it."""
    form: CheckHeld = ctx.form
    data: Plan = ctx.data
    assert ctx.actor.person is not None, "only a person rates"
    found = proposal(data.measures, form.values(), ctx.settings)
    check = Check(
        day=check_number(data, ctx.settings),
        held_on=form.held_on or ctx.today,
        ratings=form.values(),
        notes=form.notes,
        by=ctx.actor.person,
        mean=None if found.mean is None else str(found.mean),
        proposed=found.proposed,
        why_not=found.why_not,
    )
    yield UpdateData({"checks": [*map(plain, data.checks), plain(check)]})


@effect()
def record_check(ctx: Context) -> Iterator[Intent]:
    """Put the ratings into the ledger: the only step that does so."""
    form: CheckHeld = ctx.form
    data: Plan = ctx.data
    assert ctx.case.subject is not None, "a plan is about a newcomer"
    for measure in data.measures:
        rating = form.values().get(measure.competency)
        yield RecordUsage(measure.competency)
        if rating is not None:
            yield RecordEvidence(
                person=ctx.case.subject,
                competency=measure.competency,
                purpose=PURPOSE,
                ladder=measure.ladder(rating),
                rating=Fraction(rating),
                source=SOURCE,
                observed_on=form.held_on or ctx.today,
                descriptor_hash=measure.descriptor,
                author=ctx.actor.person,
                narrative=form.notes.get(measure.competency),
            )


@effect(facts=[WORKDAYS])
def extend(ctx: Context) -> Iterator[Intent]:
    """Give more time, from the day the check was for."""
    form: MoreTime = ctx.form
    data: Plan = ctx.data
    assert ctx.actor.person is not None, "only a person extends"
    until = data.on(ctx.settings.check_day) + timedelta(days=form.days)
    extension = Extension(
        days=form.days, until=until, reason=form.reason, plan=form.plan, by=ctx.actor.person
    )
    yield UpdateData({"extension": plain(extension)})
    longer = data.model_copy(update={"extension": extension})
    yield from timers(longer, ctx.settings, ctx.fact(WORKDAYS))


@effect()
def keep_end(ctx: Context) -> Iterator[Intent]:
    """Keep who proposes the end, and on what ground."""
    form: EndProposed = ctx.form
    assert ctx.actor.person is not None, "only a person proposes an end"
    ending = Ending(
        reason=form.reason,
        talk_on=form.talk_on,
        appeal=form.appeal or ctx.settings.appeal,
        came_from=ctx.case.state,
        proposed_by=ctx.actor.person,
    )
    yield UpdateData({"ending": plain(ending)})


@effect()
def sign_end(ctx: Context) -> Iterator[Intent]:
    """Put the second signature under the end."""
    data: Plan = ctx.data
    assert data.ending is not None, "it was proposed"
    yield UpdateData({"ending": plain(data.ending.model_copy(update={"signed_by": ctx.actor.person}))})


@effect()
def drop_end(_ctx: Context) -> Iterator[Intent]:
    """Take the proposal off the plan; its event stays."""
    yield UpdateData({"ending": None})
