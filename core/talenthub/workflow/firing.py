"""Firing: the only way a case changes. One case or a chunk, one path.

In one transaction: lock, judge, choose the edge, move the case under its
guard (id, state, version), append the event, carry out what follows.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, select

from talenthub.errors import (
    Conflict,
    PluginError,
    Problem,
    Refused,
    TalentError,
)
from talenthub.storage.transaction import SYSTEM, Transaction
from talenthub.workflow import intents as asked
from talenthub.workflow.applying import apply
from talenthub.workflow.calling import carried, leave_unchanged
from talenthub.workflow.cases import cases_by_id, cases_by_ref
from talenthub.workflow.choosing import Accepted, changed_meanwhile, choose, not_found, plan, refusal
from talenthub.workflow.context import CaseView
from talenthub.workflow.judging import Asked, Bench, convene, judge
from talenthub.workflow.moving import move_cases
from talenthub.workflow.sight import Sight
from talenthub.workflow.steps import Step
from talenthub.workflow.tables import workflow_case

if TYPE_CHECKING:
    from talenthub.workflow.engine import Engine

_parent = workflow_case.alias("parent")
_lineage = select(
    workflow_case.c.id,
    workflow_case.c.ref,
    workflow_case.c.workflow,
    workflow_case.c.parent_id,
    _parent.c.parent_id.label("grandparent_id"),
).outerjoin(_parent, _parent.c.id == workflow_case.c.parent_id)
_lineage_by_ref = _lineage.where(workflow_case.c.ref.in_(bindparam("refs", expanding=True)))
_lineage_by_id = _lineage.where(workflow_case.c.id.in_(bindparam("ids", expanding=True)))


@dataclass(frozen=True, slots=True)
class Request:
    """A transition somebody asks for, on one case."""

    ref: str | int
    """The reference people see, or the id that code holds."""
    transition: str
    form: Mapping[str, Any] = field(default_factory=dict)
    expected_version: int | None = None
    """The version that was shown; None: whatever it is now."""


@dataclass(frozen=True, slots=True)
class Fired:
    """What a firing did."""

    case: int
    ref: str
    transition: str
    source: str
    target: str
    version: int
    at: datetime
    opened: tuple[str, ...] = ()
    """References of the child cases it opened."""


def fire_one(engine: Engine, tx: Transaction, request: Request) -> Fired:
    """Fire one request; raise why not.

    Without a savepoint: whoever catches what it raises must not go on
    writing in this transaction.
    """
    result = _fire_chunk(engine, tx, [request], depth=0)[0]
    if isinstance(result, TalentError):
        raise result
    return result


def fire_requests(
    engine: Engine,
    tx: Transaction,
    requests: Sequence[Request],
    held: Sequence[CaseView | None] | None = None,
) -> list[Fired | TalentError]:
    """Fire a chunk; return what each did, or why it was not done.

    `held`: its cases, where they are locked already. A refused request stops
    no other. Should carrying out the chunk fail, it is taken back and each
    request is tried alone, so that only the one at fault is refused.
    """
    if not requests:
        return []
    try:
        with tx.savepoint():
            return _fire_chunk(engine, tx, requests, depth=0, held=held)
    except TalentError as error:
        if len(requests) == 1:
            return [error]
    return [_fire_alone(engine, tx, request) for request in requests]


def _fire_alone(engine: Engine, tx: Transaction, request: Request) -> Fired | TalentError:
    try:
        with tx.savepoint():
            return _fire_chunk(engine, tx, [request], depth=0)[0]
    except TalentError as error:
        return error


def fire_as_system(
    engine: Engine, tx: Transaction, wanted: Sequence[tuple[str, asked.FireCase]], *, depth: int
) -> list[Fired]:
    """Fire what the system is asked for; Refused unless that is fine."""
    by_system = tx.by(SYSTEM)
    requests = [Request(each.case, each.transition, each.form or {}) for _, each in wanted]
    causes = [cause for cause, _ in wanted]
    results = _fire_chunk(engine, by_system, requests, depth=depth, causes=causes)
    for (_, each), result in zip(wanted, results, strict=True):
        if isinstance(result, TalentError) and not (each.if_possible and isinstance(result, Refused)):
            raise result
    return [each for each in results if isinstance(each, Fired)]


def _fire_chunk(
    engine: Engine,
    tx: Transaction,
    requests: Sequence[Request],
    *,
    depth: int,
    causes: Sequence[str | None] | None = None,
    held: Sequence[CaseView | None] | None = None,
) -> list[Fired | TalentError]:
    cases = hold(engine, tx, requests) if held is None else held
    results: list[Fired | TalentError | None] = [
        not_found(request.ref) if case is None else None
        for request, case in zip(requests, cases, strict=True)
    ]
    tx.point("fire.locked")
    bench = _bench(engine, tx, requests, cases)
    _expect(bench, requests, cases, results)
    accepted = _accept(engine, tx, requests, cases, results, causes or [None] * len(requests), bench)
    steps = move_cases(tx, list(accepted.values()))
    apply(engine, tx, steps, depth=depth)
    for place, step in zip(accepted, steps, strict=True):
        results[place] = _fired(tx, step)
    return [result for result in results if result is not None]


def hold(engine: Engine, tx: Transaction, requests: Sequence[Request]) -> list[CaseView | None]:
    """Return the cases asked for, locked until the end of the transaction.

    Those their transitions declare are locked too, all in the order of ids;
    None where there is no such case.
    """
    refs = [each.ref for each in requests if isinstance(each.ref, str)]
    ids = [each.ref for each in requests if isinstance(each.ref, int)]
    if not (refs and ids) and not _locks_above(engine, {each.transition for each in requests}):
        # Nothing but the cases themselves is wanted: one look finds and locks.
        named = cases_by_ref(tx, refs, lock=True)
        numbered = cases_by_id(tx, ids, lock=True)
        return [
            named.get(each.ref) if isinstance(each.ref, str) else numbered.get(each.ref) for each in requests
        ]
    rows = [
        *(tx.rows(_lineage_by_ref, {"refs": refs}) if refs else ()),
        *(tx.rows(_lineage_by_id, {"ids": ids}) if ids else ()),
    ]
    by_key: dict[str | int, Any] = {row.ref: row for row in rows} | {row.id: row for row in rows}
    wanted: set[int] = set()
    for each in requests:
        row = by_key.get(each.ref)
        if row is not None:
            wanted.add(row.id)
            wanted |= _declared_locks(engine, row, each.transition)
    views = cases_by_id(tx, wanted, lock=True)
    return [views.get(by_key[each.ref].id) if each.ref in by_key else None for each in requests]


def _locks_above(engine: Engine, names: Collection[str]) -> bool:
    return any(
        edge.locks or edge.sealed
        for loaded in engine.catalogue.versions()
        for edge in loaded.workflow.transitions
        if edge.name in names
    )


def _declared_locks(engine: Engine, row: Any, transition: str) -> set[int]:
    above = {"parent": row.parent_id, "grandparent": row.grandparent_id}
    names = {
        name
        for loaded in engine.catalogue.versions()
        if loaded.workflow.name == row.workflow
        for edge in loaded.workflow.transitions
        if edge.name == transition
        # The box of sealed answers is the parent's.
        for name in (*edge.locks, *(("parent",) if edge.sealed else ()))
    }
    return {above[name] for name in names if above[name] is not None}


def _bench(
    engine: Engine, tx: Transaction, requests: Sequence[Request], cases: Sequence[CaseView | None]
) -> Bench:
    """Return what the actor may claim and see, for the whole chunk."""
    relations = []
    for request, case in zip(requests, cases, strict=True):
        loaded = engine.catalogue.find_for(case) if case is not None else None
        if loaded is not None:
            relations += [edge.by for edge in loaded.workflow.transitions if edge.name == request.transition]
            relations.append(loaded.workflow.viewers)
    return convene(tx, engine.catalogue, [case for case in cases if case is not None], relations)


def _expect(
    bench: Bench,
    requests: Sequence[Request],
    cases: Sequence[CaseView | None],
    results: list[Fired | TalentError | None],
) -> None:
    """Answer the requests on cases out of sight, changed or closed."""
    taken: set[int] = set()
    for place, (request, case) in enumerate(zip(requests, cases, strict=True)):
        if case is None:
            continue
        if bench.seen.of(case) is Sight.NOTHING:
            results[place] = not_found(request.ref)
        elif request.expected_version not in (None, case.version):
            results[place] = changed_meanwhile(case)
        elif case.id in taken:
            results[place] = Conflict(Problem(text=f"{case.ref} stands twice in one run", code="case.twice"))
        elif not case.is_open:
            results[place] = refusal(case, f"{case.ref} is closed", "state")
        else:
            taken.add(case.id)


def _accept(
    engine: Engine,
    tx: Transaction,
    requests: Sequence[Request],
    cases: Sequence[CaseView | None],
    results: list[Fired | TalentError | None],
    causes: Sequence[str | None],
    bench: Bench,
) -> dict[int, Accepted]:
    """Return what may happen, by place; put refusals into `results`."""
    places = []
    questions = []
    for place, (request, case) in enumerate(zip(requests, cases, strict=True)):
        if case is None or results[place] is not None:
            continue
        try:
            engine.catalogue.running_for(case)
        except PluginError as parked:
            results[place] = parked
            continue
        places.append(place)
        questions.append(Asked(case, request.transition, request.form))
    given = [carried(each.case) for each in questions]
    accepted: dict[int, Accepted] = {}
    for place, question, judged, before in zip(
        places, questions, judge(tx, engine.catalogue, questions, bench), given, strict=True
    ):
        owner = engine.catalogue.running_for(question.case)
        try:
            chosen = choose(owner, question, judged)
            planned = plan(owner, question.case, chosen, causes[place])
            leave_unchanged(owner, question.case, before)
            accepted[place] = planned
        except TalentError as refused:
            results[place] = refused
    return accepted


def _fired(tx: Transaction, step: Step) -> Fired:
    assert step.before is not None
    assert step.edge is not None
    return Fired(
        case=step.after.id,
        ref=step.after.ref,
        transition=step.edge.name,
        source=step.before.state,
        target=step.after.state,
        version=step.after.version,
        at=tx.now,
        opened=tuple(step.opened),
    )
