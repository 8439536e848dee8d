"""Rows of `talent list`; imported when the command runs, not for help."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
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
    state_words,
    workflow_words,
)
from talenthub.cli.chosen_cases import Cases
from talenthub.cli.output import Column, Group
from talenthub.storage.transaction import Transaction
from talenthub.workflow.choosing import not_found
from talenthub.workflow.conditions import cases_matching
from talenthub.workflow.engine import Engine
from talenthub.workflow.lookups import next_due
from talenthub.workflow.outlines import Outline, outlines_by_id, outlines_by_ref


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One case as `talent list` prints it."""

    ref: str
    state: str
    """As conditions and files name it."""
    title: str
    """The same, as people read it."""
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
    is_table = desk.common.style.chosen == "table"
    columns = (
        Column("ref"),
        Column("state", extra=is_table),
        Column("title", "State", extra=not is_table),
        Column("since"),
        Column("due", show=lambda due: due_words(due, today)),
        Column("about"),
        Column("workflow", extra=is_table),
        *(Column(each, extra=True) for each in ("subject", "parent", "opened_at", "closed_at", "outcome")),
    )
    by_workflow: dict[str, list[CaseRow]] = {}
    for row in found:
        by_workflow.setdefault(row.workflow, []).append(row)
    groups = [
        Group(
            f"{workflow_words(name)} · {len(rows)}",
            [{name: getattr(row, name) for name in row.__slots__} for row in rows],
        )
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
    found = _named(tx, refs) if refs else cases_matching(tx, engine.catalogue, where)
    people = people_of(tx, [each.subject for each in found])
    due = next_due(tx, [each.id for each in found])
    parents = outlines_by_id(tx, {each.parent for each in found if each.parent is not None})
    return [
        CaseRow(
            ref=case.ref,
            state=case.state,
            title=state_words(engine.catalogue.find_for(case), case),
            since=_day(case.entered_at, tx),
            due=_day(due[case.id], tx) if case.id in due else None,
            about=about_words(case, name_of(people, case.subject)),
            workflow=case.workflow,
            subject=_handle(people, case.subject),
            parent=parents[case.parent].ref if case.parent in parents else None,
            opened_at=case.opened_at,
            closed_at=case.closed_at,
            outcome=case.outcome,
        )
        for case in found
    ]


def _named(tx: Transaction, refs: Sequence[str]) -> list[Outline]:
    seen = outlines_by_ref(tx, refs)
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
