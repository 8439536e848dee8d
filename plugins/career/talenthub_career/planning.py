"""Planning: learning maps and actions of a plan's targets."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction

from talenthub.sdk import LEARNING, CaseView, Content, Context, LearningItem, RoleGaps, text_in
from talenthub_career import forms
from talenthub_career.facts import GAPS, OTHER_PLANS
from talenthub_career.mapping import LearningMap, hours_of, learning_map
from talenthub_career.plan_cases import Action, Item, Plan, Target
from talenthub_career.settings import CareerSettings
from talenthub_career.strategies import Strategy


def strategy_in(name: str, settings: CareerSettings) -> Strategy:
    """Return the strategy of a plan; the one for all if it was taken away."""
    found = settings.strategy(name) or settings.strategy(settings.without_placement)
    assert found is not None, "the settings were checked"
    return found


def maps_of(ctx: Context, form: forms.Mapped) -> dict[str, LearningMap]:
    """Return the learning map of each target; the hours are shared alike."""
    data: Plan = ctx.data
    settings: CareerSettings = ctx.settings
    hours = Fraction(form.hours or data.hours or settings.hours, len(data.targets))
    others, catalogue = ctx.fact(OTHER_PLANS), ctx.fact(LEARNING)
    done = done_before(data, others)
    return {
        each.competency: learning_map(
            catalogue,
            each.competency,
            form.level or level_for(each, ctx.fact(GAPS)),
            hours,
            strategy_in(data.course.name, settings),
            settings,
            done,
            form.leave_out,
        )
        for each in data.targets
    }


def level_for(target: Target, gaps: RoleGaps | None) -> int:
    """Return the level that the present role asks for; else the target's."""
    asked = None if gaps is None else gaps.profile.level.requirement(target.competency)
    return target.required if asked is None else asked.level


def done_before(data: Plan, others: Sequence[CaseView]) -> set[str]:
    """Return the learning items that the person did in any plan."""
    plans = [data, *(each.data for each in others if each.data is not None)]
    return {each.item for plan in plans for each in plan.actions if each.item and each.done_on is not None}


def total_flow(maps: Iterable[LearningMap]) -> Fraction | None:
    """Return the share of hours at work over some maps; None of no hours."""
    found = list(maps)
    hours = sum((each.hours for each in found), Fraction(0))
    at_work = sum((each.hours * (each.in_flow or Fraction(0)) for each in found), Fraction(0))
    return at_work / hours if hours else None


def shortages(maps: Mapping[str, LearningMap]) -> Iterator[str]:
    """Yield what the catalogue lacks: `COM assignments short by 40 h`."""
    for code, each in maps.items():
        for kind in each.kinds:
            if kind.short:
                word = f"{kind.kind}s" if kind.kind == "assignment" else kind.kind
                yield f"{code} {word} short by {float(kind.short):g} h"


def mapped_target(
    target: Target, found: LearningMap, form: forms.Mapped, level: int, language: str
) -> Target:
    """Return a target with its impact and its items."""
    impact = form.impacts.get(target.competency)
    told = {}
    if impact is not None:
        is_number = isinstance(impact.behaviour, int)
        told = {
            "behaviour": target.indicators[int(impact.behaviour) - 1] if is_number else impact.behaviour,
            "work_result": impact.work_result,
            "measure": impact.measure,
        }
    return target.model_copy(
        update={
            **told,
            "level": level,
            "items": tuple(item_of(each, language) for each in found.items),
            "wanted": {each.kind: str(each.wanted) for each in found.kinds},
        }
    )


def item_of(item: LearningItem, language: str) -> Item:
    """Return a learning item as a plan keeps it."""
    return Item(
        code=item.code,
        kind=item.kind,
        title=text_in(item.title, language),
        hours=str(hours_of(item)),
        heat=item.heat or 1,
        in_flow=item.in_flow,
    )


def actions_of(
    targets: Sequence[Target], given: Sequence[forms.ActionGiven], today: date, length: int
) -> list[Action]:
    """Return an action for each item, the easier first, and those given.

    The items are spread over the plan; the last is due when it ends.
    """
    items = sorted((item for each in targets for item in each.items), key=lambda each: (each.heat, each.code))
    made = [
        Action(
            key=each.code,
            title=each.title,
            due=today + timedelta(days=length * place // len(items)),
            evidence="an entry says what changed",
            item=each.code,
        )
        for place, each in enumerate(items, 1)
    ]
    made += [
        Action(key=f"A{place}", title=each.title, due=each.due, evidence=each.evidence, support=each.support)
        for place, each in enumerate(given, 1)
    ]
    return made


def language_of(content: Content | None) -> str:
    """Return the language that a plan is written in."""
    return "en" if content is None else content.framework.language


def due_actions(actions: Iterable[Action], today: date) -> tuple[int, int]:
    """Return how many actions were done in time, of how many that are due."""
    due = [each for each in actions if each.due <= today]
    return sum(each.done_on is not None and each.done_on <= each.due for each in due), len(due)


def unfinished(actions: Iterable[Action], keys: Collection[str]) -> list[str]:
    """Return the keys that name no open action."""
    known = {each.key for each in actions if each.done_on is None}
    return [each for each in keys if each not in known]
