"""Effects of a plan until it is active: what follows, as intents."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from talenthub.sdk import (
    FRAMEWORK,
    LEARNING,
    SUBJECT_MANAGER,
    WORKDAYS,
    AddParticipant,
    AssignTask,
    Context,
    FireCase,
    Intent,
    RecordUsage,
    RemoveParticipant,
    UpdateData,
    effect,
    plain,
)
from talenthub_career import forms, seeing
from talenthub_career.choosing import aim_of, lacks_of, row_of, taken_back, target_of, weights_of
from talenthub_career.facts import GAPS, NEAR_GAPS, OTHER_PLANS, WEIGHTS
from talenthub_career.plan_cases import Plan, Row
from talenthub_career.planning import (
    actions_of,
    language_of,
    level_for,
    mapped_target,
    maps_of,
    shortages,
    strategy_in,
)
from talenthub_career.relations import either, hr_desk
from talenthub_career.tracking import timers


def own_signature(ctx: Context) -> list[int]:
    """Return the one who proposes as the only one who has signed."""
    return [] if ctx.actor.person is None else [ctx.actor.person]


@effect(facts=[WEIGHTS])
def keep_context(ctx: Context) -> Iterator[Intent]:
    """Keep what matters; what is lacking is looked up against the roles named."""
    form: forms.Context = ctx.form
    rows = [
        Row(
            competency=code,
            strategy=str(each),
            challenge=form.challenge[code],
            near=form.near[code],
            reason=form.reasons.get(code, ""),
        )
        for code, each in ctx.fact(WEIGHTS).items()
    ]
    yield UpdateData({"rows": plain(rows), "challenge": form.challenge_why, "near": form.near_why})
    yield UpdateData({"targets": [], "signed_by": []})
    if form.near_role is not None:
        yield UpdateData({"near_role": form.near_role, "near_level": form.near_level})
    yield FireCase(ctx.case.id, "rank")


@effect(facts=[GAPS, NEAR_GAPS])
def keep_ranks(ctx: Context) -> Iterator[Intent]:
    """Keep context, need and priority of each competency."""
    data: Plan = ctx.data
    lacks = lacks_of(ctx.fact(GAPS), ctx.fact(NEAR_GAPS))
    found = seeing.look(weights_of(data.rows), lacks, ctx.settings)
    reasons = {each.competency: each.reason for each in data.rows}
    yield UpdateData({"rows": plain(row_of(each, reasons[each.competency]) for each in found)})
    yield from (RecordUsage(each.competency) for each in found)


@effect(facts=[GAPS, NEAR_GAPS, FRAMEWORK])
def keep_targets(ctx: Context) -> Iterator[Intent]:
    """Keep the critical few; who proposes them has signed."""
    form: forms.Choice = ctx.form
    content = ctx.fact(FRAMEWORK)
    assert content is not None, "a plan pins a framework"
    targets = []
    for given in form.targets:
        aim = aim_of(given.competency, ctx.fact(GAPS), ctx.fact(NEAR_GAPS))
        assert aim is not None, "the guard saw to it"
        targets.append(target_of(given, aim, content))
    yield UpdateData({"targets": plain(targets), "signed_by": own_signature(ctx)})


@effect()
def sign(ctx: Context) -> Iterator[Intent]:
    """Put the second signature beside the first."""
    yield UpdateData({"signed_by": sorted({*ctx.data.signed_by, *filter(None, [ctx.actor.person])})})


@effect(facts=[GAPS, FRAMEWORK, LEARNING, OTHER_PLANS])
def keep_map(ctx: Context) -> Iterator[Intent]:
    """Keep impact, learning map and actions; who proposes them has signed."""
    form: forms.Mapped = ctx.form
    data: Plan = ctx.data
    maps, gaps = maps_of(ctx, form), ctx.fact(GAPS)
    language = language_of(ctx.fact(FRAMEWORK))
    targets = [
        mapped_target(each, maps[each.competency], form, form.level or level_for(each, gaps), language)
        for each in data.targets
    ]
    yield UpdateData(
        {
            "targets": plain(targets),
            "hours": form.hours or data.hours or ctx.settings.hours,
            "feedback": form.feedback,
            "actions": plain(actions_of(targets, form.actions, ctx.today, ctx.settings.length)),
            "coach": form.coach,
            "signed_by": own_signature(ctx),
        }
    )
    for person in ctx.case.people("coach"):
        if person != form.coach:
            yield RemoveParticipant("coach", person)
    if form.coach is not None:
        yield AddParticipant("coach", form.coach)
    thin = [
        code
        for code, each in maps.items()
        if each.is_thin(strategy_in(data.course.name, ctx.settings), ctx.settings)
    ]
    if thin:
        yield from _tell_of_thin(ctx, list(shortages({code: maps[code] for code in thin})))


def _tell_of_thin(ctx: Context, lacking: list[str]) -> Iterator[Intent]:
    title = f"The catalogue is thin: {'; '.join(lacking) or 'another mix than the strategy wants'}"
    yield AssignTask("catalogue_thin", title[:200], hr_desk, ctx.now + timedelta(days=28))


@effect(facts=[WORKDAYS, SUBJECT_MANAGER])
def activate(ctx: Context) -> Iterator[Intent]:
    """Begin: the cadence of entries, the talk half-way, the reassessment."""
    data: Plan = ctx.data
    begun = data.model_copy(
        update={
            "started_on": ctx.today,
            "ends_on": ctx.today + timedelta(days=ctx.settings.length),
            "next_entry": ctx.today + timedelta(days=data.course.every),
        }
    )
    changes = begun.model_dump(mode="json")
    yield UpdateData({name: changes[name] for name in ("started_on", "ends_on", "next_entry")})
    yield from timers(begun, ctx.settings, ctx.fact(WORKDAYS))


@effect()
def look_again(ctx: Context) -> Iterator[Intent]:
    """Go back to Seeing It; what was aimed at before stays in the plan."""
    form: forms.LookAgain = ctx.form
    data: Plan = ctx.data
    moved = form.role is not None and (form.role, form.level) != (data.role, data.level)
    yield UpdateData(
        {
            "rows": [],
            "targets": [],
            "earlier": plain(taken_back(data)),
            "signed_by": [],
            "actions": plain(each for each in data.actions if each.done_on is not None),
            "started_on": None,
            "ends_on": None,
            "next_entry": None,
            "missed_in_a_row": 0,
            "half_way": False,
        }
    )
    if moved:
        yield UpdateData({"role": form.role, "level": form.level, "near_role": None, "near_level": None})
    yield AssignTask("look_again", f"Look again: {form.reason}"[:200], either)


@effect()
def tell_of_version(ctx: Context) -> Iterator[Intent]:
    """Ask for a look at the new version; the plan keeps the one it has."""
    version: str = ctx.form.version
    yield UpdateData({"newer": version})
    title = f"Version {version} of the framework is out: review the plan against it"
    yield AssignTask("new_version", title, either, ctx.now + timedelta(days=14))


@effect()
def keep_ending(ctx: Context) -> Iterator[Intent]:
    """Keep why it ends."""
    yield UpdateData({"ending": ctx.form.reason})
