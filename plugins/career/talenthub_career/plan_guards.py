"""Guards of a plan until it is active: each answers with a reason."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from talenthub.sdk import (
    FRAMEWORK,
    LEARNING,
    CaseView,
    Content,
    Context,
    Detail,
    Verdict,
    allow,
    guard,
    refuse,
)
from talenthub_career import forms
from talenthub_career.choosing import aim_of
from talenthub_career.facts import GAPS, NEAR_GAPS, OTHER_PLANS, WEIGHTS
from talenthub_career.judging import strange, typed
from talenthub_career.plan_cases import Plan, Target
from talenthub_career.planning import maps_of, total_flow
from talenthub_career.settings import CareerSettings


@guard(facts=[WEIGHTS, FRAMEWORK])
def context_is_complete(ctx: Context) -> Verdict:
    """Every competency of the strategy is weighed twice; the roles are known."""
    form: forms.Context | None = ctx.form
    weights = ctx.fact(WEIGHTS)
    sentence = "Each competency with a strategy weight is weighed for the challenge and for the near role"
    if not weights:
        mend = "import a catalogue with strategy_weights: talent framework import FILE"
        return refuse(sentence, "this framework has no strategy weights today", mend=mend)
    if form is None:
        return allow(sentence, *(Detail(f"needed for {code}") for code in weights))
    faults = []
    for name, given in (("challenge", form.challenge), ("near", form.near)):
        faults += strange(given, list(weights), f"competency ({name})")
        faults += [f"{name} {code}: not weighed" for code in weights if code not in given]
    faults += strange(form.reasons, list(weights), "competency (why)")
    content = ctx.fact(FRAMEWORK)
    if form.near_role is not None and content is not None:
        faults += strange([form.near_role], [each.code for each in content.roles], "role")
    return typed(sentence, faults)


@guard()
def not_ranked_yet(ctx: Context) -> Verdict:
    """What was said to matter was not ranked yet."""
    sentence = "What was said to matter was not ranked yet"
    fresh = any(each.context is None for each in ctx.data.rows)
    return allow(sentence) if fresh else refuse(sentence)


@guard()
def seeing_is_done(ctx: Context) -> Verdict:
    """It has been looked at what matters and what is lacking."""
    sentence = "It has been looked at what matters and what is lacking"
    mend = f"talent career see {ctx.case.ref}"
    return allow(sentence) if ctx.data.rows else refuse(sentence, mend=mend)


@guard()
def among_the_first(ctx: Context) -> Verdict:
    """Targets are among the first; another than the top has a reason."""
    form: forms.Choice | None = ctx.form
    data: Plan = ctx.data
    settings: CareerSettings = ctx.settings
    sentence = f"A target is one of the first {settings.choices}; one that is not on top has a reason"
    first = [each.competency for each in data.rows if each.priority is not None][: settings.choices]
    if form is None:
        return allow(sentence, *(Detail(each, ctx.case.id) for each in first))
    chosen = [each.competency for each in form.targets]
    faults = strange(chosen, first, f"competency among the first {settings.choices}")
    if len(set(chosen)) != len(chosen):
        faults.append("one competency stands twice")
    top = first[: len(chosen)]
    faults += [
        f"{each.competency} comes after {', '.join(code for code in top if code not in chosen)}: say why"
        for each in form.targets
        if each.competency in first and each.competency not in top and not each.reason
    ]
    return typed(sentence, faults)


@guard(facts=[OTHER_PLANS])
def within_the_limit(ctx: Context) -> Verdict:
    """The targets of all open plans are not more than the strategy allows."""
    form: forms.Choice | None = ctx.form
    data: Plan = ctx.data
    limit = data.course.targets
    sentence = f"«{data.course.title}» has at most {limit} at once, over all open plans"
    others = [(each, target) for each in ctx.fact(OTHER_PLANS) if each.is_open for target in _of(each)]
    wanted = 1 if form is None else len(form.targets)
    if len(others) + wanted <= limit:
        return allow(sentence)
    taken = (Detail(f"{each.ref}: {target.competency}", each.id) for each, target in others)
    return refuse(sentence, Detail(f"{wanted} wanted"), *taken)


def _of(case: CaseView) -> Sequence[Target]:
    return () if case.data is None else tuple(case.data.targets)


@guard(facts=[FRAMEWORK])
def overused_is_described(ctx: Context) -> Verdict:
    """Restraint is for what the descriptor warns of."""
    form: forms.Choice | None = ctx.form
    sentence = "Doing less is a target where the framework says what to watch for"
    content = ctx.fact(FRAMEWORK)
    if form is None or content is None:
        return allow(sentence)
    faults = [
        f"{each.competency}: its descriptors warn of nothing"
        for each in form.targets
        if each.restrain and content.has_competency(each.competency) and not _warned(content, each.competency)
    ]
    return typed(sentence, faults)


def _warned(content: Content, competency: str) -> bool:
    return any(
        not indicator.positive
        for each in content.descriptors
        if each.competency == competency
        for indicator in each.indicators
    )


@guard(facts=[GAPS, NEAR_GAPS])
def standing_is_known(ctx: Context) -> Verdict:
    """Where the person stands on a target is known."""
    form: forms.Choice | None = ctx.form
    sentence = "Where the person stands on each target is known"
    if form is None:
        return allow(sentence)
    unknown = [
        each.competency
        for each in form.targets
        if aim_of(each.competency, ctx.fact(GAPS), ctx.fact(NEAR_GAPS)) is None
    ]
    return typed(sentence, [f"{code}: nothing is known" for code in unknown])


@guard()
def targets_are_chosen(ctx: Context) -> Verdict:
    """There is a target to sign."""
    sentence = "There is a target to sign"
    mend = f"talent career target {ctx.case.ref} COMPETENCY …"
    return allow(sentence) if ctx.data.targets else refuse(sentence, mend=mend)


@guard()
def other_has_signed(ctx: Context) -> Verdict:
    """Person and manager both sign, each for themselves."""
    sentence = "Person and manager both sign: nobody for the other"
    signed = set(ctx.data.signed_by)
    subject = ctx.case.subject
    if signed & ctx.actor.identities:
        return refuse(sentence, "you have signed", mend="the other one signs")
    fine = bool(signed - {subject}) if ctx.actor.person == subject else subject in signed
    return allow(sentence) if fine else refuse(sentence, "the other one proposes first")


@guard()
def impact_is_told(ctx: Context) -> Verdict:
    """Each target names a behaviour, what it changes, and how one measures."""
    form: forms.Mapped | None = ctx.form
    data: Plan = ctx.data
    sentence = "Each target has a behaviour, a result at work and a measure"
    if form is None:
        return allow(sentence)
    codes = [each.competency for each in data.targets]
    faults = strange(form.impacts, codes, "target")
    for target in data.targets:
        given = form.impacts.get(target.competency)
        if given is None and not target.behaviour:
            faults.append(f"{target.competency}: no impact is told")
        elif given is not None and isinstance(given.behaviour, int):
            many = len(target.indicators)
            if not 1 <= given.behaviour <= many:
                faults.append(f"{target.competency}: indicator {given.behaviour}; allowed: 1 to {many}")
    return typed(sentence, faults)


@guard(facts=[GAPS, FRAMEWORK, LEARNING, OTHER_PLANS])
def map_is_built_in(ctx: Context) -> Verdict:
    """Learning is built into work: most hours in the flow, and with people."""
    form: forms.Mapped | None = ctx.form
    settings: CareerSettings = ctx.settings
    sentence = f"{settings.in_flow:.0%} of the hours or more are in the flow of work, and some with people"
    if not ctx.data.targets:
        return refuse(sentence, "there is no target to reach")
    if form is None:
        return allow(sentence)
    content = ctx.fact(FRAMEWORK)
    highest = [content.highest(each.competency) for each in ctx.data.targets] if content else []
    if form.level is not None and highest and not 1 <= form.level <= max(highest):
        return typed(sentence, [f"level {form.level}; allowed: 1 to {max(highest)}"])
    maps = maps_of(ctx, form)
    found = [item for each in maps.values() for item in each.items]
    flow = total_flow(maps.values())
    faults = []
    if flow is None:
        faults.append("the catalogue offers nothing here: ask for items, or choose another level")
    elif flow < Fraction(settings.in_flow):
        faults.append(f"{float(flow):.0%} are in the flow of work")
    if flow is not None and not any(each.kind == "people" for each in found):
        faults.append("nothing is learned with other people")
    faults += [f"{each}: no item of this map" for each in form.leave_out if not _is_item(ctx, each)]
    return typed(sentence, faults)


def _is_item(ctx: Context, code: str) -> bool:
    return any(each.code == code for each in ctx.fact(LEARNING))


@guard()
def actions_lie_ahead(ctx: Context) -> Verdict:
    """What is to be done is due on a day to come; the coach is no owner."""
    form: forms.Mapped | None = ctx.form
    sentence = "Every action is due on a day to come, and the coach is neither person nor manager"
    if form is None:
        return allow(sentence)
    faults = [f"{each.title}: {each.due} is past" for each in form.actions if each.due < ctx.today]
    if form.coach is not None and form.coach == ctx.case.subject:
        faults.append("nobody coaches themselves")
    return typed(sentence, faults)
