"""Remaking: tasks and timers of cases that moved to another version.

Those of the former state go, those of the new state come, counted from when
the case entered its state. What is the same on both sides stays untouched;
so does what an effect assigned. Nothing is asked for twice, and no timer is
due at once: who moves cases can look first.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Row, bindparam, select

from talenthub.storage.transaction import Transaction
from talenthub.workflow.catalogue import Loaded
from talenthub.workflow.context import CaseView
from talenthub.workflow.declaration import read_declaration
from talenthub.workflow.definition import Duration
from talenthub.workflow.resolution import lines
from talenthub.workflow.tables import OPEN, case_task, case_timer
from talenthub.workflow.tasks import NewTask, cancel_tasks, open_tasks, tasks_of
from talenthub.workflow.ticking import GRACE
from talenthub.workflow.timers import NewTimer, cancel_timer_rows, set_timers
from talenthub.workflow.versions.stored import Declaration, task_names, timers_of

if TYPE_CHECKING:
    from talenthub.workflow.engine import Engine

Former = tuple[CaseView, Declaration]
"""A case as it was, and what was declared then."""

_tasks = (
    select(case_task.c.id, case_task.c.case_id, case_task.c.name, case_task.c.title, case_task.c.relation)
    .where(case_task.c.case_id.in_(bindparam("ids", expanding=True)), case_task.c.status == OPEN)
    .order_by(case_task.c.id)
)
_timers = (
    select(case_timer.c.id, case_timer.c.case_id, case_timer.c.name, case_timer.c.fires)
    .where(case_timer.c.case_id.in_(bindparam("ids", expanding=True)), case_timer.c.status == OPEN)
    .order_by(case_timer.c.id)
)

ESCALATED = ":escalated"


@dataclass(slots=True)
class Remade:
    """What goes and what comes, for one case."""

    closed: list[Row[Any]] = field(default_factory=list)
    opened: list[NewTask] = field(default_factory=list)
    cancelled: list[Row[Any]] = field(default_factory=list)
    put: list[NewTimer] = field(default_factory=list)

    @property
    def words(self) -> tuple[str, ...]:
        """Return it in words, tasks first; what goes and comes again is renewed."""
        before, after = {each.title for each in self.closed}, {each.title for each in self.opened}
        running = {each.name for each in self.cancelled}
        put = {each.name for each in self.put}
        return (
            *(f"closes «{each.title}»" for each in self.closed if each.title not in after),
            *(f"{'renews' if each.title in before else 'opens'} «{each.title}»" for each in self.opened),
            *(f"cancels {each.name}" for each in self.cancelled if each.name not in put),
            *(
                f"{'moves' if each.name in running else 'sets'} {each.name} to {_day(each)}"
                for each in self.put
            ),
        )


def _day(timer: NewTimer) -> str:
    return f"{timer.due:%Y-%m-%d}"


def remake(
    engine: Engine, tx: Transaction, target: Loaded, moved: Sequence[tuple[Former, CaseView]]
) -> dict[int, Remade]:
    """Put tasks and timers right for cases that moved; return what was done."""
    ids = {"ids": sorted(after.id for _, after in moved)}
    tasks, timers = _by_case(tx.rows(_tasks, ids)), _by_case(tx.rows(_timers, ids))
    maker = _Maker(engine, tx, target, read_declaration(target.declaration))
    made = {
        after.id: Remade(
            *maker.tasks(former, after, tasks.get(after.id, ())),
            *maker.timers(former, after, timers.get(after.id, ())),
        )
        for former, after in moved
    }
    cancel_tasks(tx, [row.id for each in made.values() for row in each.closed])
    opened = [task for each in made.values() for task in each.opened]
    open_tasks(tx, opened, lines(tx, [task.case for task in opened], {task.to: None for task in opened}))
    cancel_timer_rows(tx, [row.id for each in made.values() for row in each.cancelled])
    set_timers(tx, [timer for each in made.values() for timer in each.put])
    return made


def _by_case(rows: Iterable[Row[Any]]) -> Mapping[int, list[Row[Any]]]:
    found: dict[int, list[Row[Any]]] = {}
    for row in rows:
        found.setdefault(row.case_id, []).append(row)
    return found


@dataclass(frozen=True, slots=True)
class _Maker:
    """Works out what goes and what comes, case by case."""

    engine: Engine
    tx: Transaction
    target: Loaded
    declared: Declaration
    """The same version as plain values, as the former one is."""

    def tasks(
        self, former: Former, after: CaseView, there: Sequence[Row[Any]]
    ) -> tuple[list[Row[Any]], list[NewTask]]:
        """Return the open tasks that go and the new ones that come."""
        case, declared = former
        own = task_names(declared, case.state)
        open_ones = {(row.name, row.title, row.relation) for row in there}
        wanted = list(self._tasks_now(after))
        same = {each.name for each in wanted if (each.name, each.title, str(each.to)) in open_ones}
        # A task of the former state that is no longer open was done in it.
        done = own - {row.name for row in there}
        closed = [
            row for row in there if (base := row.name.removesuffix(ESCALATED)) in own and base not in same
        ]
        return closed, [each for each in wanted if each.name not in same | done]

    def timers(
        self, former: Former, after: CaseView, there: Sequence[Row[Any]]
    ) -> tuple[list[Row[Any]], list[NewTimer]]:
        """Return the timers that go and the new ones that come."""
        case, declared = former
        own, now = timers_of(declared, case.state), timers_of(self.declared, after.state)
        same = {name for name, each in own.items() if each == now.get(name)}
        # A timer of the former state that no longer runs has run in it.
        done = own.keys() - {row.name for row in there}
        cancelled = [row for row in there if row.name not in same and self._ends(row, own, after)]
        return cancelled, [each for each in self._timers_now(after) if each.name not in same | done]

    def _ends(self, row: Row[Any], own: Collection[str], after: CaseView) -> bool:
        is_lost = row.fires is not None and not self.target.workflow.edges(after.state, row.fires)
        return row.name in own or is_lost

    def _tasks_now(self, after: CaseView) -> Iterator[NewTask]:
        state = self.target.workflow.state(after.state)
        due = None if state.due is None else self._due(after, state.due)
        for each in tasks_of(self.target.workflow, state):
            yield NewTask(after, each.name or state.name, each.title, each.to, due)

    def _timers_now(self, after: CaseView) -> Iterator[NewTimer]:
        for each in self.target.workflow.state(after.state).timers:
            due = self._due(after, each.after)
            later = due if due > self.tx.now else self.tx.now + GRACE
            yield NewTimer(after.id, each.name, later, each.fires, each.escalates)

    def _due(self, after: CaseView, lasting: Duration) -> datetime:
        return self.engine.calendar.due(after.entered_at, lasting, self.tx.zone)
