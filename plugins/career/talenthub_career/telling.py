"""Telling: placements and plans as rows, each in the reader's view."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any

from talenthub.sdk import CaseView, Engine, Transaction, persons, shown
from talenthub_career.cases import Placement
from talenthub_career.facts import of_subjects
from talenthub_career.finding import PLAN, settings_for
from talenthub_career.measuring import Light, adherence, heard, light, observed_velocity, velocity
from talenthub_career.plan_cases import Plan, Pulse, Target
from talenthub_career.planning import due_actions
from talenthub_career.reassessing import mean_closure
from talenthub_career.settings import CareerSettings
from talenthub_career.strategies import KINDS

Row = dict[str, Any]


def number(text: str | None) -> float | None:
    """Return a figure that a case kept, as rows hold it."""
    return None if text is None else float(Fraction(text))


def handle_of(tx: Transaction, person: int | None) -> str | None:
    """Return the handle of a person; None of nobody."""
    return None if person is None else persons(tx, [person])[person].handle


def case_row(tx: Transaction, case: CaseView) -> Row:
    """Return the head of a case."""
    return {
        "ref": case.ref,
        "person": handle_of(tx, case.subject),
        "state": case.state.replace("_", " "),
        "about": case.about,
    }


def placement_record(tx: Transaction, case: CaseView) -> Row:
    """Return all of a placement, as far as the reader may see it."""
    head = case_row(tx, case)
    data: Placement | None = case.data
    if data is None:
        return head
    return head | {
        "role": data.role,
        "next_role": data.next_role,
        "results": [f"{rating} × {weight}" for rating, weight in data.results],
        "ratings": [f"{code} {rating}" for code, rating in data.ratings.items()],
        "from": data.source,
        "repeats": list(data.repeated),
        "performance": number(data.performance),
        "performance_exact": data.performance,
        "agility": _by_item(data.agility),
        "aspiration": data.aspiration,
        "fit": number(data.fit),
        "potential": number(data.potential),
        "potential_exact": data.potential,
        "discussion": data.discussion,
        "changes": list(data.changes),
        "proposed": data.proposed,
        "strategy": None if data.course is None else data.course.title,
        "reason": data.reason,
    }


def _by_item(agility: Sequence[Mapping[str, int]]) -> list[str]:
    """Return what the raters gave each item: "curiosity 4 and 3"."""
    items = dict.fromkeys(item for each in agility for item in each)
    return [f"{item} {' and '.join(str(each[item]) for each in agility if item in each)}" for item in items]


def seeing_rows(data: Plan) -> list[Row]:
    """Return what Seeing It shows, what comes first at the top."""
    chosen = {each.competency for each in data.targets}
    ranks = [each.competency for each in data.rows if each.priority is not None]
    return [
        {
            "rank": ranks.index(each.competency) + 1 if each.competency in ranks else None,
            "competency": each.competency,
            "priority": number(each.priority),
            "context": number(each.context),
            "need": number(each.need),
            "strategy": number(each.strategy),
            "challenge": number(each.challenge),
            "near": number(each.near),
            "gap": number(each.gap),
            "near_gap": number(each.near_gap),
            "chosen": each.competency in chosen,
            "says": _says(each.priority, each.need),
            "reason": each.reason,
        }
        for each in data.rows
    ]


def _says(priority: str | None, need: str | None) -> str:
    if priority is not None:
        return ""
    return "nothing is known" if need is None else "no need"


def map_rows(data: Plan) -> list[Row]:
    """Return the learning items of a plan, by target."""
    done = {each.item: each.done_on for each in data.actions if each.item}
    due = {each.item: each.due for each in data.actions if each.item}
    return [
        {
            "target": target.competency,
            "item": each.code,
            "kind": each.kind,
            "hours": number(each.hours),
            "heat": each.heat,
            "in_flow": each.in_flow,
            "due": due.get(each.code),
            "done": done.get(each.code),
            "title": each.title,
        }
        for target in data.targets
        for each in target.items
    ]


def mix_of(target: Target) -> dict[str, Fraction]:
    """Return the hours of each kind in a target's map."""
    found: dict[str, Fraction] = dict.fromkeys(KINDS, Fraction(0))
    for each in target.items:
        found[each.kind] += Fraction(each.hours)
    return found


def flow_of(target: Target) -> Fraction | None:
    """Return the share of a target's hours at work; None without a map."""
    hours = sum((Fraction(each.hours) for each in target.items), Fraction(0))
    at_work = sum((Fraction(each.hours) for each in target.items if each.in_flow), Fraction(0))
    return at_work / hours if hours else None


def kept_of(data: Plan, today: date) -> Fraction | None:
    """Return how well the cadence was kept; None before an entry was due."""
    answered = sum(each.due is not None for each in data.entries)
    return adherence(answered, data.days(today), data.course.every)


def light_of(data: Plan, today: date, settings: CareerSettings) -> Light:
    """Return how a plan is on its way."""
    done, due = due_actions(data.actions, today)
    last = pulse_of(data.pulses, settings)
    return light(
        kept_of(data, today),
        Fraction(done, due) if due else None,
        data.missed_in_a_row,
        None if last is None else last["exact"],
        settings,
    )


def pulse_of(pulses: Sequence[Pulse], settings: CareerSettings) -> Row | None:
    """Return what the last pulse says; None from too few."""
    if not pulses:
        return None
    found = heard(pulses[-1].changes, settings.minimum_group)
    if found is None:
        return None
    return {
        "on": pulses[-1].on,
        "answers": found.count,
        "asked": pulses[-1].asked,
        "mean": float(found.mean),
        "share": float(found.share),
        "exact": found.mean,
    }


def plan_record(engine: Engine, tx: Transaction, case: CaseView) -> Row:
    """Return all of one plan on a page, as far as the reader may see it."""
    head = case_row(tx, case)
    data: Plan | None = case.data
    if data is None:
        return head
    settings = settings_for(engine, tx, case)
    course = data.course
    pulse = pulse_of(data.pulses, settings)
    done, due = due_actions(data.actions, tx.today)
    return head | {
        "strategy": f"{course.title}: {course.meaning}",
        "entry_every": f"{course.every} days",
        "sponsor": course.sponsor,
        "near_role": data.near_role,
        "targets": [_target(each) for each in data.targets],
        "why": [f"{each.why}; seen by: {each.sign}" for each in data.targets],
        "impact": [
            f"{each.behaviour} → {each.work_result} → {each.measure}"
            for each in data.targets
            if each.behaviour
        ],
        "learning": [_learning(each) for each in data.targets if each.items],
        "feedback": data.feedback,
        "coach": handle_of(tx, data.coach),
        "signed_by": [handle_of(tx, each) for each in data.signed_by],
        "runs": f"{data.started_on} to {data.ends_on}" if data.started_on else None,
        "next_entry": data.next_entry,
        "entries": f"{len(data.entries)} written, {len(data.missed)} missed" if data.started_on else None,
        "adherence": kept_of(data, tx.today),
        "actions": f"{done} of {due} due were done in time" if due else None,
        "pulse": None if pulse is None else pulse["mean"],
        "pulse_share": None if pulse is None else pulse["share"],
        "light": light_of(data, tx.today, settings) if data.started_on else None,
        "closure": mean_closure(data),
        "results": [_result(each) for each in data.targets if each.result is not None],
        "newer_version": data.newer,
        "extended": list(data.extensions),
        "earlier": [each.competency for each in data.earlier],
        "ending": data.ending,
        "next": next_of(case),
    }


def _target(target: Target) -> str:
    way = f"do less: {target.restrain}" if target.restrain else f"toward level {target.aim}"
    return f"{target.competency} {target.title}, {way}; gap {shown(Fraction(target.gap))} to {target.role}"


def _impact(target: Target) -> str:
    return f"{target.behaviour} → {target.work_result} → {target.measure}"


def _learning(target: Target) -> str:
    hours = " / ".join(f"{float(each):g}" for each in mix_of(target).values())
    flow = shown(flow_of(target), 2)
    return f"{target.competency} {hours} hours at work, with people, formal; in the flow {flow}"


def _result(target: Target) -> str:
    found = target.result
    assert found is not None, "it was reassessed"
    closed = "no gap before" if found.closure is None else f"gap closed {float(Fraction(found.closure)):.0%}"
    agree = ", ".join(found.sources) or "no source"
    now, gain = shown(Fraction(found.standing)), shown(Fraction(found.gain))
    return f"{target.competency} stands at {now}, gain {gain}, {closed}; agreeing: {agree}"


def next_of(case: CaseView) -> str | None:
    """Return what is next, as the command that does it."""
    return {
        "placed": f"talent career see {case.ref}",
        "seeing": f"talent career target {case.ref} COMPETENCY, then both: talent career sign",
        "target_agreed": f"talent career map {case.ref}",
        "mapped": f"talent career sign {case.ref}",
        "active": f"talent career track {case.ref}",
        "reassessing": f"talent career rate {case.ref}",
        "reassessed": f"talent career close {case.ref}",
    }.get(case.state)


def entry_rows(data: Plan) -> list[Row]:
    """Return entries and misses, in the order of their days."""
    rows: list[Row] = [
        {
            "on": each.on,
            "due": each.due,
            "what": "entry",
            "confidence": each.confidence,
            "action": each.action,
            "reflection": each.reflection,
            "impact": each.impact,
            "intention": each.intention,
            "plan_change": each.plan_change,
        }
        for each in data.entries
    ]
    empty = dict.fromkeys(("confidence", "action", "reflection", "impact", "intention", "plan_change"))
    rows += [{"on": each, "due": each, "what": "missed", **empty} for each in data.missed]
    return sorted(rows, key=lambda row: (row["on"], row["what"]))


def board_rows(engine: Engine, tx: Transaction, cases: Sequence[CaseView]) -> list[Row]:
    """Return one row a plan: where it stands, the red ones first."""
    people = persons(tx, {each.subject for each in cases if each.subject is not None})
    rows = []
    for case in cases:
        if case.data is None or case.subject is None:
            continue
        data: Plan = case.data
        settings = settings_for(engine, tx, case)
        pulse = pulse_of(data.pulses, settings)
        rows.append(
            {
                "ref": case.ref,
                "person": people[case.subject].handle,
                "state": case.state.replace("_", " "),
                "light": light_of(data, tx.today, settings) if data.started_on else None,
                "targets": [each.competency for each in data.targets],
                "adherence": number(_text(kept_of(data, tx.today))),
                "missed": len(data.missed),
                "pulse": None if pulse is None else pulse["mean"],
                "next_entry": data.next_entry,
                "strategy": data.course.title,
            }
        )
    order: Mapping[str | None, int] = {"red": 0, "amber": 1, "green": 2, None: 3}
    return sorted(rows, key=lambda row: (order[row["light"]], row["person"]))


def _text(value: Fraction | None) -> str | None:
    return None if value is None else str(value)


def observed_of(plans: Sequence[CaseView]) -> list[Fraction]:
    """Return the velocity of each closed target of some plans."""
    return [
        found
        for case in plans
        if case.state in ("closed_achieved", "closed_partly") and case.data is not None
        for each in case.data.targets
        if each.result is not None
        and (found := observed_velocity(Fraction(each.result.gain), each.result.days)) is not None
    ]


def velocity_of(tx: Transaction, person: int, settings: CareerSettings) -> tuple[Fraction, list[Fraction]]:
    """Return somebody's velocity, and the closed targets it rests on."""
    observed = observed_of(of_subjects(tx, PLAN, {person})[person])
    return velocity(observed, settings), observed
