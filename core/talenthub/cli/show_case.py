"""`talent show` of a case: as much of it as the reader may see."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from talenthub.cli.base import Desk
from talenthub.cli.casework import (
    People,
    about_words,
    due_day,
    due_words,
    name_of,
    people_in_pools,
    people_of,
    pool_words,
    read,
    state_words,
)
from talenthub.cli.framework.version_words import version_lines
from talenthub.cli.readable import readable
from talenthub.cli.workflow.added_fields import noted, plain
from talenthub.errors import PluginError
from talenthub.storage.transaction import Transaction
from talenthub.workflow.cases import cases_by_id, cases_by_ref, cases_where
from talenthub.workflow.catalogue import Loaded
from talenthub.workflow.choosing import not_found
from talenthub.workflow.context import CaseView
from talenthub.workflow.engine import Engine
from talenthub.workflow.judging import Answer
from talenthub.workflow.lookups import OpenTask, Seen, child_ids, look, open_tasks
from talenthub.workflow.persons_in import named, persons_in
from talenthub.workflow.sight import Sight


@dataclass(frozen=True, slots=True)
class CaseSheet:
    """All that is shown of one case, in the reader's view."""

    case: CaseView
    sight: Sight
    loaded: Loaded | None
    people: People
    participants: Mapping[str, tuple[int, ...]]
    tasks: Sequence[OpenTask]
    judged: Sequence[Answer]
    fault: str | None
    """Why no step can be judged: its plugin is off or failed."""
    parent: CaseView | None
    children: Sequence[tuple[CaseView, tuple[int, ...]]]
    """The cases below it, each with who rates there or whom it is about."""
    noted: Mapping[str, tuple[str, Any]]
    """What its steps noted in fields that the organisation added."""
    catalogue: Any
    today: date
    zone: ZoneInfo
    versions: Sequence[str]
    """What is to be told of the version it runs on."""


def show_case(desk: Desk, ref: str) -> None:
    """Print one case; NotFound where the reader may not know of it."""
    sheet = read(desk, lambda engine, tx: _sheet(engine, tx, ref))
    if not desk.for_people:
        desk.emit_record(_record(sheet))
        return
    desk.write_text("\n".join(_lines(sheet)))
    if _names(sheet, possible=True):
        desk.say(f"Next: talent do {ref} · Conditions: talent why {ref} STEP")


def _sheet(engine: Engine, tx: Transaction, ref: str) -> CaseSheet:
    seen = look(tx, engine.catalogue, list(cases_by_ref(tx, [ref]).values()))
    if not seen:
        raise not_found(ref)
    case, sight = seen[0].case, seen[0].sight
    loaded = engine.catalogue.find_for(case)
    tasks = [
        each for each in open_tasks(tx, [case.id]).get(case.id, []) if sight is Sight.CONTENT or each.is_mine
    ]
    judged, fault = _judged(engine, tx, case)
    parents = list(cases_by_id(tx, [case.parent]).values()) if case.parent is not None else []
    shown = _participants(tx, seen[0], loaded)
    below = look(tx, engine.catalogue, cases_where(tx, child_ids(case.id)))
    children = [(each.case, _concerned(engine, tx, case, each)) for each in below]
    wanted = {case.subject, *(person for people in shown.values() for person in people)}
    wanted |= people_in_pools(pool for task in tasks for pool in task.pools)
    wanted |= {person for _, people in children for person in people}
    wanted |= persons_in(case.data) if sight is Sight.CONTENT else set()
    return CaseSheet(
        case,
        sight,
        loaded,
        people_of(tx, wanted),
        shown,
        tasks,
        judged,
        fault,
        next((each.case for each in look(tx, engine.catalogue, parents)), None),
        children,
        noted(loaded, engine.log(tx, ref)) if case.adjustment is not None else {},
        engine.catalogue,
        tx.today,
        tx.zone,
        version_lines(engine, tx, case),
    )


def _judged(engine: Engine, tx: Transaction, case: CaseView) -> tuple[Sequence[Answer], str | None]:
    try:
        return (engine.why(tx, case.ref) if case.is_open else ()), None
    except PluginError as error:
        return (), str(error.problems[0])


def _participants(tx: Transaction, seen: Seen, loaded: Loaded | None) -> Mapping[str, tuple[int, ...]]:
    """Return who takes part; with only the status in sight, mostly nobody.

    Of a blind case its rater is no secret: only what they rate is.
    """
    is_blind = loaded is not None and loaded.workflow.blind is not None
    about_reader = seen.case.subject is not None and seen.case.subject in tx.actor.identities
    if seen.sight is Sight.CONTENT or (is_blind and not about_reader):
        return seen.case.participants
    own = {
        role: tuple(each for each in people if each in tx.actor.identities)
        for role, people in seen.case.participants.items()
    }
    return {role: people for role, people in own.items() if people}


def _concerned(engine: Engine, tx: Transaction, case: CaseView, child: Seen) -> tuple[int, ...]:
    """Return who rates in a child case, or whom it is about if not the same."""
    loaded = engine.catalogue.find_for(child.case)
    if loaded is not None and loaded.workflow.blind is not None:
        return _participants(tx, child, loaded).get(loaded.workflow.blind.role, ())
    other = child.case.subject if child.case.subject != case.subject else None
    return () if other is None else (other,)


def _names(sheet: CaseSheet, *, possible: bool) -> list[str]:
    """Return the reader's steps: the possible ones, or those to come."""
    now = dict.fromkeys(each.edge.name for each in sheet.judged if each.ok)
    if possible:
        return list(now)
    mine = (
        each
        for each in sheet.judged
        if each.edge.by.includes_people and not any(v.kind == "rights" and not v.ok for v in each.verdicts)
    )
    return [name for name in dict.fromkeys(each.edge.name for each in mine) if name not in now]


def _lines(sheet: CaseSheet) -> Iterator[str]:
    case = sheet.case
    subject = name_of(sheet.people, case.subject)
    yield f"{case.ref} {about_words(case, subject)}".rstrip()
    words = sheet.loaded.workflow.words if sheet.loaded is not None else case.workflow
    yield f"{words}: {state_words(sheet.loaded, case)} since {_day(case.entered_at, sheet.zone)}"
    opened = f"opened on {_day(case.opened_at, sheet.zone)}"
    ended = f"closed on {_day(case.closed_at, sheet.zone)} ({case.outcome}), " if case.closed_at else ""
    yield ended + opened
    yield from sheet.versions
    if sheet.parent is not None:
        yield f"part of {sheet.parent.ref} {sheet.parent.about}".rstrip()
    for role, people in sheet.participants.items():
        names = ", ".join(_named(sheet.people, each) for each in people)
        yield f"{role.replace('_', ' ')}: {names}"
    yield from _content(sheet)
    yield from _tasks(sheet)
    yield from _children(sheet)
    yield from _steps(sheet)


def _content(sheet: CaseSheet) -> Iterator[str]:
    if sheet.sight is not Sight.CONTENT:
        yield "What it carries is not yours to see now."
        return
    lines = list(readable(named(sheet.case.data, lambda each: name_of(sheet.people, each) or each)))
    if lines:
        yield "Carries"
        yield from (f"  {line}" for line in lines)
    if sheet.noted:
        yield "Noted"
        yield from (f"  {title}: {plain(value)}" for title, value in sheet.noted.values())


def _tasks(sheet: CaseSheet) -> Iterator[str]:
    if sheet.tasks:
        yield "Open tasks"
    for task in sheet.tasks:
        due = due_words(due_day(task.due, sheet.zone), sheet.today)
        yield f"  {task.title} — " + ", ".join(
            part for part in (pool_words(task.pools, sheet.people), due) if part
        )


def _children(sheet: CaseSheet) -> Iterator[str]:
    if sheet.children:
        yield "Below it"
    for child, concerned in sheet.children:
        loaded = sheet.catalogue.find_for(child)
        names = ", ".join(name_of(sheet.people, each) or "" for each in concerned)
        about = child.about if child.about != sheet.case.about else ""
        yield "  " + "  ".join(part for part in (child.ref, state_words(loaded, child), names, about) if part)


def _steps(sheet: CaseSheet) -> Iterator[str]:
    if sheet.fault is not None:
        yield f"No step can be taken now: {sheet.fault}"
        return
    if not sheet.case.is_open:
        return
    yield f"Possible now: {', '.join(_names(sheet, possible=True)) or 'nothing by you'}"
    later = _names(sheet, possible=False)
    if later:
        yield f"Not yet: {', '.join(f'{name} ({_open(sheet, name)})' for name in later)}"


def _open(sheet: CaseSheet, name: str) -> str:
    refused = min(sum(not v.ok for v in each.verdicts) for each in sheet.judged if each.edge.name == name)
    return f"{refused} condition{'' if refused == 1 else 's'} open"


def _named(people: People, number: int) -> str:
    found = people.get(number)
    return f"{found.name} ({found.handle})" if found is not None else "somebody no longer known"


def _day(moment: datetime, zone: ZoneInfo) -> str:
    return moment.astimezone(zone).date().isoformat()


def _record(sheet: CaseSheet) -> dict[str, Any]:
    case = sheet.case

    def handle(number: int | None) -> str | None:
        return sheet.people[number].handle if number is not None and number in sheet.people else None

    return {
        "ref": case.ref,
        "workflow": case.workflow,
        "workflow_version": case.workflow_version,
        "state": case.state,
        "version": case.version,
        "outcome": case.outcome,
        "subject": handle(case.subject),
        "subject_name": name_of(sheet.people, case.subject),
        "about": case.about,
        "opened_at": case.opened_at,
        "entered_at": case.entered_at,
        "closed_at": case.closed_at,
        "participants": {
            role: [handle(each) for each in people] for role, people in sheet.participants.items()
        },
        "data": named(case.data, lambda each: handle(each) or each) if sheet.sight is Sight.CONTENT else None,
        "tasks": [
            {
                "what": each.title,
                "due": due_day(each.due, sheet.zone),
                "with": pool_words(each.pools, sheet.people),
            }
            for each in sheet.tasks
        ],
        "noted": {name: value for name, (_, value) in sheet.noted.items()},
        "parent": sheet.parent.ref if sheet.parent is not None else None,
        "children": [
            {"ref": each.ref, "workflow": each.workflow, "state": each.state} for each, _ in sheet.children
        ],
        "possible": _names(sheet, possible=True),
        "not_yet": _names(sheet, possible=False),
        "fault": sheet.fault,
    }
