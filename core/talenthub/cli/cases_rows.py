"""Rows of `talent list`; imported when the command runs, not for help."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime

from talenthub.cli.base import Desk
from talenthub.cli.casework import (
    People,
    about_words,
    due_day,
    due_words,
    name_of,
    people_of,
    read,
    workflow_words,
)
from talenthub.cli.chosen_cases import Cases
from talenthub.cli.output import Column, Group
from talenthub.storage.transaction import Transaction
from talenthub.workflow.cases import cases_by_id, cases_by_ref
from talenthub.workflow.choosing import not_found
from talenthub.workflow.conditions import cases_matching
from talenthub.workflow.engine import Engine
from talenthub.workflow.lookups import Seen, look, open_tasks


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One case as `talent list` prints it."""

    ref: str
    state: str
    since: date
    """The day it entered its state."""
    due: date | None
    """When the next open task is due."""
    about: str
    workflow: str
    subject: str | None
    """The handle of the person it is about."""
    parent: str | None
    opened_at: datetime
    closed_at: datetime | None
    outcome: str | None


def print_cases(desk: Desk, cases: Cases) -> None:
    """Print the cases meant, grouped by workflow on a terminal."""
    refs = cases.refs(desk) if cases.where is None else ()
    found, today = read(desk, lambda engine, tx: (_rows(engine, tx, cases, refs), tx.today))
    columns = (
        Column("ref"),
        Column("state", show=lambda state: state.replace("_", " ")),
        Column("since"),
        Column("due", show=lambda due: due_words(due, today)),
        Column("about"),
        Column("workflow", extra=desk.common.style.chosen == "table"),
        *(Column(each, extra=True) for each in ("subject", "parent", "opened_at", "closed_at", "outcome")),
    )
    by_workflow: dict[str, list[CaseRow]] = {}
    for row in found:
        by_workflow.setdefault(row.workflow, []).append(row)
    groups = [
        Group(f"{workflow_words(name)} · {len(rows)}", [asdict(row) for row in rows])
        for name, rows in by_workflow.items()
    ]
    if groups or not desk.for_people:
        desk.emit_groups(groups, columns)
    desk.say(_count(len(found), cases))


def _count(many: int, cases: Cases) -> str:
    if cases.where is None:
        return f"{many} case{'' if many == 1 else 's'}"
    return f"{many} case{' fits' if many == 1 else 's fit'} {cases.where}"


def _rows(engine: Engine, tx: Transaction, cases: Cases, refs: Sequence[str]) -> list[CaseRow]:
    where = "is=open" if cases.where is None else cases.where
    found = _named(engine, tx, refs) if refs else cases_matching(tx, engine.catalogue, where)
    people = people_of(tx, [each.case.subject for each in found])
    due = open_tasks(tx, [each.case.id for each in found])
    parents = _parents(engine, tx, found)
    return [
        CaseRow(
            ref=case.ref,
            state=case.state,
            since=_day(case.entered_at, tx),
            due=min((_day(each.due, tx) for each in due.get(case.id, ()) if each.due), default=None),
            about=about_words(case, name_of(people, case.subject)),
            workflow=case.workflow,
            subject=_handle(people, case.subject),
            parent=parents.get(case.parent) if case.parent is not None else None,
            opened_at=case.opened_at,
            closed_at=case.closed_at,
            outcome=case.outcome,
        )
        for case in (each.case for each in found)
    ]


def _parents(engine: Engine, tx: Transaction, found: Sequence[Seen]) -> dict[int, str]:
    """Return the references of the cases above, of those in sight."""
    above = {each.case.parent for each in found if each.case.parent is not None}
    return {
        each.case.id: each.case.ref
        for each in look(tx, engine.catalogue, list(cases_by_id(tx, above).values()))
    }


def _named(engine: Engine, tx: Transaction, refs: Sequence[str]) -> list[Seen]:
    found = look(tx, engine.catalogue, list(cases_by_ref(tx, refs).values()))
    seen = {each.case.ref: each for each in found}
    for ref in refs:
        if ref not in seen:
            raise not_found(ref)
    return [seen[ref] for ref in dict.fromkeys(refs)]


def _day(moment: datetime, tx: Transaction) -> date:
    day = due_day(moment, tx.zone)
    assert day is not None
    return day


def _handle(people: People, number: int | None) -> str | None:
    return people[number].handle if number is not None and number in people else None
