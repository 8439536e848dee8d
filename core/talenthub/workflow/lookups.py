"""Looking around: what waits elsewhere, who did what, which cases match.

Everything here is in the actor's view and takes a constant number of
statements, however many cases there are.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, exists, func, or_, select

from talenthub.people.tables import person
from talenthub.storage.portions import portions
from talenthub.storage.transaction import Transaction
from talenthub.workflow.access import visible_cases
from talenthub.workflow.cases import cases_by_id, cases_where
from talenthub.workflow.catalogue import Catalogue
from talenthub.workflow.context import CaseView
from talenthub.workflow.handoffs import PendingHandoff, pending_handoffs
from talenthub.workflow.history import StoredEvent, histories
from talenthub.workflow.resolution import authority
from talenthub.workflow.sight import Sight, in_sight, sights
from talenthub.workflow.tables import (
    OPEN,
    case_event,
    case_participant,
    case_task,
    outbox,
    task_pool,
    workflow_case,
    workflow_version,
)

_next_due = (
    select(case_task.c.case_id, func.min(case_task.c.due_at, type_=case_task.c.due_at.type).label("due_at"))
    .where(case_task.c.case_id.in_(bindparam("ids", expanding=True)), case_task.c.status == OPEN)
    .where(case_task.c.due_at.is_not(None))
    .group_by(case_task.c.case_id)
)


@dataclass(frozen=True, slots=True)
class OpenTask:
    """An open task of a case, and where it waits."""

    case: int
    title: str
    due: datetime | None
    pools: tuple[str, ...]
    """`person:12` or `grant:recruiter@*`."""
    is_mine: bool
    """Whether it stands in the actor's inbox."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A case with how much of it the actor sees."""

    case: CaseView
    sight: Sight


@dataclass(frozen=True, slots=True)
class DeadDelivery:
    """A call of a plugin's handler that failed too often."""

    origin: str
    """The event: `APP-3/7`."""
    handler: str
    error: str
    attempts: int


def look(tx: Transaction, catalogue: Catalogue, cases: Sequence[CaseView]) -> list[Seen]:
    """Return those of `cases` the actor may know of, without hidden content."""
    seen = sights(tx, catalogue, cases)
    return [Seen(in_sight(case, seen), seen.of(case)) for case in cases if seen.of(case) > Sight.NOTHING]


def open_tasks(tx: Transaction, cases: Collection[int]) -> dict[int, list[OpenTask]]:
    """Return the open tasks of cases, by case, the next due first."""
    found: dict[int, list[OpenTask]] = {}
    for some in portions(cases):
        found |= _tasks(tx, case_task.c.case_id.in_(some))
    return found


def next_due(tx: Transaction, cases: Collection[int]) -> dict[int, datetime]:
    """Return when the next open task of each case is due, where one is."""
    rows = tx.rows_among(_next_due, "ids", cases)
    return {row.case_id: row.due_at for row in rows}


def waiting_elsewhere(
    tx: Transaction, catalogue: Catalogue, *, limit: int = 50
) -> list[tuple[Seen, OpenTask]]:
    """Return open tasks of others on cases that the actor has a part in.

    A part in a case has its subject, who takes part in it and who ever acted
    on it; and only cases the actor may know of are looked at.
    """
    mine = authority(tx, [], []).pools()
    if tx.actor.person is None:
        return []
    waits = (
        select(case_task.c.id)
        .join(workflow_case, workflow_case.c.id == case_task.c.case_id)
        .where(
            case_task.c.status == OPEN,
            _has_part(tx.actor.person),
            workflow_case.c.id.in_(visible_cases(tx)),
            ~exists().where(task_pool.c.task_id == case_task.c.id, task_pool.c.pool.in_(mine)),
        )
        .order_by(case_task.c.due_at.is_(None), case_task.c.due_at, case_task.c.id)
        .limit(limit)
    )
    by_case = _tasks(tx, case_task.c.id.in_(list(tx.connection.execute(waits).scalars())))
    seen = {each.case.id: each for each in look(tx, catalogue, list(cases_by_id(tx, by_case).values()))}
    return [(seen[case], task) for case, tasks in by_case.items() if case in seen for task in tasks]


def _has_part(me: int) -> ColumnElement[bool]:
    return or_(
        workflow_case.c.subject_id == me,
        exists().where(case_participant.c.case_id == workflow_case.c.id, case_participant.c.person_id == me),
        exists().where(
            case_event.c.case_id == workflow_case.c.id,
            or_(case_event.c.actor_id == me, case_event.c.login_id == me),
        ),
    )


def _tasks(tx: Transaction, condition: ColumnElement[bool]) -> dict[int, list[OpenTask]]:
    mine = set(authority(tx, [], []).pools())
    rows = tx.rows(
        select(case_task.c.id, case_task.c.case_id, case_task.c.title, case_task.c.due_at, task_pool.c.pool)
        .outerjoin(task_pool, and_(task_pool.c.task_id == case_task.c.id, task_pool.c.is_open))
        .where(condition, case_task.c.status == OPEN)
        .order_by(case_task.c.due_at.is_(None), case_task.c.due_at, case_task.c.id, task_pool.c.pool)
    )
    pools: dict[int, list[str]] = defaultdict(list)
    firsts: dict[int, Any] = {}
    for row in rows:
        firsts.setdefault(row.id, row)
        if row.pool is not None:
            pools[row.id].append(row.pool)
    found: dict[int, list[OpenTask]] = defaultdict(list)
    for number, row in firsts.items():
        own = tuple(pools[number])
        found[row.case_id].append(OpenTask(row.case_id, row.title, row.due_at, own, bool(mine & set(own))))
    return found


def visible_handoffs(tx: Transaction, catalogue: Catalogue) -> list[PendingHandoff]:
    """Return pending handoffs of cases whose content the actor may see."""
    pending = pending_handoffs(tx)
    seen = sights(tx, catalogue, list({each.case.id: each.case for each in pending}.values()))
    return [each for each in pending if seen.of(each.case) is Sight.CONTENT]


def dead_deliveries(tx: Transaction) -> list[DeadDelivery]:
    """Return the deliveries that nobody tries any more, oldest first.

    They name cases: show them to those who run the workspace.
    """
    rows = tx.rows(
        select(outbox.c.origin, outbox.c.handler, outbox.c.error, outbox.c.attempts)
        .where(outbox.c.dead_at.is_not(None), outbox.c.done_at.is_(None))
        .order_by(outbox.c.id)
        .limit(500)
    )
    return [DeadDelivery(row.origin, row.handler, row.error or "", row.attempts) for row in rows]


def recent_events(
    tx: Transaction,
    catalogue: Catalogue,
    *,
    case: int | None = None,
    by: int | None = None,
    since: datetime | None = None,
    part_of: int | None = None,
    limit: int = 50,
) -> list[tuple[Seen, StoredEvent]]:
    """Return the newest events of cases in sight, oldest of them first.

    The payload is there only where the content may be seen. `part_of` asks
    for cases in which a person has a part.
    """
    newest = select(case_event.c.case_id, case_event.c.version)
    if not tx.actor.is_system:
        newest = newest.where(case_event.c.case_id.in_(visible_cases(tx)))
    if case is not None:
        newest = newest.where(case_event.c.case_id == case)
    if by is not None:
        # What followed by itself is in the actor's name, but nobody's own doing.
        own = or_(case_event.c.actor_id == by, case_event.c.login_id == by)
        newest = newest.where(own, case_event.c.cause.is_(None))
    if since is not None:
        newest = newest.where(case_event.c.at >= since)
    if part_of is not None:
        mine = select(workflow_case.c.id).where(_has_part(part_of))
        newest = newest.where(case_event.c.case_id.in_(mine))
    order = (case_event.c.at.desc(), case_event.c.case_id.desc(), case_event.c.version.desc())
    rows = tx.rows(newest.order_by(*order).limit(limit))
    cases = cases_by_id(tx, {row.case_id for row in rows})
    seen = {each.case.id: each for each in look(tx, catalogue, list(cases.values()))}
    events = histories(tx, seen)
    chosen = [
        (seen[row.case_id], events[row.case_id][row.version - 1]) for row in rows if row.case_id in seen
    ]
    return [
        (each, event if each.sight is Sight.CONTENT else event.without_payload())
        for each, event in reversed(chosen)
    ]


def matching_cases(tx: Transaction, catalogue: Catalogue, words: str, *, limit: int = 20) -> list[Seen]:
    """Return cases in sight whose reference, matter or subject holds `words`."""
    named = select(person.c.id).where(contains(person.c.name, words) | contains(person.c.handle, words))
    condition = (
        select(workflow_case.c.id)
        .where(
            contains(workflow_case.c.ref, words)
            | contains(workflow_case.c.about, words)
            | workflow_case.c.subject_id.in_(named)
        )
        .order_by(workflow_case.c.closed_at.is_not(None), workflow_case.c.id.desc())
        .limit(limit)
    )
    if not tx.actor.is_system:
        condition = condition.where(workflow_case.c.id.in_(visible_cases(tx)))
    return look(tx, catalogue, cases_where(tx, select(condition.subquery().c.id)))


def contains(column: ColumnElement[Any], words: str) -> ColumnElement[bool]:
    """Return whether a column holds `words`, whatever the case of letters."""
    # SQLite folds ASCII only: other letters are tried as people write them.
    forms = dict.fromkeys((words, words.lower(), words.upper(), words.title()))
    return or_(*(column.icontains(form, autoescape=True) for form in forms))


def open_counts(tx: Transaction) -> Mapping[tuple[str, int], int]:
    """Return the number of open cases in sight, by workflow and version."""
    statement = (
        select(workflow_version.c.name, workflow_version.c.version, func.count().label("many"))
        .join(workflow_case, workflow_case.c.workflow_version_id == workflow_version.c.id)
        .where(workflow_case.c.closed_at.is_(None))
        .group_by(workflow_version.c.name, workflow_version.c.version)
    )
    if not tx.actor.is_system:
        statement = statement.where(workflow_case.c.id.in_(visible_cases(tx)))
    return {(row.name, row.version): row.many for row in tx.rows(statement)}


def child_ids(parent: int) -> Select[int]:
    """Return a SELECT of the ids of a case's children."""
    return select(workflow_case.c.id).where(workflow_case.c.parent_id == parent)


def stored_declaration(tx: Transaction, workflow: str, version: int) -> dict[str, Any]:
    """Return a workflow version as it was stored; empty if it never was."""
    text: str | None = tx.value(
        select(workflow_version.c.declaration).where(
            workflow_version.c.name == workflow, workflow_version.c.version == version
        )
    )
    return {} if text is None else dict(json.loads(text))


def stored_versions(tx: Transaction) -> list[tuple[str, int, str]]:
    """Return name, version and plugin of every stored workflow version."""
    order = (workflow_version.c.name, workflow_version.c.version)
    columns = (workflow_version.c.name, workflow_version.c.version, workflow_version.c.plugin)
    return [(row.name, row.version, row.plugin) for row in tx.rows(select(*columns).order_by(*order))]


def visible_subject_cases(tx: Transaction, handle: str, *, limit: int = 50) -> list[CaseView]:
    """Return the open cases in sight about one person, oldest first."""
    who = select(person.c.id).where(person.c.handle == handle)
    ids = select(workflow_case.c.id).where(
        workflow_case.c.subject_id.in_(who), workflow_case.c.closed_at.is_(None)
    )
    if not tx.actor.is_system:
        ids = ids.where(workflow_case.c.id.in_(visible_cases(tx)))
    return cases_where(tx, select(ids.order_by(workflow_case.c.id).limit(limit).subquery().c.id))
