"""Rows of `talent inbox`; imported when the command runs, not for help."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

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
)
from talenthub.cli.output import Column
from talenthub.people.grants import grants_of
from talenthub.people.persons import persons
from talenthub.storage.transaction import Transaction
from talenthub.workflow.cases import cases_by_ref
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


def print_inbox(desk: Desk, *, limit: int, everything: bool) -> None:
    """Print the actor's tasks; by groups on a terminal, else in one list."""
    found = read(desk, lambda engine, tx: _find(engine, tx, limit, everything))
    columns = _columns(found.today)
    if desk.common.style.chosen != "table":
        desk.emit([*found.mine, *found.others, *found.plugins], columns)
        return
    _section(desk, _title(found, limit), found.mine, columns, ("with", "error"))
    if everything:
        title = f"Waiting for others: {len(found.others) or 'nothing'}"
        desk.write_text("")
        _section(desk, title, found.others, columns, ("workflow", "error"))
    if found.plugins:
        desk.write_text("")
        title = f"Waiting for a plugin: {len(found.plugins)}"
        _section(desk, title, found.plugins, columns, ("due", "workflow", "with"))
    if found.mine:
        ref = found.mine[0]["ref"]
        desk.say(f"Next: talent do {ref} · Details: talent show {ref}")


def _section(
    desk: Desk, title: str, rows: Sequence[Row], columns: Sequence[Column], without: Sequence[str]
) -> None:
    if rows:
        shown = [replace(each, extra=each.extra and each.name != "error") for each in columns]
        desk.emit(rows, [each for each in shown if each.name not in without], title=title)
    else:
        desk.write_text(title)


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


def _find(engine: Engine, tx: Transaction, limit: int, everything: bool) -> _Found:
    tasks = engine.inbox(tx, limit=limit + 1)
    me = tx.actor.person
    name = name_of(people_of(tx, [me]), me) or "the system"
    others = waiting_elsewhere(tx, engine.catalogue, limit=limit) if everything else []
    return _Found(
        name,
        tx.today,
        [_mine(task, tx) for task in tasks[:limit]],
        _others(tx, others),
        _plugins(engine, tx),
        len(tasks) > limit,
    )


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


def _others(tx: Transaction, waiting: Sequence[tuple[Seen, OpenTask]]) -> list[Row]:
    wanted = {each.case.subject for each, _ in waiting if each.case.subject is not None}
    known = persons(tx, wanted | people_in_pools(pool for _, task in waiting for pool in task.pools))
    return [_other(each, task, known, tx.zone, tx.today) for each, task in waiting]


def _other(seen: Seen, task: OpenTask, known: Any, zone: ZoneInfo, today: date) -> Row:
    day = due_day(task.due, zone)
    subject = name_of(known, seen.case.subject)
    is_open = seen.sight is Sight.CONTENT
    return {
        "group": "others",
        "ref": seen.case.ref,
        "due": day,
        # Who only sees the status is not told who does what.
        "what": task.title if is_open else seen.case.state.replace("_", " "),
        "about": about_words(seen.case, subject),
        "workflow": seen.case.workflow,
        "with": pool_words(task.pools, known) if is_open else None,
        "state": seen.case.state,
        "subject": subject,
        "opened": seen.case.opened_at,
        "overdue_days": _late(day, today),
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
    if held & {"hr_head", "admin"}:
        rows += _dead(engine, tx)
    return rows


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
