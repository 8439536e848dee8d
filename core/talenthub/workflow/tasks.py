"""Tasks: what people must do next, and the pools they wait in."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import groupby
from operator import attrgetter
from typing import Any, ClassVar

from sqlalchemy import bindparam, insert, select, update

from talenthub.storage.direct import Direct, next_ids
from talenthub.storage.late import gather
from talenthub.storage.transaction import Transaction
from talenthub.workflow.context import CaseView
from talenthub.workflow.definition import State, Task, Workflow
from talenthub.workflow.relations import Relation
from talenthub.workflow.resolution import Lines
from talenthub.workflow.tables import OPEN, case_task, task_pool

NEVER = datetime(9999, 12, 31, tzinfo=UTC)
"""When a task without a due moment is due: it sorts last."""

_insert_task = Direct(insert(case_task).returning(case_task.c.id))
_insert_tasks = Direct(insert(case_task))
_insert_pools = Direct(insert(task_pool))
_of_case = (case_task.c.case_id == bindparam("case"), case_task.c.status == OPEN)
_named = case_task.c.name == bindparam("called")
_open_of = select(case_task.c.id).where(*_of_case)
_close = (
    update(case_task).where(*_of_case).values(status=bindparam("new_status"), closed_at=bindparam("moment"))
)
_close_tasks = Direct(_close)
_close_named = Direct(_close.where(_named))
_close_pools = Direct(update(task_pool).where(task_pool.c.task_id.in_(_open_of)).values(is_open=False))
_close_named_pools = Direct(
    update(task_pool).where(task_pool.c.task_id.in_(_open_of.where(_named))).values(is_open=False)
)
_numbered = case_task.c.id == bindparam("which")
_cancel = Direct(update(case_task).where(_numbered).values(status="cancelled", closed_at=bindparam("moment")))
_cancel_pools = Direct(
    update(task_pool).where(task_pool.c.task_id == bindparam("which")).values(is_open=False)
)


@dataclass(slots=True)  # not frozen: each takes thrice as long to make
class NewTask:
    """A task about to be opened."""

    case: CaseView
    name: str
    title: str
    to: Relation
    due: datetime | None


def tasks_of(workflow: Workflow, state: State) -> tuple[Task, ...]:
    """Return the tasks of a state, derived where none are declared.

    A derived task asks for the first transition, in the order of the
    declaration, that a person can fire.
    """
    if state.tasks is not None:
        return state.tasks
    for transition in workflow.edges(state.name):
        if transition.by.includes_people:
            title = transition.words[:1].upper() + transition.words[1:]
            return (Task(title, transition.by, state.name),)
    return ()


@dataclass(slots=True)
class LateTasks:
    """Tasks that are opened and closed together, by case."""

    tables: ClassVar[tuple[str, ...]] = (case_task.name, task_pool.name)
    closed: dict[int, Mapping[str, Any]] = field(default_factory=dict)
    """Cases whose tasks in the database are closed, all of them, and how."""
    named: dict[tuple[int, str], Mapping[str, Any]] = field(default_factory=dict)
    """The same by name, where the others stay."""
    opened: dict[int, list[tuple[Mapping[str, Any], Sequence[str]]]] = field(default_factory=dict)
    """New tasks with their pools; some were closed before they were written."""
    fresh: set[int] = field(default_factory=set)
    """Cases that were opened meanwhile: the database has no tasks of theirs."""

    def copy(self) -> LateTasks:
        """Return the same tasks, to go back to."""
        opened = {case: list(each) for case, each in self.opened.items()}
        return LateTasks(dict(self.closed), dict(self.named), opened, set(self.fresh))

    def close(self, case: int, how: Mapping[str, Any], name: str | None = None) -> None:
        """Close what was opened so far: of one name, or all."""
        if case not in self.closed and case not in self.fresh:
            if name is None:
                self.closed[case] = {"case": case, **how}
            else:
                self.named.setdefault((case, name), {"case": case, "called": name, **how})
        if case in self.opened:
            self.opened[case] = [
                ({**row, **_as_columns(how)}, pools)
                if row["status"] == "open" and name in (None, row["name"])
                else (row, pools)
                for row, pools in self.opened[case]
            ]

    def write(self, tx: Transaction) -> None:
        """Close what stood before; open what is new."""
        named, closed = list(self.named.values()), list(self.closed.values())
        tx.write(_close_named_pools, [{"case": case, "called": name} for case, name in self.named])
        tx.write(_close_named, named)
        tx.write(_close_pools, [{"case": case} for case in self.closed])
        tx.write(_close_tasks, closed)
        opened = [each for tasks in self.opened.values() for each in tasks]
        if opened:
            numbers = _insert(tx, [row for row, _ in opened])
            tx.write(_insert_pools, [*_in_pools(numbers, opened)])


def _as_columns(how: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"status": how["new_status"], "closed_at": how["moment"]}


def _in_pools(
    numbers: Sequence[int], opened: Sequence[tuple[Mapping[str, Any], Sequence[str]]]
) -> Iterator[dict[str, Any]]:
    for number, (row, pools) in zip(numbers, opened, strict=True):
        due, is_open = row["due_at"] or NEVER, row["status"] == "open"
        for pool in pools:
            yield {"pool": pool, "task_id": number, "due_at": due, "is_open": is_open}


def _insert(tx: Transaction, rows: Sequence[Mapping[str, Any]]) -> Sequence[int]:
    """Insert tasks; return their numbers in the same order."""
    if len(rows) == 1:
        return [tx.value(_insert_task, rows[0])]
    numbers = next_ids(tx.connection, case_task, len(rows))
    tx.write(_insert_tasks, [{**row, "id": number} for row, number in zip(rows, numbers, strict=True)])
    return numbers


def expect_no_tasks(tx: Transaction, cases: Iterable[int]) -> None:
    """Note that cases were opened just now: there is nothing to close yet."""
    gather(tx, LateTasks).fresh.update(cases)


def open_tasks(tx: Transaction, tasks: Sequence[NewTask], lines: Lines) -> None:
    """Open tasks and put each into the pools its relation resolves to."""
    if not tasks:
        return
    opened = gather(tx, LateTasks).opened
    for to, alike in groupby(tasks, attrgetter("to")):
        group, relation = list(alike), str(to)
        for task, pools in zip(group, lines.pools_each(to, [each.case for each in group]), strict=True):
            row = {
                "case_id": task.case.id,
                "name": task.name,
                "title": task.title,
                "relation": relation,
                "due_at": task.due,
                "opened_at": tx.now,
                "status": "open",
                "closed_at": None,
            }
            opened.setdefault(task.case.id, []).append((row, pools))


def close_tasks(tx: Transaction, cases: Collection[int], status: str) -> None:
    """Close the open tasks of cases as `done` or `cancelled`."""
    if cases:
        late = gather(tx, LateTasks)
        for case in sorted(cases):
            late.close(case, {"new_status": status, "moment": tx.now})


def close_named_tasks(tx: Transaction, named: Collection[tuple[int, str]]) -> None:
    """Close the open tasks with these names, each of a case, as done."""
    if named:
        late = gather(tx, LateTasks)
        for case, name in sorted(named):
            late.close(case, {"new_status": "done", "moment": tx.now}, name)


def cancel_tasks(tx: Transaction, numbers: Sequence[int]) -> None:
    """Cancel tasks by their numbers."""
    tx.write(_cancel_pools, [{"which": number} for number in numbers])
    tx.write(_cancel, [{"which": number, "moment": tx.now} for number in numbers])
