"""Telling: plans and tasks as rows, each in the reader's view."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any

from talenthub.sdk import CaseView, Engine, Person, Transaction, persons
from talenthub_onboarding.cases import TOO_EARLY, Check, Plan
from talenthub_onboarding.finding import TASK, pinned
from talenthub_onboarding.schedule import outstanding

Row = dict[str, Any]


def task_rows(engine: Engine, tx: Transaction, plans: Sequence[CaseView]) -> list[Row]:
    """Return the tasks of plans, the next due first."""
    found = engine.children_of(tx, [each.id for each in plans], TASK)
    people = people_of(tx, plans)
    return [
        _task_row(plan, task, people, tx.today)
        for plan in plans
        for task in sorted(found[plan.id], key=_by_due)
        if task.data is not None
    ]


def _by_due(task: CaseView) -> tuple[date, int]:
    return (task.data.due if task.data is not None else date.max, task.id)


def _task_row(plan: CaseView, task: CaseView, people: Mapping[int, Person], today: date) -> Row:
    data = task.data
    return {
        "task": task.ref,
        "plan": plan.ref,
        "person": _handle(people, plan.subject),
        "due": data.due,
        "day": data.day,
        "state": state_of(task),
        "overdue": is_overdue(task, today),
        "part": data.part,
        "owner": data.owner,
        "title": data.title,
        "competencies": list(data.competencies),
        "band": data.band,
        "required": data.required,
        "blocked_by": data.blocked_by,
        "note": data.note,
        "descriptor": data.descriptors,
    }


def is_overdue(task: CaseView, today: date) -> bool:
    """Return whether a task is open past its day: a flag, not a state."""
    return task.is_open and task.data is not None and task.data.due < today


def state_of(case: CaseView) -> str:
    """Return the state in words; what closed with its parent is cancelled."""
    closed_with_plan = case.closed_at is not None and case.state in ("open", "in_progress", "blocked")
    return "cancelled" if closed_with_plan else case.state.replace("_", " ")


def plan_record(engine: Engine, tx: Transaction, case: CaseView) -> Row:
    """Return all of one plan but its tasks, as far as the reader may see."""
    people = people_of(tx, [case])
    head: Row = {
        "ref": case.ref,
        "person": _handle(people, case.subject),
        "about": case.about,
        "state": case.state.replace("_", " "),
    }
    data: Plan | None = case.data
    if data is None:
        return head
    last = data.checks[-1] if data.checks else None
    return head | {
        "kind": data.kind,
        "role": data.role,
        "first_day": data.first_day,
        "day": data.day_of(tx.today),
        "buddy": _handle(people, data.buddy),
        "next": _next(engine, tx, case, data),
        "needs": [f"{each.competency} {each.band}" for each in data.needs],
        "talks": [f"day {each.day}, {each.held_on}: {each.outcome}" for each in data.talks],
        "feedback": [each.note for each in data.talks if each.note],
        "own_words": [each.note for each in data.reflections],
        "check": None if last is None else _check(last),
        "mean": None if last is None or last.mean is None else Fraction(last.mean),
        "mean_exact": None if last is None else last.mean,
        "confirmation": None if last is None else ("proposed" if last.proposed else "not proposed"),
        "why_not": [] if last is None else list(last.why_not),
        "extended_until": None if data.extension is None else data.extension.until,
        "end_proposed": None if data.ending is None else data.ending.reason,
        "appeal": None if data.ending is None else data.ending.appeal,
    }


def _check(check: Check) -> str:
    ratings = (f"{code} {TOO_EARLY if each is None else each}" for code, each in check.ratings.items())
    return f"day {check.day}, {check.held_on}: {', '.join(ratings)}"


def board_rows(engine: Engine, tx: Transaction, plans: Sequence[CaseView]) -> list[Row]:
    """Return one row a plan: where it stands, and what is late."""
    found = engine.children_of(tx, [each.id for each in plans], TASK)
    people = people_of(tx, plans)
    seen = sorted((each for each in plans if each.data is not None), key=lambda plan: plan.id)
    rows = [_board_row(engine, tx, each, found[each.id], people) for each in seen]
    return sorted(rows, key=lambda row: (-row["overdue"], row["first_day"]))


def _board_row(
    engine: Engine,
    tx: Transaction,
    plan: CaseView,
    tasks: Sequence[CaseView],
    people: Mapping[int, Person],
) -> Row:
    data: Plan = plan.data
    return {
        "ref": plan.ref,
        "person": _handle(people, plan.subject),
        "about": plan.about,
        "first_day": data.first_day,
        "day": data.day_of(tx.today),
        "state": plan.state.replace("_", " "),
        "done": f"{sum(not each.is_open for each in tasks)}/{len(tasks)}",
        "overdue": sum(is_overdue(each, tx.today) for each in tasks),
        "blocked": sum(each.is_open and each.state == "blocked" for each in tasks),
        "talks": ", ".join(f"{each.day} {each.outcome}" for each in data.talks),
        "next": _next(engine, tx, plan, data),
        "late_tasks": [each.ref for each in tasks if is_overdue(each, tx.today)],
    }


def _next(engine: Engine, tx: Transaction, case: CaseView, data: Plan) -> str | None:
    if case.state == "active":
        day = outstanding(data, pinned(engine, tx, case))[0]
        return f"day {day}, {data.on(day)}"
    return {
        "planned": "release the plan",
        "preboarding": f"first day, {data.first_day}",
        "deciding": "confirm, extend or end",
        "ending": "sign or drop the end",
    }.get(case.state)


def people_of(tx: Transaction, plans: Sequence[CaseView]) -> dict[int, Person]:
    """Return the newcomers and buddies of plans, by their numbers."""
    numbers = {each.subject for each in plans}
    numbers |= {each.data.buddy for each in plans if each.data is not None}
    return persons(tx, {each for each in numbers if each is not None})


def _handle(people: Mapping[int, Person], number: int | None) -> str | None:
    return people[number].handle if number is not None and number in people else None
