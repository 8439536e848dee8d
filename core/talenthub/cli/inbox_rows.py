"""Rows of `talent inbox`; imported when the command runs, not for help."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from talenthub.cli.base import Desk
from talenthub.cli.casework import (
    about_words,
    due_day,
    due_words,
    name_of,
    people_in_pools,
    people_of,
    pool_words,
    read,
    state_words,
    workflow_words,
)
from talenthub.cli.do.told import following
from talenthub.cli.output import Column, Group
from talenthub.cli.why_rows import steps_of
from talenthub.errors import Problem, TalentError
from talenthub.people.grants import grants_of
from talenthub.people.persons import persons
from talenthub.storage.transaction import Transaction
from talenthub.workflow.cases import cases_by_ref
from talenthub.workflow.conditions import MOST, cases_matching
from talenthub.workflow.engine import Engine
from talenthub.workflow.inbox import TaskView
from talenthub.workflow.lookups import (
    DeadDelivery,
    OpenTask,
    Seen,
    dead_deliveries,
    look,
    visible_handoffs,
    waiting_elsewhere,
)
from talenthub.workflow.sight import Sight
from talenthub.workflow.versions.parked import parked

Row = dict[str, Any]

KEEPERS = ("hr_head", "hr_partner", "admin")
"""Grants whose holders are told what waits for a plugin."""


@dataclass(frozen=True, slots=True)
class _Found:
    name: str
    today: date
    mine: list[Row]
    others: list[Row]
    plugins: list[Row]
    has_more: bool
    following: str
    """The command to go on with, for the first of them."""


def print_inbox(desk: Desk, *, limit: int, everything: bool, where: str | None = None) -> None:
    """Print the actor's tasks; by workflows on a terminal, else in one list."""
    found = read(desk, lambda engine, tx: _find(engine, tx, limit, everything, where))
    columns = _columns(found.today)
    if desk.common.style.chosen != "table":
        desk.emit([*found.mine, *found.others, *found.plugins], columns)
        return
    groups = list(_groups(found, everything))
    shown = [replace(each, extra=each.extra and each.name != "error") for each in columns]
    if groups:
        desk.emit_groups(groups, shown, title=_title(found, limit))
    else:
        desk.write_text(_title(found, limit))
    if everything and not found.others:
        desk.write_text("Waiting for others: nothing")
    if found.mine:
        desk.say(f"Next: {found.following} · Details: talent show {found.mine[0]['ref']}")


def _groups(found: _Found, everything: bool) -> Iterator[Group]:
    """Return the tasks by workflow: the one with the next due first."""
    by_workflow: dict[str, list[Row]] = {}
    for row in found.mine:
        by_workflow.setdefault(row["workflow"], []).append(row)
    for name, rows in by_workflow.items():
        yield Group(f"{workflow_words(name)} · {len(rows)}", rows, ("workflow", "with", "error"))
    if everything and found.others:
        yield Group(f"Waiting for others · {len(found.others)}", found.others, ("workflow", "error"))
    if found.plugins:
        yield Group(
            f"Waiting for a plugin · {len(found.plugins)}", found.plugins, ("due", "workflow", "with")
        )


def _columns(today: date) -> list[Column]:
    return [
        Column("ref"),
        Column("due", show=lambda due: due_words(due, today)),
        Column("what"),
        Column("about"),
        Column("workflow", show=lambda name: name.rpartition(".")[2].replace("_", " ")),
        Column("with"),
        Column("group", extra=True),
        Column("state", extra=True),
        Column("subject", extra=True),
        Column("opened", extra=True),
        Column("overdue_days", extra=True),
        Column("error", extra=True),
    ]


def _title(found: _Found, limit: int) -> str:
    count = len(found.mine)
    if not count:
        return f"No tasks for {found.name}"
    many = f"The next {limit} tasks" if found.has_more else f"{count} task{'s' if count > 1 else ''}"
    late = sum(1 for row in found.mine if row["due"] is not None and row["due"] < found.today)
    due = sum(1 for row in found.mine if row["due"] == found.today)
    parts = [text for text, some in ((f"{late} overdue", late), (f"{due} today", due)) if some]
    return f"{many} for {found.name}" + (f" · {', '.join(parts)}" if parts else "")


def _find(engine: Engine, tx: Transaction, limit: int, everything: bool, where: str | None) -> _Found:
    tasks = _tasks(engine, tx, limit, where)
    me = tx.actor.person
    name = name_of(people_of(tx, [me]), me) or "the system"
    others = waiting_elsewhere(tx, engine.catalogue, limit=limit) if everything else []
    return _Found(
        name,
        tx.today,
        [_mine(task, tx) for task in tasks[:limit]],
        _others(engine, tx, others),
        _plugins(engine, tx),
        len(tasks) > limit,
        _following(engine, tx, tasks),
    )


def _tasks(engine: Engine, tx: Transaction, limit: int, where: str | None) -> list[TaskView]:
    if where is None:
        return engine.inbox(tx, limit=limit + 1)
    fitting = {each.ref for each in cases_matching(tx, engine.catalogue, where)}
    return [each for each in engine.inbox(tx, limit=MOST) if each.ref in fitting][: limit + 1]


def _following(engine: Engine, tx: Transaction, tasks: Sequence[TaskView]) -> str:
    if not tasks:
        return ""
    try:
        return following(steps_of(engine, tx, tasks[0].ref))
    except TalentError:
        return f"talent show {tasks[0].ref}"  # a parked case: its page says what is wrong


def _mine(task: TaskView, tx: Transaction) -> Row:
    day = due_day(task.due, tx.zone)
    return {
        "group": "mine",
        "ref": task.ref,
        "due": day,
        "what": task.title,
        "about": about_words(task, task.subject),
        "workflow": task.workflow,
        "with": None,
        "state": task.state,
        "subject": task.subject,
        "opened": task.opened,
        "overdue_days": _late(day, tx.today),
        "error": None,
    }


def _others(engine: Engine, tx: Transaction, waiting: Sequence[tuple[Seen, OpenTask]]) -> list[Row]:
    wanted = {each.case.subject for each, _ in waiting if each.case.subject is not None}
    known = persons(tx, wanted | people_in_pools(pool for _, task in waiting for pool in task.pools))
    return [_other(engine, tx, each, task, known) for each, task in waiting]


def _other(engine: Engine, tx: Transaction, seen: Seen, task: OpenTask, known: Any) -> Row:
    day = due_day(task.due, tx.zone)
    subject = name_of(known, seen.case.subject)
    is_open = seen.sight is Sight.CONTENT
    return {
        "group": "others",
        "ref": seen.case.ref,
        "due": day,
        # Who only sees the status is not told who does what.
        "what": task.title if is_open else state_words(engine.catalogue.find_for(seen.case), seen.case),
        "about": about_words(seen.case, subject),
        "workflow": seen.case.workflow,
        "with": pool_words(task.pools, known) if is_open else None,
        "state": seen.case.state,
        "subject": subject,
        "opened": seen.case.opened_at,
        "overdue_days": _late(day, tx.today),
        "error": None,
    }


def _late(day: date | None, today: date) -> int:
    return max(0, (today - day).days) if day is not None else 0


def _plugins(engine: Engine, tx: Transaction) -> list[Row]:
    me = tx.actor.person
    if me is None:
        return []
    held = {grant.name for grant in grants_of(tx, [me])[me]}
    if not held & set(KEEPERS):
        return []
    rows = [
        _waiting(each.case.ref, f"opens {each.opens}", each.error, each.case.about, each.case.workflow)
        for each in visible_handoffs(tx, engine.catalogue)
    ]
    rows += [
        _waiting("", f"{each.found} is parked", _why_parked(each), "", "")
        for each in parked(tx, engine.catalogue)
    ]
    if held & {"hr_head", "admin"}:
        rows += _dead(engine, tx)
    return rows


def _why_parked(problem: Problem) -> str:
    return f"{problem.text.removeprefix('the case is parked: ')}; {problem.mend}"


def _dead(engine: Engine, tx: Transaction) -> list[Row]:
    dead = dead_deliveries(tx)
    cases = cases_by_ref(tx, [_origin(each) for each in dead])
    seen = {each.case.ref: each.case for each in look(tx, engine.catalogue, list(cases.values()))}
    # An admin mends the plugin without learning of cases that are not theirs to see.
    return [
        _waiting(
            case.ref if case else "", f"calls {each.handler}", each.error, case.about if case else "", ""
        )
        for each in dead
        for case in (seen.get(_origin(each)),)
    ]


def _origin(dead: DeadDelivery) -> str:
    return dead.origin.partition("/")[0]


def _waiting(ref: str, what: str, error: str, about: str, workflow: str) -> Row:
    empty = dict.fromkeys(("due", "with", "state", "subject", "opened"))
    return {
        **empty,
        "group": "plugin",
        "ref": ref,
        "what": what,
        "error": error,
        "about": about,
        "workflow": workflow,
        "overdue_days": 0,
    }
