"""Applying: what follows from written events, in one fixed order.

Each kind of intent is carried out for the whole chunk at once, so the number
of statements does not grow with the number of cases.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar

from talenthub.evidence.entries import NewEvidence
from talenthub.evidence.ledger import newest_of_cases, record
from talenthub.framework.library import framework_codes
from talenthub.framework.locking import lock
from talenthub.framework.usage import record_usages
from talenthub.people.posts import assign_many, posts_by_code
from talenthub.people.seats import Seating
from talenthub.storage.transaction import Transaction
from talenthub.workflow import intents as asked
from talenthub.workflow.closing import close_children
from talenthub.workflow.definition import Duration, State, Workflow
from talenthub.workflow.deliveries import post_messages
from talenthub.workflow.handoffs import offer_handoffs
from talenthub.workflow.opening import Opening, open_cases
from talenthub.workflow.participants import add_participants, remove_participants
from talenthub.workflow.relations import Relation
from talenthub.workflow.resolution import Lines, lines
from talenthub.workflow.steps import Step
from talenthub.workflow.tasks import NewTask, close_named_tasks, close_tasks, open_tasks, tasks_of
from talenthub.workflow.timers import NewTimer, cancel_named_timers, cancel_timers, set_timers

if TYPE_CHECKING:
    from talenthub.workflow.engine import Engine

T = TypeVar("T")


def apply(engine: Engine, tx: Transaction, steps: Sequence[Step], *, depth: int) -> None:
    """Carry out the intents of all steps, and what every state entails."""
    _change_participants(tx, steps)
    _record_evidence(engine, tx, steps)
    _record_usage(tx, steps)
    _fill_posts(tx, steps)
    _lock_frameworks(tx, steps)
    _leave_states(tx, steps)
    known = _enter_states(engine, tx, steps)
    tx.point("apply.tasks")
    _open_children(engine, tx, steps, depth)
    # After the opening: what a case opens while it closes must not outlive it.
    close_children(tx, [step.after for step in steps if step.after.closed_at is not None])
    tx.point("apply.children")
    _fire_others(engine, tx, steps, depth)
    post_messages(engine, tx, steps, known)
    offer_handoffs(engine, tx, steps, depth)
    tx.point("apply.done")


def _of(steps: Sequence[Step], kind: type[T]) -> Iterator[tuple[Step, T]]:
    for step in steps:
        for intent in step.intents:
            if isinstance(intent, kind):
                yield step, intent


def _change_participants(tx: Transaction, steps: Sequence[Step]) -> None:
    remove_participants(
        tx, ((step.after.id, each.role, each.person) for step, each in _of(steps, asked.RemoveParticipant))
    )
    add_participants(
        tx,
        (
            (step.after.id, each.role, each.person)
            for step, each in _of(steps, asked.AddParticipant)
            if step.before is None or each.person not in step.before.people(each.role)
        ),
    )


def _record_evidence(engine: Engine, tx: Transaction, steps: Sequence[Step]) -> None:
    rows = list(_of(steps, asked.RecordEvidence))
    if not rows:
        return
    codes = framework_codes(
        tx, {step.after.framework_version for step, _ in rows if step.after.framework_version is not None}
    )
    correcting = {step.after.id for step, each in rows if each.corrects is not None}
    before = newest_of_cases(tx, correcting)
    entries = [_entry(step, each, codes, _superseded(step, each, before)) for step, each in rows]
    record(tx, entries, engine.evidence)


def _superseded(
    step: Step, intent: asked.RecordEvidence, before: Mapping[tuple[int, int, str, str], int]
) -> int | None:
    if intent.corrects is None:
        return None
    return before.get((step.after.id, intent.person, intent.competency, intent.source))


def _entry(
    step: Step, intent: asked.RecordEvidence, codes: dict[int, str], supersedes: int | None
) -> NewEvidence:
    pinned = step.after.framework_version
    assert pinned is not None, "evidence needs a case that pins a framework version"
    return NewEvidence(
        person=intent.person,
        framework_version=pinned,
        framework_code=codes[pinned],
        competency=intent.competency,
        purpose=intent.purpose,
        ladder=intent.ladder,
        rating=intent.rating,
        source=intent.source,
        observed_on=intent.observed_on,
        descriptor_hash=intent.descriptor_hash,
        case=step.after.id,
        event=step.after.version,
        author=intent.author,
        group=intent.group,
        narrative=intent.narrative,
        supersedes=supersedes,
        reason=intent.corrects if supersedes is not None else None,
    )


def _record_usage(tx: Transaction, steps: Sequence[Step]) -> None:
    used = {
        (step.after.framework_version, str(step.owner.workflow.stage), each.competency)
        for step, each in _of(steps, asked.RecordUsage)
        if step.after.framework_version is not None and step.owner.workflow.stage is not None
    }
    if used:
        record_usages(tx, sorted(used))


def _fill_posts(tx: Transaction, steps: Sequence[Step]) -> None:
    wanted = [each for _, each in _of(steps, asked.FillPost)]
    targets = posts_by_code(tx, {each.post for each in wanted})
    assign_many(tx, [Seating(each.person, targets[each.post].id, each.since) for each in wanted])


def _lock_frameworks(tx: Transaction, steps: Sequence[Step]) -> None:
    for step, each in _of(steps, asked.LockFramework):
        assert step.after.framework_version is not None, "locking needs a case that pins a framework version"
        lock(tx, step.after.framework_version, locked=each.locked)


def _leave_states(tx: Transaction, steps: Sequence[Step]) -> None:
    left = {step.after.id for step in steps if step.before is not None and step.changed_state}
    # Whoever leaves a state closes all of it; the names matter to those who stay.
    closed = [(step.after.id, each.name) for step, each in _of(steps, asked.CloseTasks)]
    cancelled = {(step.after.id, each.name) for step, each in _of(steps, asked.CancelTimer)}
    close_tasks(tx, left | {case for case, name in closed if name is None}, "done")
    close_named_tasks(tx, {(case, name) for case, name in closed if name is not None and case not in left})
    cancel_timers(tx, left)
    cancel_named_timers(tx, {(case, name) for case, name in cancelled if case not in left})


def _enter_states(engine: Engine, tx: Transaction, steps: Sequence[Step]) -> Lines:
    """Open tasks and set timers; return what tells whom they and messages are for."""
    tasks: list[NewTask] = []
    timers: list[NewTimer] = []
    for step, arrival in _arrivals(engine, tx, steps):
        tasks += (NewTask(step.after, *task) for task in arrival.tasks)
        timers += (NewTimer(step.after.id, *timer) for timer in arrival.timers)
    tasks += (
        NewTask(step.after, each.name, each.title, each.to, each.due)
        for step, each in _of(steps, asked.AssignTask)
    )
    timers += (
        NewTimer(step.after.id, each.name, each.at, each.fires) for step, each in _of(steps, asked.SetTimer)
    )
    told = [(step.after, each.to) for step, each in _of(steps, asked.Notify)]
    meant = [*((task.case, task.to) for task in tasks), *told]
    known = lines(tx, [case for case, _ in meant], {to: None for _, to in meant})
    open_tasks(tx, tasks, known)
    set_timers(tx, timers)
    return known


@dataclass(frozen=True, slots=True)
class _Arrival:
    """What a state asks for when cases enter it at one moment."""

    tasks: Sequence[tuple[str, str, Relation, datetime | None]]
    timers: Sequence[tuple[str, datetime, str | None, bool]]


def _arrivals(engine: Engine, tx: Transaction, steps: Sequence[Step]) -> Iterator[tuple[Step, _Arrival]]:
    """Yield the steps that enter a state; each state is worked out once."""
    known: dict[tuple[int, str], _Arrival] = {}
    for step in steps:
        if step.changed_state:
            workflow = step.owner.workflow
            key = (id(workflow), step.after.state)
            if key not in known:
                known[key] = _arrival(engine, tx, workflow, workflow.state(step.after.state))
            yield step, known[key]


def _arrival(engine: Engine, tx: Transaction, workflow: Workflow, state: State) -> _Arrival:
    def due(after: Duration) -> datetime:
        return engine.calendar.due(tx.now, after, tx.zone)

    moment = None if state.due is None else due(state.due)
    return _Arrival(
        [(each.name or state.name, each.title, each.to, moment) for each in tasks_of(workflow, state)],
        [(each.name, due(each.after), each.fires, each.escalates) for each in state.timers],
    )


def _open_children(engine: Engine, tx: Transaction, steps: Sequence[Step], depth: int) -> None:
    wanted = list(_of(steps, asked.OpenCase))
    openings = [
        Opening(
            workflow=each.workflow,
            subject=each.subject,
            data=each.data,
            participants=each.participants,
            parent=step.after,
            about=each.about or "",
            cause=step.origin,
            apart=each.apart,
        )
        for step, each in wanted
    ]
    engine.check_depth(depth)
    opened = open_cases(engine, tx, openings, depth=depth + 1)
    for (step, _), case in zip(wanted, opened, strict=True):
        step.opened.append(case.ref)


def _fire_others(engine: Engine, tx: Transaction, steps: Sequence[Step], depth: int) -> None:
    wanted = {(each.case, each.transition): (step, each) for step, each in _of(steps, asked.FireCase)}
    if wanted:
        engine.check_depth(depth)
        engine.fire_as_system(tx, [(step.origin, each) for step, each in wanted.values()], depth=depth + 1)
