"""Making a plan: measures, needs and tasks from the role and the evidence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from talenthub.sdk import LearningItem, RoleGaps, Workdays, text_in
from talenthub_onboarding.cases import Measure, Need, Plan, PlanTask
from talenthub_onboarding.settings import OnboardingSettings
from talenthub_onboarding.templates import TaskTemplate

UNKNOWN = "unknown"
MINOR = "minor"
NO_GAP = "none"
IN_WORK = "assignment"
"""The kind of learning item that is done at work."""


@dataclass(frozen=True, slots=True)
class Days:
    """The first day, today, and the organisation's working days."""

    first: date
    today: date
    workdays: Workdays
    late: int
    """Working days from today for what would be due already."""

    def due(self, day: int, *, working: bool = False) -> date:
        """Return the date of a day, on a working day.

        A free day gives the last working day before it, so that a promise
        still holds; but what is for after the first day stays after it.
        """
        found = self.workdays.add(self.first, day) if working else self.first + timedelta(days=day)
        before = self.workdays.on_or_before(found)
        due = before if day < 0 or before >= self.first else self.workdays.on_or_after(found)
        return due if due >= self.today else self.workdays.add(self.today, self.late)


def needs_of(gaps: RoleGaps) -> tuple[Need, ...]:
    """Return the gaps of the newcomer, and what nothing is known of."""
    known = {
        each.competency: Need(
            competency=each.competency,
            band=each.band,
            required=each.required,
            current=each.current,
            size=each.size,
        )
        for each in gaps.gaps
        if each.band != NO_GAP
    }
    unknown = {
        each.competency: Need(competency=each.competency, band=UNKNOWN, required=each.required)
        for each in gaps.unknown
    }
    order = [each.competency for each in gaps.profile.requirements]
    return tuple(found for code in order if (found := known.get(code) or unknown.get(code)) is not None)


def tasks_of(
    plan: Plan, settings: OnboardingSettings, days: Days, items: Sequence[LearningItem], language: str
) -> list[PlanTask]:
    """Return the tasks of a plan with its measures and needs, next due first."""
    made = [_from_template(each, days) for each in settings.templates(plan.kind, plan.role)]
    for need in plan.needs:
        measure = _measure(plan, need)
        if need.band != UNKNOWN:
            made += _of_gap(need, measure, settings, days, _suggestion(measure, items, language))
    unseen = [_measure(plan, need) for need in plan.needs if need.band == UNKNOWN]
    if unseen:
        made.append(_to_see(unseen, settings, days))
    return sorted(made, key=lambda each: each.due)


def _measure(plan: Plan, need: Need) -> Measure:
    measure = plan.measure(need.competency)
    assert measure is not None, "a need is one of the role's"
    return measure


def _from_template(template: TaskTemplate, days: Days) -> PlanTask:
    return PlanTask(
        template=template.name,
        title=template.title,
        part=template.part,
        owner=template.owner,
        day=template.day,
        working=template.working,
        due=days.due(template.day, working=template.working),
        required=template.required,
        needs_note=template.note,
    )


def _of_gap(
    need: Need, measure: Measure, settings: OnboardingSettings, days: Days, suggestion: str
) -> Iterator[PlanTask]:
    code, title = measure.competency, measure.title
    day = settings.minor_day if need.band == MINOR else settings.material_day
    yield PlanTask(
        template=f"gap-{code}",
        title=f"Work on «{title}»" + (f": {suggestion}" if suggestion else ""),
        part="gap",
        owner="newcomer",
        day=day,
        due=days.due(day),
        needs_note=True,
        competencies=(code,),
        descriptors=measure.text,
        band=need.band,
    )
    if need.band != MINOR:
        yield PlanTask(
            template=f"support-{code}",
            title=f"Ask somebody strong in «{title}» for support",
            part="support",
            owner="manager",
            day=settings.support_day,
            due=days.due(settings.support_day),
            needs_note=True,
            competencies=(code,),
            descriptors=measure.text,
            band=need.band,
        )


def _to_see(unseen: Sequence[Measure], settings: OnboardingSettings, days: Days) -> PlanTask:
    """Return one task for all that is unknown: it is one look around."""
    titles = ", ".join(f"«{each.title}»" for each in unseen)
    return PlanTask(
        template="observe",
        title=f"See at work what nobody has rated yet: {titles}",
        part="observation",
        owner="manager",
        day=settings.observation_day,
        due=days.due(settings.observation_day),
        needs_note=True,
        competencies=tuple(each.competency for each in unseen),
        descriptors="\n".join(f"{each.competency}: {each.text}" for each in unseen if each.text),
    )


def _suggestion(measure: Measure, items: Sequence[LearningItem], language: str) -> str:
    """Return what the catalogue offers to do at work for the role's level."""
    for each in items:
        lowest = each.lowest_level if each.lowest_level is not None else measure.lowest
        highest = each.highest_level if each.highest_level is not None else measure.highest
        fits = each.competency == measure.competency and lowest <= measure.required <= highest
        if fits and each.kind == IN_WORK:
            return text_in(each.title, language)
    return ""
