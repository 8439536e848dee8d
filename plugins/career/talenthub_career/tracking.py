"""Tracking: entries on their days, misses, the pulse, the talk half-way."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from talenthub.sdk import (
    FRAMEWORK,
    WORKDAYS,
    AssignTask,
    CancelTimer,
    CloseTasks,
    Context,
    Intent,
    OpenCase,
    SetTimer,
    UpdateData,
    Verdict,
    Workdays,
    allow,
    effect,
    guard,
    refuse,
    subject,
)
from talenthub_career import forms
from talenthub_career.choosing import rated_measures
from talenthub_career.facts import ANSWERS, ASKINGS, GAPS, NEAR_GAPS
from talenthub_career.judging import typed
from talenthub_career.plan_cases import Entry, Plan, Pulse
from talenthub_career.planning import unfinished
from talenthub_career.relations import either, manager
from talenthub_career.settings import CareerSettings

ENTRY = "entry"
ESCALATED = "entries_missed"
HALF_WAY = "half_way"
END = "reassess"


def timers(data: Plan, settings: CareerSettings, workdays: Workdays) -> Iterator[SetTimer]:
    """Return the timers of an active plan, by its dates."""
    assert data.ends_on is not None, "the plan has begun"
    if data.next_entry is not None:
        yield SetTimer(ENTRY, workdays.start_of(data.next_entry), "ask")
    if not data.half_way and data.on(settings.review_day) < data.ends_on:
        yield SetTimer(HALF_WAY, workdays.start_of(data.on(settings.review_day)), "halve")
    yield SetTimer(END, workdays.start_of(data.ends_on), "end")


def following(data: Plan) -> date | None:
    """Return the day of the entry after the next; None after the end."""
    if data.next_entry is None or data.ends_on is None:
        return None
    found = data.next_entry + timedelta(days=data.course.every)
    return found if found <= data.ends_on else None


@guard()
def entry_is_due(ctx: Context) -> Verdict:
    """The day of the next entry has come."""
    due = ctx.data.next_entry
    sentence = "The day of the next entry has come"
    return allow(sentence) if due is not None and ctx.today >= due else refuse(sentence)


@guard()
def entry_is_late(ctx: Context) -> Verdict:
    """The days of grace are over."""
    due = ctx.data.next_entry
    grace = ctx.settings.grace_days
    sentence = f"The {grace} days of grace are over"
    over = due is not None and ctx.today > due + timedelta(days=grace)
    return allow(sentence) if over else refuse(sentence)


@guard()
def half_is_over(ctx: Context) -> Verdict:
    """The day of the talk half-way has come, and it was not asked for."""
    data: Plan = ctx.data
    if data.started_on is None:
        return refuse("The day of the talk half-way has come", "the plan has not begun")
    day = data.on(ctx.settings.review_day)
    sentence = f"The day of the talk half-way, {day}, has come"
    return allow(sentence) if not data.half_way and ctx.today >= day else refuse(sentence)


@guard()
def end_has_come(ctx: Context) -> Verdict:
    """The last day of the plan has come, and nobody was told."""
    data: Plan = ctx.data
    sentence = f"The last day of the plan, {data.ends_on}, has come"
    over = data.ends_on is not None and ctx.today >= data.ends_on and data.end_told != data.ends_on
    return allow(sentence) if over else refuse(sentence)


@guard()
def entry_fits(ctx: Context) -> Verdict:
    """The entry is of a day since the start; what is done was open."""
    form: forms.Written | None = ctx.form
    data: Plan = ctx.data
    sentence = "The entry is of a day since the start, and what is done was an open action"
    if form is None:
        return allow(sentence)
    day = form.on or ctx.today
    faults = [f"{each!r} is no open action of this plan" for each in unfinished(data.actions, form.done)]
    if day > ctx.today or data.started_on is None or day < data.started_on:
        faults.append(f"{day} is not between {data.started_on} and today")
    return typed(sentence, faults)


@guard()
def colleagues_fit(ctx: Context) -> Verdict:
    """So many colleagues are asked, and neither person nor manager."""
    form: forms.Asked | None = ctx.form
    least, most = ctx.settings.pulse_people
    sentence = f"From {least} to {most} colleagues are asked, not the two who own the plan"
    if form is None:
        return allow(sentence)
    people = set(form.people)
    faults = []
    if not least <= len(people) <= most:
        faults.append(f"{len(people)} are asked")
    if people & {ctx.case.subject, *ctx.data.signed_by}:
        faults.append("person and manager speak for themselves")
    return typed(sentence, faults)


@guard(facts=[ASKINGS])
def asking_was_closed(ctx: Context) -> Verdict:
    """The answers are of a question of this plan that has closed."""
    form: forms.Taken | None = ctx.form
    sentence = "The answers are of a question of this plan that has closed"
    closed = [each.id for each in ctx.fact(ASKINGS) if each.state == "closed"]
    return allow(sentence) if form is None or form.case in closed else refuse(sentence)


@effect(facts=[WORKDAYS])
def ask_for_entry(ctx: Context) -> Iterator[Intent]:
    """Ask for the entry, and wait through the days of grace."""
    due: date = ctx.data.next_entry
    workdays = ctx.fact(WORKDAYS)
    over = due + timedelta(days=ctx.settings.grace_days)
    title = "Write your entry: what you did, and what changed"
    yield AssignTask(ENTRY, title, subject, workdays.end_of(over))
    yield SetTimer(ENTRY, workdays.start_of(over + timedelta(days=1)), "miss")


@effect(facts=[WORKDAYS])
def note_miss(ctx: Context) -> Iterator[Intent]:
    """Keep the missed day; after some in a row the manager is asked to talk."""
    data: Plan = ctx.data
    assert data.next_entry is not None, "the guard saw to it"
    in_a_row = data.missed_in_a_row + 1
    yield CloseTasks(ENTRY)
    yield UpdateData(
        {
            "missed": [each.isoformat() for each in (*data.missed, data.next_entry)],
            "missed_in_a_row": in_a_row,
        }
    )
    yield from _go_on(ctx, data)
    if in_a_row == ctx.settings.misses:
        title = f"{in_a_row} entries in a row were missed: talk about the plan"
        yield AssignTask(ESCALATED, title, manager, ctx.now + timedelta(days=7))


def _go_on(ctx: Context, data: Plan) -> Iterator[Intent]:
    later = following(data)
    yield UpdateData({"next_entry": later and later.isoformat()})
    if later is not None:
        yield SetTimer(ENTRY, ctx.fact(WORKDAYS).start_of(later), "ask")


@effect(facts=[WORKDAYS])
def keep_entry(ctx: Context) -> Iterator[Intent]:
    """Keep the entry; one near its day is the one that was asked for."""
    form: forms.Written = ctx.form
    data: Plan = ctx.data
    day = form.on or ctx.today
    answers = data.next_entry is not None and day >= data.next_entry - timedelta(days=ctx.settings.grace_days)
    entry = Entry(
        on=day,
        due=data.next_entry if answers else None,
        **form.model_dump(exclude={"on", "done"}),
    )
    actions = [
        each.model_copy(update={"done_on": day}) if each.key in form.done else each for each in data.actions
    ]
    yield UpdateData(
        {
            "entries": [each.model_dump(mode="json") for each in (*data.entries, entry)],
            "actions": [each.model_dump(mode="json") for each in actions],
        }
    )
    if answers:
        yield UpdateData({"missed_in_a_row": 0})
        yield CloseTasks(ENTRY)
        yield CancelTimer(ENTRY)
        yield from _go_on(ctx, data)
        if data.missed_in_a_row:
            yield CloseTasks(ESCALATED)


@effect()
def ask_for_talk(ctx: Context) -> Iterator[Intent]:
    """Ask both for the talk half-way."""
    yield UpdateData({"half_way": True})
    yield AssignTask(HALF_WAY, "Half-way: talk about the plan", either, ctx.now + timedelta(days=14))


@effect(facts=[WORKDAYS])
def ask_for_ratings(ctx: Context) -> Iterator[Intent]:
    """Ask both to have it rated again; after the days of grace it begins."""
    end: date = ctx.data.ends_on
    workdays = ctx.fact(WORKDAYS)
    last = end + timedelta(days=ctx.settings.grace_days)
    yield UpdateData({"end_told": end.isoformat()})
    title = "Have the targets rated again: name coach and peers"
    yield AssignTask(END, title, either, workdays.end_of(last))
    yield SetTimer(END, workdays.start_of(last + timedelta(days=1)), "reassess")


@effect(facts=[GAPS, NEAR_GAPS, FRAMEWORK])
def ask_colleagues(ctx: Context) -> Iterator[Intent]:
    """Ask colleagues what change they see; nobody's answer is read alone."""
    yield asking(ctx, "pulse", ctx.form.people)


def asking(ctx: Context, kind: str, people: tuple[int, ...]) -> OpenCase:
    """Return the opening of a question to colleagues."""
    return OpenCase(
        "career.asking",
        subject=ctx.case.subject,
        data={
            "kind": kind,
            "people": sorted(set(people)),
            "measures": [each.model_dump(mode="json") for each in rated_measures(ctx)],
            "minimum": ctx.settings.minimum_group,
        },
    )


@effect(facts=[ASKINGS, ANSWERS])
def keep_pulse(ctx: Context) -> Iterator[Intent]:
    """Keep what colleagues said together; of too few nothing."""
    closed = next(each for each in ctx.fact(ASKINGS) if each.id == ctx.form.case)
    for group in ctx.fact(ANSWERS).get(closed.id, ()):
        changes = sorted(each["change"] for each in group.payloads if each["change"] is not None)
        if len(changes) >= closed.data.minimum:
            pulse = Pulse(on=ctx.today, asked=len(closed.data.people), changes=tuple(changes))
            yield UpdateData({"pulses": [each.model_dump(mode="json") for each in (*ctx.data.pulses, pulse)]})
